/** What one can do here, in words for a mouse and keys, or for a finger. @module */
import controls from '../design/controls.module.css';
import { PlayIcon } from '../design/icons.tsx';
import { TOUCH, useMedia } from '../design/use-media.ts';

export function PointHint() {
  const touch = useMedia(TOUCH);
  return `${touch ? 'Tap' : 'Point at'} a field or a byte to learn who wrote it.`;
}

/** How to get through the run. */
export function StepHint() {
  if (useMedia(TOUCH))
    return (
      <p>
        Below, tap <PlayIcon size={11} /> to play, the arrow beside it to go one packet on, or the line to go anywhere.
      </p>
    );
  return (
    <p>
      <kbd className={controls.key}>Space</kbd> plays, <kbd className={controls.key}>→</kbd> goes one packet on,{' '}
      <kbd className={controls.key}>n</kbd> to the next one that was stopped.
    </p>
  );
}

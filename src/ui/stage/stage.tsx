/** The stage: a canvas for the eye, a list of the same facts for everyone else. @module */
import { useEffect, useRef, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { useStage } from '../session/context.ts';
import { attachStage, type StageControls } from './attach.ts';
import styles from './stage.module.css';
import { StageText } from './stage-text.tsx';

export function Stage() {
  const stagecraft = useStage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<StageControls>(undefined);
  const [zoomed, setZoomed] = useState(false);

  useEffect(() => {
    if (!canvas.current) return undefined;
    const attached = attachStage(canvas.current, stagecraft, setZoomed);
    stage.current = attached;
    return attached.detach;
  }, [stagecraft]);

  return (
    <section className={styles.stage} aria-label="Stage">
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        aria-label="Picture of the network at this step. The same facts stand in the lists after it."
      />
      <StageText />
      {zoomed && (
        <button
          type="button"
          className={names(controls.button, styles.reset)}
          onClick={() => stage.current?.resetZoom()}
        >
          Whole stage
        </button>
      )}
    </section>
  );
}

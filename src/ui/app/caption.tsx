/** What happens at this step, over the stage: for the eye, and as a whole sentence for the ear. @module */
import { memo } from 'react';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import { type Run, stepAt } from '../model/run.ts';
import { captionOf } from '../model/sentence.ts';
import { useSession } from '../session/context.ts';
import styles from './caption.module.css';
import { useSpoken } from './spoken.ts';

interface CaptionProps {
  readonly run: Run;
  /** Something the reader should know. */
  readonly trouble: string | undefined;
}

/** The ear hears it once playing has come to rest. */
export const Caption = memo(function Caption({ run, trouble }: CaptionProps) {
  const cursor = useSession((session) => session.cursor);
  const playing = useSession((session) => session.playing);
  const step = run.steps[stepAt(run, cursor)];
  const spoken = useSpoken(run, step, playing);
  const { what, fate } = step
    ? captionOf(run, step)
    : { what: 'Before the first packet.', fate: `${run.steps.length} steps to come.` };
  return (
    <div>
      {trouble && <p className={styles.trouble}>{trouble}</p>}
      <div className={styles.caption}>
        <p className={styles.what}>
          <Unbroken text={what} />
        </p>
        <p className={styles.fate} data-stopped={step?.fate === 'stopped'}>
          <Unbroken text={fate} />
        </p>
      </div>
      <p className={controls.hidden} role="status">
        {spoken}
      </p>
    </div>
  );
});

/** The stage alone, large, with the reason as its caption: for a projector and whoever holds the clicker. @module */
import type { ReactNode } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { NARROW, TOUCH, useMedia } from '../design/use-media.ts';
import { type Run, stepAt } from '../model/run.ts';
import { viewOf } from '../model/step-view.ts';
import { NoteCard } from '../packet/note-card.tsx';
import { type Cure, WhyCard } from '../packet/why-card.tsx';
import { useSession, useStage } from '../session/context.ts';
import { present } from '../session/session.ts';
import { Stage } from '../stage/stage.tsx';
import styles from './presentation.module.css';

interface PresentationProps {
  readonly run: Run;
  readonly cure: Cure | undefined;
  readonly caption: ReactNode;
}

const BY_KEYS = 'Space plays, the clicker goes packet by packet.';
const BY_TOUCH = 'Tap play below, or the arrows beside it to go packet by packet.';

/** How much larger the stage is drawn, where there is room. */
const MAGNIFIED = 1.5;

export function Presentation({ run, cure, caption }: PresentationProps) {
  const { store } = useStage();
  const narrow = useMedia(NARROW);
  return (
    <main className={styles.presentation} aria-label="Presentation" tabIndex={-1}>
      <h1 className={controls.hidden}>Presentation</h1>
      <div className={styles.caption}>
        {caption}
        <button
          type="button"
          className={names(controls.button, styles.leave)}
          title="Back to all (Escape)"
          onClick={() => present(store, false)}
        >
          Leave
        </button>
      </div>
      <div className={styles.stage}>
        <Stage magnified={narrow ? 1 : MAGNIFIED} />
      </div>
      <div className={styles.why}>
        <Reason run={run} cure={cure} />
      </div>
    </main>
  );
}

function Reason({ run, cure }: Pick<PresentationProps, 'run' | 'cure'>) {
  const step = useSession((session) => run.steps[stepAt(run, session.cursor)]);
  const view = viewOf(run, step);
  const touched = useMedia(TOUCH);
  if (!step) return <p className={styles.before}>{touched ? BY_TOUCH : BY_KEYS}</p>;
  if (!view) return <NoteCard run={run} step={step} cure={cure} />;
  return <WhyCard fate={step.fate} reasons={view.reasons} cure={step.fate === 'stopped' ? cure : undefined} />;
}

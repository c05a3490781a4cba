/** A run from every side: its set-up, the stage over the lists, the packet. @module */
import { memo, type ReactNode } from 'react';
import controls from '../design/controls.module.css';
import { NARROW, useMedia } from '../design/use-media.ts';
import { type Run, stepAt } from '../model/run.ts';
import { labelOf, secondsOf, sentenceOf } from '../model/sentence.ts';
import { PacketPanel } from '../packet/packet-panel.tsx';
import type { Cure } from '../packet/why-card.tsx';
import { useSession } from '../session/context.ts';
import { Stage } from '../stage/stage.tsx';
import styles from './app.module.css';
import { Presentation } from './presentation.tsx';
import { Tabs } from './tabs.tsx';

interface ViewsProps {
  readonly run: Run;
  readonly setup: ReactNode;
  /** The switch that would have let the present packet through. */
  readonly cure: Cure | undefined;
  readonly exposure?: ReactNode;
  /** Something the reader should know. */
  readonly trouble: string | undefined;
}

export function Views({ run, setup, cure, exposure, trouble }: ViewsProps) {
  const narrow = useMedia(NARROW);
  const presenting = useSession((session) => session.presenting);
  if (presenting) return <Presentation run={run} cure={cure} caption={<Caption run={run} trouble={trouble} />} />;
  const packet = <PacketPanel cure={cure} />;
  return (
    <>
      {!narrow && (
        <aside className={styles.left} aria-label="Set-up">
          {setup}
        </aside>
      )}
      <main className={styles.middle}>
        <Caption run={run} trouble={trouble} />
        <div className={styles.stage}>
          <Stage />
        </div>
        <div className={styles.lower}>
          {narrow ? (
            <Tabs run={run} packet={packet} setup={setup} exposure={exposure} />
          ) : (
            <Tabs run={run} exposure={exposure} />
          )}
        </div>
      </main>
      {!narrow && (
        <aside className={styles.right} aria-label="Packet">
          {packet}
        </aside>
      )}
    </>
  );
}

/** Where we are, for the eye; and as a whole sentence for the ear, once playing has come to rest. */
const Caption = memo(function Caption({ run, trouble }: Pick<ViewsProps, 'run' | 'trouble'>) {
  const cursor = useSession((session) => session.cursor);
  const playing = useSession((session) => session.playing);
  const step = run.steps[stepAt(run, cursor)];
  return (
    <div>
      {trouble && <p className={styles.trouble}>{trouble}</p>}
      <p className={styles.caption}>
        <span>
          {step
            ? `Step ${step.number} of ${run.steps.length} · ${secondsOf(step.occurrence.time)}`
            : `${run.steps.length} packets`}
        </span>
        <b>{step ? labelOf(run, step) : 'Before the first packet'}</b>
      </p>
      <p className={controls.hidden} role="status">
        {playing ? '' : sentenceOf(run, step)}
      </p>
    </div>
  );
});

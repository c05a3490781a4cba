/** A run from every side: its set-up, the stage over the lists, the packet. @module */
import type { ReactNode } from 'react';
import { REGION } from '../design/regions.ts';
import { NARROW, useMedia } from '../design/use-media.ts';
import type { Run } from '../model/run.ts';
import { PacketPanel } from '../packet/packet-panel.tsx';
import type { Cure } from '../packet/why-card.tsx';
import { useSession } from '../session/context.ts';
import { Stage } from '../stage/stage.tsx';
import styles from './app.module.css';
import { Caption } from './caption.tsx';
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
        <aside className={styles.left} id="set-up" aria-label="Set-up" {...REGION}>
          {setup}
        </aside>
      )}
      <main className={styles.middle} tabIndex={-1}>
        <Caption run={run} trouble={trouble} />
        <div className={styles.stage}>
          <Stage />
        </div>
        <section className={styles.lower} id="views" aria-label="Views" {...REGION}>
          {narrow ? (
            <Tabs run={run} packet={packet} setup={setup} exposure={exposure} />
          ) : (
            <Tabs run={run} exposure={exposure} />
          )}
        </section>
      </main>
      {!narrow && (
        <aside className={styles.right} id="packet" aria-label="Packet" {...REGION}>
          {packet}
        </aside>
      )}
    </>
  );
}

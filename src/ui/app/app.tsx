/** The page: header, set-up, stage over the views of the run, packet, transport. @module */
import { useCallback, useEffect, useRef } from 'react';
import controls from '../design/controls.module.css';
import { NARROW, useMedia } from '../design/use-media.ts';
import { Header } from '../header/header.tsx';
import { KeysDialog } from '../header/keys-dialog.tsx';
import { type Run, stepAt } from '../model/run.ts';
import { labelOf, secondsOf, sentenceOf } from '../model/sentence.ts';
import { PacketPanel } from '../packet/packet-panel.tsx';
import { useLibrary, useLibraryHandle } from '../recording/context.ts';
import type { Opened } from '../recording/library.ts';
import { OpenDialog } from '../recording/open-dialog.tsx';
import { useSession, useStage } from '../session/context.ts';
import { attachKeyboard } from '../session/keyboard.ts';
import { togglePlay } from '../session/session.ts';
import { Setup } from '../setup/setup.tsx';
import { Stage } from '../stage/stage.tsx';
import { Transport } from '../transport/transport.tsx';
import styles from './app.module.css';
import { Tabs } from './tabs.tsx';
import { useDroppedFiles } from './use-dropped-files.ts';

export function App() {
  const { store } = useStage();
  const run = useSession((session) => session.run);
  const opened = useLibrary((state) => state.opened);
  const loading = useLibrary((state) => state.loading);
  const trouble = useLibrary((state) => state.trouble);
  const opening = useRef<HTMLDialogElement>(null);
  const keys = useRef<HTMLDialogElement>(null);
  const open = useCallback(() => show(opening.current), []);
  const help = useCallback(() => show(keys.current), []);
  useEffect(() => attachKeyboard(store, { open, help }), [store, open, help]);
  const dropped = useDroppedFiles(open);
  return (
    <div className={styles.app}>
      <div className={styles.top}>
        <Header title={opened?.title} onOpen={open} onKeys={help} />
      </div>
      {run && opened ? (
        <Watching run={run} opened={opened} trouble={trouble} />
      ) : (
        <main className={styles.message}>
          <p>{trouble ?? (loading ? `Opening “${loading}” …` : 'Nothing is open yet.')}</p>
        </main>
      )}
      <div className={styles.bar}>
        <Transport />
      </div>
      <OpenDialog dialog={opening} dropped={dropped.files} onChosen={(done) => playWhenOpen(done, store)} />
      <KeysDialog dialog={keys} />
      {dropped.over && <p className={styles.landing}>Let go to open these captures</p>}
    </div>
  );
}

/** A dialog that is open already must not be opened again. */
function show(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}

/** What was just chosen begins to play by itself. */
function playWhenOpen(done: Promise<void>, store: ReturnType<typeof useStage>['store']): void {
  const play = () => {
    if (!store.getState().playing) togglePlay(store);
  };
  done.then(play, play);
}

interface WatchingProps {
  readonly run: Run;
  readonly opened: Opened;
  readonly trouble: string | undefined;
}

function Watching({ run, opened, trouble }: WatchingProps) {
  const { store } = useStage();
  const library = useLibraryHandle();
  const narrow = useMedia(NARROW);
  const stopped = useSession((session) => run.steps[stepAt(run, session.cursor)]?.fate === 'stopped');
  const other = library.flip(opened);
  const flip = other && (() => playWhenOpen(other(), store));
  const helps = stopped && !opened.setup.pptpHelper && flip !== undefined && opened.situation?.on !== undefined;
  const cure = helps ? { label: 'Turn PPTP passthrough on', apply: flip } : undefined;
  const setup = <Setup opened={opened} run={run} flip={flip} pointed={helps} />;
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
          {narrow ? <Tabs run={run} packet={packet} setup={setup} /> : <Tabs run={run} />}
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
function Caption({ run, trouble }: { readonly run: Run; readonly trouble: string | undefined }) {
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
}

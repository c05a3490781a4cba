/** The page: header, what is on the stage, transport, dialogs. @module */
import { Suspense, useCallback, useEffect, useRef } from 'react';
import { Header } from '../header/header.tsx';
import { useLab } from '../lab/context.ts';
import { useLibrary } from '../recording/context.ts';
import { useSession, useStage } from '../session/context.ts';
import { attachKeyboard } from '../session/keyboard.ts';
import { Transport } from '../transport/transport.tsx';
import styles from './app.module.css';
import { KeysDialog, LabActions, OpenDialog, ScenarioDialog, WatchingLab, WatchingRecording } from './later.ts';
import { playWhenOpen } from './play-when-open.ts';
import { useDroppedFiles } from './use-dropped-files.ts';

export function App() {
  const { store } = useStage();
  const run = useSession((session) => session.run);
  const { engine, played } = useLab((lab) => lab);
  const { opened, loading, trouble } = useLibrary((library) => library);
  const scenarios = useRef<HTMLDialogElement>(null);
  const recordings = useRef<HTMLDialogElement>(null);
  const keys = useRef<HTMLDialogElement>(null);
  const choose = useCallback(() => show(scenarios.current), []);
  const open = useCallback(() => show(recordings.current), []);
  const help = useCallback(() => show(keys.current), []);
  useEffect(() => attachKeyboard(store, { choose, open, help }), [store, choose, open, help]);
  const dropped = useDroppedFiles(open);
  const experiment = played !== undefined && played.run === run ? played : undefined;
  const title = experiment ? experiment.scenario.title : opened?.title;
  return (
    <div className={styles.app}>
      <div className={styles.top}>
        <Header title={title} onChoose={choose} onOpen={open} onKeys={help}>
          {experiment && (
            <Suspense>
              <LabActions played={experiment} />
            </Suspense>
          )}
        </Header>
      </div>
      <Suspense>
        {engine && experiment ? (
          <WatchingLab engine={engine} played={experiment} trouble={trouble} />
        ) : run && opened ? (
          <WatchingRecording run={run} opened={opened} trouble={trouble} />
        ) : (
          <main className={styles.message}>
            <p>{trouble ?? (loading ? `Opening “${loading}” …` : 'The router is being set up …')}</p>
          </main>
        )}
      </Suspense>
      <div className={styles.bar}>
        <Transport />
      </div>
      <Suspense>
        <ScenarioDialog dialog={scenarios} present={experiment?.scenario.id} onRecordings={open} />
        <OpenDialog dialog={recordings} dropped={dropped.files} onChosen={(done) => playWhenOpen(done, store)} />
        <KeysDialog dialog={keys} />
      </Suspense>
      {dropped.over && <p className={styles.landing}>Let go to open these captures</p>}
    </div>
  );
}

/** A dialog that is open already must not be opened again. */
function show(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}

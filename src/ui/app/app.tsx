/** The page: header, what is on the stage, transport, dialogs. @module */
import { Suspense, useEffect, useLayoutEffect } from 'react';
import { goToRegion, REGION, SCREEN_SKIPS, STAGE_SKIPS } from '../design/regions.ts';
import { Header } from '../header/header.tsx';
import { useLab, useLabHandle } from '../lab/context.ts';
import type { Played } from '../lab/engine.ts';
import type { ScreenId } from '../lab/lab.ts';
import { useLibrary } from '../recording/context.ts';
import { ReplayProgress } from '../recording/replay-progress.tsx';
import { useSession, useStage } from '../session/context.ts';
import { attachKeyboard } from '../session/keyboard.ts';
import { Transport } from '../transport/transport.tsx';
import styles from './app.module.css';
import { keepFocus } from './keep-focus.ts';
import { KeysDialog, LabActions, OpenDialog, ScenarioDialog, WatchingLab, WatchingRecording } from './later.ts';
import { Loading, LoadingScreen } from './loading.tsx';
import { playWhenOpen } from './play-when-open.ts';
import { SCREENS } from './screens.ts';
import { SkipLinks } from './skip-links.tsx';
import { useDroppedFiles } from './use-dropped-files.ts';
import { useWaitingDialog } from './waiting-dialog.ts';

export function App() {
  const { store } = useStage();
  const run = useSession((session) => session.run);
  const presenting = useSession((session) => session.presenting);
  const { played, screen } = useLab((each) => each);
  const opened = useLibrary((library) => library.opened);
  const scenarios = useWaitingDialog();
  const recordings = useWaitingDialog();
  const keys = useWaitingDialog();
  const [choose, open, help] = [scenarios.show, recordings.show, keys.show];
  useKeyboard(choose, open, help);
  useTopOf(screen);
  const dropped = useDroppedFiles(open);
  const experiment = played !== undefined && played.run === run ? played : undefined;
  const Content = SCREENS.find(({ id }) => id === screen)?.Content;
  const title = experiment ? experiment.title : opened?.title;
  return (
    <div className={styles.app} data-presenting={presenting}>
      {!presenting && <SkipLinks skips={Content ? SCREEN_SKIPS : STAGE_SKIPS} />}
      <div className={styles.top}>
        <Header title={title} onStage={!Content} onChoose={choose} onOpen={open} onKeys={help}>
          {experiment && (
            <Suspense>
              <LabActions played={experiment} />
            </Suspense>
          )}
        </Header>
      </div>
      {Content ? (
        <main className={styles.screen} {...REGION}>
          <Suspense fallback={<Loading />}>
            <Content />
          </Suspense>
        </main>
      ) : (
        <Suspense fallback={<LoadingScreen />}>
          <Watching experiment={experiment} />
        </Suspense>
      )}
      {!Content && (
        <div className={styles.bar}>
          <Transport />
        </div>
      )}
      <Suspense>
        <ScenarioDialog dialog={scenarios} present={presentId(experiment)} onRecordings={open} />
        <OpenDialog dialog={recordings} dropped={dropped.files} onChosen={(done) => playWhenOpen(done, store)} />
        <KeysDialog dialog={keys} />
      </Suspense>
      <ReplayProgress />
      {dropped.over && <p className={styles.landing}>Let go to open these captures</p>}
    </div>
  );
}

/** A telephone scrolls the page itself, which would keep its place when another screen comes. */
function useTopOf(screen: ScreenId): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: which screen it is is what it depends on
  useLayoutEffect(() => {
    scrollTo(0, 0);
  }, [screen]);
}

function useKeyboard(choose: () => void, open: () => void, help: () => void): void {
  const { store } = useStage();
  const lab = useLabHandle();
  useEffect(
    () =>
      attachKeyboard(store, { choose, open, help, region: goToRegion }, () => lab.store.getState().screen === 'stage'),
    [store, lab, choose, open, help],
  );
  useEffect(() => keepFocus(store), [store]);
}

/** The run on the stage with all that is seen of it, an experiment's or a capture's; until there is one, what is awaited. */
function Watching({ experiment }: { readonly experiment: Played | undefined }) {
  const run = useSession((session) => session.run);
  const engine = useLab((each) => each.engine);
  const opened = useLibrary((library) => library.opened);
  // Of what is being opened no more than this: how far it has got changes twenty times a second.
  const opening = useLibrary((library) => library.loading?.title);
  const trouble = useLibrary((library) => library.trouble);
  if (engine && experiment) return <WatchingLab engine={engine} played={experiment} trouble={trouble} />;
  if (run && opened) return <WatchingRecording run={run} opened={opened} trouble={trouble} />;
  return (
    <main className={styles.message} tabIndex={-1}>
      <p>{trouble ?? (opening !== undefined ? `Opening “${opening}” …` : 'The router is being set up …')}</p>
    </main>
  );
}

/** Of the scenario on the stage. */
function presentId(experiment: Played | undefined): string | undefined {
  const origin = experiment?.chosen.origin;
  return origin?.kind === 'scenario' ? origin.id : undefined;
}

/** Starts the page: runs the first scenario, plays it, and fetches the rest while nobody waits. @module */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { Boundary } from './app/boundary.tsx';
import { fetchFirst, fetchRest } from './app/later.ts';
import { report, watchForProblems } from './app/problems.ts';
import './design/base.css';
import './design/forced-colors.css';
import './design/tokens.css';
import { restoreTheme } from './design/theme.ts';
import { LabContext } from './lab/context.ts';
import type { Played } from './lab/engine.ts';
import { createLab } from './lab/lab.ts';
import { keepForOffline } from './offline/install.ts';
import { LibraryContext } from './recording/context.ts';
import { createLibrary } from './recording/library.ts';
import { startReplayer } from './recording/replayer.ts';
import { createStash } from './recording/stash.ts';
import { SessionContext } from './session/context.ts';
import { Playhead } from './session/playhead.ts';
import { createSession } from './session/session.ts';

watchForProblems();
restoreTheme();
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const store = createSession();
const playhead = new Playhead(store, () => reducedMotion.matches);
playhead.start();
const stash = createStash();
const library = createLibrary(store, startReplayer(), stash.load);
const lab = createLab(store, fetchFirst, () => reducedMotion.matches);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Boundary linkOf={lab.link}>
      <SessionContext value={{ store, playhead }}>
        <LibraryContext value={library}>
          <LabContext value={lab}>
            <App />
          </LabContext>
        </LibraryContext>
      </SessionContext>
    </Boundary>
  </StrictMode>,
);

/** The first thing a stranger sees is a tunnel that fails. */
async function begin(): Promise<void> {
  await lab.begin(location.hash);
  addEventListener('hashchange', () => void lab.openLink(location.hash));
  lab.store.subscribe((now, before) => {
    if (now.played !== before.played) void keepAddress(now.played);
  });
  await fetchRest();
  await stash.fill();
  await keepForOffline();
}

/** An address that carries a link goes on telling the truth when something else is put on the stage. */
async function keepAddress(played: Played | undefined): Promise<void> {
  const hash = location.hash;
  const link = hash === '' ? undefined : await lab.link();
  if (link === undefined || lab.store.getState().played !== played || location.hash !== hash) return;
  // Back leads to the screen from which it was opened.
  if (hash.startsWith('#screen=')) history.pushState(null, '', link);
  else history.replaceState(null, '', link);
}

begin().catch((error: unknown) => report(error, true));

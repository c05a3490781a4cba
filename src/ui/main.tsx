/** Starts the page: opens the first situation, plays it, and fetches the rest while nobody waits. @module */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { Boundary } from './app/boundary.tsx';
import './design/base.css';
import './design/tokens.css';
import { restoreTheme } from './design/theme.ts';
import { situations } from './recording/catalogue.ts';
import { LibraryContext } from './recording/context.ts';
import { createLibrary } from './recording/library.ts';
import { startReplayer } from './recording/replayer.ts';
import { createStash } from './recording/stash.ts';
import { SessionContext } from './session/context.ts';
import { Playhead } from './session/playhead.ts';
import { createSession, nextDrop, togglePlay } from './session/session.ts';

restoreTheme();
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const store = createSession();
const playhead = new Playhead(store, () => reducedMotion.matches);
playhead.start();
const stash = createStash();
const library = createLibrary(store, startReplayer(), stash.load);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Boundary>
      <SessionContext value={{ store, playhead }}>
        <LibraryContext value={library}>
          <App />
        </LibraryContext>
      </SessionContext>
    </Boundary>
  </StrictMode>,
);

/** The first thing a stranger sees is a tunnel that fails; who wants no motion sees the failure at once. */
async function begin(): Promise<void> {
  await library.open(situations[0]!);
  if (reducedMotion.matches) nextDrop(store);
  else togglePlay(store);
  await stash.fill();
}

begin().catch((error: unknown) => console.error(error));

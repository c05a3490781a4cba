/** Puts a component on a page of its own, with a session at the step asked for. */
import type { ReactNode } from 'react';
import { render } from 'vitest-browser-react';
import '../../../src/ui/design/base.css';
import '../../../src/ui/design/tokens.css';
import type { Run } from '../../../src/ui/model/run.ts';
import { SessionContext } from '../../../src/ui/session/context.ts';
import { Playhead } from '../../../src/ui/session/playhead.ts';
import { createSession, goToStep, openRun, type SessionStore } from '../../../src/ui/session/session.ts';

/** `step` is counted from 1, as on the page; 0 is before the first packet. */
export async function mount(content: ReactNode, run: Run, step: number): Promise<SessionStore> {
  const store = createSession();
  const playhead = new Playhead(store, () => true);
  playhead.start();
  openRun(store, run);
  goToStep(store, step - 1);
  await render(<SessionContext value={{ store, playhead }}>{content}</SessionContext>);
  return store;
}

/** Puts a component on a page of its own, with a session at the step asked for. */
import type { ReactNode } from 'react';
import { render } from 'vitest-browser-react';
import '../../../src/ui/design/base.css';
import '../../../src/ui/design/tokens.css';
import { LabContext } from '../../../src/ui/lab/context.ts';
import { createLab, type LabHandle } from '../../../src/ui/lab/lab.ts';
import type { Place } from '../../../src/ui/lab/link.ts';
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

/** Puts a screen on a page of its own. Answers the places that it opens on the stage, as they come. */
export async function mountScreen(screen: ReactNode): Promise<readonly Place[]> {
  const opened: Place[] = [];
  const never = () => new Promise<never>(() => {});
  const lab: LabHandle = { ...createLab(createSession(), never, () => true), openPlace: (place) => opened.push(place) };
  await render(<LabContext value={lab}>{screen}</LabContext>);
  return opened;
}

/** The page's own world: which experiment is on the stage, and how another one gets there. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SwitchName } from '../../router/profiles/profile.ts';
import { compare } from '../../world/compare.ts';
import { nextStopped, type Run, stepAt } from '../model/run.ts';
import { goToStep, openRun, type SessionStore } from '../session/session.ts';
import { type Chosen, flipped } from './chosen.ts';
import type { Engine, Played } from './engine.ts';
import { linkOf, readLink } from './link.ts';

export interface Lab {
  readonly engine: Engine | undefined;
  /** Stays when something else is put on the stage. */
  readonly played: Played | undefined;
  /** The same scenario as it was run before a switch was flipped or the router changed. */
  readonly before: Played | undefined;
  /** Something the reader should know, such as a link that could not be read. */
  readonly notice: string | undefined;
}

export interface LabHandle {
  readonly store: StoreApi<Lab>;
  /** What the address asks for, or else the first scenario. */
  readonly begin: (hash: string) => Promise<void>;
  readonly openLink: (hash: string) => void;
  readonly open: (scenario: string) => void;
  readonly setProfile: (profile: string) => void;
  readonly flip: (name: SwitchName) => void;
  /** Of what is on the stage. */
  readonly link: () => string | undefined;
}

export function createLab(session: SessionStore, fetchEngine: () => Promise<Engine>, still: () => boolean): LabHandle {
  const store = createStore<Lab>(() => ({
    engine: undefined,
    played: undefined,
    before: undefined,
    notice: undefined,
  }));

  /** Answers what was put on the stage. */
  function show(chosen: Chosen, before?: Played): Played | undefined {
    const played = store.getState().engine?.play(chosen);
    if (!played) return undefined;
    store.setState({ played, before, notice: undefined });
    openRun(session, played.run);
    return played;
  }

  function open(id: string): void {
    const { engine } = store.getState();
    const scenario = engine?.scenarios.find((each) => each.id === id);
    const played = engine && scenario && show(engine.asTold(scenario));
    if (!played) return;
    // Who wants no motion sees at once where playing would lead.
    if (still()) goToStep(session, nextStopped(played.run, -1, 1) ?? -1);
    else session.setState({ playing: true });
  }

  /** The same scenario in another way: on the stage is the first packet that fares differently, on its way. */
  function again(change: (chosen: Chosen) => Chosen): void {
    const now = store.getState().played;
    if (!now) return;
    const position = stepAt(now.run, session.getState().cursor);
    const played = show(change(now.chosen), now);
    if (!played) return;
    const parting = partingStep(now.run, played.run) ?? position;
    goToStep(session, parting - 1);
    goToStep(session, parting);
  }

  function openLink(hash: string): boolean {
    const { engine } = store.getState();
    const link = engine && readLink(hash, engine);
    if (!link) return false;
    if (link.ok) {
      const played = show(link.place.chosen);
      if (played) goToStep(session, stepAt(played.run, link.place.cursor));
    } else {
      open(engine.scenarios[0]!.id);
      store.setState({ notice: `This link is damaged: ${link.why}. Here is the first scenario instead.` });
    }
    return true;
  }

  return {
    store,
    openLink,
    open,
    begin: async (hash) => {
      const engine = await fetchEngine();
      store.setState({ engine });
      if (!openLink(hash)) open(engine.scenarios[0]!.id);
    },
    setProfile: (profile) => again((chosen) => ({ ...chosen, profile })),
    flip: (name) => again((chosen) => flipped(chosen, name)),
    link: () => {
      const { played } = store.getState();
      return played && linkOf({ chosen: played.chosen, cursor: session.getState().cursor });
    },
  };
}

/** Place among the steps of `now` at which it first does something else than `before`; undefined where it never does. */
export function partingStep(before: Run, now: Run): number | undefined {
  const { b } = compare(before.trace, now.trace) ?? {};
  const found = b ? now.steps.findIndex(({ index }) => index >= b.index) : -1;
  return found < 0 ? undefined : found;
}

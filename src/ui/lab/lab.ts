/** The page's own world: which experiment is on the stage, and how another one gets there. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SwitchName } from '../../router/profiles/profile.ts';
import { vary } from '../../scenarios/vary.ts';
import type { Intervention } from '../../world/experiment.ts';
import type { SessionStore } from '../session/session.ts';
import { type Chosen, flipped } from './chosen.ts';
import type { Engine, Played } from './engine.ts';
import type { Place } from './link.ts';
import { act, type Change, changed, editHere, openPlace, openScenario, playAgain, type Stage } from './staging.ts';

/** What fills the page; the stage unless the address asks for another. */
export type ScreenId = 'stage' | 'matrix' | 'myths' | 'around';

export interface Lab {
  readonly engine: Engine | undefined;
  /** Stays when something else is put on the stage. */
  readonly played: Played | undefined;
  /** The same experiment as it was run before the last change. */
  readonly before: Played | undefined;
  /** Something the reader should know, such as a link that could not be read. */
  readonly notice: string | undefined;
  readonly screen: ScreenId;
}

export interface LabHandle {
  readonly store: StoreApi<Lab>;
  /** What the address asks for, or else the first scenario. */
  readonly begin: (hash: string) => Promise<void>;
  readonly openLink: (hash: string) => Promise<void>;
  /** A scenario as it is told, playing. */
  readonly open: (scenario: string) => void;
  /** Any experiment, at rest at a place in it, on the stage. */
  readonly openPlace: (place: Place) => void;
  /** The same experiment changed: on the stage is the first packet that fares differently, on its way. */
  readonly edit: (change: Change) => void;
  /** Something is done from here on: the cursor stays where it is, and so does all before it. */
  readonly editHere: (change: Change) => void;
  /** Something is done at the cursor, and time goes on to it. */
  readonly act: (deeds: (at: number) => readonly Intervention[]) => void;
  readonly setProfile: (profile: string) => void;
  readonly flip: (name: SwitchName) => void;
  /** To what is on the stage. */
  readonly link: () => Promise<string | undefined>;
}

export function createLab(session: SessionStore, fetchEngine: () => Promise<Engine>, still: () => boolean): LabHandle {
  const store = createStore<Lab>(() => ({
    engine: undefined,
    played: undefined,
    before: undefined,
    notice: undefined,
    screen: 'stage',
  }));
  const stage: Stage = { store, session, still };
  const openLink = linkOpener(stage);
  return {
    store,
    openLink,
    open: (id) => openScenario(stage, id),
    openPlace: (place) => openPlace(stage, place),
    edit: (change) => playAgain(stage, (chosen) => changed(stage, chosen, change)),
    editHere: (change) => editHere(stage, change),
    act: (deeds) => act(stage, deeds),
    begin: async (hash) => {
      const engine = await fetchEngine();
      store.setState({ engine });
      await openLink(hash);
    },
    setProfile: (profile) =>
      playAgain(stage, (chosen) => changed(stage, chosen, (experiment) => vary(experiment, { profile }))),
    flip: (name) => playAgain(stage, (chosen) => flipped(chosen, name)),
    link: async () => {
      const { engine, played } = store.getState();
      const { cursor, selection } = session.getState();
      return played && engine?.linkOf({ chosen: played.chosen, cursor, selection });
    },
  };
}

/** Reading a link takes a moment, and so does its run; one asked for later wins. */
function linkOpener(stage: Stage): (hash: string) => Promise<void> {
  const { store, session } = stage;
  let reading = 0;
  return async (hash) => {
    const { engine, played } = store.getState();
    const turn = ++reading;
    const screen = screenOf(hash);
    if (screen) store.setState({ screen });
    if (screen && screen !== 'stage') session.setState({ playing: false, presenting: false });
    if (screen && (screen !== 'stage' || played)) return;
    const link = screen ? undefined : await engine?.readLink(hash);
    if (engine && link?.ok) await runAhead(engine, link.place.chosen, () => turn === reading);
    if (!engine || turn !== reading) return;
    if (link?.ok) openPlace(stage, link.place);
    else if (link || !played) openScenario(stage, engine.scenarios[0]!.id);
    if (link && !link.ok)
      store.setState({ notice: `This link is damaged: ${link.why}. Here is the first scenario instead.` });
  };
}

/** A link may come from anybody, and ask for a run of a second or two: it is made a part at a time, each in a task. */
async function runAhead(engine: Engine, chosen: Chosen, wanted: () => boolean): Promise<void> {
  const trial = engine.tryOut(chosen);
  while (!trial.world && wanted()) {
    trial.goOn();
    await new Promise((next) => setTimeout(next));
  }
}

const SCREENS: readonly ScreenId[] = ['stage', 'matrix', 'myths', 'around'];

/** "#screen=matrix"; Back may lead to the address without any, which is the stage's. */
function screenOf(hash: string): ScreenId | undefined {
  if (hash === '') return 'stage';
  return SCREENS.find((id) => hash === screenLink(id));
}

export function screenLink(id: ScreenId): string {
  return `#screen=${id}`;
}

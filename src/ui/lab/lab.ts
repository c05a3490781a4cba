/** The page's own world: which experiment is on the stage, and how another one gets there. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SwitchName } from '../../router/profiles/profile.ts';
import { vary } from '../../scenarios/vary.ts';
import { compare } from '../../world/compare.ts';
import { intervene } from '../../world/edits.ts';
import type { Experiment, Intervention } from '../../world/experiment.ts';
import type { Trace } from '../../world/trace.ts';
import { nextStopped, type Run, stepAt } from '../model/run.ts';
import { goToStep, openRun, type SessionStore, select } from '../session/session.ts';
import { settled } from './changes.ts';
import { type Chosen, flipped } from './chosen.ts';
import type { Engine, Played } from './engine.ts';
import type { Place } from './link.ts';
import { momentAfter } from './moment.ts';

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
  readonly edit: (change: (experiment: Experiment) => Experiment) => void;
  /** Something is done from here on: the cursor stays where it is, and so does all before it. */
  readonly editHere: (change: (experiment: Experiment) => Experiment) => void;
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
  /** Reading a link takes a moment; one asked for later wins. */
  let reading = 0;

  /** Answers what was put on the stage. */
  function show(chosen: Chosen, before?: Played): Played | undefined {
    const played = store.getState().engine?.play(chosen);
    if (!played) return undefined;
    store.setState({ played, before, notice: cutShort(played), screen: 'stage' });
    openRun(session, played.run);
    return played;
  }

  function open(id: string): void {
    const origin = { kind: 'scenario', id } as const;
    const experiment = store.getState().engine?.told(origin);
    const played = experiment && show({ origin, experiment });
    if (!played) return;
    // Who wants no motion sees at once where playing would lead.
    if (still()) goToStep(session, nextStopped(played.run, -1, 1) ?? -1);
    else session.setState({ playing: true });
  }

  function openPlace({ chosen, cursor, selection }: Place): void {
    const played = show(chosen);
    if (!played) return;
    goToStep(session, stepAt(played.run, cursor));
    select(session, selection);
  }

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

  function changed({ origin, experiment }: Chosen, change: (experiment: Experiment) => Experiment): Chosen {
    const told = store.getState().engine?.told(origin, experiment.routers[0].profile);
    return { origin, experiment: settled(told, change(experiment)) };
  }

  function editHere(change: (experiment: Experiment) => Experiment): void {
    const now = store.getState().played;
    if (!now) return;
    const { cursor, selection } = session.getState();
    const played = show(changed(now.chosen, change), now);
    if (!played) return;
    goToStep(session, placeOf(now.run, stepAt(now.run, cursor), played.run));
    select(session, selection);
  }

  function act(deeds: (at: number) => readonly Intervention[]): void {
    const { run, cursor } = session.getState();
    if (!run) return;
    const at = momentAfter(run, cursor);
    editHere((experiment) => deeds(at).reduce(intervene, experiment));
    const steps = session.getState().run?.steps ?? [];
    const done = steps.findLastIndex(({ occurrence: { kind, time } }) => kind === 'intervention' && time === at);
    if (done >= 0) goToStep(session, done);
  }

  async function openLink(hash: string): Promise<void> {
    const { engine, played } = store.getState();
    const turn = ++reading;
    const screen = screenOf(hash);
    if (screen) store.setState({ screen });
    if (screen && screen !== 'stage') session.setState({ playing: false, presenting: false });
    if (screen && (screen !== 'stage' || played)) return;
    const link = screen ? undefined : await engine?.readLink(hash);
    if (!engine || turn !== reading) return;
    if (link?.ok) openPlace(link.place);
    else if (link || !played) open(engine.scenarios[0]!.id);
    if (link && !link.ok)
      store.setState({ notice: `This link is damaged: ${link.why}. Here is the first scenario instead.` });
  }

  return {
    store,
    openLink,
    open,
    openPlace,
    edit: (change) => again((chosen) => changed(chosen, change)),
    editHere,
    act,
    begin: async (hash) => {
      const engine = await fetchEngine();
      store.setState({ engine });
      await openLink(hash);
    },
    setProfile: (profile) => again((chosen) => changed(chosen, (experiment) => vary(experiment, { profile }))),
    flip: (name) => again((chosen) => flipped(chosen, name)),
    link: async () => {
      const { engine, played } = store.getState();
      const { cursor, selection } = session.getState();
      return played && engine?.linkOf({ chosen: played.chosen, cursor, selection });
    },
  };
}

/** What the reader should know of a run in which more would happen than is shown. */
function cutShort({ world }: Played): string | undefined {
  if (!world.cutShort) return undefined;
  return `So much happens in this experiment that only its first ${Math.round(world.end / 1e6)} seconds are shown.`;
}

const SCREENS: readonly ScreenId[] = ['stage', 'matrix', 'myths', 'around'];

/** "#screen=matrix" */
function screenOf(hash: string): ScreenId | undefined {
  return SCREENS.find((id) => hash === screenLink(id));
}

export function screenLink(id: ScreenId): string {
  return `#screen=${id}`;
}

/** The same step in another run of the same beginning: its time decides where counting no longer does. */
function placeOf(before: Run, position: number, now: Run): number {
  const time = before.steps[position]?.occurrence.time;
  if (time === undefined || now.steps[position]?.occurrence.time === time) return position;
  return now.steps.findLastIndex(({ occurrence }) => occurrence.time <= time);
}

/** Place among the steps of `now` at which it first does something else than `before`; undefined where it never does. */
export function partingStep(before: Run, now: Run): number | undefined {
  const { b } = compare(stepsOf(before), stepsOf(now)) ?? {};
  return b && stepAt(now, b.index);
}

/** A server that gets ready for one more kind of client is no step, and parts nothing that one could see. */
function stepsOf({ trace, steps }: Run): Trace {
  return { ...trace, occurrences: steps.map(({ occurrence }) => occurrence) };
}

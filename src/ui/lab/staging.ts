/** How something gets on the stage: a scenario that is told, a place in any experiment, the same experiment changed. @module */
import type { StoreApi } from 'zustand/vanilla';
import { compare } from '../../world/compare.ts';
import { intervene } from '../../world/edits.ts';
import type { Experiment, Intervention } from '../../world/experiment.ts';
import type { Trace } from '../../world/trace.ts';
import { nextStopped, type Run, stepAt } from '../model/run.ts';
import { goToStep, openRun, type SessionStore, select } from '../session/session.ts';
import { settled } from './changes.ts';
import type { Chosen } from './chosen.ts';
import type { Played } from './engine.ts';
import type { Lab } from './lab.ts';
import type { Place } from './link.ts';
import { momentAfter } from './moment.ts';

export interface Stage {
  readonly store: StoreApi<Lab>;
  readonly session: SessionStore;
  /** Does the visitor want no motion? */
  readonly still: () => boolean;
}

/** Another experiment made of one. */
export type Change = (experiment: Experiment) => Experiment;

export function openScenario(stage: Stage, id: string): void {
  const origin = { kind: 'scenario', id } as const;
  const experiment = stage.store.getState().engine?.told(origin);
  const played = experiment && show(stage, { origin, experiment });
  if (!played) return;
  // Who wants no motion sees at once where playing would lead.
  if (stage.still()) goToStep(stage.session, nextStopped(played.run, -1, 1) ?? -1);
  else stage.session.setState({ playing: true });
}

export function openPlace(stage: Stage, { chosen, cursor, selection }: Place): void {
  const played = show(stage, chosen);
  if (!played) return;
  goToStep(stage.session, stepAt(played.run, cursor));
  select(stage.session, selection);
}

/** From the first packet that fares differently, on its way; from where one is if none does. */
export function playAgain(stage: Stage, change: (chosen: Chosen) => Chosen): void {
  const { store, session } = stage;
  const now = store.getState().played;
  if (!now) return;
  const position = stepAt(now.run, session.getState().cursor);
  const played = show(stage, change(now.chosen), now);
  if (!played) return;
  const parting = partingStep(now.run, played.run) ?? position;
  goToStep(session, parting - 1);
  goToStep(session, parting);
}

/** From where one is. */
export function editHere(stage: Stage, change: Change): void {
  const { store, session } = stage;
  const now = store.getState().played;
  if (!now) return;
  const { cursor, selection } = session.getState();
  const played = show(stage, changed(stage, now.chosen, change), now);
  if (!played) return;
  goToStep(session, placeOf(now.run, stepAt(now.run, cursor), played.run));
  select(session, selection);
}

/** Up to the last of the deeds. */
export function act(stage: Stage, deeds: (at: number) => readonly Intervention[]): void {
  const { session } = stage;
  const { run, cursor } = session.getState();
  if (!run) return;
  const at = momentAfter(run, cursor);
  editHere(stage, (experiment) => deeds(at).reduce(intervene, experiment));
  const steps = session.getState().run?.steps ?? [];
  const done = steps.findLastIndex(({ occurrence: { kind, time } }) => kind === 'intervention' && time === at);
  if (done >= 0) goToStep(session, done);
}

export function changed({ store }: Stage, { origin, experiment }: Chosen, change: Change): Chosen {
  const told = store.getState().engine?.told(origin, experiment.routers[0].profile);
  return { origin, experiment: settled(told, change(experiment)) };
}

/** Answers what was put on the stage. */
function show({ store, session }: Stage, chosen: Chosen, before?: Played): Played | undefined {
  const played = store.getState().engine?.play(chosen);
  if (!played) return undefined;
  store.setState({ played, before, notice: cutShort(played), screen: 'stage' });
  openRun(session, played.run);
  return played;
}

/** What the reader should know of a run in which more would happen than is shown. */
function cutShort({ world }: Played): string | undefined {
  if (!world.cutShort) return undefined;
  return `So much happens in this experiment that only its first ${Math.round(world.end / 1e6)} seconds are shown.`;
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

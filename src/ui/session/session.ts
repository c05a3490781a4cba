/**
 * The whole state of the page: which run, where in it, whether it plays, what is selected. Everything else is
 * derived. A vanilla store, so that the stage can read it sixty times a second without React.
 * @module
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { holdsOf, nextStopped, type Run, stepAt } from '../model/run.ts';

export type Selection =
  /** A row of the two-sided field tree, by its id. */
  | { readonly kind: 'field'; readonly id: string }
  /** A table entry. */
  | { readonly kind: 'entry'; readonly id: number }
  | { readonly kind: 'node'; readonly id: string }
  /** A packet on one link of its way, by its frame's id. */
  | { readonly kind: 'frame'; readonly id: number }
  /** A stage of the router that has the step's packet in hand, by its place in the packet's way. */
  | { readonly kind: 'stage'; readonly id: string };

export interface Session {
  readonly run: Run | undefined;
  /** Index of the occurrence looked at; -1 is before the first. */
  readonly cursor: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly selection: Selection | undefined;
  /** The stage alone, large, for a room full of people. */
  readonly presenting: boolean;
}

export type SessionStore = StoreApi<Session>;

export function createSession(): SessionStore {
  return createStore<Session>(() => ({
    run: undefined,
    cursor: -1,
    playing: false,
    speed: 1,
    selection: undefined,
    presenting: false,
  }));
}

/** Puts a run on the stage, before its first packet. */
export function openRun(store: SessionStore, run: Run): void {
  store.setState({ run, cursor: -1, playing: false, selection: undefined });
}

/** Goes to a step by its place among the steps; -1 is before the first. */
export function goToStep(store: SessionStore, position: number): void {
  const { run, cursor } = store.getState();
  if (!run) return;
  const bounded = Math.max(-1, Math.min(position, run.steps.length - 1));
  const next = bounded < 0 ? -1 : run.steps[bounded]!.index;
  if (next !== cursor) store.setState({ cursor: next, selection: undefined });
}

export function stepBy(store: SessionStore, distance: 1 | -1): void {
  // First, because the cursor may follow a little behind what plays.
  store.setState({ playing: false });
  const { run, cursor } = store.getState();
  if (!run) return;
  goToStep(store, stepAt(run, cursor) + distance);
}

/**
 * Goes to the next stopped packet, from the last one back to the first; where none is stopped, to the next place at
 * which playing holds. Answers whether there is any.
 */
export function nextDrop(store: SessionStore): boolean {
  const { run, cursor } = store.getState();
  if (!run) return false;
  const target = nextStopped(run, stepAt(run, cursor), 1) ?? nextStopped(run, -1, 1) ?? nextHold(run, cursor);
  store.setState({ playing: false });
  if (target !== undefined) goToStep(store, target);
  return target !== undefined;
}

function nextHold(run: Run, cursor: number): number | undefined {
  const places = [...holdsOf(run)];
  const index = places.find((each) => each > cursor) ?? places[0];
  return index === undefined ? undefined : stepAt(run, index);
}

export function toStart(store: SessionStore): void {
  store.setState({ playing: false });
  goToStep(store, -1);
}

export function toEnd(store: SessionStore): void {
  const { run } = store.getState();
  store.setState({ playing: false });
  if (run) goToStep(store, run.steps.length - 1);
}

/** Plays on, or from the start if the run is at its end; a second call pauses. */
export function togglePlay(store: SessionStore): void {
  const { run, cursor, playing } = store.getState();
  if (!run || run.steps.length === 0) return;
  if (!playing && stepAt(run, cursor) === run.steps.length - 1) goToStep(store, -1);
  store.setState({ playing: !playing });
}

export function select(store: SessionStore, selection: Selection | undefined): void {
  store.setState({ selection });
}

export function sameSelection(a: Selection | undefined, b: Selection | undefined): boolean {
  return a === b || (a !== undefined && a.kind === b?.kind && a.id === b.id);
}

export function present(store: SessionStore, presenting: boolean): void {
  store.setState({ presenting });
}

export function setSpeed(store: SessionStore, speed: number): void {
  store.setState({ speed });
}

/**
 * A router's table at any place of a trace, forward or back: changes are replayed from the nearest checkpoint, so a
 * look costs the same wherever it is.
 * @module
 */
import type { EntryView, TableChange } from '../router/outcome.ts';
import type { Occurrence, TableAt, Trace } from './trace.ts';

/** Changes of a router between two checkpoints: few enough to replay in no time, many enough to keep few copies. */
const STRIDE = 64;

interface Step {
  /** Index of the occurrence. */
  readonly at: number;
  readonly changes: readonly TableChange[];
}

interface History {
  readonly steps: Step[];
  /** The table before step 0, 64, 128, … */
  readonly checkpoints: (readonly EntryView[])[];
}

/** Entries in the order in which they came, without those whose time has come. */
export function tableAt(trace: Pick<Trace, 'occurrences'>): TableAt {
  const held = heldAt(trace);
  return (router, cursor) => {
    const seconds = timeAt(trace, cursor);
    return held(router, cursor).filter((entry) => entry.swept || entry.expiresAt > seconds);
  };
}

/** The same with those whose time has come, which stay until a packet or a sweep takes them away. */
export function heldAt(trace: Pick<Trace, 'occurrences'>): TableAt {
  const histories = new Map<string, History>();
  const running = new Map<string, Map<number, EntryView>>();
  for (const occurrence of trace.occurrences) {
    const changes = changesIn(occurrence);
    if (changes.length === 0) continue;
    const { node } = occurrence;
    const history = histories.get(node) ?? { steps: [], checkpoints: [] };
    const table = running.get(node) ?? new Map<number, EntryView>();
    histories.set(node, history);
    running.set(node, table);
    if (history.steps.length % STRIDE === 0) history.checkpoints.push([...table.values()]);
    history.steps.push({ at: occurrence.index, changes });
    apply(table, changes);
  }
  return (router, cursor) => {
    const history = histories.get(router);
    return history ? lookUp(history, cursor) : [];
  };
}

function timeAt(trace: Pick<Trace, 'occurrences'>, cursor: number): number {
  return (trace.occurrences[Math.min(cursor, trace.occurrences.length - 1)]?.time ?? 0) / 1_000_000;
}

function lookUp(history: History, cursor: number): readonly EntryView[] {
  const done = stepsUpTo(history.steps, cursor);
  const base = Math.min(Math.floor(done / STRIDE), history.checkpoints.length - 1);
  const table = new Map((history.checkpoints[base] ?? []).map((entry) => [entry.id, entry]));
  for (let i = base * STRIDE; i < done; i++) apply(table, history.steps[i]!.changes);
  return [...table.values()];
}

/** How many steps happened at or before the cursor: a binary search. */
function stepsUpTo(steps: readonly Step[], cursor: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.at <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What one occurrence did to the table of its node. */
export function changesIn(occurrence: Occurrence): readonly TableChange[] {
  if (occurrence.kind === 'routed') return occurrence.outcome.changes;
  return occurrence.kind === 'intervention' || occurrence.kind === 'passed-over' ? occurrence.changes : [];
}

function apply(table: Map<number, EntryView>, changes: readonly TableChange[]): void {
  for (const change of changes) {
    if (change.kind === 'removed') table.delete(change.before.id);
    else table.set(change.after.id, change.after);
  }
}

/** A router's table at any moment, folded from the changes in the trace. @module */
import { u32 } from '../../lib/bytes.ts';
import type { EntryView, TableChange } from '../../router/outcome.ts';
import type { Occurrence, Trace } from '../../world/trace.ts';
import { last, once } from './once.ts';

/** One snapshot for this many occurrences: a seek folds no more than these. */
const STRIDE = 256;

type Entries = Map<number, EntryView>;
type Tables = Map<string, Entries>;

/** Tables of all routers before occurrence 0, STRIDE, 2·STRIDE, … */
const snapshotsOf = once((trace: Trace): readonly Tables[] => {
  const tables: Tables = new Map();
  const every: Tables[] = [new Map()];
  trace.occurrences.forEach((occurrence, i) => {
    const changes = changesAt(occurrence, occurrence.node);
    if (changes.length > 0) apply(entriesOf(tables, occurrence.node), changes);
    if ((i + 1) % STRIDE === 0) every.push(new Map([...tables].map(([router, entries]) => [router, new Map(entries)])));
  });
  return every;
});

function entriesOf(tables: Tables, router: string): Entries {
  const found = tables.get(router) ?? new Map();
  tables.set(router, found);
  return found;
}

/** The table of `router` after the occurrence at `cursor`, oldest entry first; before the first it is empty. */
export function tableAt(trace: Trace, router: string, cursor: number): readonly EntryView[] {
  const every = snapshotsOf(trace);
  const block = Math.min(Math.floor((cursor + 1) / STRIDE), every.length - 1);
  const entries: Entries = new Map(every[block]!.get(router));
  for (let i = block * STRIDE; i <= cursor; i++) apply(entries, changesAt(trace.occurrences[i], router));
  return [...entries.values()].sort((a, b) => a.id - b.id);
}

/** What one occurrence did to the table of `router`. */
export function changesAt(occurrence: Occurrence | undefined, router: string): readonly TableChange[] {
  if (occurrence?.node !== router) return [];
  if (occurrence.kind === 'routed') return occurrence.outcome.changes;
  return occurrence.kind === 'intervention' || occurrence.kind === 'passed-over' ? occurrence.changes : [];
}

function apply(entries: Entries, changes: readonly TableChange[]): void {
  for (const change of changes)
    if (change.kind === 'removed') entries.delete(change.before.id);
    else entries.set(change.after.id, change.after);
}

/** A line of the table as shown at a step. */
export interface TableRow {
  readonly entry: EntryView;
  readonly change: TableChange | undefined;
  /** The packet of this step belongs to it. */
  readonly used: boolean;
  /** It holds what the packet of this step needed, and so stopped it. */
  readonly inTheWay: boolean;
}

/** The table at the cursor with what this step did to it; entries removed in this step are still listed, last. */
export const rowsAt = once((trace: Trace) => {
  const routers = new Map<string, (cursor: number) => readonly TableRow[]>();
  return (router: string, cursor: number): readonly TableRow[] => {
    const known = routers.get(router) ?? last((at: number) => rowsOf(trace, router, at));
    routers.set(router, known);
    return known(cursor);
  };
});

function rowsOf(trace: Trace, router: string, cursor: number): readonly TableRow[] {
  const occurrence = trace.occurrences[cursor];
  const changes = changesAt(occurrence, router);
  const used = new Set(occurrence?.kind === 'routed' && occurrence.node === router ? usedBy(occurrence) : []);
  const rows = tableAt(trace, router, cursor).map((entry) => ({
    entry,
    change: changes.findLast((change) => change.kind !== 'removed' && change.after.id === entry.id),
    used: used.has(entry.id),
    inTheWay: isInTheWay(entry, occurrence, router),
  }));
  const removed = changes
    .filter((change) => change.kind === 'removed')
    .map((change) => ({ entry: change.before, change, used: false, inTheWay: false }));
  return [...rows, ...removed];
}

function usedBy(occurrence: Extract<Occurrence, { kind: 'routed' }>): number[] {
  return occurrence.outcome.reasons.flatMap((reason) =>
    reason.code === 'entry-matched' ||
    reason.code === 'entry-created' ||
    reason.code === 'expectation-matched' ||
    reason.code === 'icmp-error-related'
      ? [reason.entry]
      : [],
  );
}

function isInTheWay({ original }: EntryView, occurrence: Occurrence | undefined, router: string): boolean {
  if (occurrence?.kind !== 'routed' || occurrence.node !== router) return false;
  return occurrence.outcome.reasons.some(
    (reason) =>
      reason.code === 'tuple-clash' &&
      reason.protocol === original.protocol &&
      reason.owner === original.source.address &&
      u32(occurrence.frame.bytes, DESTINATION) === original.destination.address,
  );
}

/** Where an IPv4 header keeps the destination. */
const DESTINATION = 16;

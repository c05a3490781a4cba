/** A router's table as the page lists it: at any moment, and what a step did to it. @module */
import { u32 } from '../../lib/bytes.ts';
import type { EntryView, TableChange } from '../../router/outcome.ts';
import { changesIn, heldAt } from '../../world/tables.ts';
import type { Occurrence, Trace } from '../../world/trace.ts';
import { last, once } from './once.ts';

const held = once(heldAt);

/**
 * The table of `router` after the occurrence at `cursor`, oldest entry first; before the first it is empty. What has
 * run out is in it until the router takes it away.
 */
export function tableAt(trace: Trace, router: string, cursor: number): readonly EntryView[] {
  return [...held(trace)(router, cursor)].sort((a, b) => a.id - b.id);
}

/** What one occurrence did to the table of `router`. */
export function changesAt(occurrence: Occurrence | undefined, router: string): readonly TableChange[] {
  return occurrence?.node === router ? changesIn(occurrence) : [];
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

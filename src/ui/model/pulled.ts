/** Which cables are pulled at the cursor. @module */
import type { Trace } from '../../world/trace.ts';
import { last, once } from './once.ts';

/** A node's only cable, or one of a router's uplinks. */
export function cableId(node: string, uplink?: string): string {
  return uplink === undefined ? node : `${node}/${uplink}`;
}

export interface CableDeed {
  readonly uplink: string | undefined;
  readonly plugged: boolean;
}

/** What an intervention did to a cable: "fibre cable pulled"; undefined where it did something else. */
export function cableDeedOf(what: string): CableDeed | undefined {
  const found = /^(?:(.+) )?cable (pulled|plugged in)$/.exec(what);
  return found ? { uplink: found[1], plugged: found[2] === 'plugged in' } : undefined;
}

/** They are few among all that happens, and asked for at each step. */
const deedsOf = once(({ occurrences }: Trace) =>
  occurrences.flatMap((each) => {
    const deed = each.kind === 'intervention' ? cableDeedOf(each.what) : undefined;
    return deed ? [{ index: each.index, id: cableId(each.node, deed.uplink), plugged: deed.plugged }] : [];
  }),
);

/** By `cableId`. */
export const pulledAt = last((trace: Trace, cursor: number): ReadonlySet<string> => {
  const pulled = new Set<string>();
  for (const { index, id, plugged } of deedsOf(trace)) {
    if (index > cursor) break;
    if (plugged) pulled.delete(id);
    else pulled.add(id);
  }
  return pulled;
});

/** What both ways to lay out the stage end in: who stands where, made into one layout with its cables. @module */
import { cablesOf } from './cables.ts';
import type { Layout, Rect, Sides, Zone } from './layout.ts';
import type { Point } from './shapes.ts';

export interface Parts extends Pick<Layout, 'width' | 'height' | 'across' | 'hosts' | 'strips'> {
  readonly places: ReadonlyMap<string, Rect>;
  readonly zones: readonly Zone[];
  /** Where a cable leaves a laptop or a server. */
  readonly edge: (host: Rect, side: 'in' | 'out') => Point;
  /** Where it ends at a router; `uplink` is the place of an address with a cable of its own. */
  readonly port: (router: string, side: 'in' | 'out', uplink?: number) => Point;
}

export function assembled(sides: Sides, { places, edge, port, ...rest }: Parts): Layout {
  return {
    ...rest,
    nodes: places,
    cables: cablesOf(sides, places, edge, port),
    uplinks: new Map(sides.uplinks.map((uplink) => [uplink.address, uplink])),
  };
}

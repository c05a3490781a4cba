/**
 * Where everything stands on the stage. Wide: home at the left, the router in its wall, the Internet at the right.
 * Narrow: the Internet on top, home at the foot. Where several routers stand in a row there is no room for packets
 * between them, so each shows the packet it has in hand inside its own card, both sides next to each other.
 * @module
 */
import type { TraceNode } from '../../world/trace.ts';
import { lieDown } from './lay-across.ts';
import { standUp } from './lay-upright.ts';
import type { Point } from './shapes.ts';

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Cable {
  /** Id of the node at `from`, and of the router at `to`. */
  readonly node: string;
  readonly router: string;
  /** Of the router, at which it is plugged in. */
  readonly side: 'in' | 'out';
  /** Which of the router's uplinks it is, where it has several. */
  readonly uplink?: string | undefined;
  /** From the node's side to the router's. */
  readonly from: Point;
  readonly to: Point;
}

export interface Zone extends Rect {
  readonly name: string;
  readonly shape: 'frame' | 'cloud';
  /** Where its name begins. */
  readonly label: Point;
}

/** How much room a laptop or a server has for what it says. */
export type HostSize = 'full' | 'lines' | 'line' | 'narrow';

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly across: boolean;
  readonly nodes: ReadonlyMap<string, Rect>;
  readonly hosts: { readonly inside: HostSize; readonly outside: HostSize };
  readonly zones: readonly Zone[];
  /** By `cableKey`; see cables.ts. */
  readonly cables: ReadonlyMap<string, Cable>;
  /** Several routers: where in each card the packet is shown. */
  readonly strips: ReadonlyMap<string, Rect>;
  /** A router's addresses beyond its first two, each with a cable of its own. */
  readonly uplinks: ReadonlyMap<number, Uplink>;
}

export interface Uplink {
  readonly address: number;
  readonly router: string;
  /** Its place among the router's addresses: 2, 3, … */
  readonly place: number;
}

export interface Sides {
  readonly inside: readonly TraceNode[];
  readonly routers: readonly TraceNode[];
  readonly outside: readonly TraceNode[];
  readonly uplinks: readonly Uplink[];
}

/** Below this width the stage stands upright. */
const ACROSS_FROM = 560;

export function layoutOf(nodes: readonly TraceNode[], width: number, height: number): Layout {
  const routers = nodes.filter((node) => node.kind === 'router');
  const sides: Sides = {
    inside: nodes.filter((node) => node.kind === 'client'),
    routers,
    outside: nodes.filter((node) => node.kind === 'server' || node.kind === 'stranger'),
    uplinks: routers.flatMap(({ id, addresses }) =>
      addresses.slice(2).map((address, i) => ({ address, router: id, place: i + 2 })),
    ),
  };
  return width >= ACROSS_FROM ? lieDown(sides, width, height) : standUp(sides, width, height);
}

/**
 * Where everything stands on the stage. Wide: home at the left, the router on its border, the Internet at the right.
 * Narrow: the Internet on top, home at the foot.
 * @module
 */
import { scalePoint } from 'd3';
import type { TraceNode } from '../../world/trace.ts';
import type { Point } from './shapes.ts';

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Cable {
  /** From the node's side to the router's. */
  readonly from: Point;
  readonly to: Point;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly across: boolean;
  readonly nodes: ReadonlyMap<string, Rect>;
  readonly home: Rect;
  /** The cable between two nodes, whichever way round they are asked for. */
  readonly cables: ReadonlyMap<string, Cable>;
}

/** Below this width the stage stands upright. */
const ACROSS_FROM = 560;
const MARGIN = 18;

type Sides = {
  readonly inside: readonly TraceNode[];
  readonly routers: readonly TraceNode[];
  readonly outside: readonly TraceNode[];
};

export function layoutOf(nodes: readonly TraceNode[], width: number, height: number): Layout {
  const sides: Sides = {
    inside: nodes.filter((node) => node.kind === 'client'),
    routers: nodes.filter((node) => node.kind === 'router'),
    outside: nodes.filter((node) => node.kind === 'server' || node.kind === 'stranger'),
  };
  return width >= ACROSS_FROM ? lieDown(sides, width, height) : standUp(sides, width, height);
}

const CLIENT = { width: 98, height: 74 };
const SERVER = { width: 104, height: 78 };

function lieDown(sides: Sides, width: number, height: number): Layout {
  const routerWidth = Math.min(290, Math.max(214, width * 0.295)) / Math.max(1, sides.routers.length * 0.8);
  const places = new Map<string, Rect>();
  const top = 8;
  const floor = height - 12;
  const slim = width < 760 ? 16 : 0;
  const client = { ...CLIENT, width: CLIENT.width - slim };
  const server = { ...SERVER, width: SERVER.width - slim };
  column(places, sides.inside, MARGIN + 10, client, top + 18, floor);
  column(places, sides.outside, width - MARGIN - server.width, server, top + 18, floor);
  const from = MARGIN + 10 + client.width;
  const to = width - MARGIN - server.width;
  const middle = scalePoint<number>(
    sides.routers.map((_, i) => i),
    [from, to],
  ).padding(1);
  const routerTop = top + 8;
  sides.routers.forEach((router, i) => {
    const x = (middle(i) ?? (from + to) / 2) - routerWidth / 2;
    places.set(router.id, { x, y: routerTop, width: routerWidth, height: height - routerTop - 18 });
  });
  const first = places.get(sides.routers[0]?.id ?? '');
  const border = first ? first.x + first.width / 2 : width / 2;
  const home = { x: MARGIN - 8, y: top, width: border - MARGIN + 8, height: height - top - 10 };
  return { width, height, across: true, nodes: places, home, cables: cablesOf(sides, places, true) };
}

function column(
  places: Map<string, Rect>,
  nodes: readonly TraceNode[],
  x: number,
  size: { readonly width: number; readonly height: number },
  from: number,
  to: number,
): void {
  const at = scalePoint<string>(
    nodes.map((node) => node.id),
    [from, to],
  ).padding(nodes.length > 1 ? 0.55 : 0.5);
  const fit = Math.min(size.height, (to - from) / Math.max(1, nodes.length) - 6);
  for (const { id } of nodes) places.set(id, { x, y: (at(id) ?? from) - fit / 2, width: size.width, height: fit });
}

const ROW = 56;
/** Upright: the room for a packet between a node and the router. */
const SPAN = 62;

function standUp(sides: Sides, width: number, height: number): Layout {
  const places = new Map<string, Rect>();
  row(places, sides.outside, width, 12);
  row(places, sides.inside, width, height - ROW - 8);
  const top = 12 + ROW + SPAN;
  const bottom = height - ROW - 8 - SPAN;
  const each = (bottom - top) / Math.max(1, sides.routers.length);
  sides.routers.forEach((router, i) => {
    places.set(router.id, { x: 10, y: bottom - each * (i + 1), width: width - 20, height: each - (i > 0 ? 40 : 0) });
  });
  const home = { x: 4, y: (top + bottom) / 2, width: width - 8, height: height - (top + bottom) / 2 - 2 };
  return { width, height, across: false, nodes: places, home, cables: cablesOf(sides, places, false) };
}

function row(places: Map<string, Rect>, nodes: readonly TraceNode[], width: number, y: number): void {
  const at = scalePoint<string>(
    nodes.map((node) => node.id),
    [8, width - 8],
  ).padding(0.5);
  const fit = Math.min(130, (width - 16) / Math.max(1, nodes.length) - 8);
  for (const { id } of nodes) places.set(id, { x: (at(id) ?? width / 2) - fit / 2, y, width: fit, height: ROW });
}

/** Each client has a cable to the first router, each server to the last, routers to one another in a row. */
function cablesOf(sides: Sides, places: ReadonlyMap<string, Rect>, across: boolean): ReadonlyMap<string, Cable> {
  const cables = new Map<string, Cable>();
  const plug = (node: string, router: string, side: 'in' | 'out') => {
    const a = places.get(node);
    const b = places.get(router);
    if (a && b)
      cables.set(cableKey(node, router), { from: edge(a, across, side === 'in' ? 1 : 0), to: port(b, across, side) });
  };
  const { inside, routers, outside } = sides;
  const [first, last] = [routers[0], routers.at(-1)];
  for (const { id } of inside) if (first) plug(id, first.id, 'in');
  for (const { id } of outside) if (last) plug(id, last.id, 'out');
  routers.slice(1).forEach((router, i) => {
    const a = places.get(routers[i]!.id)!;
    const b = places.get(router.id)!;
    cables.set(cableKey(routers[i]!.id, router.id), { from: port(a, across, 'out'), to: port(b, across, 'in') });
  });
  return cables;
}

export function cableKey(a: string, b: string): string {
  return [a, b].sort().join('–');
}

/** The middle of a node's side: `toward` 1 is the right (upright: the top), 0 the left (the bottom). */
function edge(rect: Rect, across: boolean, toward: 0 | 1): Point {
  return across
    ? { x: rect.x + rect.width * toward, y: rect.y + rect.height / 2 - 8 }
    : { x: rect.x + rect.width / 2, y: rect.y + rect.height * (1 - toward) };
}

/** Where a router's LAN or WAN cable is plugged in. */
export function port(rect: Rect, across: boolean, side: 'in' | 'out'): Point {
  if (across) return { x: side === 'in' ? rect.x : rect.x + rect.width, y: rect.y + rect.height * 0.46 };
  return { x: rect.x + rect.width / 2, y: side === 'in' ? rect.y + rect.height : rect.y };
}

/** A point on a cable: 0 at `from`, 1 at `to`. The curve is the one that `cablePath` draws. */
export function along(cable: Cable, across: boolean, t: number): Point {
  const { from, to } = cable;
  const [c1, c2] = across
    ? [
        { x: (from.x + to.x) / 2, y: from.y },
        { x: (from.x + to.x) / 2, y: to.y },
      ]
    : [
        { x: from.x, y: (from.y + to.y) / 2 },
        { x: to.x, y: (from.y + to.y) / 2 },
      ];
  const bezier = (a: number, b: number, c: number, d: number) =>
    (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
  return { x: bezier(from.x, c1.x, c2.x, to.x), y: bezier(from.y, c1.y, c2.y, to.y) };
}

/** The cables of the stage: who is joined to whom, which one a packet takes, and its points. @module */
import { u32 } from '../../lib/bytes.ts';
import type { Frame } from '../../world/trace.ts';
import { cableId } from '../model/pulled.ts';
import type { Cable, Layout, Rect, Sides, Uplink } from './layout.ts';
import type { Point } from './shapes.ts';

export function cableKey(a: string, b: string, uplink?: Uplink): string {
  const ends = [a, b].sort().join('–');
  return uplink ? `${ends} ${uplink.place}` : ends;
}

/** Each client has a cable to the first router, each server to the last, routers to one another in a row. */
export function cablesOf(
  { inside, routers, outside, uplinks }: Sides,
  places: ReadonlyMap<string, Rect>,
  edge: (rect: Rect, side: 'in' | 'out') => Point,
  port: (router: string, side: 'in' | 'out', place?: number) => Point,
): ReadonlyMap<string, Cable> {
  const cables = new Map<string, Cable>();
  const first = routers[0]?.id;
  const { id: last, uplinks: named } = routers.at(-1) ?? {};
  if (first === undefined || last === undefined) return cables;
  for (const { id } of inside)
    cables.set(cableKey(id, first), {
      node: id,
      router: first,
      side: 'in',
      from: edge(places.get(id)!, 'in'),
      to: port(first, 'in'),
    });
  for (const { id } of outside) {
    const from = edge(places.get(id)!, 'out');
    const outside = { node: id, router: last, side: 'out', from } as const;
    cables.set(cableKey(id, last), { ...outside, to: port(last, 'out'), uplink: named?.[0] });
    for (const uplink of uplinks)
      if (uplink.router === last)
        cables.set(cableKey(id, last, uplink), {
          ...outside,
          to: port(last, 'out', uplink.place),
          uplink: named?.[uplink.place - 1],
        });
  }
  routers.slice(1).forEach(({ id }, i) => {
    const before = routers[i]!.id;
    const ends = { from: port(before, 'out'), to: port(id, 'in') };
    cables.set(cableKey(before, id), { node: before, router: id, side: 'in', ...ends });
  });
  return cables;
}

/** Where an IPv4 header keeps its addresses. */
const SOURCE = 12;
const DESTINATION = 16;

/** The cable that a packet travels on; of several uplinks, the one whose address it bears. */
export function cableOf({ cables, uplinks }: Layout, { bytes, from, to }: Frame): Cable | undefined {
  if (to === undefined) return undefined;
  const uplink =
    uplinks.size > 0 && bytes.length >= DESTINATION + 4
      ? (uplinks.get(u32(bytes, SOURCE)) ?? uplinks.get(u32(bytes, DESTINATION)))
      : undefined;
  return cables.get(cableKey(from, to, uplink)) ?? cables.get(cableKey(from, to));
}

/** At which of its ends it is unplugged, if it is; `pulled`: see model/pulled.ts. */
export function unpluggedAt(
  { node, router, uplink }: Cable,
  pulled: ReadonlySet<string>,
): 'node' | 'router' | undefined {
  if (pulled.has(node)) return 'node';
  return pulled.has(router) || (uplink !== undefined && pulled.has(cableId(router, uplink))) ? 'router' : undefined;
}

/** A point on a cable: 0 at `from`, 1 at `to`. The curve is the one that the scene draws. */
export function along({ from, to }: Cable, across: boolean, t: number): Point {
  if (t <= 0) return from;
  if (t >= 1) return to;
  const middle = across ? (from.x + to.x) / 2 : (from.y + to.y) / 2;
  const [ax, ay] = across ? [middle, from.y] : [from.x, middle];
  const [bx, by] = across ? [middle, to.y] : [to.x, middle];
  const s = 1 - t;
  const [c0, c1, c2, c3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    x: c0 * from.x + c1 * ax + c2 * bx + c3 * to.x,
    y: c0 * from.y + c1 * ay + c2 * by + c3 * to.y,
  };
}

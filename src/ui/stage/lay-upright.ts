/** The stage standing up, for telephones: the Internet on top, home at the foot. @module */
import { scalePoint } from 'd3';
import type { TraceNode } from '../../world/trace.ts';
import { assembled } from './assembly.ts';
import { stripOf } from './lay-across.ts';
import type { HostSize, Layout, Rect, Sides, Zone } from './layout.ts';

/** Hosts side by side; those narrower than this write one word a line. */
const ROW = 48;
const NARROW_ROW = 64;
const NARROW_BELOW = 92;
const APART = 7;
const TOP = 14;
/** The room for a packet between a node and the router. */
const SPAN = 58;
/** Between routers that show their packets inside. */
const GAP = 26;

export function standUp(sides: Sides, width: number, height: number): Layout {
  const places = new Map<string, Rect>();
  const [outer, inner] = [rowOf(sides.outside, width), rowOf(sides.inside, width)];
  place(places, sides.outside, outer, width, TOP);
  place(places, sides.inside, inner, width, height - inner.height - 10);
  const several = sides.routers.length > 1;
  const span = several ? GAP : SPAN;
  const top = TOP + outer.height + span + 8;
  const bottom = height - inner.height - 10 - span;
  const each = (bottom - top + (several ? GAP : 0)) / Math.max(1, sides.routers.length);
  const strips = new Map<string, Rect>();
  sides.routers.forEach(({ id }, i) => {
    const card = {
      x: 12,
      y: bottom - each * (i + 1) + (several ? GAP : 0),
      width: width - 24,
      height: each - (several ? GAP : 0),
    };
    places.set(id, card);
    if (several) strips.set(id, stripOf(card));
  });
  const port = (router: string, side: 'in' | 'out', place = 1) => {
    const { x, y, width: wide, height: high } = places.get(router)!;
    const more = sides.uplinks.filter((uplink) => uplink.router === router).length;
    const across = more > 0 && side === 'out' ? (place - 0.5) / (more + 1) : 0.5;
    return { x: x + wide * across, y: side === 'in' ? y + high : y };
  };
  const edge = ({ x, y, width: wide, height: high }: Rect, side: 'in' | 'out') => ({
    x: x + wide / 2,
    y: side === 'in' ? y : y + high,
  });
  return assembled(sides, {
    width,
    height,
    across: false,
    places,
    hosts: { inside: inner.size, outside: outer.size },
    zones: zonesOf(sides.routers, places, width, height),
    strips,
    edge,
    port,
  });
}

interface Row {
  /** Of each host. */
  readonly width: number;
  readonly height: number;
  readonly size: HostSize;
}

function rowOf(nodes: readonly TraceNode[], width: number): Row {
  const each = Math.min(134, (width - 28) / Math.max(1, nodes.length) - APART);
  return each < NARROW_BELOW
    ? { width: each, height: NARROW_ROW, size: 'narrow' }
    : { width: each, height: ROW, size: 'lines' };
}

function place(places: Map<string, Rect>, nodes: readonly TraceNode[], row: Row, width: number, y: number): void {
  const at = scalePoint<string>(
    nodes.map((node) => node.id),
    [14, width - 14],
  ).padding(0.5);
  for (const { id } of nodes)
    places.set(id, { x: (at(id) ?? width / 2) - row.width / 2, y, width: row.width, height: row.height });
}

function zonesOf(
  routers: readonly TraceNode[],
  places: ReadonlyMap<string, Rect>,
  width: number,
  height: number,
): readonly Zone[] {
  const first = places.get(routers[0]?.id ?? '') ?? { y: height / 2, height: 0 };
  const last = places.get(routers.at(-1)?.id ?? '') ?? first;
  const sky = last.y - 14;
  const wall = first.y - 7;
  const label = first.y + first.height + 15;
  return [
    {
      name: 'Home',
      shape: 'frame',
      x: 4,
      y: wall,
      width: width - 8,
      height: height - 3 - wall,
      label: { x: 16, y: label },
    },
    { name: 'Internet', shape: 'cloud', x: 4, y: 4, width: width - 8, height: sky - 4, label: { x: 24, y: sky - 18 } },
  ];
}

/** The stage standing up, for telephones: the Internet on top, home at the foot. @module */
import { scalePoint } from 'd3';
import type { TraceNode } from '../../world/trace.ts';
import { assembled } from './assembly.ts';
import { stripOf } from './lay-across.ts';
import type { HostSize, Layout, Rect, Sides, Zone } from './layout.ts';

const ROW = 54;
const TOP = 14;
/** The room for a packet between a node and the router. */
const SPAN = 58;
/** Between routers that show their packets inside. */
const GAP = 26;
/** Hosts narrower than this write one word a line. */
const NARROW_BELOW = 92;

export function standUp(sides: Sides, width: number, height: number): Layout {
  const places = new Map<string, Rect>();
  const hosts = {
    inside: row(places, sides.inside, width, height - ROW - 10),
    outside: row(places, sides.outside, width, TOP),
  };
  const several = sides.routers.length > 1;
  const span = several ? GAP : SPAN;
  const top = TOP + ROW + span + 8;
  const bottom = height - ROW - 10 - span;
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
    hosts,
    zones: zonesOf(sides.routers, places, width, height),
    strips,
    edge,
    port,
  });
}

function row(places: Map<string, Rect>, nodes: readonly TraceNode[], width: number, y: number): HostSize {
  const at = scalePoint<string>(
    nodes.map((node) => node.id),
    [14, width - 14],
  ).padding(0.5);
  const each = Math.min(134, (width - 28) / Math.max(1, nodes.length) - 5);
  for (const { id } of nodes) places.set(id, { x: (at(id) ?? width / 2) - each / 2, y, width: each, height: ROW });
  return each < NARROW_BELOW ? 'narrow' : 'lines';
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

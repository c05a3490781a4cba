/** The stage lying down: home at the left, routers in the middle, the Internet at the right. @module */
import { scalePoint } from 'd3';
import type { TraceNode } from '../../world/trace.ts';
import { assembled } from './assembly.ts';
import type { HostSize, Layout, Rect, Sides, Zone } from './layout.ts';

const EDGE = 6;
/** Between the edge of a zone and what stands in it, at home and outside; less where packets need the room. */
const INSETS = { home: 10, cloud: 16 };
const NARROW_INSETS = { home: 8, cloud: 12 };
/** A stage narrower than this has little room between its boxes. */
const NARROW_BELOW = 720;
/** Zones write their names at the top; at the foot hosts stand off their edge as far as off one another. */
const NAME = 24;
const FOOT = 6;
const ACROSS_CARD = 10;
/** The buttons for zooming stand at the foot of the Internet. */
const CONTROLS = 22;
/** Between hosts one above the other, at least. */
const APART = 6;

/** One above the other; a card of lines takes three where it can, or two. */
const HEIGHTS = { full: 90, lines: [54, 38, 32], line: 22 } as const;
/** Where a stage is at least so wide, names and addresses of many hosts stand in full. */
const WHOLE_LINES_FROM = 800;

export function lieDown(sides: Sides, width: number, height: number): Layout {
  const places = new Map<string, Rect>();
  const bottom = height - EDGE;
  const room = bottom - FOOT - EDGE - NAME;
  const hosts = { inside: sizeFor(sides.inside, room), outside: sizeFor(sides.outside, room - CONTROLS) };
  const clientWidth = widthOf(hosts.inside, width);
  const serverWidth = widthOf(hosts.outside, width) + 4;
  const insets = width < NARROW_BELOW ? NARROW_INSETS : INSETS;
  const left = EDGE + insets.home;
  const right = width - EDGE - insets.cloud - serverWidth;
  column(places, sides.inside, { x: left, width: clientWidth, from: EDGE + NAME, to: bottom - FOOT }, hosts.inside);
  column(
    places,
    sides.outside,
    { x: right, width: serverWidth, from: EDGE + NAME, to: bottom - FOOT - CONTROLS },
    hosts.outside,
  );
  const cards = cardsBetween(sides.routers, left + clientWidth, right, width);
  cards.forEach((card, i) => {
    places.set(sides.routers[i]!.id, { ...card, y: EDGE + 8, height: height - 2 * EDGE - 16 });
  });
  const strips = new Map<string, Rect>();
  if (sides.routers.length > 1) for (const { id } of sides.routers) strips.set(id, stripOf(places.get(id)!));
  const port = (router: string, side: 'in' | 'out', place = 1) => {
    const { x, y, width: wide, height: high } = places.get(router)!;
    const strip = strips.get(router);
    const several = sides.uplinks.some((uplink) => uplink.router === router);
    const level = strip ? strip.y + STRIP_LEVEL : y + high * (several && side === 'out' ? 0.2 + 0.26 * place : 0.5);
    return { x: side === 'in' ? x : x + wide, y: level };
  };
  const edge = ({ x, y, width: wide, height: high }: Rect, side: 'in' | 'out') => ({
    x: side === 'in' ? x + wide : x,
    y: y + high * (high > 60 ? 0.36 : 0.5),
  });
  return assembled(sides, {
    width,
    height,
    across: true,
    places,
    hosts,
    zones: zonesOf(sides.routers, places, width, height),
    strips,
    edge,
    port,
  });
}

/** Where a strip's cables end, and its two rows: for what came, and for what goes. */
export const STRIP_LEVEL = 28;
export const STRIP_ROWS = [15, 42] as const;
const STRIP = 77;

export function stripOf({ x, y, width, height }: Rect): Rect {
  return { x: x + 7, y: y + height - STRIP - 7, width: width - 14, height: STRIP };
}

function widthOf(size: HostSize, stage: number): number {
  if (size === 'full') return Math.max(80, Math.min(104, stage * 0.128));
  if (size === 'lines') return stage < WHOLE_LINES_FROM ? 110 : 140;
  return 150;
}

function sizeFor(nodes: readonly TraceNode[], room: number): HostSize {
  const each = room / Math.max(1, nodes.length) - APART;
  const tallest = Math.max(0, ...nodes.map(({ addresses }) => addresses.length - 1)) * 13;
  if (each >= HEIGHTS.full + tallest) return 'full';
  return each >= Math.min(...HEIGHTS.lines) ? 'lines' : 'line';
}

function heightWithin(size: HostSize, each: number): number {
  if (size === 'lines') return HEIGHTS.lines.find((height) => height <= each) ?? each;
  return Math.min(each, size === 'full' ? HEIGHTS.full : HEIGHTS.line);
}

interface Column {
  readonly x: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

function column(places: Map<string, Rect>, nodes: readonly TraceNode[], place: Column, size: HostSize): void {
  const { x, width, from, to } = place;
  const at = scalePoint<string>(
    nodes.map((node) => node.id),
    [from, to],
  ).padding(0.5);
  const fit = heightWithin(size, (to - from) / Math.max(1, nodes.length) - APART);
  for (const { id, addresses } of nodes) {
    const height = size === 'full' ? fit + 13 * Math.max(0, addresses.length - 1) : fit;
    places.set(id, { x, y: (at(id) ?? from) - height / 2, width, height });
  }
}

/** What IP, UDP, NAT-T and a number take beside each other, and IP, GRE, PPP and LCP with the cross beside them, off both boxes: what is stopped comes from outside. */
const TRAIN = 110;
const STOPPED_TRAIN = 120;

type Span = Pick<Rect, 'x' | 'width'>;

/** One router has cables to both its sides; several stand close, as their packets travel inside them. */
function cardsBetween(routers: readonly TraceNode[], from: number, to: number, width: number): readonly Span[] {
  const count = routers.length;
  if (count === 1) {
    const card = Math.min(330, Math.max(196, width * 0.315));
    const free = to - from - card;
    const outside = Math.min(free * 0.56, STOPPED_TRAIN + Math.max(0, free - STOPPED_TRAIN - TRAIN) / 2);
    return [{ x: from + free - outside, width: card }];
  }
  const gap = 17;
  const each = (to - from - gap * (count + 1)) / Math.max(1, count);
  return routers.map((_, i) => ({ x: from + gap + i * (each + gap), width: each }));
}

function zonesOf(
  routers: readonly TraceNode[],
  places: ReadonlyMap<string, Rect>,
  width: number,
  height: number,
): readonly Zone[] {
  const first = places.get(routers[0]?.id ?? '');
  const last = places.get(routers.at(-1)?.id ?? '');
  const wall = first ? first.x + first.width + ACROSS_CARD : width / 2;
  const sky = (last ? last.x + last.width + ACROSS_CARD : width / 2) + 5;
  const tall = { y: EDGE, height: height - 2 * EDGE };
  return [
    { name: 'Home', shape: 'frame', x: EDGE, width: wall - EDGE, ...tall, label: { x: EDGE + 14, y: EDGE + 15 } },
    {
      name: 'Internet',
      shape: 'cloud',
      x: sky,
      width: width - EDGE - sky,
      ...tall,
      label: { x: sky + 24, y: EDGE + 22 },
    },
  ];
}

/** How a packet travels to a router and away from it: along a cable and, where routers stand close, inside the card. @module */
import type { Leg } from '../model/step-view.ts';
import { along, cableOf } from './cables.ts';
import { STRIP_LEVEL, STRIP_ROWS } from './lay-across.ts';
import type { Layout, Rect } from './layout.ts';
import type { Point } from './shapes.ts';

/** Points are middles of a train; `width` is that of the train. */
export interface Way {
  /** 0 at the far node, 1 in the router's hands. */
  readonly arriving: (t: number, width: number) => Point;
  /** Where the packet stays to be looked at before the router has had it, and where what became of it stays. */
  readonly rest: (width: number) => Point;
  /** 0 in the router's hands, 1 at rest. */
  readonly leaving: (t: number, width: number) => Point;
  /** Where the router stops a packet. */
  readonly door: (width: number) => Point;
  /**
   * The longest train that has room at rest beside or over its captions, the longest that has it as it comes, where
   * captions stand back, and the longest that leaves room for a cross.
   */
  readonly room: number;
  readonly roomComing: number;
  readonly roomWithCross: number;
  /** Across: from where to where words may stand over the packet. */
  readonly span: readonly [left: number, right: number];
}

/** Where a packet rests on its cable, between the node and the router; standing up, the reason of a stop has to stand over it. */
export function restOf(across: boolean): number {
  return across ? 0.5 : 0.56;
}

/** Of a zone's name, one letter. */
const NAME_LETTER = 6.6;

/** Upright, the names of the zones stand beside the packets: where they end. */
export function beyondName({ zones }: Layout, on: Leg['on']): number {
  const { label, name } = zones[on === 'lan' ? 0 : 1]!;
  return label.x + name.length * NAME_LETTER + 6;
}

/** The way out of a port at whose cable nobody is. */
const NOWHERE = 150;

export function wayOf(layout: Layout, leg: Leg, router: string): Way {
  const strip = layout.strips.get(router);
  return strip ? throughStrip(layout, leg, router, strip) : onCable(layout, leg, router);
}

/** From the far node (0) to the router (1), or out of the void where nobody is at the other end. */
function cableWay(layout: Layout, leg: Leg, router: string): (t: number) => Point {
  const cable = cableOf(layout, leg.frame);
  if (cable) return (t) => along(cable, layout.across, cable.node === router ? 1 - t : t);
  const { x, y, width, height } = layout.nodes.get(router) ?? { x: layout.width / 2, y: 0, width: 0, height: 0 };
  const way = leg.on === 'lan' ? -1 : 1;
  const strip = layout.strips.get(router);
  const level = strip ? strip.y + STRIP_LEVEL : y + height / 2;
  if (layout.across) return (t) => ({ x: (way < 0 ? x : x + width) + way * (1 - t) * NOWHERE, y: level });
  return (t) => ({ x: x + width / 2, y: (way < 0 ? y + height : y) - way * (1 - t) * NOWHERE });
}

/** Across, what a train leaves free of its way, so that it touches neither end. */
const AIR = 8;

function onCable(layout: Layout, leg: Leg, router: string): Way {
  const point = cableWay(layout, leg, router);
  const [near, far] = [point(0).x, point(1).x];
  const length = Math.abs(near - far);
  const rest = restOf(layout.across);
  const room = layout.across ? length - AIR : roomUpright(layout, leg, point(rest).x);
  return {
    arriving: point,
    rest: () => point(rest),
    leaving: (t) => point(1 - t * (1 - rest)),
    door: () => point(1),
    room,
    roomComing: room,
    roomWithCross: layout.across ? length - 24 : room,
    span: layout.across ? [Math.min(near, far), Math.max(near, far)] : [0, layout.width],
  };
}

/** Around the middle of a packet, beside the name of its zone, and with captions beside it. */
function roomUpright(layout: Layout, leg: Leg, middle: number): number {
  return Math.min(layout.width * 0.44, 2 * (middle - beyondName(layout, leg.on)), 2 * (layout.width - 8 - middle));
}

/**
 * Half of the way is the cable, the other half leads from the router's port into the strip: what came stands in its
 * first row at the side it came from, what goes in the second at the side it goes to.
 */
function throughStrip(layout: Layout, leg: Leg, router: string, strip: Rect): Way {
  const point = cableWay(layout, leg, router);
  const port = point(1);
  const left = leg.on === 'lan';
  const [came, goes] = [strip.y + STRIP_ROWS[0], strip.y + STRIP_ROWS[1]];
  const x = (width: number) => (left ? strip.x + 7 + width / 2 : strip.x + strip.width - 7 - width / 2);
  const rest = (width: number) => ({ x: x(width), y: came });
  return {
    arriving: (t, width) => (t < 0.5 ? point(t * 2) : between(port, rest(width), t * 2 - 1)),
    rest,
    leaving: (t, width) => between({ x: strip.x + strip.width / 2, y: came }, { x: x(width), y: goes }, t),
    door: (width) => ({ x: x(width) + (width / 2 + 18) * (left ? 1 : -1), y: came }),
    room: strip.width - 94,
    roomComing: strip.width - 14,
    roomWithCross: strip.width - 46,
    span: [strip.x, strip.x + strip.width],
  };
}

function between(a: Point, b: Point, t: number): Point {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

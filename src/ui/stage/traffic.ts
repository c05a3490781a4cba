/** The step's packet on its way to the router, in it and out again, with what is said about it. @module */
import { easeCubicInOut } from 'd3';
import { u32 } from '../../lib/bytes.ts';
import { notable } from '../model/compare.ts';
import { last } from '../model/once.ts';
import type { Run } from '../model/run.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { ARRIVES } from '../session/playhead.ts';
import type { Selection } from '../session/session.ts';
import { captions, captionsBeside, heightOf, type Saying, type Side, sayingsOf, widthOf } from './captions.ts';
import { STRIP_ROWS } from './lay-across.ts';
import type { Layout } from './layout.ts';
import type { Point, Shape } from './shapes.ts';
import { crossAt, stopWords } from './stop-words.ts';
import { markedSegments, TRAIN_HEIGHT, train, trainWidth, trainWithin, type Wagon } from './train.ts';
import { beyondName, restOf, type Way, wayOf } from './ways.ts';

export interface Traffic {
  readonly layout: Layout;
  readonly view: StepView;
  /** 0 … 1, of the step. */
  readonly progress: number;
  readonly selection: Selection | undefined;
  readonly stopped: boolean;
}

/** When what became of the packet leaves the router. */
export const LEAVES = 0.64;

/** How far within a span of the way, eased. */
export function part(progress: number, from: number, to: number): number {
  return easeCubicInOut(Math.max(0, Math.min(1, (progress - from) / (to - from))));
}

export function trains(traffic: Traffic): readonly Shape[] {
  const { view, progress } = traffic;
  const stays = view.outgoing.length === 0;
  const shapes: Shape[] = [];
  const arriving = part(progress, 0, ARRIVES);
  if (progress < ARRIVES || stays) shapes.push(...incoming(traffic, arriving));
  // What came in stays visible, pale, beside what went out: the two sides in one picture.
  const settled = part(progress, ARRIVES, LEAVES);
  if (!stays && settled > 0) shapes.push(...incoming(traffic, undefined, settled, true));
  const leaving = part(progress, LEAVES, 1);
  // Where the packet is shown inside the card, nothing may lie under the card: see `notes`.
  if (progress >= LEAVES && !inCard(traffic)) shapes.push(...departing(traffic, leaving));
  return inCard(traffic) ? [] : shapes;
}

function inCard({ layout, view }: Traffic): boolean {
  return layout.strips.has(view.routed.node);
}

/** Over everything: captions, the mark of a stop, and packets that are shown inside a card. */
export function notes(traffic: Traffic): readonly Shape[] {
  const { view, progress, stopped } = traffic;
  const stays = view.outgoing.length === 0;
  const shapes: Shape[] = [];
  if (inCard(traffic)) {
    const arriving = part(progress, 0, ARRIVES);
    if (progress < ARRIVES || stays) shapes.push(...incoming(traffic, arriving));
    const settled = part(progress, ARRIVES, LEAVES);
    if (!stays && settled > 0) {
      shapes.push(...incoming(traffic, undefined, 1, true));
      if (settled < 1) shapes.push(...incoming(traffic, undefined, 1 - settled));
    }
    if (progress >= LEAVES) shapes.push(...departing(traffic, part(progress, LEAVES, 1)));
  }
  shapes.push(...sideCaptions(traffic));
  if (stopped) shapes.push(...stopMark(traffic));
  return shapes;
}

/** `t` undefined: at rest, to be compared with what went out. */
function incoming(traffic: Traffic, t: number | undefined, alpha = 1, pale = false): readonly Shape[] {
  const { layout, view, progress, selection, stopped } = traffic;
  const leg = view.incoming;
  const way = wayOf(layout, leg, view.routed.node);
  const segments = trainOf(way, leg, stopped ? 'cross' : 'comes');
  const width = trainWidth(segments);
  const stays = view.outgoing.length === 0;
  const strip = layout.strips.has(view.routed.node);
  // A packet whose way ends here goes no further than to where it rests.
  const at =
    t === undefined
      ? way.rest(width)
      : stays && !strip
        ? way.arriving(t * restOf(layout.across), width)
        : way.arriving(t, width);
  const centre = stopped && !strip ? beforeTheDoor(layout, leg, way, at, width) : at;
  return train(segments, centre, {
    alpha,
    pale,
    stopped: stopped && progress >= ARRIVES,
    ...lookOf(leg, selection),
  });
}

/** A stopped packet leaves room for the cross in the router's door. */
function beforeTheDoor(layout: Layout, leg: Leg, way: Way, at: Point, width: number): Point {
  if (!layout.across) return at;
  const away = width / 2 + 19;
  const door = way.door(width);
  return leg.on === 'lan'
    ? { x: Math.min(at.x, door.x - away), y: at.y }
    : { x: Math.max(at.x, door.x + away), y: at.y };
}

/** Pieces of a packet leave one under the other, the router's own word below all. */
function departing(traffic: Traffic, t: number): readonly Shape[] {
  const { layout, view, selection } = traffic;
  const marked = markedSegments(view.layers);
  const shapes = view.outgoing.slice(0, 3).flatMap((leg, i) => {
    const way = wayOf(layout, leg, view.routed.node);
    const segments = trainOf(way, leg, 'goes');
    const at = way.leaving(t, trainWidth(segments));
    return train(segments, { x: at.x, y: at.y + i * (TRAIN_HEIGHT + 10) }, { marked, ...lookOf(leg, selection) });
  });
  return [...shapes, ...view.answers.slice(0, 1).flatMap((leg) => answer(traffic, leg, t))];
}

function lookOf({ frame: { id } }: Leg, selection: Selection | undefined) {
  return { target: { kind: 'frame', id }, selected: selection?.kind === 'frame' && selection.id === id } as const;
}

/** The router's own word goes back below the packet it is about; upright beside it. */
function answer({ layout, view, selection }: Traffic, leg: Leg, t: number): readonly Shape[] {
  const way = wayOf(layout, leg, view.routed.node);
  const wagons = trainOf(way, leg, 'cross');
  const width = trainWidth(wagons);
  const at = way.leaving(t, width);
  const look = lookOf(leg, selection);
  if (layout.strips.has(view.routed.node)) {
    const towards = leg.on === 'lan' ? 1 : -1;
    return [...train(wagons, at, look), ...answerWords(['its answer'], at, towards * (width / 2 + AWAY), t)];
  }
  if (layout.across) {
    const below = { x: at.x, y: at.y + TRAIN_HEIGHT + 22 };
    return [...train(wagons, below, look), ...answerWords(ANSWER, { x: at.x, y: below.y + TRAIN_HEIGHT + 7 }, 0, t)];
  }
  // The reason of a packet from home stands at its roomier side.
  const towards = at.x > layout.width / 2 === (leg.on === 'lan') ? 1 : -1;
  const about = trainWidth(trainOf(wayOf(layout, view.incoming, view.routed.node), view.incoming, 'cross'));
  const beside = { x: at.x + towards * ((about + width) / 2 + AWAY + 2), y: at.y };
  const away = towards * (width / 2 + AWAY);
  const room = towards > 0 ? layout.width - AWAY - beside.x - away : beside.x + away - beyondName(layout, leg.on);
  return [
    ...train(wagons, beside, look),
    ...answerWords(room < ANSWER_WIDTH ? ['its', 'answer'] : ANSWER, beside, away, t),
  ];
}

const ANSWER = ['the router’s', 'answer'];
const ANSWER_WIDTH = 64;

const WORDS = { kind: 'text', size: 11, ink: 'soft' } as const;
const WORDS_LINE = 13;

/** Whose packet it is: so far from a point to the right or to the left, or in the middle over it. */
function answerWords(lines: readonly string[], { x, y }: Point, away: number, alpha: number): readonly Shape[] {
  const align = away === 0 ? 'center' : away > 0 ? 'left' : 'right';
  const first = y - ((lines.length - 1) * WORDS_LINE) / 2;
  return lines.map((text, i) => ({ ...WORDS, x: x + away, y: first + i * WORDS_LINE, text, align, alpha }));
}

/** As many of its headers as there is room for. */
function trainOf(way: Way, { frame }: Leg, as: 'comes' | 'goes' | 'cross'): readonly Wagon[] {
  const room = { comes: way.roomComing, goes: way.room, cross: way.roomWithCross }[as];
  return trainWithin(frame.bytes, room);
}

/** Beside a packet at rest, what is told of it. */
interface Telling {
  readonly rest: Point;
  /** Of the train. */
  readonly width: number;
  /** Across, captions stand under the packet; elsewhere beside it, to the right or to the left. */
  readonly towards: 1 | -1;
  readonly room: number;
}

/** Between the train and what stands beside it. */
const AWAY = 8;
const MOST_CAPTIONS = 3;
/** Beside a packet at which captions have less room than this, they stand at the other side of the router only. */
const LEAST = 70;
/** What a whole address needs under its name, and how high captions beside a packet may be, between two boxes. */
const NEEDED = 100;
const MOST_HEIGHT = 56;

/** What both sides tell, in the same form, and where. */
const told = last((layout: Layout, view: StepView) => {
  const [out, ...more] = view.outgoing;
  if (!out || more.length > 0) return undefined;
  const outer = sides(layout, view, out, true);
  return heightOf(outer.sayings) > MOST_HEIGHT && !layout.across ? sides(layout, view, out, false) : outer;
});

/** `outer`: on the upright stage, at the side of a laptop's cable that lies away from the other laptops. */
function sides(layout: Layout, view: StepView, out: Leg, outer: boolean) {
  const before = tellingOf(layout, view, view.incoming, 'before', outer);
  const after = tellingOf(layout, view, out, 'after', outer);
  const room = before.room < LEAST ? after.room : Math.min(before.room, after.room);
  return { before, after, sayings: sayingsOf(notable(view.layers).slice(0, MOST_CAPTIONS), room) };
}

function tellingOf(layout: Layout, view: StepView, leg: Leg, side: Side, outer: boolean): Telling {
  const router = view.routed.node;
  const way = wayOf(layout, leg, router);
  const width = trainWidth(trainOf(way, leg, side === 'before' ? 'comes' : 'goes'));
  const rest = side === 'before' ? way.rest(width) : way.leaving(1, width);
  const strip = layout.strips.get(router);
  if (strip) return { rest, width, towards: leg.on === 'lan' ? 1 : -1, room: strip.width - width - 2 * AWAY };
  if (layout.across) return { rest, width, towards: 1, room: way.span[1] - way.span[0] - AWAY };
  const left = rest.x - width / 2 - AWAY - beyondName(layout, leg.on);
  const right = layout.width - AWAY - (rest.x + width / 2 + AWAY);
  const away = rest.x < layout.width / 2 - 1 ? left : right;
  const most = outer && leg.on === 'lan' && away >= NEEDED ? away : Math.max(left, right);
  return left === most ? { rest, width, towards: -1, room: left } : { rest, width, towards: 1, room: right };
}

/** At each side, once the packet is at rest there: what that side says where the two differ. */
function sideCaptions({ layout, view, progress }: Traffic): readonly Shape[] {
  const found = told(layout, view);
  if (!found) return [];
  const at = (side: Side, alpha: number) =>
    alpha === 0 ? [] : captionsAt(layout, view, found.sayings, found[side], side, alpha);
  return [...at('before', part(progress, ARRIVES, LEAVES)), ...at('after', part(progress, (1 + LEAVES) / 2, 1))];
}

/** Under the packet; inside a card and on the upright stage, where there is no room below, beside it. */
function captionsAt(
  layout: Layout,
  view: StepView,
  sayings: readonly Saying[],
  { rest, width, towards, room }: Telling,
  side: Side,
  alpha: number,
): readonly Shape[] {
  if (layout.strips.has(view.routed.node)) {
    const from = { x: rest.x + towards * (width / 2 + AWAY), y: rest.y };
    return captionsBeside(sayings, side, from, towards, room, alpha);
  }
  if (layout.across) return captions(sayings, side, { x: rest.x, y: rest.y + TRAIN_HEIGHT / 2 + 9 }, room, alpha);
  const x = rest.x + towards * (width / 2 + AWAY + widthOf(sayings, side, room) / 2);
  return captions(sayings, side, { x, y: rest.y - heightOf(sayings) / 2 }, room, alpha);
}

/** The unmistakable part: a cross in the router's door and the reason over the packet. */
function stopMark({ layout, view, progress }: Traffic): readonly Shape[] {
  const alpha = part(progress, ARRIVES, LEAVES);
  if (alpha === 0) return [];
  const leg = view.incoming;
  const way = wayOf(layout, leg, view.routed.node);
  const width = trainWidth(trainOf(way, leg, 'cross'));
  const mark = crossAt(way.door(width), alpha);
  const text = `Stopped: ${view.reasons[0]?.words.short ?? 'no reason given'}`;
  const strip = layout.strips.get(view.routed.node);
  if (strip) {
    // In the row of what goes on, for nothing does; under it where the router answers there.
    const row = view.answers.length > 0 ? strip.height - 9 : STRIP_ROWS[1] + 4;
    const middle = { x: strip.x + strip.width / 2, y: strip.y + row };
    return [...stopWords(text, middle, [strip.x, strip.x + strip.width], alpha, 'both'), ...mark];
  }
  const packet = beforeTheDoor(layout, leg, way, way.rest(width), width);
  // Above the packet; on the upright stage a packet from home has the router there, so beside it.
  const beside = !layout.across && leg.on === 'lan';
  // The cross comes last: it is what must not be missed.
  const above = layout.across ? 16 : 13;
  if (!beside)
    return [...stopWords(text, { x: packet.x, y: packet.y - TRAIN_HEIGHT / 2 - above }, way.span, alpha), ...mark];
  // At the left stands the name of the zone.
  const [edge, far] = packet.x > layout.width / 2 ? [-1, 64] : [1, layout.width];
  const near = packet.x + edge * (width / 2 + 6);
  const span = near < far ? ([near, far] as const) : ([far, near] as const);
  return [...stopWords(text, { x: near, y: packet.y }, span, alpha, 'both'), ...mark];
}

/** Before anything has happened the first packet waits at its sender. */
export function waiting(run: Run, layout: Layout): readonly Shape[] {
  if (layout.strips.size > 0) return [];
  for (const step of run.steps) {
    const view = viewOf(run, step);
    if (!view) continue;
    const leg = view.incoming;
    const way = wayOf(layout, leg, view.routed.node);
    const wagons = trainOf(way, leg, 'comes');
    return train(wagons, way.rest(trainWidth(wagons)), { pale: true, ...lookOf(leg, undefined) });
  }
  return [];
}

/** Where an IPv4 header keeps its addresses. */
const SOURCE = 12;
const DESTINATION = 16;

/** Of nodes with several addresses, which one the step's packet bears. */
export function speakingIn(run: Run, view: StepView | undefined): number | undefined {
  const leg = view?.outgoing[0] ?? view?.incoming;
  const frames = view ? [leg!.frame, view.incoming.frame] : [];
  for (const { bytes } of frames)
    for (const at of [SOURCE, DESTINATION])
      if (bytes.length >= at + 4 && run.names.has(u32(bytes, at)) && many(run, u32(bytes, at))) return u32(bytes, at);
  return undefined;
}

function many(run: Run, address: number): boolean {
  return run.trace.nodes.some(
    ({ kind, addresses }) => kind === 'server' && addresses.length > 1 && addresses.includes(address),
  );
}

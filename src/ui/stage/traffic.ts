/** The step's packet on its way to the router, in it and out again, with what is said about it. @module */
import { easeCubicInOut } from 'd3';
import { u32 } from '../../lib/bytes.ts';
import { notable } from '../model/compare.ts';
import { type Segment, segmentsOf } from '../model/packet.ts';
import type { Run } from '../model/run.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { ARRIVES } from '../session/playhead.ts';
import type { Selection } from '../session/session.ts';
import type { Layout } from './layout.ts';
import { cross, type Point, type Shape } from './shapes.ts';
import {
  CAPTION_LINE,
  captions,
  captionsBeside,
  markedSegments,
  shortened,
  TRAIN_HEIGHT,
  train,
  trainWidth,
} from './train.ts';
import { REST, type Way, wayOf } from './ways.ts';

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
  if (progress < ARRIVES || stays) shapes.push(...incoming(traffic, arriving, 1));
  // What came in stays visible, faintly, beside what went out: the two sides in one picture.
  const settled = part(progress, ARRIVES, LEAVES);
  if (!stays && settled > 0) shapes.push(...incoming(traffic, undefined, settled * 0.6));
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
    if (progress < ARRIVES || stays) shapes.push(...incoming(traffic, arriving, 1));
    const settled = part(progress, ARRIVES, LEAVES);
    if (!stays && settled > 0) shapes.push(...incoming(traffic, undefined, 1 - settled * 0.4));
    if (progress >= LEAVES) shapes.push(...departing(traffic, part(progress, LEAVES, 1)));
  }
  shapes.push(...sideCaptions(traffic));
  if (stopped) shapes.push(...stopMark(traffic));
  return shapes;
}

/** `t` undefined: at rest, to be compared with what went out. */
function incoming(traffic: Traffic, t: number | undefined, alpha: number): readonly Shape[] {
  const { layout, view, progress, selection, stopped } = traffic;
  const leg = view.incoming;
  const way = wayOf(layout, leg, view.routed.node);
  const segments = trainOf(way, leg, stopped ? 'cross' : 'comes');
  const width = trainWidth(segments);
  const stays = view.outgoing.length === 0;
  const strip = layout.strips.has(view.routed.node);
  // A packet whose way ends here goes no further than to where it rests.
  const at =
    t === undefined ? way.rest(width) : stays && !strip ? way.arriving(t * REST, width) : way.arriving(t, width);
  const centre = stopped && !strip ? beforeTheDoor(layout, leg, way, at, width) : at;
  return train(segments, centre, {
    alpha,
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

/** The router's own word goes back below the packet it is about. */
function answer({ layout, view, selection }: Traffic, leg: Leg, t: number): readonly Shape[] {
  const way = wayOf(layout, leg, view.routed.node);
  const segments = trainOf(way, leg, 'cross');
  const width = trainWidth(segments);
  const at = way.leaving(t, width);
  const words = { kind: 'text', text: 'the router’s answer', size: 11, ink: 'soft', alpha: t } as const;
  if (layout.strips.has(view.routed.node)) {
    const left = leg.on === 'lan';
    const x = at.x + (width / 2 + 7) * (left ? 1 : -1);
    const beside = { ...words, text: 'its answer', x, y: at.y, align: left ? 'left' : 'right' } as const;
    return [...train(segments, at, lookOf(leg, selection)), beside];
  }
  const centre = layout.across
    ? { x: at.x, y: at.y + TRAIN_HEIGHT + 22 }
    : { x: Math.min(at.x + 116, layout.width - 62), y: at.y };
  return [
    ...train(segments, centre, lookOf(leg, selection)),
    { ...words, x: centre.x, y: centre.y + TRAIN_HEIGHT, align: 'center' },
  ];
}

/** As many of its headers as there is room for. */
function trainOf(way: Way, { frame }: Leg, as: 'comes' | 'goes' | 'cross'): readonly Segment[] {
  const room = { comes: way.roomComing, goes: way.room, cross: way.roomWithCross }[as];
  return shortened(segmentsOf(frame.bytes), room);
}

/** At each side, once the packet is at rest there: what that side says where the two differ. */
function sideCaptions(traffic: Traffic): readonly Shape[] {
  const { view, progress } = traffic;
  const [out, ...more] = view.outgoing;
  if (!out || more.length > 0) return [];
  return [
    ...captionsAt(traffic, view.incoming, 'before', part(progress, ARRIVES, LEAVES)),
    ...captionsAt(traffic, out, 'after', part(progress, (1 + LEAVES) / 2, 1)),
  ];
}

/** Under the packet; inside a card and on the upright stage, where there is no room below, beside it. */
function captionsAt({ layout, view }: Traffic, leg: Leg, side: 'before' | 'after', alpha: number): readonly Shape[] {
  if (alpha === 0) return [];
  const rows = notable(view.layers).slice(0, 3);
  const way = wayOf(layout, leg, view.routed.node);
  const width = trainWidth(trainOf(way, leg, side === 'before' ? 'comes' : 'goes'));
  const strip = layout.strips.get(view.routed.node);
  const rest = side === 'before' ? way.rest(width) : way.leaving(1, width);
  if (strip) {
    const towards = leg.on === 'lan' ? 1 : -1;
    const from = { x: rest.x + towards * (width / 2 + 7), y: rest.y };
    return captionsBeside(rows, side, from, towards, strip.width - width - 16, alpha);
  }
  if (layout.across)
    return captions(rows, side, { x: rest.x, y: rest.y + TRAIN_HEIGHT / 2 + 18 }, Math.max(124, way.room + 6), alpha);
  const away = (width / 2 + 66) * (rest.x > layout.width * 0.6 ? -1 : 1);
  const y = rest.y - ((rows.length - 1) * CAPTION_LINE) / 2;
  const x = Math.max(66, Math.min(layout.width - 66, rest.x + away));
  return captions(rows, side, { x, y }, 124, alpha);
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
    const middle = { x: strip.x + strip.width / 2, y: strip.y + 9 };
    return [...stopWords(text, middle, [strip.x, strip.x + strip.width], alpha), ...mark];
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

export function crossAt(at: Point, alpha: number): readonly Shape[] {
  return [
    { kind: 'box', x: at.x - 13, y: at.y - 13, width: 26, height: 26, round: 13, fill: 'drop', alpha },
    { kind: 'path', d: cross(at, 5.5), stroke: 'on-drop', strokeWidth: 2.6, alpha },
  ];
}

/** Of the strong words over a stopped packet, one letter. */
const WIDE = 6.25;

const WORDS_LINE = 15;

/**
 * On a plate that keeps cables from running through them, its foot (or its middle) at the same height however many lines
 * they take: the span between a router and its neighbour is often narrower than a reason, and the router's table must stay seen.
 */
export function stopWords(
  text: string,
  { x, y }: Point,
  [left, right]: readonly [number, number],
  alpha: number,
  grows: 'up' | 'both' = 'up',
): readonly Shape[] {
  const lines = linesWithin(text, Math.floor((right - left - 12) / WIDE));
  const wide = Math.max(...lines.map((line) => line.length)) * WIDE + 10;
  const centre = Math.max(Math.min(x, right - wide / 2 - 2), left + wide / 2 + 2);
  const more = (lines.length - 1) * WORDS_LINE;
  const top = y - 9.5 - (grows === 'up' ? more : more / 2);
  const height = 19 + more;
  const word = { kind: 'text', x: centre, size: 12, ink: 'drop', strong: true, align: 'center', alpha } as const;
  return [
    { kind: 'box', x: centre - wide / 2, y: top, width: wide, height, round: 5, fill: 'drop-tint', alpha },
    ...lines.map((line, i) => ({ ...word, y: top + 10 + i * WORDS_LINE, text: line })),
  ];
}

/** Of at most so many letters, if the words allow it. "Stopped:" stands alone where not all fits in one line. */
function linesWithin(text: string, letters: number): readonly string[] {
  if (text.length <= letters) return [text];
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 1 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Before anything has happened the first packet waits at its sender. */
export function waiting(run: Run, layout: Layout): readonly Shape[] {
  if (layout.strips.size > 0) return [];
  for (const step of run.steps) {
    const view = viewOf(run, step);
    if (!view) continue;
    const leg = view.incoming;
    const way = wayOf(layout, leg, view.routed.node);
    const segments = trainOf(way, leg, 'comes');
    const at = way.rest(trainWidth(segments));
    return train(segments, at, { alpha: 0.65, ...lookOf(leg, undefined) });
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

/** What stands beside a packet: the fields in which the two sides of a router differ, told alike on both. @module */
import { type FieldRow, shortNameOf } from '../model/compare.ts';
import type { Point, Shape } from './shapes.ts';

export type Side = 'before' | 'after';

/** One field: in one line, or where either side has no room for that, its name over its value on both. */
export interface Saying {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly inPair: boolean;
}

/** From the top of one to the top of the next. */
const LINE = 18;
const PAIR = 27;
/** Of the monospaced text, one letter; and on both sides of it together. */
const LETTER = 6.05;
const PAD = 8;
/** The plate is lower than its line. */
const APART = 2;
/** Between captions beside one another. */
const BETWEEN = 4;

/** `room`: of the narrower side. */
export function sayingsOf(rows: readonly FieldRow[], room: number): readonly Saying[] {
  return rows.map((row) => {
    const [name, before, after] = [shortNameOf(row), row.before?.display ?? '', row.after?.display ?? ''];
    const longest = name.length + 1 + Math.max(before.length, after.length);
    return { name, before, after, inPair: longest * LETTER + PAD > room };
  });
}

export function heightOf(sayings: readonly Saying[]): number {
  return sayings.reduce((sum, { inPair }) => sum + (inPair ? PAIR : LINE), 0);
}

/** Of the widest, where so much room is left to it. */
export function widthOf(sayings: readonly Saying[], side: Side, room: number): number {
  return Math.max(0, ...sayings.map((saying) => plateWidth(saying, side, room)));
}

/** One under the other, from the top. */
export function captions(
  sayings: readonly Saying[],
  side: Side,
  { x, y }: Point,
  room: number,
  alpha: number,
): readonly Shape[] {
  let top = y;
  return sayings.flatMap((saying) => {
    const middle = top + heightOf([saying]) / 2;
    top += heightOf([saying]);
    return caption(saying, side, { x, y: middle }, room, alpha);
  });
}

/** Beside one another, as many as have room: `towards` says whether they go on to the right or to the left. */
export function captionsBeside(
  sayings: readonly Saying[],
  side: Side,
  from: Point,
  towards: 1 | -1,
  room: number,
  alpha: number,
): readonly Shape[] {
  const shapes: Shape[] = [];
  let used = 0;
  for (const saying of sayings) {
    const width = plateWidth(saying, side, Number.POSITIVE_INFINITY);
    // What the packet was before gives way to the packet itself; what it has become is always said.
    if (used + width > room && (used > 0 || side === 'before')) break;
    shapes.push(...caption(saying, side, { x: from.x + towards * (used + width / 2), y: from.y }, room - used, alpha));
    used += width + BETWEEN;
  }
  return shapes;
}

function plateWidth({ name, inPair, ...said }: Saying, side: Side, room: number): number {
  const letters = inPair ? Math.max(name.length, said[side].length) : name.length + 1 + said[side].length;
  return Math.min(room, letters * LETTER + PAD);
}

function caption(saying: Saying, side: Side, at: Point, room: number, alpha: number): readonly Shape[] {
  const { name, inPair } = saying;
  const width = plateWidth(saying, side, room);
  const height = heightOf([saying]) - APART;
  const ink = side === 'after' ? 'on-mark' : 'soft';
  const words = { kind: 'text', x: at.x, ink, align: 'center', maxWidth: width - 4, alpha } as const;
  const value = { ...words, size: 10, mono: true } as const;
  return [
    {
      kind: 'box',
      x: at.x - width / 2,
      y: at.y - height / 2,
      width,
      height,
      round: 4,
      ...(side === 'after' ? ({ fill: 'mark' } as const) : ({ fill: 'card', stroke: 'line' } as const)),
      alpha,
    },
    ...(inPair
      ? [
          { ...words, y: at.y - 6, text: name, size: 9.5 },
          { ...value, y: at.y + 6, text: saying[side] },
        ]
      : [{ ...value, y: at.y + 0.5, text: `${name} ${saying[side]}` }]),
  ];
}

/** A packet as a train of header segments, and the captions under it. @module */
import type { FieldRow, LayerRows } from '../model/compare.ts';
import { notable, shortNameOf } from '../model/compare.ts';
import type { Segment } from '../model/packet.ts';
import type { Point, Shape, Target } from './shapes.ts';

export const TRAIN_HEIGHT = 22;
const GAP = 1;
const MOST = 5;

export interface TrainLook {
  readonly alpha?: number;
  /** Segments that the router rewrote, by place. */
  readonly marked?: ReadonlySet<number>;
  readonly stopped?: boolean;
  readonly target?: Target;
  readonly selected?: boolean;
}

function widthOf(label: string): number {
  return Math.round(7 + label.length * 6.4);
}

/** Longer trains are shortened to their first wagons and a number. */
export function shortened(segments: readonly Segment[], room: number): readonly Segment[] {
  for (let most = Math.min(segments.length, MOST); most > 1; most--) {
    const hidden = segments.length - most;
    const wagons = hidden === 0 ? segments : [...segments.slice(0, most - 1), rest(segments, hidden + 1)];
    if (trainWidth(wagons) <= room) return wagons;
  }
  return segments.slice(0, 1);
}

function rest(segments: readonly Segment[], hidden: number): Segment {
  return { ...segments.at(-1)!, label: `+${hidden}`, sealed: false };
}

export function trainWidth(segments: readonly Segment[]): number {
  return segments.reduce((sum, { label }) => sum + widthOf(label) + GAP, -GAP);
}

export function train(segments: readonly Segment[], centre: Point, look: TrainLook = {}): readonly Shape[] {
  const { marked, selected } = look;
  const width = trainWidth(segments);
  const left = centre.x - width / 2;
  const shapes = [plate(left, centre.y, width, look)];
  if (selected) shapes.push(ring(left, centre.y, width, look));
  let x = left;
  segments.forEach((segment, i) => {
    const round = [i === 0 ? 5 : 0, i === segments.length - 1 ? 5 : 0] as const;
    shapes.push(...wagon(segment, x, centre.y, round, marked?.has(i) === true, look));
    x += widthOf(segment.label) + GAP;
  });
  return shapes;
}

/** A plate of card colour keeps cables from showing through. */
function plate(x: number, middle: number, width: number, { alpha = 1, stopped, target }: TrainLook): Shape {
  return {
    kind: 'box',
    x: x - 3,
    y: middle - TRAIN_HEIGHT / 2 - 3,
    width: width + 6,
    height: TRAIN_HEIGHT + 6,
    round: 8,
    fill: 'card',
    alpha,
    ...(stopped ? { stroke: 'drop', strokeWidth: 2 } : {}),
    ...(target ? { target } : {}),
  };
}

function ring(x: number, middle: number, width: number, { alpha = 1 }: TrainLook): Shape {
  return {
    kind: 'box',
    x: x - 5.5,
    y: middle - TRAIN_HEIGHT / 2 - 5.5,
    width: width + 11,
    height: TRAIN_HEIGHT + 11,
    round: 10,
    stroke: 'focus',
    strokeWidth: 2.5,
    alpha,
  };
}

/** One header: its box, its name, and a line below where something in it has changed. */
function wagon(
  { label, family, sealed }: Segment,
  x: number,
  middle: number,
  round: readonly [left: number, right: number],
  marked: boolean,
  { alpha = 1 }: TrainLook,
): readonly Shape[] {
  const y = middle - TRAIN_HEIGHT / 2;
  const width = widthOf(label);
  const hatched = sealed ? { hatched: true } : {};
  const shapes: Shape[] = [
    { kind: 'box', x, y, width, height: TRAIN_HEIGHT, round, fill: family, alpha, ...hatched },
    {
      kind: 'text',
      x: x + width / 2,
      y: middle + 0.5,
      text: label,
      size: 11,
      ink: 'on-family',
      strong: true,
      align: 'center',
      alpha,
    },
  ];
  if (marked) {
    const below = y + TRAIN_HEIGHT + 4;
    shapes.push({
      kind: 'box',
      x: x + 1,
      y: below,
      width: width - 2,
      height: 3,
      round: 1.5,
      fill: 'mark-line',
      alpha,
    });
  }
  return shapes;
}

/** Which segments hold a change worth seeing. */
export function markedSegments(layers: readonly LayerRows[]): ReadonlySet<number> {
  const marked = new Set<number>();
  layers.forEach((layer, i) => {
    if (notable([layer]).length > 0) marked.add(i);
  });
  return marked;
}

export const CAPTION_LINE = 18;
/** Of a caption, one letter. */
const LETTER = 6.05;

/** Captions beside one another, as many as have room: `towards` says whether they go on to the right or to the left. */
export function captionsBeside(
  rows: readonly FieldRow[],
  side: 'before' | 'after',
  from: Point,
  towards: 1 | -1,
  room: number,
  alpha: number,
): readonly Shape[] {
  const shapes: Shape[] = [];
  let used = 0;
  for (const row of rows) {
    // What the packet was before gives way to the packet itself; what it has become is always said.
    if (side === 'before' && (row.before?.display.length ?? 0) * LETTER + 8 > room - used) break;
    const width = captionWidth(captionText(row, side, room - used), room - used);
    if (used > 0 && used + width > room) break;
    shapes.push(...caption(row, side, { x: from.x + towards * (used + width / 2), y: from.y }, room - used, alpha));
    used += width + 4;
  }
  return shapes;
}

/** What a side of the packet says where the two sides differ: one marked line for each such field. */
export function captions(
  rows: readonly FieldRow[],
  side: 'before' | 'after',
  under: Point,
  room: number,
  alpha: number,
): readonly Shape[] {
  return rows.flatMap((row, i) => caption(row, side, { x: under.x, y: under.y + i * CAPTION_LINE }, room, alpha));
}

function caption(row: FieldRow, side: 'before' | 'after', at: Point, room: number, alpha: number): readonly Shape[] {
  const text = captionText(row, side, room);
  const width = captionWidth(text, room);
  return [
    {
      kind: 'box',
      x: at.x - width / 2,
      y: at.y - CAPTION_LINE / 2 + 1,
      width,
      height: CAPTION_LINE - 2,
      round: 4,
      fill: side === 'after' ? 'mark' : 'hair',
      alpha,
    },
    {
      kind: 'text',
      x: at.x,
      y: at.y + 0.5,
      text,
      size: 10,
      mono: true,
      ink: side === 'after' ? 'on-mark' : 'soft',
      align: 'center',
      maxWidth: width - 6,
      alpha,
    },
  ];
}

/** The value alone where it has no room for its name: it says more. */
function captionText(row: FieldRow, side: 'before' | 'after', room: number): string {
  const shown = row[side]?.display ?? '';
  const whole = `${shortNameOf(row)} ${shown}`;
  return whole.length * LETTER + 8 <= room ? whole : shown;
}

function captionWidth(text: string, room: number): number {
  return Math.min(Math.max(room, 60), 8 + text.length * LETTER);
}

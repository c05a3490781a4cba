/** A packet as a train of header segments. @module */
import { type LayerRows, notable } from '../model/compare.ts';
import { once } from '../model/once.ts';
import { type Segment, segmentsOf } from '../model/packet.ts';
import type { Ink, Point, Shape, Target } from './shapes.ts';

export const TRAIN_HEIGHT = 22;
const GAP = 1;
const MOST = 5;

/** A part of a train: one header, or the number of those that have no room. */
export interface Wagon extends Segment {
  /** Of the headers it stands for, in the packet. */
  readonly places: readonly number[];
}

export interface TrainLook {
  readonly alpha?: number;
  /** Pale: the packet as it was, beside what became of it. */
  readonly pale?: boolean;
  /** Headers that the router rewrote, by place. */
  readonly marked?: ReadonlySet<number>;
  readonly stopped?: boolean;
  readonly target?: Target;
  readonly selected?: boolean;
}

function widthOf(label: string): number {
  return Math.round(5.5 + label.length * 6.1);
}

/** Trains are asked for in each frame; a packet's rooms are few. */
const trainsByRoom = once((_: Uint8Array) => new Map<number, readonly Wagon[]>());

/** A packet's train where it has so much room. */
export function trainWithin(bytes: Uint8Array, room: number): readonly Wagon[] {
  const known = trainsByRoom(bytes);
  const found = known.get(room) ?? shortened(segmentsOf(bytes), room);
  known.set(room, found);
  return found;
}

/**
 * As many headers as there is room for, and the number of the others. What says which protocol it is goes before what
 * every packet has: sooner than that it leaves out IP.
 */
function shortened(segments: readonly Segment[], room: number): readonly Wagon[] {
  const telling = tellingPlace(segments);
  for (let shown = Math.min(segments.length, MOST); shown > 0; shown--)
    for (let from = Math.max(0, telling - shown + 1); from <= telling && from + shown <= segments.length; from++) {
      const wagons = wagonsOf(segments, from, shown);
      if (trainWidth(wagons) <= room) return wagons;
    }
  return segments.slice(telling, telling + 1).map((segment) => ({ ...segment, places: [telling] }));
}

const CARRIERS: ReadonlySet<string> = new Set(['ip', 'tcp', 'udp']);

/** The header that says what a packet is: the first that does not only carry others, or else the innermost that does. */
function tellingPlace(segments: readonly Segment[]): number {
  const own = segments.findIndex(({ family }) => !CARRIERS.has(family));
  if (own >= 0) return own;
  const innermost = segments.at(-1)?.family;
  return Math.max(
    0,
    segments.findIndex(({ family }, i) => i > 0 && family === innermost),
  );
}

function wagonsOf(segments: readonly Segment[], from: number, shown: number): readonly Wagon[] {
  const all = segments.map((segment, i): Wagon => ({ ...segment, places: [i] }));
  const kept = all.slice(from, from + shown);
  const hidden = all.filter((wagon) => !kept.includes(wagon));
  if (hidden.length === 0) return kept;
  const rest = {
    ...all.at(-1)!,
    label: `+${hidden.length}`,
    sealed: false,
    places: hidden.flatMap(({ places }) => places),
  };
  return [...kept, rest];
}

export function trainWidth(segments: readonly Pick<Segment, 'label'>[]): number {
  return segments.reduce((sum, { label }) => sum + widthOf(label) + GAP, -GAP);
}

export function train(wagons: readonly Wagon[], centre: Point, look: TrainLook = {}): readonly Shape[] {
  const { marked, selected } = look;
  const width = trainWidth(wagons);
  const left = centre.x - width / 2;
  const shapes = [plate(left, centre.y, width, look)];
  if (selected) shapes.push(ring(left, centre.y, width, look));
  let x = left;
  wagons.forEach((each, i) => {
    const round = [i === 0 ? 5 : 0, i === wagons.length - 1 ? 5 : 0] as const;
    const changed = marked !== undefined && each.places.some((place) => marked.has(place));
    shapes.push(...wagon(each, x, centre.y, round, changed, look));
    x += widthOf(each.label) + GAP;
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
  { label, family, sealed }: Wagon,
  x: number,
  middle: number,
  round: readonly [left: number, right: number],
  marked: boolean,
  { alpha = 1, pale }: TrainLook,
): readonly Shape[] {
  const y = middle - TRAIN_HEIGHT / 2;
  const width = widthOf(label);
  const ink: Ink = pale ? family : 'on-family';
  const hatched = sealed ? { hatched: ink } : {};
  const look = pale ? ({ fill: `${family}-tint`, stroke: family } as const) : { fill: family };
  const shapes: Shape[] = [
    { kind: 'box', x, y, width, height: TRAIN_HEIGHT, round, alpha, ...look, ...hatched },
    {
      kind: 'text',
      x: x + width / 2,
      y: middle + 0.5,
      text: label,
      size: 11,
      ink,
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

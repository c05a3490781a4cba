/** Which packets are on their way at a moment, and which step of the run each belongs to. @module */
import type { Frame } from '../../world/trace.ts';
import { once } from './once.ts';
import type { Run } from './run.ts';

/** Every packet that travels over a link, in the order of sending. Times are microseconds of the simulated world. */
export interface Flights {
  readonly frames: readonly Frame[];
  readonly sent: Float64Array;
  readonly lands: Float64Array;
  /** The longest of them all: what was sent earlier than that before a moment has landed by then. */
  readonly longest: number;
  /** How many are on their way at each step. */
  readonly crowd: Uint32Array;
}

export const flightsOf = once((run: Run): Flights => {
  const { frames, sent, lands } = journeys(run);
  const order = frames.map((_, i) => i).sort((a, b) => sent[a]! - sent[b]!);
  const flights = {
    frames: order.map((i) => frames[i]!),
    sent: Float64Array.from(order, (i) => sent[i]!),
    lands: Float64Array.from(order, (i) => lands[i]!),
  };
  const longest = flights.lands.reduce((most, at, i) => Math.max(most, at - flights.sent[i]!), 0);
  return { ...flights, longest, crowd: crowdAtSteps(run, flights.sent, flights.lands) };
});

/** What never lands, as in a recording, which shows no more than what its router met, is left out. */
function journeys({ trace: { occurrences } }: Run) {
  const frames: Frame[] = [];
  const sent: number[] = [];
  const lands: number[] = [];
  const starts = new Map<number, number>();
  for (const occurrence of occurrences) {
    if (!('frame' in occurrence)) continue;
    const { kind, frame, time } = occurrence;
    const start = starts.get(frame.id);
    if (kind === 'sent') starts.set(frame.id, time);
    else if (start !== undefined) {
      frames.push(frame);
      sent.push(start);
      lands.push(time);
    }
    if (kind === 'routed') for (const { id } of occurrence.out) starts.set(id, time);
  }
  return { frames, sent, lands };
}

function crowdAtSteps({ steps }: Run, sent: Float64Array, lands: Float64Array): Uint32Array {
  const landed = Float64Array.from(lands).sort();
  let begun = 0;
  let over = 0;
  return Uint32Array.from(steps, ({ occurrence: { time } }) => {
    while (begun < sent.length && sent[begun]! <= time) begun++;
    while (over < landed.length && landed[over]! <= time) over++;
    return Math.max(0, begun - over);
  });
}

/** Calls back for each packet that is on its way at a moment, with its place in `flights`; makes no garbage. */
export function eachInFlight(flights: Flights, time: number, visit: (place: number) => void): void {
  const { sent, lands, longest } = flights;
  for (let i = firstAfter(sent, time - longest); i < sent.length && sent[i]! <= time; i++)
    if (lands[i]! > time) visit(i);
}

/** The first place at or after a time. */
function firstAfter(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Positions in `run.steps` by frame: where the packet meets a router or its end, or else where it set out. */
export const stepOfFrame = once((run: Run): ReadonlyMap<number, number> => {
  const steps = new Map<number, number>();
  run.steps.forEach(({ occurrence }, position) => {
    if (!('frame' in occurrence)) return;
    steps.set(occurrence.frame.id, position);
    if (occurrence.kind === 'routed') for (const { id } of occurrence.out) steps.set(id, position);
  });
  return steps;
});

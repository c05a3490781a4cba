/**
 * Replays a recording through a router of ours, packet by packet, and compares every packet that comes out with what
 * the recorded router sent, byte for byte. What that router drew by chance is taken from the recording: source ports
 * and ICMP identifiers, and the identification field of packets of its own.
 *
 * The answer is a trace like any other, with what the recording shows beside each routed packet. Of a long recording the
 * trace shows the packets that tell something; the router has had them all in hand.
 * @module
 */
import type { RouterConfig } from '../router/config.ts';
import type { Outcome } from '../router/outcome.ts';
import type { RecordedPacket, Recording } from './recording.ts';
import { Comparison } from './replay-comparison.ts';
import { Gap, Survey } from './replay-survey.ts';
import { type Happening, traceOf } from './replay-trace.ts';
import { type ChanceFor, type Intervention, type Visitor, walk } from './replay-walk.ts';
import type { Trace } from './trace.ts';

/** What a recording does not show of its router's surroundings, and how much of a replay is to be told. */
export interface Circumstances {
  readonly interventions?: readonly Intervention[];
  /** Addresses for which nobody answers ARP: what a router sends there never reaches the wire. */
  readonly nobodyAt?: readonly number[];
  /** Most packets that the trace shows one by one; left out, all. */
  readonly most?: number;
  /** Called now and then with packets done, and with how many there are to do. */
  readonly progress?: (done: number, of: number) => void;
}

export interface Replay {
  readonly trace: Trace;
  /** Packets that reached our router. */
  readonly total: number;
  /** Those of them of which the recording shows what came of them. */
  readonly compared: number;
  /** Those of them to which our router did exactly what the recording shows. */
  readonly agreed: number;
  /** Packets that ended at our router. */
  readonly ended: number;
  /** Packets of which the capture kept only the beginning: those replayed all the same, and those that could not be. */
  readonly cut: { readonly routed: number; readonly leftOut: number };
  /** Recorded answers that were left out: through our router, their servers would never have been asked. */
  readonly unasked: number;
}

/**
 * `config` must name its interfaces "lan" and "wan", as the recording does; its seed decides only what the recording
 * does not show. An intervention takes effect before the packets received at or after its time.
 */
export function replay(recording: Recording, config: RouterConfig, circumstances: Circumstances = {}): Replay {
  const { interventions = [], nobodyAt = [], most = Number.POSITIVE_INFINITY, progress } = circumstances;
  const { length } = recording.received;
  const passes = length > most ? 2 : 1;
  const comparison = new Comparison(recording, nobodyAt);
  const survey = new Survey(length);
  const drawn = new Drawn(comparison.chance);
  const counts = { total: 0, compared: 0, unasked: 0 };
  const story = new Story(recording, comparison);
  const way = (pass: number, chance: ChanceFor) => ({
    interventions,
    chance,
    progress: (done: number) => progress?.(pass * length + done, passes * length),
  });

  walk(recording, config, way(0, drawn.noted), {
    packet: (index, packet, outcome) => {
      comparison.take(index, outcome);
      survey.take(index, outcome);
      counts.total++;
      if (comparison.isShown(index)) counts.compared++;
      if (passes === 1) story.packet(index, packet, outcome);
    },
    unasked: () => counts.unasked++,
    leftOut: (packet) => {
      if (passes === 1) story.leftOut(packet);
    },
    intervention: (...given) => {
      if (passes === 1) story.intervention(...given);
    },
  });
  comparison.finish();
  if (passes === 2) {
    story.shown = survey.choose(most, comparison.differing);
    walk(recording, config, way(1, drawn.again), story);
  }
  return {
    trace: traceOf(recording, story.end()),
    ...counts,
    cut: {
      routed: recording.received.reduce((sum, { kept }) => sum + (kept === undefined ? 0 : 1), 0),
      leftOut: recording.leftOut.length,
    },
    agreed: counts.compared - comparison.differing.length,
    ended: survey.ended,
  };
}

/** Tells what happened, once the comparison has come to its end. */
class Story implements Visitor {
  /** Left out, all packets. */
  shown: ReadonlySet<number> | undefined;
  private readonly recording: Recording;
  private readonly comparison: Comparison;
  private readonly gap = new Gap();
  private readonly lines: (() => Happening)[] = [];
  /** Packets in a row that were cut too short. */
  private missed: RecordedPacket[] = [];

  constructor(recording: Recording, comparison: Comparison) {
    this.recording = recording;
    this.comparison = comparison;
  }

  packet(index: number, packet: Uint8Array, outcome: Outcome): void {
    const received = this.recording.received[index]!;
    const { comparison } = this;
    if (this.shown?.has(index) === false) {
      this.closeMissed();
      this.gap.add(received.time, outcome);
      return;
    }
    this.add(() => ({
      kind: 'packet',
      received: { ...received, packet },
      outcome,
      compared: comparison.isShown(index),
      difference: comparison.differenceAt(index),
    }));
  }

  unasked(): void {}

  leftOut(packet: RecordedPacket): void {
    this.closeGap();
    this.missed.push(packet);
  }

  intervention(...[time, what, changes]: Parameters<Visitor['intervention']>): void {
    this.add(() => ({ kind: 'intervention', time, what, changes }));
  }

  end(): readonly Happening[] {
    this.closeGap();
    this.closeMissed();
    return this.lines.map((line) => line());
  }

  private add(line: () => Happening): void {
    this.closeGap();
    this.closeMissed();
    this.lines.push(line);
  }

  private closeMissed(): void {
    const { missed } = this;
    const [first] = missed;
    if (!first) return;
    this.lines.push(() => ({ kind: 'left-out', time: first.time, packets: missed.length, first }));
    this.missed = [];
  }

  private closeGap(): void {
    const passed = this.gap.close();
    if (passed) this.lines.push(() => passed);
  }
}

/** Notes what a router drew the first time, so that it draws the same the second time. */
class Drawn {
  private readonly source: ChanceFor;
  private readonly keys: (number | undefined)[] = [];
  private readonly ids: number[] = [];

  constructor(source: ChanceFor) {
    this.source = source;
  }

  readonly noted: ChanceFor = (current) => {
    const { draw, ipId } = this.source(current);
    return {
      ...(draw && { draw: (request) => note(this.keys, draw(request)) }),
      ...(ipId && { ipId: () => note(this.ids, ipId()) }),
    };
  };

  readonly again: ChanceFor = (current) => {
    const { draw, ipId } = this.source(current);
    let [key, id] = [0, 0];
    return { ...(draw && { draw: () => this.keys[key++] }), ...(ipId && { ipId: () => this.ids[id++]! }) };
  };
}

function note<Value>(list: Value[], value: Value): Value {
  list.push(value);
  return value;
}

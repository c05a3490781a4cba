/** Holds what our router did with each packet of a recording against what the recording shows. @module */
import { equal, putU16, u16 } from '../lib/bytes.ts';
import type { Emission, Outcome } from '../router/outcome.ts';
import { update16 } from '../wire/checksum.ts';
import { differenceBetween } from './difference.ts';
import { oneLine } from './one-line.ts';
import { shapeOf, shapeWithoutId } from './packet-identity.ts';
import { RecordedOutput, withoutChance } from './recorded-output.ts';
import type { RecordedPacket, Recording } from './recording.ts';
import type { ChanceFor } from './replay-walk.ts';
import { destinationOf } from './sides.ts';
import { keptOf } from './stand-in.ts';

interface Difference {
  /** Packets of ours that the recording does not show. */
  extra: Outcome['out'];
  /** Packets that the recording shows and ours did not send. */
  readonly missing: RecordedPacket[];
}

export class Comparison {
  private readonly recording: Recording;
  private readonly nobodyAt: readonly number[];
  private readonly output: RecordedOutput;
  private readonly differences = new Map<number, Difference>();

  constructor(recording: Recording, nobodyAt: readonly number[]) {
    this.recording = recording;
    this.nobodyAt = nobodyAt;
    this.output = new RecordedOutput(recording.sent);
  }

  /** What the recorded router drew, read off its packets; a capture of the inside alone does not show it. */
  readonly chance: ChanceFor = (current) =>
    this.recording.sides === 'lan'
      ? {}
      : {
          draw: (request) => this.output.drawn(request, current()),
          ipId: () => this.output.idOfAnswer(current()),
        };

  take(index: number, outcome: Outcome): void {
    const received = this.recording.received[index]!;
    if (this.recording.sides === 'lan') this.takeReturning(index, received, outcome);
    else {
      const onWire = outcome.out.filter(({ packet }) => !this.nobodyAt.includes(destinationOf(packet)));
      const extra = onWire.filter((emission) => !this.output.take(emission, received.time, received.kept));
      if (extra.length > 0) this.at(index).extra = extra.map((emission) => bare(emission, received.kept));
    }
  }

  /** On the inside alone: the laptop got this very packet. What goes out is not in the capture. */
  private takeReturning(index: number, received: RecordedPacket, outcome: Outcome): void {
    if (!received.returns) return;
    const arrived = outcome.out.filter(({ on, own }) => on === 'lan' && !own);
    const expected = oneHopOn(received.packet);
    if (arrived.some(({ packet }) => equal(packet, expected))) return;
    this.at(index).extra = arrived.map((emission) => bare(emission, received.kept));
    this.at(index).missing.push({ ...received, packet: expected, on: 'lan' });
  }

  /** Call it after the last packet: what the recording shows and nobody has sent is laid at its cause's door. */
  finish(): void {
    const { received, leftOut } = this.recording;
    const unseen = new Set(leftOut.map(({ packet }) => datagramOf(packet)));
    // Nobody has given our router what led to it.
    for (const packet of this.output.left())
      if (!unseen.has(datagramOf(packet.packet))) this.at(causeOf(packet, received)).missing.push(packet);
  }

  /** Indices of the packets of which not the same came. */
  get differing(): readonly number[] {
    return [...this.differences.keys()];
  }

  /** Whether the recording shows what came of a packet. */
  isShown(index: number): boolean {
    return this.recording.sides === 'both' || this.recording.received[index]!.returns === true;
  }

  /** Undefined where everything is as recorded. */
  differenceAt(index: number): string | undefined {
    const found = this.differences.get(index);
    return found && wordsFor(found);
  }

  private at(index: number): Difference {
    const found = this.differences.get(index) ?? { extra: [], missing: [] };
    this.differences.set(index, found);
    return found;
  }
}

/** The same for all pieces of a datagram; a packet that is none is known by its length, too. */
function datagramOf(packet: Uint8Array): string {
  const isPiece = (u16(packet, 6) & 0x3fff) !== 0;
  return isPiece ? `${packet[9]} ${u16(packet, 4)}` : shapeOf(packet);
}

/** Without what only stood in for bytes that the capture did not keep. */
function bare(emission: Emission, kept: number | undefined): Emission {
  return { ...emission, packet: emission.packet.subarray(0, keptOf(emission, kept)) };
}

/** Of one of ours, of which nothing but what the captures did not keep is missing. */
const lineOf = (packet: Uint8Array): string => oneLine(packet, Math.max(packet.length, u16(packet, 2)));

/** As far as the captures kept both. */
function bothKnown({ packet, kept }: RecordedPacket, ours: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const isCut = kept !== undefined || ours.length < u16(ours, 2);
  const known = isCut ? Math.min(ours.length, kept ?? packet.length) : undefined;
  return [packet.subarray(0, known), ours.subarray(0, known)];
}

/** A TTL of 255 comes from a neighbour, with no router in between; ours would have been one. */
function oneHopOn(packet: Uint8Array): Uint8Array {
  if (packet[8] !== 255) return packet;
  const lower = packet.slice();
  lower[8] = 254;
  putU16(lower, 10, update16(u16(packet, 10), u16(packet, 8), u16(lower, 8)));
  return lower;
}

/** Two capture points may see cause and effect in either order: seconds. */
const EARLY = 0.02;
/** How far back a forwarded packet's origin is looked for. */
const LATE = 2;

/** The received packet that most likely led to a recorded one: the last of its shape before it, or just the last. */
function causeOf(sent: RecordedPacket, received: readonly RecordedPacket[]): number {
  const last = lastUpTo(received, sent.time + EARLY);
  const shape = shapeOf(sent.packet);
  for (let i = last; i >= 0; i--) {
    const { time, packet } = received[i]!;
    if (time < sent.time - LATE) break;
    if (shapeOf(packet) === shape) return i;
  }
  return lastUpTo(received, sent.time);
}

/** Index of the last packet up to a time, or of the first of all. */
function lastUpTo(received: readonly RecordedPacket[], time: number): number {
  let low = 0;
  for (let high = received.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (received[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Packets that differ are compared where they are alike. */
function wordsFor(difference: Difference): string | undefined {
  const missing = [...difference.missing];
  const parts: string[] = [];
  for (const { packet, own, on } of difference.extra) {
    const shape = shapeWithoutId(packet);
    const alike = missing.findIndex((each) => each.on === on && shapeWithoutId(each.packet) === shape);
    if (alike < 0) parts.push(`sent on ${on}, but not recorded: ${lineOf(packet)}`);
    else {
      const [recorded] = missing.splice(alike, 1) as [RecordedPacket];
      const [theirs, ours] = bothKnown(recorded, packet);
      const found = own
        ? differenceBetween(withoutChance(theirs), withoutChance(ours))
        : differenceBetween(theirs, ours);
      parts.push(found ?? `sent on ${on}, but recorded at another time: ${lineOf(packet)}`);
    }
  }
  for (const { on, packet, kept } of missing)
    parts.push(`recorded on ${on}, but not sent: ${oneLine(packet.subarray(0, kept), packet.length)}`);
  return parts.length > 0 ? parts.join('; ') : undefined;
}

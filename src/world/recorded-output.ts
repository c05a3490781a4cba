/**
 * What a recorded router sent, to be held against what ours sends: each recorded packet is taken once, by the packet of
 * ours that equals it; and what the recorded router drew by chance is read off its packets before they are compared.
 * @module
 */
import { equal, putU16, u16 } from '../lib/bytes.ts';
import type { DrawRequest } from '../router/netfilter/port-picker.ts';
import type { Emission } from '../router/outcome.ts';
import { checksum } from '../wire/checksum.ts';
import { PROTOCOL as ICMP } from '../wire/icmp.ts';
import { PROTOCOL as SCTP } from '../wire/sctp.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';
import { PROTOCOL as UDPLITE } from '../wire/udplite.ts';
import { shapeOf, shapeWithoutId } from './packet-identity.ts';
import type { RecordedPacket, Recording, SideName } from './recording.ts';
import { destinationOf, sourceOf } from './sides.ts';
import { isIcmpError, keptOf } from './stand-in.ts';

/** Two capture points see one packet in either order, when it passes fast: seconds. */
const EARLY = 0.02;
/** The longest a packet is looked for after what caused it. */
const LATE = 2;
/** The same where less than the packet's shape is known. */
const SOON = 0.2;

export class RecordedOutput {
  private readonly sent: Recording['sent'];
  private readonly byShape = new Map<string, RecordedPacket[]>();
  private readonly taken = new Set<RecordedPacket>();
  /** Flows that have been seen leaving: a key in use cannot have been drawn. */
  private readonly flows = new Set<string>();

  constructor(sent: Recording['sent']) {
    this.sent = sent;
    for (const packet of [...sent.lan, ...sent.wan])
      for (const shape of [shapeOf(packet.packet), shapeWithoutId(packet.packet)]) {
        const key = `${packet.on} ${shape}`;
        const same = this.byShape.get(key);
        if (same) same.push(packet);
        else this.byShape.set(key, [packet]);
      }
  }

  /**
   * The earliest recorded packet that equals ours and is free; from now on it is not. `kept`: so much is known of the
   * packet that ours was made of.
   */
  take(emission: Emission, time: number, kept?: number): RecordedPacket | undefined {
    const shape = emission.own ? shapeWithoutId(emission.packet) : shapeOf(emission.packet);
    // What an error sums up in its checksum was not all kept.
    const asCompared = (packet: Uint8Array) => {
      if (!emission.own) return packet;
      return kept === undefined ? withoutChance(packet) : withoutSum(withoutChance(packet));
    };
    const mine = asCompared(emission.packet);
    const known = keptOf(emission, kept);
    const found = this.inTime(`${emission.on} ${shape}`, time).find((recorded) =>
      sameAsFarAs(Math.min(known, recorded.kept ?? known), mine, asCompared(recorded.packet)),
    );
    if (found) this.markTaken(found);
    return found;
  }

  /** Recorded packets that nothing of ours has taken, in order of time. */
  left(): readonly RecordedPacket[] {
    return [...this.sent.lan, ...this.sent.wan]
      .filter((packet) => !this.taken.has(packet))
      .sort((a, b) => a.time - b.time);
  }

  /** The key that the recorded router gave the flow which `received` opens, if its packet is to be found. */
  drawn(request: DrawRequest, received: RecordedPacket): number | undefined {
    const side: SideName = received.on === 'lan' ? 'wan' : 'lan';
    const twins = this.inTime(`${side} ${shapeOf(received.packet)}`, received.time);
    return keyIn(twins, request, () => true) ?? this.drawnSoon(request, received, side);
  }

  /** The identification that the recorded router gave its own answer to `received`; 0 if there is no answer. */
  idOfAnswer(received: RecordedPacket): number {
    const asker = sourceOf(received.packet);
    const near = within(this.sent[received.on], received.time - EARLY, received.time + SOON);
    const answer = near.find((each) => !this.taken.has(each) && destinationOf(each.packet) === asker);
    return answer ? u16(answer.packet, 4) : 0;
  }

  /** For datagrams in fragments: the last one opens the flow, the first one shows the port. */
  private drawnSoon(request: DrawRequest, received: RecordedPacket, side: SideName): number | undefined {
    const soon = within(this.sent[side], received.time - EARLY, received.time + SOON);
    return keyIn(soon, request, (packet) => !this.flows.has(flowOf(packet)));
  }

  private inTime(shape: string, time: number): readonly RecordedPacket[] {
    const near = within(this.byShape.get(shape) ?? [], time - EARLY, time + LATE);
    return near.filter((each) => !this.taken.has(each));
  }

  private markTaken(found: RecordedPacket): void {
    this.taken.add(found);
    this.flows.add(flowOf(found.packet));
  }
}

/** What the captures did not keep of either packet is not compared. */
function sameAsFarAs(known: number, a: Uint8Array, b: Uint8Array): boolean {
  return known === a.length ? equal(a, b) : equal(a.subarray(0, known), b.subarray(0, known));
}

function withoutSum(packet: Uint8Array): Uint8Array {
  const start = (packet[0]! & 15) * 4;
  if (isIcmpError(packet, start) && packet.length >= start + 4) putU16(packet, start + 2, 0);
  return packet;
}

/** Those of a list in order of time that lie between two times. */
function within(packets: readonly RecordedPacket[], from: number, to: number): readonly RecordedPacket[] {
  let first = 0;
  for (let beyond = packets.length; first < beyond; ) {
    const middle = (first + beyond) >> 1;
    if (packets[middle]!.time < from) first = middle + 1;
    else beyond = middle;
  }
  let end = first;
  while (end < packets.length && packets[end]!.time <= to) end++;
  return packets.slice(first, end);
}

function keyIn(
  candidates: readonly RecordedPacket[],
  request: DrawRequest,
  wanted: (packet: Uint8Array) => boolean,
): number | undefined {
  for (const { packet } of candidates) {
    const keys = keysOf(packet);
    if (!keys || packet[9] !== request.protocol || destinationOf(packet) !== request.destination) continue;
    if (request.protocol !== ICMP && keys.destination !== request.destinationKey) continue;
    if (keys.source >= request.low && keys.source <= request.high && wanted(packet)) return keys.source;
  }
  return undefined;
}

/** Ports, or an ICMP query's identifier; none in later fragments. */
function keysOf(packet: Uint8Array): { readonly source: number; readonly destination: number } | undefined {
  const start = (packet[0]! & 15) * 4;
  if ((u16(packet, 6) & 0x1fff) !== 0 || packet.length < start + 6) return undefined;
  if (packet[9] === ICMP) return { source: u16(packet, start + 4), destination: 0 };
  if (![TCP, UDP, SCTP, UDPLITE].includes(packet[9]!)) return undefined;
  return { source: u16(packet, start), destination: u16(packet, start + 2) };
}

function flowOf(packet: Uint8Array): string {
  const keys = keysOf(packet);
  return `${packet[9]} ${keys?.source} ${destinationOf(packet)} ${keys?.destination}`;
}

/** ICMP Timestamp Reply: two of its three times are the router's own clock. */
const TIMESTAMP_REPLY = 14;

/**
 * A packet that the router made, with what it drew or read off its clock set to 0: the identification field and,
 * in a Timestamp Reply, its times. A header checksum that was right is left right, so a wrong one still shows.
 */
export function withoutChance(packet: Uint8Array): Uint8Array {
  const start = (packet[0]! & 15) * 4;
  const bare = packet.slice();
  putU16(bare, 4, 0);
  remakeSum(bare, packet, 0, start, 10);
  if (packet[9] === ICMP && packet[start] === TIMESTAMP_REPLY && packet.length >= start + 20) {
    bare.fill(0, start + 12, start + 20);
    remakeSum(bare, packet, start, packet.length, start + 2);
  }
  return bare;
}

/** Writes the checksum at `at` over `from` … `to` anew, provided that it was right in `before`. */
function remakeSum(bare: Uint8Array, before: Uint8Array, from: number, to: number, at: number): void {
  if (checksum(before, from, to) !== 0) return;
  putU16(bare, at, 0);
  putU16(bare, at, checksum(bare, from, to));
}

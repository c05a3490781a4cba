/**
 * Works out, from two captures of one router, which side is which: the router's hardware addresses, its networks,
 * whether it translates, and by how much the two clocks differ. Built on the packets that are found in both files.
 * @module
 */
import { u32 } from '../lib/bytes.ts';
import { inPrefix, netmask, type Prefix } from '../wire/address.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';
import type { FoundPacket } from './ipv4-in-frame.ts';
import { identityOf } from './packet-identity.ts';

/** A captured IPv4 packet with its place in its file. */
export interface SidePacket extends FoundPacket {
  readonly number: number;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** So many of its bytes are of the capture, which cut it; others stand in for the rest (`stand-in.ts`). */
  readonly kept?: number;
  /** The capture cut it before all that a router would have to know. */
  readonly leftOut?: true;
}

/** The same packet before and after the router. */
export interface Crossing {
  readonly direction: 'outbound' | 'inbound';
  readonly lan: SidePacket;
  readonly wan: SidePacket;
}

/** What the crossings tell of the router; a part that they do not tell is undefined. */
export interface Sides {
  readonly lanHardware?: number;
  readonly wanHardware?: number;
  readonly lan?: Prefix;
  readonly wan?: Prefix;
  /** False where packets are seen to cross with their addresses as they are. */
  readonly translates: boolean;
  /** Nanoseconds to add to the WAN capture's times; 0 unless they contradict the LAN's. */
  readonly clockOffset: bigint;
}

/** Every packet that is in each file exactly once, with a TTL that one hop explains. */
export function crossings(lan: readonly SidePacket[], wan: readonly SidePacket[]): readonly Crossing[] {
  const upTo = Math.min(keptAtMost(lan), keptAtMost(wan));
  const inside = uniqueByIdentity(lan, upTo);
  const outside = uniqueByIdentity(wan, upTo);
  const found: Crossing[] = [];
  for (const [identity, first] of inside) {
    const second = outside.get(identity);
    if (!first || !second) continue;
    const hop = first.packet[8]! - second.packet[8]!;
    if (hop === 1) found.push({ direction: 'outbound', lan: first, wan: second });
    else if (hop === -1) found.push({ direction: 'inbound', lan: first, wan: second });
  }
  return found;
}

/** So many bytes a capture keeps of packets that it cuts: its snap length, less the link's header. */
function keptAtMost(packets: readonly SidePacket[]): number {
  let most = 0;
  for (const { packet, kept, leftOut } of packets) most = Math.max(most, kept ?? (leftOut ? packet.length : 0));
  return most || Number.POSITIVE_INFINITY;
}

/** Undefined stands for an identity met more than once. */
function uniqueByIdentity(packets: readonly SidePacket[], upTo: number): ReadonlyMap<string, SidePacket | undefined> {
  const found = new Map<string, SidePacket | undefined>();
  for (const packet of packets) {
    const identity = identityOf(packet.packet, upTo);
    found.set(identity, found.has(identity) ? undefined : packet);
  }
  return found;
}

export const sourceOf = (packet: Uint8Array): number => u32(packet, 12);
export const destinationOf = (packet: Uint8Array): number => u32(packet, 16);

/** More crossings have the wrong address translated than the right one: the files came in the wrong order. */
export function looksSwapped(found: readonly Crossing[]): boolean {
  let right = 0;
  let wrong = 0;
  for (const { direction, lan, wan } of found) {
    const sourceChanged = sourceOf(lan.packet) !== sourceOf(wan.packet);
    const destinationChanged = destinationOf(lan.packet) !== destinationOf(wan.packet);
    if (sourceChanged === destinationChanged) continue;
    if (sourceChanged === (direction === 'outbound')) right++;
    else wrong++;
  }
  return wrong > right;
}

export function workOutSides(
  found: readonly Crossing[],
  lan: readonly SidePacket[],
  wan: readonly SidePacket[],
): Sides {
  const lanHardware = new Votes<number | undefined>();
  const wanHardware = new Votes<number | undefined>();
  const insiders = new Votes<number>();
  const outsideAddress = new Votes<number>();
  let untouched = 0;
  for (const { direction, lan: near, wan: far } of found) {
    const outbound = direction === 'outbound';
    const endOf = outbound ? sourceOf : destinationOf;
    lanHardware.add(outbound ? near.to : near.from);
    wanHardware.add(outbound ? far.from : far.to);
    insiders.add(endOf(near.packet));
    if (endOf(near.packet) !== endOf(far.packet)) outsideAddress.add(endOf(far.packet));
    else if (outbound && [TCP, UDP].includes(near.packet[9]!)) untouched++;
  }
  const hardware = lanHardware.winner;
  const translates = outsideAddress.winner !== undefined || untouched === 0;
  // A router whose translations are not seen may still speak for itself.
  for (const { from, packet } of wan)
    if (translates && from !== undefined && from === wanHardware.winner && !insiders.counts.has(sourceOf(packet)))
      outsideAddress.add(sourceOf(packet));
  const outside = outsideAddress.winner;
  const network = lanOf(insiders, lan, hardware);
  return {
    ...(hardware === undefined ? {} : { lanHardware: hardware }),
    ...(wanHardware.winner === undefined ? {} : { wanHardware: wanHardware.winner }),
    ...(network ? { lan: network } : {}),
    ...(outside === undefined ? {} : { wan: { address: outside, length: 24 } }),
    translates,
    clockOffset: clockOffset(found),
  };
}

/** The network, taken for a /24, that most inside ends belong to, with the router's likely address in it. */
function lanOf(insiders: Votes<number>, lan: readonly SidePacket[], hardware: number | undefined): Prefix | undefined {
  const networks = new Votes<number>();
  for (const [address, count] of insiders.counts) networks.add((address & netmask(24)) >>> 0, count);
  const network = networks.winner;
  if (network === undefined) return undefined;
  const prefix = { address: network, length: 24 };
  const own = lan.find(({ packet, from }) => {
    const source = sourceOf(packet);
    return hardware !== undefined && from === hardware && inPrefix(source, prefix) && !insiders.counts.has(source);
  });
  if (own) return { address: sourceOf(own.packet), length: 24 };
  const free = [network + 1, network + 254].find((address) => !insiders.counts.has(address));
  return { address: free ?? network + 253, length: 24 };
}

/** Clocks that differ by less than this are called the same: packets pass a router no faster than it can be seen. */
const TOLERANCE = 1_000_000n;

/** A packet cannot leave before it came. Where it seems to, both directions are given the same time in the router. */
function clockOffset(found: readonly Crossing[]): bigint {
  const delays = (wanted: Crossing['direction']) =>
    found
      .filter(({ direction }) => direction === wanted)
      .map(({ lan, wan }) => (wanted === 'outbound' ? wan.time - lan.time : lan.time - wan.time));
  const outbound = median(delays('outbound'));
  const inbound = median(delays('inbound'));
  const sound = (outbound ?? 0n) >= -TOLERANCE && (inbound ?? 0n) >= -TOLERANCE;
  if (sound) return 0n;
  if (outbound === undefined) return inbound ?? 0n;
  return inbound === undefined ? -outbound : (inbound - outbound) / 2n;
}

function median(values: readonly bigint[]): bigint | undefined {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[sorted.length >> 1];
}

/** A count for each of several answers. */
export class Votes<T> {
  readonly counts = new Map<T, number>();

  add(value: T, count = 1): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + count);
  }

  /** The value met most often; the first of several. */
  get winner(): T | undefined {
    let best: T | undefined;
    let most = 0;
    for (const [value, count] of this.counts)
      if (count > most) {
        best = value;
        most = count;
      }
    return best;
  }
}

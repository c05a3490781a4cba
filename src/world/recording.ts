/**
 * A recording of a router: what reached it and what it sent, on both sides, sorted out of two captures taken at once.
 * @module
 */
import { firstLayer } from '../capture/link-type.ts';
import type { CapturedPacket } from '../capture/packet.ts';
import { u16 } from '../lib/bytes.ts';
import type { Route } from '../router/config.ts';
import { inPrefix, type Prefix } from '../wire/address.ts';
import { type FoundPacket, ipv4InFrame } from './ipv4-in-frame.ts';
import { crossings, looksSwapped, type SidePacket, type Sides, sourceOf, workOutSides } from './sides.ts';
import { stoodIn } from './stand-in.ts';

export type SideName = 'lan' | 'wan';

export interface RecordedPacket {
  readonly on: SideName;
  /** Its number in its capture, counted from 1. */
  readonly number: number;
  /** Seconds since the recording began. */
  readonly time: number;
  /** An IPv4 packet in its full length. */
  readonly packet: Uint8Array;
  /** So many of its bytes are of the capture, which cut it; others stand in for the rest (`stand-in.ts`). */
  readonly kept?: number;
  /** Captured on the inside only: an answer as its laptop got it, from which is worked out what its server sent. */
  readonly returns?: boolean;
}

export interface Recording {
  /** Nanoseconds since 1970 of its first packet. */
  readonly start: bigint;
  /** What the router was given, in the order in which it came. */
  readonly received: readonly RecordedPacket[];
  /** What the capture cut so that no router could know what to do with it: as much of it as was kept, in order of time. */
  readonly leftOut: readonly RecordedPacket[];
  /** What the router sent, on each side in order: forwarded packets and its own. */
  readonly sent: Readonly<Record<SideName, readonly RecordedPacket[]>>;
  /** `lan`: captured on the inside alone; there is nothing to hold outgoing packets against. */
  readonly sides: 'both' | 'lan';
  /** The router's addresses, as given or as guessed from the packets. */
  readonly lan: Prefix;
  readonly wan: Prefix;
  /** Beyond the two networks themselves and the way out. */
  readonly routes: readonly Route[];
  readonly translates: boolean;
}

/** Why two captures make no recording, after the manner of all messages about users' files. */
export interface RecordingError {
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

export type Recorded =
  | { readonly ok: true; readonly value: Recording }
  | { readonly ok: false; readonly error: RecordingError };

/** What the user says of the router; the rest is guessed. */
export interface KnownAddresses {
  readonly lan?: Prefix;
  readonly wan?: Prefix;
}

type Side =
  | { readonly ok: true; readonly value: readonly SidePacket[] }
  | { readonly ok: false; readonly error: RecordingError };

export function recordingOf(
  lanCapture: Iterable<CapturedPacket>,
  wanCapture: Iterable<CapturedPacket>,
  known: KnownAddresses = {},
): Recorded {
  const lan = sideOf('LAN', lanCapture);
  if (!lan.ok) return lan;
  const wan = sideOf('WAN', wanCapture);
  if (!wan.ok) return wan;
  return recordingOfSides(lan.value, wan.value, known);
}

/** The same from packets that are sorted already. */
export function recordingOfSides(
  lan: readonly SidePacket[],
  wan: readonly SidePacket[],
  known: KnownAddresses,
): Recorded {
  const found = crossings(lan, wan);
  if (looksSwapped(found))
    return refuse('LAN capture and WAN capture', 'the LAN side first', 'two files that look swapped');
  const sides = { ...workOutSides(found, lan, wan), ...known };
  if (!sides.lan || !(sides.wan || !sides.translates) || (found.length === 0 && !sides.wan))
    return refuse(
      'LAN capture and WAN capture',
      'packets that cross from one to the other, or both addresses of the router (--lan and --wan)',
      `${found.length} packets that cross`,
    );
  return assemble(lan, wan, sides, sides.lan, sides.wan ?? NO_ADDRESS);
}

/** Stands for a WAN address that nothing in the recording shows: RFC 7600's dummy. */
const NO_ADDRESS: Prefix = { address: 0xc0000008, length: 32 };

export function refuse(path: string, expected: string, received: string) {
  return { ok: false, error: { path, expected, received } } as const;
}

/** The IPv4 packets of a capture. `name`: which of two it is. */
export function sideOf(name: string | undefined, packets: Iterable<CapturedPacket>): Side {
  const found: SidePacket[] = [];
  for (const { bytes, originalLength, linkType, time, number } of packets) {
    const first = firstLayer(linkType);
    const inside = first && ipv4InFrame(bytes, first);
    if (!inside) continue;
    const path = `${name ? `${name} ` : ''}capture: packet ${number}`;
    if (time === undefined) return refuse(path, 'a time', 'none (it is a Simple Packet Block)');
    const cut = inside.cut && bytes.length < originalLength;
    found.push({ ...(cut ? madeWhole(inside, bytes, originalLength) : inside), number, time });
  }
  return { ok: true, value: found };
}

/** One that was not cut by the capture, and says that it is longer than it is, came so: the router gets it as it is. */
function madeWhole(inside: FoundPacket, frame: Uint8Array, originalLength: number): FoundPacket & Partial<SidePacket> {
  const { packet } = inside;
  const header = packet.byteOffset - frame.byteOffset;
  const whole = u16(packet, 2) <= originalLength - header ? stoodIn(packet) : undefined;
  return whole ? { ...inside, packet: whole, kept: packet.length } : { ...inside, leftOut: true };
}

/** A packet with the side on which it was captured. */
interface Placed {
  readonly on: SideName;
  readonly side: SidePacket;
  readonly returns?: boolean;
}

const on =
  (name: SideName) =>
  (side: SidePacket): Placed => ({ on: name, side });

/** What a router sent is only looked at: however little was kept of it will do. */
function asSent({ leftOut, ...packet }: SidePacket): SidePacket {
  return leftOut ? { ...packet, kept: packet.packet.length } : packet;
}

/** In order of time, and else as they are given: what a router can be given, and what the capture cut too short for that. */
export function inOrder(start: bigint, packets: readonly Placed[]) {
  const sorted = { received: [] as RecordedPacket[], leftOut: [] as RecordedPacket[] };
  for (const { on, side, returns } of packets) {
    const { number, packet, kept, leftOut } = side;
    const time = Number(side.time - start) / 1e9;
    sorted[leftOut ? 'leftOut' : 'received'].push({
      on,
      number,
      time,
      packet,
      ...(kept === undefined ? {} : { kept }),
      ...(returns ? { returns } : {}),
    });
  }
  const byTime = (a: RecordedPacket, b: RecordedPacket) => a.time - b.time;
  return { received: sorted.received.sort(byTime), leftOut: sorted.leftOut.sort(byTime) };
}

/** Where nothing is left that a router could be given. */
export function nothingWhole(path: string, leftOut: number) {
  return refuse(path, 'a whole packet', `${leftOut} packets, and each was cut by the capture before its headers end`);
}

function assemble(
  lan: readonly SidePacket[],
  wan: readonly SidePacket[],
  sides: Sides,
  lanPrefix: Prefix,
  wanPrefix: Prefix,
): Recorded {
  const shifted = wan.map((packet) => ({ ...packet, time: packet.time + sides.clockOffset }));
  const start = [...lan, ...shifted].reduce(
    (least, { time }) => (time < least ? time : least),
    lan[0]?.time ?? wan[0]?.time ?? 0n,
  );
  const byRouter = {
    lan: (packet: SidePacket) =>
      sentByRouter(packet, sides.lanHardware, (source) => source === lanPrefix.address || !inPrefix(source, lanPrefix)),
    wan: (packet: SidePacket) =>
      sentByRouter(packet, sides.wanHardware, (source) => source === wanPrefix.address || inPrefix(source, lanPrefix)),
  };
  const got = [
    ...lan.filter((packet) => !byRouter.lan(packet) && isFor(packet, sides.lanHardware)).map(on('lan')),
    ...shifted.filter((packet) => !byRouter.wan(packet) && isFor(packet, sides.wanHardware)).map(on('wan')),
  ];
  const { received, leftOut } = inOrder(start, got);
  const sent = {
    lan: inOrder(start, lan.filter(byRouter.lan).map(asSent).map(on('lan'))).received,
    wan: inOrder(start, shifted.filter(byRouter.wan).map(asSent).map(on('wan'))).received,
  };
  if (received.length === 0 && leftOut.length > 0) return nothingWhole('LAN capture and WAN capture', leftOut.length);
  if (received.length === 0) return refuse('LAN capture and WAN capture', 'packets that reach the router', 'none');
  const { translates } = sides;
  return {
    ok: true,
    value: { start, received, leftOut, sent, sides: 'both', lan: lanPrefix, wan: wanPrefix, routes: [], translates },
  };
}

/** By hardware address where the link has them, by direction where the capture has it, else by IP address. */
function sentByRouter(packet: SidePacket, router: number | undefined, byAddress: (source: number) => boolean): boolean {
  if (packet.from !== undefined && router !== undefined) return packet.from === router;
  return packet.sentHere ?? byAddress(sourceOf(packet.packet));
}

/** On a network of several hosts, what they send each other is none of the router's business. */
function isFor(packet: SidePacket, router: number | undefined): boolean {
  return packet.to === undefined || router === undefined || packet.to === router;
}

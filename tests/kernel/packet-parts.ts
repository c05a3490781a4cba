/** Parts of packets as comparing them needs: pieces and their sum, sums and their updates, time stamps. @module */
import { putU16, putU32, u16, u32 } from '../../src/lib/bytes.ts';
import { crc32c, fold } from '../../src/wire/checksum.ts';

const DAY_MS = 86_400_000;
/** The two routers are asked within this much of each other. */
const CLOCK_SLACK_MS = 60_000;

export function firstDifference(left: Uint8Array, right: Uint8Array): number {
  return left.findIndex((byte, at) => byte !== right[at]);
}

export function headerLength(packet: Uint8Array): number {
  return (packet[0]! & 15) * 4;
}

/** Indices of packets that are pieces of one datagram, and of single ones. */
export function groups(packets: readonly Uint8Array[]): number[][] {
  const found = new Map<string, number[]>();
  for (const [i, packet] of packets.entries()) {
    const piece = packet.length >= 20 && (u16(packet, 6) & 0x3fff) !== 0;
    const key = piece ? `${u16(packet, 4)} ${u32(packet, 12)} ${u32(packet, 16)} ${packet[9]}` : `single ${i}`;
    found.set(key, [...(found.get(key) ?? []), i]);
  }
  return [...found.values()];
}

export function body(pieces: readonly Uint8Array[]): Uint8Array {
  const parts = pieces.map((piece) => piece.subarray(headerLength(piece)));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Where the time stamp option has its four-byte slots. */
export function timeStamps(packet: Uint8Array, headerEnd: number): number[] {
  const found: number[] = [];
  for (let at = 20; at < headerEnd; ) {
    const kind = packet[at]!;
    const length = kind === 1 ? 1 : (packet[at + 1] ?? 0);
    if (kind === 0 || length < 1) break;
    if (kind === 68) for (let slot = at + 4; slot + 4 <= Math.min(at + length, headerEnd); slot += 4) found.push(slot);
    at += length;
  }
  return found;
}

/** Milliseconds since midnight: near enough is the same. */
export function copyTime(left: Uint8Array, right: Uint8Array, at: number): void {
  const apart = Math.abs(u32(left, at) - u32(right, at));
  if (Math.min(apart, DAY_MS - apart) < CLOCK_SLACK_MS) putU32(right, at, u32(left, at));
}

export function adjust(bytes: Uint8Array, at: number, before: number, after: number): void {
  if (before === after) return;
  putU16(bytes, at, ~fold((~u16(bytes, at) & 0xffff) + (~fold(before) & 0xffff) + fold(after)) & 0xffff);
}

export function isZero(sum: number): boolean {
  return sum === 0 || sum === 0xffff;
}

export function crcOf(payload: Uint8Array): number {
  const blank = payload.slice();
  blank.fill(0, 8, 12);
  const crc = crc32c(blank);
  return (((crc & 255) << 24) | ((crc & 0xff00) << 8) | ((crc >>> 8) & 0xff00) | (crc >>> 24)) >>> 0;
}

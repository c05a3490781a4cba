/** What connection tracking reads in an SCTP packet: its tag, its checksum and its chunks (RFC 9260 §3). @module */
import { i32, u16 } from '../../lib/bytes.ts';
import { COOKIE_ACK, COOKIE_ECHO, crcOf, INIT, INIT_ACK, SHUTDOWN_COMPLETE } from '../../wire/sctp.ts';
import type { Packet } from '../packet.ts';

/** Chunk's T bit: the tag is the receiver's own (RFC 9260 §8.5.1). */
export const T_BIT = 1;

export const tagOf = (packet: Packet): number => i32(packet.bytes, packet.headerLength + 4);

export function crcRight(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  const carried = (bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24)) >>> 0;
  return carried === crcOf(bytes, at, packet.length);
}

/** Calls `each` with the offset of every chunk header; a length of 0 is ruled out by `chunksSane`. */
export function forEachChunk(packet: Packet, each: (at: number, index: number) => boolean): void {
  let index = 0;
  for (let at = packet.headerLength + 12; at + 4 <= packet.length; index++) {
    if (!each(at, index)) return;
    at += (u16(packet.bytes, at + 2) + 3) & ~3;
  }
}

/** INIT, INIT ACK and SHUTDOWN COMPLETE travel alone; cookies come first; lengths are never 0. */
export function chunksSane(packet: Packet, types: Set<number>): boolean {
  let alone = false;
  let count = 0;
  let sane = true;
  forEachChunk(packet, (at, index) => {
    const type = packet.bytes[at]!;
    if (type === INIT || type === INIT_ACK || type === SHUTDOWN_COMPLETE) alone = true;
    const first = type === COOKIE_ACK || type === COOKIE_ECHO || alone;
    sane = !(first && index !== 0) && u16(packet.bytes, at + 2) !== 0;
    types.add(type);
    count = index + 1;
    return sane;
  });
  return sane && count > 0;
}

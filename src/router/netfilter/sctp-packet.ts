/** What connection tracking reads in an SCTP packet: its tag, its checksum and its chunks (RFC 9260 §3). @module */
import { i32, u16 } from '../../lib/bytes.ts';
import { crc32cFinish, crc32cUpdate } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';

/** Chunk types that matter here. */
export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const HEARTBEAT = 4;
export const HEARTBEAT_ACK = 5;
export const ABORT = 6;
export const SHUTDOWN = 7;
export const SHUTDOWN_ACK = 8;
export const ERROR = 9;
export const COOKIE_ECHO = 10;
export const COOKIE_ACK = 11;
export const SHUTDOWN_COMPLETE = 14;

/** Chunk's T bit: the tag is the receiver's own (RFC 9260 §8.5.1). */
export const T_BIT = 1;

export const tagOf = (packet: Packet): number => i32(packet.bytes, packet.headerLength + 4);

const ZEROS = new Uint8Array(4);

/** CRC32c over the packet with the field as zero; on the wire least significant byte first. */
export function sctpCrc(bytes: Uint8Array, at: number, end: number): number {
  let crc = crc32cUpdate(0xffffffff, bytes, at, at + 8);
  crc = crc32cUpdate(crc, ZEROS, 0, 4);
  return crc32cFinish(crc32cUpdate(crc, bytes, at + 12, end));
}

export function crcRight(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  const carried = (bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24)) >>> 0;
  return carried === sctpCrc(bytes, at, packet.length);
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

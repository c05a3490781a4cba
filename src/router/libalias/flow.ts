/**
 * What of a packet names its flow, and how the packet is given another address and key.
 * @module
 */
import { i32, u16, u32 } from '../../lib/bytes.ts';
import { rewrite, type Side } from '../netfilter/rewrite.ts';
import { GRE, ICMP, TCP, Tuple, UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import type { Peer } from '../reason.ts';

/** No protocol of IP's that is in use: nothing but the addresses is rewritten. */
const ADDRESSES_ALONE = 255;

/** ICMP queries that libalias links, and their answers: echo and timestamp. */
const QUERIES = new Set([0, 8, 13, 14]);
/** ICMP errors that it reads: unreachable, source quench, time exceeded, parameter problem. A redirect is none. */
const ERRORS = new Set([3, 4, 11, 12]);

/** PPTP's GRE (RFC 2637 §4.1): version 1, key, no checksum, with or without sequence and acknowledgment numbers. */
const CALL_MASK = 0xef7fffff;
const CALL_SHAPE = 0x2001880b;

export const isLaterPiece = (packet: Packet): boolean => (u16(packet.bytes, 6) & 0x1fff) !== 0;
export const hasMorePieces = (packet: Packet): boolean => (packet.bytes[6]! & 0x20) !== 0;
export const pieceId = (packet: Packet): number => u16(packet.bytes, 4);

export const isCallData = ({ bytes, headerLength: at, dataLength }: Packet): boolean =>
  dataLength >= 8 && (u32(bytes, at) & CALL_MASK) >>> 0 === CALL_SHAPE;
export const callIdOf = ({ bytes, headerLength: at }: Packet): number => u16(bytes, at + 6);

export const isQuery = ({ bytes, headerLength: at, dataLength }: Packet): boolean =>
  dataLength >= 8 && QUERIES.has(bytes[at]!);
export const isError = ({ bytes, headerLength: at, dataLength }: Packet): boolean =>
  dataLength >= 8 && ERRORS.has(bytes[at]!);

/** Whether the header is there that holds what must be read and written. */
export function isWhole({ protocol, dataLength }: Packet): boolean {
  return protocol === TCP ? dataLength >= 20 : protocol === UDP || protocol === ICMP ? dataLength >= 8 : true;
}

export const hasPorts = (protocol: number): boolean => protocol === TCP || protocol === UDP;

/** As on the wire: ports of TCP and UDP, an ICMP query's id on the side where it is told apart, else 0. */
export function outKeysOf({ protocol, bytes, headerLength: at }: Packet): number {
  return hasPorts(protocol) ? i32(bytes, at) : protocol === ICMP ? u16(bytes, at + 4) << 16 : 0;
}

export function inKeysOf({ protocol, bytes, headerLength: at }: Packet): number {
  return hasPorts(protocol) ? i32(bytes, at) : protocol === ICMP ? u16(bytes, at + 4) : 0;
}

const target = new Tuple();

/**
 * Writes address and key on one side; checksums that were right stay right. `numbered`: whether there is a key to write,
 * which of GRE is the receiver's Call ID.
 */
export function place(packet: Packet, side: Side, address: number, key: number, numbered: boolean): void {
  const keys = (key << 16) | key;
  target.set(address, address, numbered ? packet.protocol : ADDRESSES_ALONE, keys);
  rewrite(packet.bytes, 0, packet.length, target, side);
}

/** Address and key of one side as the bytes have them now. */
export function peer(packet: Packet, side: Side, numbered: boolean): Peer {
  const { bytes, headerLength: at, protocol } = packet;
  const address = (side === 'source' ? packet.source : packet.destination) >>> 0;
  if (!numbered) return { address, key: 0 };
  if (protocol === ICMP) return { address, key: u16(bytes, at + 4) };
  if (protocol === GRE) return { address, key: side === 'destination' ? u16(bytes, at + 6) : 0 };
  return { address, key: u16(bytes, at + (side === 'source' ? 0 : 2)) };
}

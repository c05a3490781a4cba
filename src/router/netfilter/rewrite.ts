/**
 * Changes addresses and keys in a packet's bytes, and repairs the checksums that cover them.
 * The same code serves a packet and one that an ICMP error quotes; of a quotation only what is there is touched.
 * Source: Linux nf_nat_proto.c (nf_nat_ipv4_manip_pkt and its *_manip_pkt).
 * @module
 */
import { i32, putU16, putU32, u16 } from '../../lib/bytes.ts';
import { update16, update32 } from '../../wire/checksum.ts';
import { crcOf } from '../../wire/sctp.ts';
import { GRE, ICMP, SCTP, TCP, type Tuple, UDP, UDPLITE } from './tuple.ts';

export type Side = 'source' | 'destination';

/** ICMP types that carry an id. */
const ICMP_QUERIES = new Set([0, 8, 13, 14, 15, 16, 17, 18]);

/**
 * Gives the IPv4 packet at `at`, ending at `end`, the address and key that `target` has on `side`.
 * Answers false where bytes that must be written are missing; the packet cannot go on then.
 */
export function rewrite(bytes: Uint8Array, at: number, end: number, target: Tuple, side: Side): boolean {
  if (at + 20 > end) return false;
  const data = at + ((bytes[at]! & 15) << 2);
  if (!rewriteTransport(bytes, at, data, end, target, side)) return false;
  const field = at + (side === 'source' ? 12 : 16);
  const address = side === 'source' ? target.source : target.destination;
  putU16(bytes, at + 10, update32(u16(bytes, at + 10), i32(bytes, field), address));
  putU32(bytes, field, address);
  return true;
}

/** Bytes after the IP header that must be there, by protocol: the kernel drops what is shorter. */
export function bytesNeeded(protocol: number, available: number): number {
  switch (protocol) {
    case TCP:
      return available >= 20 ? 20 : 8;
    case SCTP:
      return available >= 12 ? 12 : 8;
    case UDP:
    case UDPLITE:
    case ICMP:
    case GRE:
      return 8;
    default:
      return 0;
  }
}

function rewriteTransport(
  bytes: Uint8Array,
  at: number,
  data: number,
  end: number,
  target: Tuple,
  side: Side,
): boolean {
  if (data + bytesNeeded(target.protocol, end - data) > end) return false;
  const key = side === 'source' ? target.sourceKey : target.destinationKey;
  const port = data + (side === 'source' ? 0 : 2);
  switch (target.protocol) {
    case TCP:
      if (end - data >= 20) fixChecksum(bytes, data + 16, at, port, target, side);
      putU16(bytes, port, key);
      return true;
    case UDP:
      if (u16(bytes, data + 6) !== 0) fixUdp(bytes, data + 6, at, port, target, side);
      putU16(bytes, port, key);
      return true;
    case UDPLITE:
      fixUdp(bytes, data + 6, at, port, target, side);
      putU16(bytes, port, key);
      return true;
    case SCTP:
      putU16(bytes, port, key);
      if (end - data >= 12) writeCrc(bytes, data, end);
      return true;
    case ICMP:
      if (ICMP_QUERIES.has(bytes[data]!)) rewriteIcmpId(bytes, data, target.sourceKey);
      return true;
    case GRE:
      return rewriteCallId(bytes, data, target, side);
    default:
      return true;
  }
}

/** Takes old address and port out of the checksum at `field`, and the new ones in. */
function fixChecksum(bytes: Uint8Array, field: number, at: number, port: number, target: Tuple, side: Side): void {
  const address = side === 'source' ? target.source : target.destination;
  const key = side === 'source' ? target.sourceKey : target.destinationKey;
  const old = i32(bytes, at + (side === 'source' ? 12 : 16));
  putU16(bytes, field, update16(update32(u16(bytes, field), old, address), u16(bytes, port), key));
}

function fixUdp(bytes: Uint8Array, field: number, at: number, port: number, target: Tuple, side: Side): void {
  fixChecksum(bytes, field, at, port, target, side);
  // RFC 768: 0 on the wire means "no checksum".
  if (u16(bytes, field) === 0) putU16(bytes, field, 0xffff);
}

/** SCTP's CRC covers the ports, so it is computed anew (RFC 9260 appendix A), least significant byte first. */
function writeCrc(bytes: Uint8Array, data: number, end: number): void {
  const crc = crcOf(bytes, data, end);
  bytes[data + 8] = crc;
  bytes[data + 9] = crc >>> 8;
  bytes[data + 10] = crc >>> 16;
  bytes[data + 11] = crc >>> 24;
}

function rewriteIcmpId(bytes: Uint8Array, data: number, id: number): void {
  putU16(bytes, data + 2, update16(u16(bytes, data + 2), u16(bytes, data + 4), id));
  putU16(bytes, data + 4, id);
}

/** A GRE packet carries only the receiver's Call ID, so only the destination side has something to write. */
function rewriteCallId(bytes: Uint8Array, data: number, target: Tuple, side: Side): boolean {
  if (side === 'source') return true;
  const version = bytes[data + 1]! & 7;
  if (version === 1) putU16(bytes, data + 6, target.destinationKey);
  return version <= 1;
}

/**
 * A tuple names one direction of a flow: addresses, protocol and the two keys that protocol has.
 *
 * Keys are ports (TCP, UDP, UDP-Lite, SCTP), the ICMP id with type and code, GRE keys, or 0 for protocols without
 * ports. Both share one word: source key in the high half, destination key in the low half.
 * Source: Linux nf_conntrack_core.c nf_ct_get_tuple, nf_ct_invert_tuple; nf_conntrack_proto_{icmp,gre}.c.
 * @module
 */
import { i32, u16 } from '../../lib/bytes.ts';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const GRE = 47;
export const SCTP = 132;
export const UDPLITE = 136;

/** Mutable on purpose: one is filled in again and again on the hot path. Addresses are signed 32-bit. */
export class Tuple {
  source = 0;
  destination = 0;
  protocol = 0;
  keys = 0;

  set(source: number, destination: number, protocol: number, keys: number): this {
    this.source = source | 0;
    this.destination = destination | 0;
    this.protocol = protocol;
    this.keys = keys | 0;
    return this;
  }

  copy(other: Tuple): this {
    return this.set(other.source, other.destination, other.protocol, other.keys);
  }

  equals(other: Tuple): boolean {
    return (
      this.source === other.source &&
      this.destination === other.destination &&
      this.protocol === other.protocol &&
      this.keys === other.keys
    );
  }

  get sourceKey(): number {
    return this.keys >>> 16;
  }

  get destinationKey(): number {
    return this.keys & 0xffff;
  }

  setKeys(sourceKey: number, destinationKey: number): void {
    this.keys = (sourceKey << 16) | destinationKey;
  }

  /** Becomes the other direction of `other`. Answers false where there is none (ICMP types that get no reply). */
  invert(other: Tuple): boolean {
    const keys = other.protocol === ICMP ? invertIcmpKeys(other.keys) : (other.keys << 16) | (other.keys >>> 16);
    if (keys === undefined) return false;
    this.set(other.destination, other.source, other.protocol, keys);
    return true;
  }
}

/** Query types and their answers: echo, timestamp, information, address mask. */
const ICMP_ANSWER = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
]);

function invertIcmpKeys(keys: number): number | undefined {
  const answer = ICMP_ANSWER.get((keys >>> 8) & 0xff);
  return answer === undefined ? undefined : (keys & 0xffff00ff) | (answer << 8);
}

/** Finds the source key of a PPTP GRE packet, which its header does not carry: the key map of the PPTP helper. */
export type GreKeyLookup = (source: number, destination: number, destinationKey: number) => number;

/**
 * Reads the tuple of the IPv4 packet at `at` (header of `headerLength` bytes), whose bytes end at `end`.
 * Answers false where the protocol's first bytes are missing or cannot be tracked.
 */
export function readTuple(
  bytes: Uint8Array,
  at: number,
  headerLength: number,
  end: number,
  into: Tuple,
  greKey: GreKeyLookup | undefined,
): boolean {
  const protocol = bytes[at + 9]!;
  const data = at + headerLength;
  into.source = i32(bytes, at + 12);
  into.destination = i32(bytes, at + 16);
  into.protocol = protocol;
  into.keys = 0;
  switch (protocol) {
    case TCP:
    case UDP:
    case SCTP:
    case UDPLITE:
      if (data + 4 > end) return false;
      into.keys = i32(bytes, data);
      return true;
    case ICMP:
      if (data + 8 > end) return false;
      into.keys = (u16(bytes, data + 4) << 16) | u16(bytes, data);
      return true;
    case GRE:
      return greKey === undefined || readGreKeys(bytes, data, end, into, greKey);
    default:
      return true;
  }
}

/** Version 0 is tracked by addresses alone; version 1 by the Call ID it carries, which is the receiver's. */
function readGreKeys(bytes: Uint8Array, data: number, end: number, into: Tuple, greKey: GreKeyLookup): boolean {
  if (data + 4 > end || (bytes[data + 1]! & 7) !== 1) return true;
  if (data + 8 > end) return true;
  if (u16(bytes, data + 2) !== 0x880b) return false;
  const callId = u16(bytes, data + 6);
  into.setKeys(greKey(into.source, into.destination, callId), callId);
  return true;
}

/**
 * One record of the connection table: 32 words, two cache lines. Where each thing is, and the bits of its status.
 * @module
 */

export const WORDS = 32;

/** Of the original tuple; the reply tuple's are `REPLY` words further. */
export const SRC = 0;
export const DST = 1;
export const KEYS = 2;
export const REPLY = 3;
/**
 * Lowest nine bits: the protocol, which is IP's and one bit more (`SORTED`). The rest: one more than the index of the
 * interface it was masqueraded on.
 */
export const PROTOCOL = 6;
export const PROTOCOL_BITS = 9;
export const PROTOCOL_MASK = (1 << PROTOCOL_BITS) - 1;
export const STATUS = 7;
/** Next node of the tuple's chain, one word a direction. */
export const CHAIN = 8;
export const NEXT_BY_SOURCE = 10;
export const MASTER = 11;
export const SERIAL = 12;
export const PREVIOUS_BY_OUTSIDE = 13;
export const NEXT_BY_OUTSIDE = 14;
export const PREVIOUS_BY_SOURCE = 15;
/** From here on the protocol's own state. */
export const PROTOCOL_STATE = 16;

/** Bits of `STATUS`, after Linux's IPS_*. */
export const SEEN_REPLY = 1;
export const ASSURED = 2;
export const CONFIRMED = 4;
export const SOURCE_NAT = 8;
export const DESTINATION_NAT = 16;
export const SOURCE_NAT_DONE = 32;
export const DESTINATION_NAT_DONE = 64;
export const EXPECTED = 128;
/** In use, and not buried. */
export const LIVE = 256;
/** A helper (ALG) reads this connection. */
export const HELPED = 512;
export const NAT_MASK = SOURCE_NAT | DESTINATION_NAT;

export const ORIGINAL = 0;
export const REPLY_DIRECTION = 1;

/** Mixes four words into 32 bits (the finaliser of MurmurHash3). */
export function hash(a: number, b: number, keys: number, protocol: number): number {
  let h = Math.imul(a ^ Math.imul(keys, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(b + protocol, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}

/**
 * One link of libalias: who inside talks with whom outside, under which alias. 24 words; where each thing is.
 *
 * Keys are as on the wire, source in the high half: `OUT_KEYS` of a packet that leaves, `IN_KEYS` of one that comes in.
 * They are ports, the id of an ICMP query, a Call ID, or 0 for protocols without any of these.
 * @module
 */

export const WORDS = 24;

export const INSIDE = 0;
export const REMOTE = 1;
export const ALIAS = 2;
export const OUT_KEYS = 3;
export const IN_KEYS = 4;
export const KIND = 5;
/** A call: the server's Call ID, −1 while unknown. Pieces: the address that gets them. */
export const PEER = 6;
/** Whole seconds, as libalias counts. */
export const USED = 7;
/** Seconds it may be idle; `PERMANENT` for ever. */
export const LIFE = 8;
export const STATE = 9;
export const SERIAL = 10;
/** Rises with every link made, and with every call whose second number is learnt: the highest is the newest. */
export const ORDER = 11;
export const NEXT_OUT = 12;
export const PREVIOUS_OUT = 13;
export const NEXT_IN = 14;
export const PREVIOUS_IN = 15;
/** Links that packets from outside cannot tell apart, newest first. */
export const OLDER = 16;
export const NEWER = 17;
export const NEXT_SPOKE = 18;
export const PREVIOUS_SPOKE = 19;
/** Calls whose server's number is known are found by it too. */
export const NEXT_CALL_OUT = 20;
export const PREVIOUS_CALL_OUT = 21;
export const NEXT_CALL_IN = 22;
export const PREVIOUS_CALL_IN = 23;

export const PERMANENT = -1;

/** Kinds of link: an IP protocol, or one of these. */
export const PIECES = 256;
export const CALL = 257;

/** Bits of `STATE`. The lowest four: how far TCP has got, two bits a side. */
export const SEEN_OUT = 16;
export const SEEN_IN = 32;
export const LIVE = 64;

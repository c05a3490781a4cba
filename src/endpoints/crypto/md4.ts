/**
 * MD4, RFC 1320: the hash under MS-CHAP passwords. Broken as a hash, and here only because the protocol asks for it.
 * @module
 */

const SHIFTS = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;

/** The order in which each round takes the block's sixteen words (RFC 1320 §3.4). */
const ORDERS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;

/** Square roots of 2 and 3, scaled (RFC 1320 §3.4). */
const CONSTANTS = [0, 0x5a827999, 0x6ed9eba1] as const;

export function md4(message: Uint8Array): Uint8Array {
  const input = new DataView(pad(message).buffer);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const words = new Int32Array(16);
  for (let at = 0; at < input.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = input.getInt32(at + 4 * i, true);
    mixIn(state, words);
  }
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  state.forEach((word, index) => {
    out.setInt32(4 * index, word, true);
  });
  return digest;
}

/** A one bit, zeros to 56 modulo 64, then the length in bits, low word first. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const out = new DataView(padded.buffer);
  out.setUint32(padded.length - 8, message.length << 3, true);
  out.setUint32(padded.length - 4, message.length >>> 29, true);
  return padded;
}

function mixIn(state: Int32Array, words: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let step = 0; step < 48; step++) {
    const round = step >> 4;
    const word = words[ORDERS[round]![step & 15]!]!;
    const sum = (a + choose(round, b, c, d) + word + CONSTANTS[round]!) | 0;
    const shift = SHIFTS[round]![step & 3]!;
    a = d;
    d = c;
    c = b;
    b = (sum << shift) | (sum >>> (32 - shift));
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

/** F, G and H of RFC 1320: choose, majority, parity. */
function choose(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & y) | (x & z) | (y & z);
  return x ^ y ^ z;
}

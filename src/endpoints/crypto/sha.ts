/**
 * SHA-1 and SHA-256 (FIPS 180-4), and HMAC over them (RFC 2104). Works in place: keys are derived by a hundred short
 * HMACs a handshake, for each of which noble makes three objects.
 * @module
 */
import { i32, putU32 } from '../../lib/bytes.ts';

const BLOCK = 64;
/** The length of what was hashed stands at the end of the last block. */
const LENGTH_AT = BLOCK - 8;

interface Hash {
  readonly start: Int32Array;
  /** Takes a block of `bytes` into the state. */
  readonly compress: (bytes: Uint8Array, at: number) => void;
}

/** §5.3.1 and §5.3.3. */
const SHA1: Hash = {
  start: Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0),
  compress: compress1,
};
const SHA256: Hash = {
  // biome-ignore format: constants of one kind
  start: Int32Array.of(
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ),
  compress: compress256,
};

export const sha1 = (data: Uint8Array): Uint8Array => digest(SHA1, data);
export const sha256 = (data: Uint8Array): Uint8Array => digest(SHA256, data);
export const hmacSha1 = (key: Uint8Array, data: Uint8Array): Uint8Array => hmac(SHA1, key, data);
export const hmacSha256 = (key: Uint8Array, data: Uint8Array): Uint8Array => hmac(SHA256, key, data);

const state = new Int32Array(8);
const pad = new Uint8Array(BLOCK);
const tail = new Uint8Array(2 * BLOCK);

function digest(hash: Hash, data: Uint8Array): Uint8Array {
  state.set(hash.start);
  return finish(hash, data, 0);
}

function hmac(hash: Hash, key: Uint8Array, data: Uint8Array): Uint8Array {
  const short = key.length > BLOCK ? digest(hash, key) : key;
  const inner = finishPadded(hash, short, 0x36, data);
  return finishPadded(hash, short, 0x5c, inner);
}

function finishPadded(hash: Hash, key: Uint8Array, bits: number, data: Uint8Array): Uint8Array {
  pad.fill(0);
  pad.set(key);
  for (let i = 0; i < BLOCK; i++) pad[i]! ^= bits;
  state.set(hash.start);
  hash.compress(pad, 0);
  return finish(hash, data, BLOCK);
}

/** Takes in the rest of what is hashed, after `before` bytes. */
function finish(hash: Hash, data: Uint8Array, before: number): Uint8Array {
  let at = 0;
  for (; at + BLOCK <= data.length; at += BLOCK) hash.compress(data, at);
  // §5.1.1: a bit that is set, zeros, and the length in bits.
  const left = data.length - at;
  tail.fill(0);
  for (let i = 0; i < left; i++) tail[i] = data[at + i]!;
  tail[left] = 0x80;
  const last = left < LENGTH_AT ? 0 : BLOCK;
  putU32(tail, last + LENGTH_AT + 4, (before + data.length) * 8);
  for (let block = 0; block <= last; block += BLOCK) hash.compress(tail, block);
  const out = new Uint8Array(4 * hash.start.length);
  for (let i = 0; i < hash.start.length; i++) putU32(out, 4 * i, state[i]!);
  return out;
}

const schedule = new Int32Array(80);

/** §6.1.2 */
function compress1(bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = i32(bytes, at + 4 * t);
  for (let t = 16; t < 80; t++)
    schedule[t] = left(schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!, 1);
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let t = 0; t < 80; t++) {
    const next = (left(a, 5) + chosen(t, b, c, d) + e + schedule[t]!) | 0;
    e = d;
    d = c;
    c = left(b, 30);
    b = a;
    a = next;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

/** §4.1.1 and §4.2.1: each twenty steps have a function and a constant. */
function chosen(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** §4.2.2 */
// biome-ignore format: constants of one kind
const CONSTANTS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** §6.2.2 */
function compress256(bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = i32(bytes, at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const early = schedule[t - 15]!;
    const late = schedule[t - 2]!;
    const low = right(early, 7) ^ right(early, 18) ^ (early >>> 3);
    const high = right(late, 17) ^ right(late, 19) ^ (late >>> 10);
    schedule[t] = high + schedule[t - 7]! + low + schedule[t - 16]!;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + chosen + CONSTANTS[t]! + schedule[t]!) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + most;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

const left = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));
const right = (bits: number, by: number): number => (bits >>> by) | (bits << (32 - by));

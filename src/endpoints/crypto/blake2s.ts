/**
 * BLAKE2s (RFC 7693), plain, with a key, and with HMAC around it as Noise has it. Works in place: a run of WireGuard
 * hashes a few hundred times, and what noble makes for each step is a third of all that such a run leaves to collect.
 * @module
 */
import { concat } from '../../lib/bytes.ts';
import { putWord, word } from './words.ts';

const HASH_LEN = 32;
const BLOCK = 64;
const NO_KEY = new Uint8Array(0);

/** §2.6: as SHA-256 begins. */
// biome-ignore format: constants of one kind
const START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);

/** §2.7: the order in which each round takes the words of a block. */
// biome-ignore format: a round a line
const ORDERS = Uint8Array.of(
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
);

const state = new Int32Array(8);
/** The work vector and the block, between `compress` and `mix`. */
const v = new Int32Array(16);
const m = new Int32Array(16);

/** `key`: at most 32 bytes. */
export function blake2s(data: Uint8Array, key: Uint8Array = NO_KEY, length = HASH_LEN): Uint8Array {
  // §2.9: a key is a block of its own, before all others.
  const input = key.length === 0 ? data : concat(filled(key), data);
  state.set(START);
  state[0]! ^= 0x01010000 ^ (key.length << 8) ^ length;
  let at = 0;
  for (; at + BLOCK < input.length; at += BLOCK) compress(input, at, at + BLOCK, false);
  compress(filled(input.subarray(at)), 0, input.length, true);
  const out = new Uint8Array(HASH_LEN);
  for (let i = 0; i < 8; i++) putWord(out, 4 * i, state[i]!);
  return out.subarray(0, length);
}

/** RFC 2104. `key`: at most 64 bytes. */
export function hmacBlake2s(key: Uint8Array, data: Uint8Array): Uint8Array {
  const inner = blake2s(concat(padded(key, 0x36), data));
  return blake2s(concat(padded(key, 0x5c), inner));
}

function padded(key: Uint8Array, pad: number): Uint8Array {
  const block = filled(key);
  for (let i = 0; i < BLOCK; i++) block[i]! ^= pad;
  return block;
}

/** A whole block, zeros at its end. */
function filled(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(bytes);
  return block;
}

/** §3.2. `taken`: bytes hashed with this block. */
function compress(bytes: Uint8Array, at: number, taken: number, isLast: boolean): void {
  for (let i = 0; i < 16; i++) m[i] = word(bytes, at + 4 * i);
  v.set(state);
  v.set(START, 8);
  v[12]! ^= taken;
  if (isLast) v[14] = ~v[14]!;
  for (let order = 0; order < ORDERS.length; order += 16) {
    mix(0, 4, 8, 12, order);
    mix(1, 5, 9, 13, order + 2);
    mix(2, 6, 10, 14, order + 4);
    mix(3, 7, 11, 15, order + 6);
    mix(0, 5, 10, 15, order + 8);
    mix(1, 6, 11, 12, order + 10);
    mix(2, 7, 8, 13, order + 12);
    mix(3, 4, 9, 14, order + 14);
  }
  for (let i = 0; i < 8; i++) state[i]! ^= v[i]! ^ v[i + 8]!;
}

/** §3.1, with the names used there. */
function mix(ia: number, ib: number, ic: number, id: number, order: number): void {
  let a = v[ia]!;
  let b = v[ib]!;
  let c = v[ic]!;
  let d = v[id]!;
  a = (a + b + m[ORDERS[order]!]!) | 0;
  d = turn(d ^ a, 16);
  c = (c + d) | 0;
  b = turn(b ^ c, 12);
  a = (a + b + m[ORDERS[order + 1]!]!) | 0;
  d = turn(d ^ a, 8);
  c = (c + d) | 0;
  b = turn(b ^ c, 7);
  v[ia] = a;
  v[ib] = b;
  v[ic] = c;
  v[id] = d;
}

const turn = (bits: number, by: number): number => (bits >>> by) | (bits << (32 - by));

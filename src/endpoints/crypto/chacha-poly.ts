/**
 * ChaCha20-Poly1305 (RFC 8439) with nonces of 12 bytes. Works in place: what it seals are mostly small packets, of which
 * each would leave two dozen of noble's objects behind.
 * @module
 */
import { equal } from '../../lib/bytes.ts';
import { poly1305, TAG_LEN } from './poly1305.ts';
import { putWord, word } from './words.ts';

const BLOCK = 64;
/** "expand 32-byte k" */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
/** Where a block's number stands. */
const COUNTER = 12;

const start = new Int32Array(16);
const state = new Int32Array(16);
const keyStream = new Uint8Array(BLOCK);

/** Answers ciphertext and tag; the tag covers `associated` as well. */
export function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
  begin(key, nonce);
  const out = new Uint8Array(plain.length + TAG_LEN);
  const macKey = firstHalfBlock();
  const text = out.subarray(0, plain.length);
  crypt(plain, text);
  out.set(tag(macKey, associated, text), plain.length);
  return out;
}

/** Answers the plain text, or undefined where the tag is not right. */
export function open(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < TAG_LEN) return undefined;
  begin(key, nonce);
  const text = sealed.subarray(0, sealed.length - TAG_LEN);
  if (!equal(tag(firstHalfBlock(), associated, text), sealed.subarray(text.length))) return undefined;
  const plain = new Uint8Array(text.length);
  crypt(text, plain);
  return plain;
}

/** §2.3: constants, key, the number of the block, nonce. */
function begin(key: Uint8Array, nonce: Uint8Array): void {
  start.set(CONSTANTS);
  for (let i = 0; i < 8; i++) start[4 + i] = word(key, 4 * i);
  start[COUNTER] = 0;
  for (let i = 0; i < 3; i++) start[13 + i] = word(nonce, 4 * i);
}

/** §2.6: the key of the tag. */
function firstHalfBlock(): Uint8Array {
  nextBlock();
  return keyStream.slice(0, BLOCK / 2);
}

function crypt(text: Uint8Array, into: Uint8Array): void {
  for (let from = 0; from < text.length; from += BLOCK) {
    nextBlock();
    const to = Math.min(from + BLOCK, text.length);
    for (let at = from; at < to; at++) into[at] = text[at]! ^ keyStream[at - from]!;
  }
}

/** §2.8: over both texts and their lengths. */
function tag(key: Uint8Array, associated: Uint8Array, text: Uint8Array): Uint8Array {
  const lengths = new Uint8Array(16);
  putWord(lengths, 0, associated.length);
  putWord(lengths, 8, text.length);
  return poly1305(key, associated, text, lengths);
}

/** Ten times the two rounds of §2.3: quarter rounds over the columns of a square of words, then over its diagonals. */
// biome-ignore format: a quarter round a line
function nextBlock(): void {
  let
    x0 = start[0]!, x1 = start[1]!, x2 = start[2]!, x3 = start[3]!, x4 = start[4]!, x5 = start[5]!,
    x6 = start[6]!, x7 = start[7]!, x8 = start[8]!, x9 = start[9]!, x10 = start[10]!, x11 = start[11]!,
    x12 = start[12]!, x13 = start[13]!, x14 = start[14]!, x15 = start[15]!;
  for (let round = 0; round < 10; round++) {
    x0 = (x0 + x4) | 0; x12 = turn(x12 ^ x0, 16); x8 = (x8 + x12) | 0; x4 = turn(x4 ^ x8, 12); x0 = (x0 + x4) | 0; x12 = turn(x12 ^ x0, 8); x8 = (x8 + x12) | 0; x4 = turn(x4 ^ x8, 7);
    x1 = (x1 + x5) | 0; x13 = turn(x13 ^ x1, 16); x9 = (x9 + x13) | 0; x5 = turn(x5 ^ x9, 12); x1 = (x1 + x5) | 0; x13 = turn(x13 ^ x1, 8); x9 = (x9 + x13) | 0; x5 = turn(x5 ^ x9, 7);
    x2 = (x2 + x6) | 0; x14 = turn(x14 ^ x2, 16); x10 = (x10 + x14) | 0; x6 = turn(x6 ^ x10, 12); x2 = (x2 + x6) | 0; x14 = turn(x14 ^ x2, 8); x10 = (x10 + x14) | 0; x6 = turn(x6 ^ x10, 7);
    x3 = (x3 + x7) | 0; x15 = turn(x15 ^ x3, 16); x11 = (x11 + x15) | 0; x7 = turn(x7 ^ x11, 12); x3 = (x3 + x7) | 0; x15 = turn(x15 ^ x3, 8); x11 = (x11 + x15) | 0; x7 = turn(x7 ^ x11, 7);
    x0 = (x0 + x5) | 0; x15 = turn(x15 ^ x0, 16); x10 = (x10 + x15) | 0; x5 = turn(x5 ^ x10, 12); x0 = (x0 + x5) | 0; x15 = turn(x15 ^ x0, 8); x10 = (x10 + x15) | 0; x5 = turn(x5 ^ x10, 7);
    x1 = (x1 + x6) | 0; x12 = turn(x12 ^ x1, 16); x11 = (x11 + x12) | 0; x6 = turn(x6 ^ x11, 12); x1 = (x1 + x6) | 0; x12 = turn(x12 ^ x1, 8); x11 = (x11 + x12) | 0; x6 = turn(x6 ^ x11, 7);
    x2 = (x2 + x7) | 0; x13 = turn(x13 ^ x2, 16); x8 = (x8 + x13) | 0; x7 = turn(x7 ^ x8, 12); x2 = (x2 + x7) | 0; x13 = turn(x13 ^ x2, 8); x8 = (x8 + x13) | 0; x7 = turn(x7 ^ x8, 7);
    x3 = (x3 + x4) | 0; x14 = turn(x14 ^ x3, 16); x9 = (x9 + x14) | 0; x4 = turn(x4 ^ x9, 12); x3 = (x3 + x4) | 0; x14 = turn(x14 ^ x3, 8); x9 = (x9 + x14) | 0; x4 = turn(x4 ^ x9, 7);
  }
  state[0] = x0; state[1] = x1; state[2] = x2; state[3] = x3;
  state[4] = x4; state[5] = x5; state[6] = x6; state[7] = x7;
  state[8] = x8; state[9] = x9; state[10] = x10; state[11] = x11;
  state[12] = x12; state[13] = x13; state[14] = x14; state[15] = x15;
  for (let i = 0; i < 16; i++) putWord(keyStream, 4 * i, state[i]! + start[i]!);
  start[COUNTER]!++;
}

const turn = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by));

/**
 * AES-GCM (NIST SP 800-38D) with nonces of 12 bytes and tags of 16. The cipher is noble's; what noble would work out
 * anew for every packet, the key schedule and the multiples of the hash key, is here worked out once a key.
 * @module
 */
import { unsafe } from '@noble/ciphers/aes.js';
import { equal, i32, putU32, toHex } from '../../lib/bytes.ts';
import { Memory } from './memory.ts';

export const TAG_LEN = 16;
const BLOCK = 16;

interface Key {
  readonly schedule: Uint32Array;
  /** The hash key times each polynomial of degree 3 or less, four words each (Shoup's table). */
  readonly multiples: Int32Array;
}

const known = new Memory<Key>();

/** Answers ciphertext and tag; the tag covers `associated` as well. */
export function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
  const prepared = keyOf(key);
  const stream = crypt(prepared, nonce, plain);
  const out = new Uint8Array(plain.length + TAG_LEN);
  out.set(stream.subarray(BLOCK));
  out.set(tag(prepared, associated, stream), plain.length);
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
  const prepared = keyOf(key);
  const length = sealed.length - TAG_LEN;
  const stream = crypt(prepared, nonce, sealed.subarray(0, length));
  const plain = stream.slice(BLOCK);
  stream.set(sealed.subarray(0, length), BLOCK);
  return equal(tag(prepared, associated, stream), sealed.subarray(length)) ? plain : undefined;
}

function keyOf(key: Uint8Array): Key {
  return known.get(toHex(key), () => {
    const schedule = unsafe.expandKeyLE(key);
    const hashKey = unsafe.ctr32(schedule, false, new Uint8Array(BLOCK), new Uint8Array(BLOCK));
    return { schedule, multiples: multiplesOf(hashKey) };
  });
}

/** The block that hides the tag, then the text with the key stream over it (§6.5, counters 1 and 2 on). */
function crypt({ schedule }: Key, nonce: Uint8Array, text: Uint8Array): Uint8Array {
  const counter = new Uint8Array(BLOCK);
  counter.set(nonce);
  counter[15] = 1;
  const padded = new Uint8Array(BLOCK + text.length);
  padded.set(text, BLOCK);
  return unsafe.ctr32(schedule, false, counter, padded);
}

/** §6.4: the hash of `associated`, of the ciphertext and of their lengths, hidden. */
function tag({ multiples }: Key, associated: Uint8Array, stream: Uint8Array): Uint8Array {
  const hash = new Int32Array(4);
  absorb(hash, multiples, associated, 0);
  absorb(hash, multiples, stream, BLOCK);
  const lengths = new Uint8Array(BLOCK);
  putU32(lengths, 4, associated.length * 8);
  putU32(lengths, 12, (stream.length - BLOCK) * 8);
  absorb(hash, multiples, lengths, 0);
  const out = new Uint8Array(TAG_LEN);
  for (let word = 0; word < 4; word++) putU32(out, 4 * word, hash[word]! ^ i32(stream, 4 * word));
  return out;
}

/** Takes in bytes from `from` on, the last block filled up with zeros. */
function absorb(hash: Int32Array, multiples: Int32Array, bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.length; at += BLOCK) {
    const whole = at + BLOCK <= bytes.length;
    const block = whole ? bytes : new Uint8Array(BLOCK);
    if (!whole) block.set(bytes.subarray(at));
    for (let word = 0; word < 4; word++) hash[word]! ^= i32(block, whole ? at + 4 * word : 4 * word);
    multiply(hash, multiples);
  }
}

/** Times the hash key: four bits at a time, the highest powers first. */
function multiply(hash: Int32Array, multiples: Int32Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let word = 3; word >= 0; word--) {
    for (let bit = 0; bit < 32; bit += 4) {
      const folded = FOLDS[d & 15]!;
      const at = ((hash[word]! >>> bit) & 15) * 4;
      d = ((d >>> 4) | (c << 28)) ^ multiples[at + 3]!;
      c = ((c >>> 4) | (b << 28)) ^ multiples[at + 2]!;
      b = ((b >>> 4) | (a << 28)) ^ multiples[at + 1]!;
      a = (a >>> 4) ^ folded ^ multiples[at]!;
    }
  }
  hash[0] = a;
  hash[1] = b;
  hash[2] = c;
  hash[3] = d;
}

/** x^128 = x^7 + x^2 + x + 1; bits stand in reverse, the constant's at the left (§6.3). */
const POLYNOMIAL = 0xe1000000 | 0;

/** What four bits shifted out at the right come back as at the left. */
const FOLDS = Int32Array.from({ length: 16 }, (_, bits) => {
  let [low, high] = [bits, 0];
  for (let i = 0; i < 4; i++) {
    high = (high >>> 1) ^ (low & 1 ? POLYNOMIAL : 0);
    low >>>= 1;
  }
  return high;
});

function multiplesOf(hashKey: Uint8Array): Int32Array {
  const multiples = new Int32Array(16 * 4);
  let power = [0, 4, 8, 12].map((at) => i32(hashKey, at)) as [number, number, number, number];
  for (let bit = 8; bit > 0; bit >>= 1) {
    for (let index = bit; index < 16; index++)
      if (index & bit) for (let word = 0; word < 4; word++) multiples[index * 4 + word]! ^= power[word]!;
    const [a, b, c, d] = power;
    power = [(a >>> 1) ^ (d & 1 ? POLYNOMIAL : 0), (b >>> 1) | (a << 31), (c >>> 1) | (b << 31), (d >>> 1) | (c << 31)];
  }
  return multiples;
}

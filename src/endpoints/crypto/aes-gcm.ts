/**
 * AES-GCM (NIST SP 800-38D) with nonces of 12 bytes and tags of 16. The key schedule and the multiples of the hash key
 * are worked out once a key; everything else happens in place.
 * @module
 */
import { equal, i32, putU32, toHex } from '../../lib/bytes.ts';
import { encryptBlock, expandKey } from './aes.ts';
import { Memory } from './memory.ts';

export const TAG_LEN = 16;
const BLOCK = 16;

interface Key {
  readonly schedule: Int32Array;
  /** The hash key times each polynomial of degree 3 or less, four words each (Shoup's table). */
  readonly multiples: Int32Array;
}

const known = new Memory<Key>();

/** Answers ciphertext and tag; the tag covers `associated` as well. */
export function seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
  const prepared = keyOf(key);
  const out = new Uint8Array(plain.length + TAG_LEN);
  const text = out.subarray(0, plain.length);
  crypt(prepared, nonce, plain, text);
  putTag(out, plain.length, prepared, nonce, associated, text);
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
  const text = sealed.subarray(0, sealed.length - TAG_LEN);
  const tag = new Uint8Array(TAG_LEN);
  putTag(tag, 0, prepared, nonce, associated, text);
  if (!equal(tag, sealed.subarray(text.length))) return undefined;
  const plain = new Uint8Array(text.length);
  crypt(prepared, nonce, text, plain);
  return plain;
}

function keyOf(key: Uint8Array): Key {
  return known.get(toHex(key), () => {
    const schedule = expandKey(key);
    const hashKey = new Int32Array(4);
    encryptBlock(schedule, hashKey);
    return { schedule, multiples: multiplesOf(hashKey) };
  });
}

const block = new Int32Array(4);

/** The key stream's block of this number (§6.5): number 1 hides the tag, the text begins with number 2. */
function streamBlock({ schedule }: Key, nonce: Uint8Array, number: number): void {
  for (let word = 0; word < 3; word++) block[word] = i32(nonce, 4 * word);
  block[3] = number;
  encryptBlock(schedule, block);
}

function crypt(key: Key, nonce: Uint8Array, text: Uint8Array, into: Uint8Array): void {
  for (let at = 0; at < text.length; at++) {
    if (at % BLOCK === 0) streamBlock(key, nonce, 2 + at / BLOCK);
    into[at] = text[at]! ^ (block[(at % BLOCK) >> 2]! >>> (24 - 8 * (at & 3)));
  }
}

const hash = new Int32Array(4);

/** §6.4: the hash of `associated`, of the ciphertext and of their lengths in bits, hidden. */
function putTag(
  out: Uint8Array,
  at: number,
  key: Key,
  nonce: Uint8Array,
  associated: Uint8Array,
  text: Uint8Array,
): void {
  hash.fill(0);
  absorb(key.multiples, associated);
  absorb(key.multiples, text);
  hash[1]! ^= associated.length * 8;
  hash[3]! ^= text.length * 8;
  multiply(key.multiples);
  streamBlock(key, nonce, 1);
  for (let word = 0; word < 4; word++) putU32(out, at + 4 * word, hash[word]! ^ block[word]!);
}

const last = new Uint8Array(BLOCK);

/** The last block is filled up with zeros. */
function absorb(multiples: Int32Array, bytes: Uint8Array): void {
  let at = 0;
  for (; at + BLOCK <= bytes.length; at += BLOCK) absorbBlock(multiples, bytes, at);
  if (at === bytes.length) return;
  last.fill(0);
  last.set(bytes.subarray(at));
  absorbBlock(multiples, last, 0);
}

function absorbBlock(multiples: Int32Array, bytes: Uint8Array, at: number): void {
  for (let word = 0; word < 4; word++) hash[word]! ^= i32(bytes, at + 4 * word);
  multiply(multiples);
}

/** Times the hash key: four bits at a time, the highest powers first. */
function multiply(multiples: Int32Array): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
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

function multiplesOf(hashKey: Int32Array): Int32Array {
  const multiples = new Int32Array(16 * 4);
  let power = [...hashKey] as [number, number, number, number];
  for (let bit = 8; bit > 0; bit >>= 1) {
    for (let index = bit; index < 16; index++)
      if (index & bit) for (let word = 0; word < 4; word++) multiples[index * 4 + word]! ^= power[word]!;
    const [a, b, c, d] = power;
    power = [(a >>> 1) ^ (d & 1 ? POLYNOMIAL : 0), (b >>> 1) | (a << 31), (c >>> 1) | (b << 31), (d >>> 1) | (c << 31)];
  }
  return multiples;
}

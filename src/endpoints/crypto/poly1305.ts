/**
 * Poly1305 (RFC 8439 §2.5): a polynomial whose coefficients are the message, at a point that is half of the key, modulo
 * 2^130 - 5. A number is a sum of six doubles, the i-th counting in 2^(22 i): products of them, added up, stay within
 * the 53 bits of a double.
 * @module
 */
import { putWord, word } from './words.ts';

export const TAG_LEN = 16;
const BLOCK = 16;
const LIMBS = 6;
const LIMB = 2 ** 22;
const MASK = LIMB - 1;
/** 2^132 is 20 too large: four times what 2^130 is. */
const FOLD = 20;
/** 2^128, in the last limb: the bit above each block. */
const ABOVE = 2 ** 18;
/** 2^130, in the last limb. */
const PRIME_TOP = 2 ** 20;

const sum = new Float64Array(LIMBS);
const point = new Float64Array(LIMBS);

/** Of the parts one after another, each filled up with zeros to whole blocks. `key`: 32 bytes. */
export function poly1305(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  // Some bits of the point are not used.
  const clear = (at: number, bits: number) => word(key, at) & bits;
  load(point, clear(0, 0x0fffffff), clear(4, 0x0ffffffc), clear(8, 0x0ffffffc), clear(12, 0x0ffffffc));
  sum.fill(0);
  for (const part of parts) absorb(part);
  return finish(key);
}

function load(into: Float64Array, w0: number, w1: number, w2: number, w3: number): void {
  into[0] = w0 & MASK;
  into[1] = ((w0 >>> 22) | (w1 << 10)) & MASK;
  into[2] = ((w1 >>> 12) | (w2 << 20)) & MASK;
  into[3] = (w2 >>> 2) & MASK;
  into[4] = ((w2 >>> 24) | (w3 << 8)) & MASK;
  into[5] = w3 >>> 14;
}

const coefficient = new Float64Array(LIMBS);
const last = new Uint8Array(BLOCK);

function absorb(bytes: Uint8Array): void {
  let at = 0;
  for (; at + BLOCK <= bytes.length; at += BLOCK) absorbBlock(bytes, at);
  if (at === bytes.length) return;
  last.fill(0);
  last.set(bytes.subarray(at));
  absorbBlock(last, 0);
}

function absorbBlock(bytes: Uint8Array, at: number): void {
  load(coefficient, word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12));
  coefficient[5]! += ABOVE;
  for (let i = 0; i < LIMBS; i++) sum[i]! += coefficient[i]!;
  multiply();
}

/** The sum so far, times the point. */
// biome-ignore format: the products stand in rows and columns, as in multiplication by hand
function multiply(): void {
  const h0 = sum[0]!, h1 = sum[1]!, h2 = sum[2]!, h3 = sum[3]!, h4 = sum[4]!, h5 = sum[5]!;
  const r0 = point[0]!, r1 = point[1]!, r2 = point[2]!, r3 = point[3]!, r4 = point[4]!, r5 = point[5]!;
  // Products that belong past the end come in again at the beginning.
  const f1 = FOLD * r1, f2 = FOLD * r2, f3 = FOLD * r3, f4 = FOLD * r4, f5 = FOLD * r5;
  sum[0] = h0*r0 + h1*f5 + h2*f4 + h3*f3 + h4*f2 + h5*f1;
  sum[1] = h0*r1 + h1*r0 + h2*f5 + h3*f4 + h4*f3 + h5*f2;
  sum[2] = h0*r2 + h1*r1 + h2*r0 + h3*f5 + h4*f4 + h5*f3;
  sum[3] = h0*r3 + h1*r2 + h2*r1 + h3*r0 + h4*f5 + h5*f4;
  sum[4] = h0*r4 + h1*r3 + h2*r2 + h3*r1 + h4*r0 + h5*f5;
  sum[5] = h0*r5 + h1*r4 + h2*r3 + h3*r2 + h4*r1 + h5*r0;
  carry();
}

/** Afterwards no limb holds more than it counts, but for the second, which may hold a little more. */
function carry(): void {
  let over = 0;
  for (let i = 0; i < LIMBS; i++) {
    const value = sum[i]! + over;
    over = Math.floor(value / LIMB);
    sum[i] = value - over * LIMB;
  }
  const first = sum[0]! + FOLD * over;
  over = Math.floor(first / LIMB);
  sum[0] = first - over * LIMB;
  sum[1]! += over;
}

/** Brings the sum below the prime, and adds the other half of the key modulo 2^128. */
function finish(key: Uint8Array): Uint8Array {
  carry();
  reduce(Math.floor(sum[5]! / PRIME_TOP));
  // What is no less than the prime reaches 2^130 when 5 is added.
  let over = 5;
  for (let i = 0; i < LIMBS; i++) over = Math.floor((sum[i]! + over) / (i < LIMBS - 1 ? LIMB : PRIME_TOP));
  reduce(over);
  const out = new Uint8Array(TAG_LEN);
  let total = 0;
  for (let i = 0; i < 4; i++) {
    total = wordOf(i) + (word(key, 16 + 4 * i) >>> 0) + Math.floor(total / 2 ** 32);
    putWord(out, 4 * i, total);
  }
  return out;
}

/** The i-th 32 bits of the sum: 22 of one limb and 10 of the next, and so on. */
function wordOf(i: number): number {
  const [limb, bit] = [Math.floor((32 * i) / 22), (32 * i) % 22];
  const [low, middle, high] = [sum[limb]!, sum[limb + 1]!, sum[limb + 2] ?? 0];
  return ((low >>> bit) | (middle << (22 - bit)) | (bit > 12 ? high << (44 - bit) : 0)) >>> 0;
}

/** Takes the prime away so many times. */
function reduce(times: number): void {
  sum[5]! -= times * PRIME_TOP;
  sum[0]! += times * 5;
  for (let i = 0; i < LIMBS - 1; i++) {
    const over = Math.floor(sum[i]! / LIMB);
    sum[i]! -= over * LIMB;
    sum[i + 1]! += over;
  }
}

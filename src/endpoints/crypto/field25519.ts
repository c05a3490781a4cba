/**
 * Arithmetic modulo 2^255 - 19 in floating point, after D. J. Bernstein, "Curve25519: new Diffie-Hellman speed records"
 * (2006), §4: the fastest way where there are no integers of 128 bits, as in a browser.
 *
 * A number is a sum of twelve doubles, the i-th a multiple of 2^⌈21.25 i⌉. What `multiply`, `square` and `scale` give out
 * is carried: each double is at most about half of what the next one counts in, positive or negative. A sum of n carried
 * numbers may be multiplied by one of m as long as nm is at most 12: of the products that are then added up, no sum needs
 * more than the 53 bits of a double, so that nothing is ever rounded. `add` and `subtract` carry nothing.
 *
 * Takes different times for different numbers: all secrets here are drawn from a seed that anybody may read.
 * @module
 */

import { hex, toHex } from '../../lib/bytes.ts';

export type Element = Float64Array;

export const PRIME = 2n ** 255n - 19n;

const LIMBS = 12;
/** What the limbs count in; the last is one past the end, 2^255. */
const UNITS = Array.from({ length: LIMBS + 1 }, (_, i) => 2 ** Math.ceil(21.25 * i));
/** What is 2^255 too large is 19 too small. */
const FOLD = 19 / UNITS[LIMBS]!;
/** A number to which this is added and from which it is taken again is a multiple of the unit: finer bits find no room. */
const rounding = (limb: number) => UNITS[limb]! * 3 * 2 ** 51;
// biome-ignore format: constants of one kind
const
  C1 = rounding(1), C2 = rounding(2), C3 = rounding(3), C4 = rounding(4), C5 = rounding(5), C6 = rounding(6),
  C7 = rounding(7), C8 = rounding(8), C9 = rounding(9), C10 = rounding(10), C11 = rounding(11), C12 = rounding(12);

/** Sums of products on their way to `carry`: handed over as arguments, each would be an object of its own. */
const sums = new Float64Array(LIMBS);

/** Zero. */
export function element(): Element {
  return new Float64Array(LIMBS);
}

/** `value`: 0 … 2^255 - 1. Counts as two carried numbers, for none of its doubles is negative. */
export function elementOf(value: bigint): Element {
  const out = element();
  for (let i = 0; i < LIMBS; i++) {
    const [unit, next] = [BigInt(UNITS[i]!), BigInt(UNITS[i + 1]!)];
    out[i] = Number((value % next) - (value % unit));
  }
  return out;
}

/** 0 … p - 1 */
export function toInteger(a: Element): bigint {
  let sum = 0n;
  for (const limb of a) sum += BigInt(limb);
  sum %= PRIME;
  return sum < 0n ? sum + PRIME : sum;
}

export function add(out: Element, a: Element, b: Element): void {
  for (let i = 0; i < LIMBS; i++) out[i] = a[i]! + b[i]!;
}

export function subtract(out: Element, a: Element, b: Element): void {
  for (let i = 0; i < LIMBS; i++) out[i] = a[i]! - b[i]!;
}

/** `small`: below 2^18. */
export function scale(out: Element, a: Element, small: number): void {
  for (let i = 0; i < LIMBS; i++) sums[i] = small * a[i]!;
  carry(out);
}

// biome-ignore format: the products stand in rows and columns, as in multiplication by hand
export function multiply(out: Element, a: Element, b: Element): void {
  const
    a0 = a[0]!, a1 = a[1]!, a2 = a[2]!, a3 = a[3]!, a4 = a[4]!, a5 = a[5]!,
    a6 = a[6]!, a7 = a[7]!, a8 = a[8]!, a9 = a[9]!, a10 = a[10]!, a11 = a[11]!;
  const
    b0 = b[0]!, b1 = b[1]!, b2 = b[2]!, b3 = b[3]!, b4 = b[4]!, b5 = b[5]!,
    b6 = b[6]!, b7 = b[7]!, b8 = b[8]!, b9 = b[9]!, b10 = b[10]!, b11 = b[11]!;
  // Products that belong past the end come in again at the beginning.
  const
    r1 = FOLD * b1, r2 = FOLD * b2, r3 = FOLD * b3, r4 = FOLD * b4, r5 = FOLD * b5, r6 = FOLD * b6,
    r7 = FOLD * b7, r8 = FOLD * b8, r9 = FOLD * b9, r10 = FOLD * b10, r11 = FOLD * b11;
  sums[0] = a0*b0 + a1*r11 + a2*r10 + a3*r9 + a4*r8 + a5*r7 + a6*r6 + a7*r5 + a8*r4 + a9*r3 + a10*r2 + a11*r1;
  sums[1] = a0*b1 + a1*b0 + a2*r11 + a3*r10 + a4*r9 + a5*r8 + a6*r7 + a7*r6 + a8*r5 + a9*r4 + a10*r3 + a11*r2;
  sums[2] = a0*b2 + a1*b1 + a2*b0 + a3*r11 + a4*r10 + a5*r9 + a6*r8 + a7*r7 + a8*r6 + a9*r5 + a10*r4 + a11*r3;
  sums[3] = a0*b3 + a1*b2 + a2*b1 + a3*b0 + a4*r11 + a5*r10 + a6*r9 + a7*r8 + a8*r7 + a9*r6 + a10*r5 + a11*r4;
  sums[4] = a0*b4 + a1*b3 + a2*b2 + a3*b1 + a4*b0 + a5*r11 + a6*r10 + a7*r9 + a8*r8 + a9*r7 + a10*r6 + a11*r5;
  sums[5] = a0*b5 + a1*b4 + a2*b3 + a3*b2 + a4*b1 + a5*b0 + a6*r11 + a7*r10 + a8*r9 + a9*r8 + a10*r7 + a11*r6;
  sums[6] = a0*b6 + a1*b5 + a2*b4 + a3*b3 + a4*b2 + a5*b1 + a6*b0 + a7*r11 + a8*r10 + a9*r9 + a10*r8 + a11*r7;
  sums[7] = a0*b7 + a1*b6 + a2*b5 + a3*b4 + a4*b3 + a5*b2 + a6*b1 + a7*b0 + a8*r11 + a9*r10 + a10*r9 + a11*r8;
  sums[8] = a0*b8 + a1*b7 + a2*b6 + a3*b5 + a4*b4 + a5*b3 + a6*b2 + a7*b1 + a8*b0 + a9*r11 + a10*r10 + a11*r9;
  sums[9] = a0*b9 + a1*b8 + a2*b7 + a3*b6 + a4*b5 + a5*b4 + a6*b3 + a7*b2 + a8*b1 + a9*b0 + a10*r11 + a11*r10;
  sums[10] = a0*b10 + a1*b9 + a2*b8 + a3*b7 + a4*b6 + a5*b5 + a6*b4 + a7*b3 + a8*b2 + a9*b1 + a10*b0 + a11*r11;
  sums[11] = a0*b11 + a1*b10 + a2*b9 + a3*b8 + a4*b7 + a5*b6 + a6*b5 + a7*b4 + a8*b3 + a9*b2 + a10*b1 + a11*b0;
  carry(out);
}

// biome-ignore format: as above; what stands twice there stands once here, doubled
export function square(out: Element, a: Element): void {
  const
    a0 = a[0]!, a1 = a[1]!, a2 = a[2]!, a3 = a[3]!, a4 = a[4]!, a5 = a[5]!,
    a6 = a[6]!, a7 = a[7]!, a8 = a[8]!, a9 = a[9]!, a10 = a[10]!, a11 = a[11]!;
  const
    d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, d3 = 2 * a3, d4 = 2 * a4, d5 = 2 * a5,
    d6 = 2 * a6, d7 = 2 * a7, d8 = 2 * a8, d9 = 2 * a9, d10 = 2 * a10;
  const
    r6 = FOLD * a6, r7 = FOLD * a7, r8 = FOLD * a8, r9 = FOLD * a9, r10 = FOLD * a10, r11 = FOLD * a11;
  sums[0] = a0*a0 + d1*r11 + d2*r10 + d3*r9 + d4*r8 + d5*r7 + a6*r6;
  sums[1] = d0*a1 + d2*r11 + d3*r10 + d4*r9 + d5*r8 + d6*r7;
  sums[2] = d0*a2 + a1*a1 + d3*r11 + d4*r10 + d5*r9 + d6*r8 + a7*r7;
  sums[3] = d0*a3 + d1*a2 + d4*r11 + d5*r10 + d6*r9 + d7*r8;
  sums[4] = d0*a4 + d1*a3 + a2*a2 + d5*r11 + d6*r10 + d7*r9 + a8*r8;
  sums[5] = d0*a5 + d1*a4 + d2*a3 + d6*r11 + d7*r10 + d8*r9;
  sums[6] = d0*a6 + d1*a5 + d2*a4 + a3*a3 + d7*r11 + d8*r10 + a9*r9;
  sums[7] = d0*a7 + d1*a6 + d2*a5 + d3*a4 + d8*r11 + d9*r10;
  sums[8] = d0*a8 + d1*a7 + d2*a6 + d3*a5 + a4*a4 + d9*r11 + a10*r10;
  sums[9] = d0*a9 + d1*a8 + d2*a7 + d3*a6 + d4*a5 + d10*r11;
  sums[10] = d0*a10 + d1*a9 + d2*a8 + d3*a7 + d4*a6 + a5*a5 + a11*r11;
  sums[11] = d0*a11 + d1*a10 + d2*a9 + d3*a8 + d4*a7 + d5*a6;
  carry(out);
}

/** Takes the sums apart into limbs: two chains side by side, each going a step beyond where the other began. */
// biome-ignore format: a step a line
function carry(out: Element): void {
  let
    h0 = sums[0]!, h1 = sums[1]!, h2 = sums[2]!, h3 = sums[3]!, h4 = sums[4]!, h5 = sums[5]!,
    h6 = sums[6]!, h7 = sums[7]!, h8 = sums[8]!, h9 = sums[9]!, h10 = sums[10]!, h11 = sums[11]!;
  let c = 0, d = 0;
  c = h0 + C1 - C1; h0 -= c; h1 += c;
  d = h6 + C7 - C7; h6 -= d; h7 += d;
  c = h1 + C2 - C2; h1 -= c; h2 += c;
  d = h7 + C8 - C8; h7 -= d; h8 += d;
  c = h2 + C3 - C3; h2 -= c; h3 += c;
  d = h8 + C9 - C9; h8 -= d; h9 += d;
  c = h3 + C4 - C4; h3 -= c; h4 += c;
  d = h9 + C10 - C10; h9 -= d; h10 += d;
  c = h4 + C5 - C5; h4 -= c; h5 += c;
  d = h10 + C11 - C11; h10 -= d; h11 += d;
  c = h5 + C6 - C6; h5 -= c; h6 += c;
  d = h11 + C12 - C12; h11 -= d; h0 += FOLD * d;
  c = h6 + C7 - C7; h6 -= c; h7 += c;
  d = h0 + C1 - C1; h0 -= d; h1 += d;
  out[0] = h0; out[1] = h1; out[2] = h2; out[3] = h3; out[4] = h4; out[5] = h5;
  out[6] = h6; out[7] = h7; out[8] = h8; out[9] = h9; out[10] = h10; out[11] = h11;
}

/** a^(2^times) */
function squareTimes(out: Element, a: Element, times: number): void {
  square(out, a);
  for (let i = 1; i < times; i++) square(out, out);
}

/** a^(2^252 - 3), from which inverses and square roots are made. */
export function power252(a: Element): Element {
  // The number in the name tells how many ones the exponent so far has in binary, and nothing else.
  const ones2 = join(a, a, 1);
  const ones4 = join(ones2, ones2, 2);
  const ones5 = join(ones4, a, 1);
  const ones10 = join(ones5, ones5, 5);
  const ones20 = join(ones10, ones10, 10);
  const ones40 = join(ones20, ones20, 20);
  const ones50 = join(ones40, ones10, 10);
  const ones100 = join(ones50, ones50, 50);
  const ones200 = join(ones100, ones100, 100);
  const ones250 = join(ones200, ones50, 50);
  return join(ones250, a, 2);
}

/** left^(2^bits) · right */
function join(left: Element, right: Element, bits: number): Element {
  const out = element();
  squareTimes(out, left, bits);
  multiply(out, out, right);
  return out;
}

/** 1 / a, and 0 for 0. */
export function invert(a: Element): Element {
  // Fermat: a^(p-2), and p - 2 = 8 (2^252 - 3) + 3.
  const out = power252(a);
  squareTimes(out, out, 3);
  const cube = element();
  square(cube, a);
  multiply(cube, cube, a);
  multiply(out, out, cube);
  return out;
}

/** Little-endian; the highest bit is not looked at (RFC 7748 §5, RFC 8032 §5.1.3). */
export function fromBytes(bytes: Uint8Array): Element {
  return elementOf(integerOf(bytes) & (2n ** 255n - 1n));
}

export function toBytes(a: Element): Uint8Array {
  return bytesOf(toInteger(a));
}

/** A little-endian integer. */
export function integerOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

/** The 32 bytes of an integer, little-endian. */
export function bytesOf(value: bigint): Uint8Array {
  return hex(value.toString(16).padStart(64, '0')).reverse();
}

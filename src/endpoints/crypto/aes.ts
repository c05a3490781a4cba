/** AES (FIPS 197), forwards only: counter mode needs no way back. Works in place, on blocks of four words. @module */
import { i32 } from '../../lib/bytes.ts';

/** Multiplication by x in the field of bytes (§4.2.1). */
const timesX = (value: number) => (value << 1) ^ (value & 0x80 ? 0x11b : 0);

/** §5.1.1: the inverse in the field, then a sum of its own rotations. */
const SBOX = sbox();

/** What a byte of the first row becomes in a round, as a column; of the other rows the same, turned (§5.1.2 to §5.1.3). */
const COLUMNS = Int32Array.from(SBOX, (value) => {
  const twice = timesX(value);
  return (twice << 24) | (value << 16) | (value << 8) | (twice ^ value);
});

function sbox(): Uint8Array {
  const powers = new Uint8Array(255);
  const logarithms = new Uint8Array(256);
  for (let exponent = 0, value = 1; exponent < 255; exponent++, value ^= timesX(value)) {
    powers[exponent] = value;
    logarithms[value] = exponent;
  }
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const inverse = value === 0 ? 0 : powers[(255 - logarithms[value]!) % 255]!;
    const twice = inverse | (inverse << 8);
    return inverse ^ (twice >> 7) ^ (twice >> 6) ^ (twice >> 5) ^ (twice >> 4) ^ 0x63;
  });
}

/** §5.2. `key`: 16, 24 or 32 bytes. */
export function expandKey(key: Uint8Array): Int32Array {
  const size = key.length / 4;
  const words = new Int32Array(4 * (size + 7));
  for (let i = 0; i < size; i++) words[i] = i32(key, 4 * i);
  for (let i = size, constant = 1; i < words.length; i++) {
    let word = words[i - 1]!;
    if (i % size === 0) {
      word = substitute((word << 8) | (word >>> 24)) ^ (constant << 24);
      constant = timesX(constant);
    } else if (size > 6 && i % size === 4) word = substitute(word);
    words[i] = words[i - size]! ^ word;
  }
  return words;
}

function substitute(word: number): number {
  return row(word, word, word, word);
}

/** The last round's bytes of one column: each from another column, as the rows are shifted. */
function row(a: number, b: number, c: number, d: number): number {
  return (SBOX[a >>> 24]! << 24) | (SBOX[(b >>> 16) & 255]! << 16) | (SBOX[(c >>> 8) & 255]! << 8) | SBOX[d & 255]!;
}

function column(a: number, b: number, c: number, d: number): number {
  const second = COLUMNS[(b >>> 16) & 255]!;
  const third = COLUMNS[(c >>> 8) & 255]!;
  const fourth = COLUMNS[d & 255]!;
  return (
    COLUMNS[a >>> 24]! ^
    ((second >>> 8) | (second << 24)) ^
    ((third >>> 16) | (third << 16)) ^
    ((fourth >>> 24) | (fourth << 8))
  );
}

/** §5.1. */
export function encryptBlock(words: Int32Array, block: Int32Array): void {
  let a = block[0]! ^ words[0]!;
  let b = block[1]! ^ words[1]!;
  let c = block[2]! ^ words[2]!;
  let d = block[3]! ^ words[3]!;
  const last = words.length - 4;
  for (let at = 4; at < last; at += 4) {
    const e = column(a, b, c, d) ^ words[at]!;
    const f = column(b, c, d, a) ^ words[at + 1]!;
    const g = column(c, d, a, b) ^ words[at + 2]!;
    d = column(d, a, b, c) ^ words[at + 3]!;
    a = e;
    b = f;
    c = g;
  }
  block[0] = row(a, b, c, d) ^ words[last]!;
  block[1] = row(b, c, d, a) ^ words[last + 1]!;
  block[2] = row(c, d, a, b) ^ words[last + 2]!;
  block[3] = row(d, a, b, c) ^ words[last + 3]!;
}

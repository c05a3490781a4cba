/** Changing bytes that a checksum covers. @module */
import { putU16, u16 } from '../lib/bytes.ts';
import { update16 } from '../wire/checksum.ts';

/** Where a transport header's checksum is, and what it covers. */
export interface Covered {
  readonly bytes: Uint8Array;
  /** Offset of the transport header, from which the words of the checksum count. */
  readonly from: number;
  readonly to: number;
  /** Offset of the checksum in the packet; -1 where there is none. */
  readonly checksum: number;
  /** UDP: a checksum of 0 would mean that there is none (RFC 768). */
  readonly neverZero?: boolean;
}

/** Writes one byte; the checksum stays as right, or as wrong, as it was. */
export function patchByte(covered: Covered, at: number, value: number): void {
  const { bytes, from, to, checksum, neverZero } = covered;
  const word = at - ((at - from) & 1);
  const read = (): number => (bytes[word]! << 8) | (word + 1 < to ? bytes[word + 1]! : 0);
  const before = read();
  bytes[at] = value;
  const after = read();
  if (checksum < 0 || before === after) return;
  const sum = update16(u16(bytes, checksum), before, after);
  putU16(bytes, checksum, neverZero && sum === 0 ? 0xffff : sum);
}

/** Writes a number of `width` bytes. */
export function patch(covered: Covered, at: number, value: number, width: number): void {
  for (let i = 0; i < width; i++) patchByte(covered, at + i, (value >>> (8 * (width - 1 - i))) & 0xff);
}

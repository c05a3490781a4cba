/**
 * Reads a message front to back. Running out is raised here and caught where the message came in, by `readWhole`, so
 * that the code between says only what a message looks like.
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';

class RanOut extends Error {}

export class Cursor {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.bytes[this.move(1)]!;
  }

  u16(): number {
    return u16(this.bytes, this.move(2));
  }

  u24(): number {
    return (this.u8() << 16) | this.u16();
  }

  u32(): number {
    return u32(this.bytes, this.move(4));
  }

  take(length: number): Uint8Array {
    const from = this.move(length);
    return this.bytes.subarray(from, from + length);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** Says that what was read makes no sense. */
  refuse(): never {
    throw new RanOut();
  }

  private move(length: number): number {
    if (length > this.left) throw new RanOut();
    const from = this.at;
    this.at += length;
    return from;
  }
}

/** What `read` makes of the bytes, or undefined where they end too early or it refused them. */
export function readWhole<T>(bytes: Uint8Array, read: (cursor: Cursor) => T): T | undefined {
  try {
    return read(new Cursor(bytes));
  } catch (error) {
    if (error instanceof RanOut) return undefined;
    throw error;
  }
}

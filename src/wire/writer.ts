/** Builds messages front to back, in network order, growing as it goes. @module */
import { putU16, putU32 } from '../lib/bytes.ts';

export class Writer {
  private bytes = new Uint8Array(64);
  private length = 0;

  u8(value: number): this {
    // The place first: growing replaces the array.
    const at = this.grow(1);
    this.bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.grow(2);
    putU16(this.bytes, at, value);
    return this;
  }

  u24(value: number): this {
    return this.u8(value >>> 16).u16(value & 0xffff);
  }

  u32(value: number): this {
    const at = this.grow(4);
    putU32(this.bytes, at, value);
    return this;
  }

  u64(value: bigint): this {
    return this.u32(Number((value >> 32n) & 0xffffffffn)).u32(Number(value & 0xffffffffn));
  }

  raw(bytes: Uint8Array): this {
    const at = this.grow(bytes.length);
    this.bytes.set(bytes, at);
    return this;
  }

  /** One byte a character, so for ASCII and Latin-1 only. */
  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i));
    return this;
  }

  zeros(count: number): this {
    this.grow(count);
    return this;
  }

  /** What was written, as an array of its own. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** Makes room for `count` bytes, which are zero, and answers where they begin. */
  private grow(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return at;
  }
}

/** One byte a character: the counterpart of `Writer.text`. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

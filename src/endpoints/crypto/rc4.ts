/** RC4, the stream cipher under MPPE (RFC 3078). One object is one keystream; every call goes on where the last ended. @module */

/** Where the key schedule starts: every byte in its own place. */
const ORDERED = Uint8Array.from({ length: 256 }, (_, index) => index);

export class Rc4 {
  private readonly table = ORDERED.slice();
  private i = 0;
  private j = 0;

  constructor(key: Uint8Array) {
    const { table } = this;
    let j = 0;
    for (let i = 0; i < 256; i++) {
      const kept = table[i]!;
      j = (j + kept + key[i % key.length]!) & 255;
      table[i] = table[j]!;
      table[j] = kept;
    }
  }

  /** Encrypts or decrypts, which is the same; answers new bytes. */
  apply(bytes: Uint8Array): Uint8Array {
    const { table } = this;
    const out = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at++) {
      this.i = (this.i + 1) & 255;
      const kept = table[this.i]!;
      this.j = (this.j + kept) & 255;
      table[this.i] = table[this.j]!;
      table[this.j] = kept;
      out[at] = bytes[at]! ^ table[(table[this.i]! + kept) & 255]!;
    }
    return out;
  }
}

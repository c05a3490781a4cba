/** RC4, the stream cipher under MPPE (RFC 3078). One object is one keystream; every call goes on where the last ended. @module */

export class Rc4 {
  private readonly table = new Uint8Array(256);
  private i = 0;
  private j = 0;

  constructor(key: Uint8Array) {
    const table = this.table;
    for (let i = 0; i < 256; i++) table[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      j = (j + table[i]! + key[i % key.length]!) & 255;
      swap(table, i, j);
    }
  }

  /** Encrypts or decrypts, which is the same; answers new bytes. */
  apply(bytes: Uint8Array): Uint8Array {
    const table = this.table;
    return bytes.map((byte) => {
      this.i = (this.i + 1) & 255;
      this.j = (this.j + table[this.i]!) & 255;
      swap(table, this.i, this.j);
      return byte ^ table[(table[this.i]! + table[this.j]!) & 255]!;
    });
  }
}

function swap(table: Uint8Array, a: number, b: number): void {
  const kept = table[a]!;
  table[a] = table[b]!;
  table[b] = kept;
}

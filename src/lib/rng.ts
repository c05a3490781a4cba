/** Seeded randomness, the only kind the engine knows. Same seed, same sequence, on every machine. @module */

/**
 * Marsaglia's xorshift128 over four 32-bit words: short, fast, good enough for port draws and packet loss.
 * Not for keys that must stay secret; nothing simulated is secret.
 */
export class Rng {
  private readonly state = new Uint32Array(4);

  constructor(seed: number) {
    // splitmix32 spreads small seeds over the whole state.
    let mix = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      mix = (mix + 0x9e3779b9) >>> 0;
      let word = mix;
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      this.state[i] = word ^ (word >>> 15);
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** 0 … 4294967295. */
  u32(): number {
    const s = this.state;
    let t = s[3]!;
    t ^= t << 11;
    t ^= t >>> 8;
    s[3] = s[2]!;
    s[2] = s[1]!;
    s[1] = s[0]!;
    s[0] = t ^ s[0]! ^ (s[0]! >>> 19);
    return s[0]!;
  }

  /** 0 … 65535. */
  u16(): number {
    return this.u32() >>> 16;
  }

  /** Whole number from 0 up to but without `limit`. */
  below(limit: number): number {
    return Math.floor((this.u32() / 0x1_0000_0000) * limit);
  }

  /** 0 ≤ x < 1. */
  fraction(): number {
    return this.u32() / 0x1_0000_0000;
  }

  fill(bytes: Uint8Array): Uint8Array {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.u32() >>> 24;
    return bytes;
  }

  bytes(length: number): Uint8Array {
    return this.fill(new Uint8Array(length));
  }

  /** A generator of its own for each name, so that adding a draw in one place moves no draw elsewhere. */
  fork(name: string): Rng {
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return new Rng((hash ^ this.state[0]!) >>> 0);
  }
}

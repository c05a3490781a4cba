/** X25519 (RFC 7748 §5), remembered (`memory.ts`). @module */
import { toHex } from '../../lib/bytes.ts';
import type { Rng } from '../../lib/rng.ts';
import { multiplyBase } from './edwards25519.ts';
import {
  add,
  type Element,
  element,
  elementOf,
  fromBytes,
  invert,
  multiply,
  scale,
  square,
  subtract,
  toBytes,
} from './field25519.ts';
import { Memory } from './memory.ts';

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

export const KEY_LEN = 32;

const publicKeys = new Memory<Uint8Array>();
const sharedSecrets = new Memory<Uint8Array>();

export function keyPair(secret: Uint8Array): KeyPair {
  return { secret, public: publicKeys.get(toHex(secret), () => publicKeyOf(secret)) };
}

export function drawKeyPair(rng: Rng): KeyPair {
  return keyPair(rng.bytes(KEY_LEN));
}

/**
 * Undefined where the other side sent a point of low order (RFC 7748 §6.1: the all-zero secret is refused).
 *
 * Remembered by the two public keys in either order: what one end has multiplied, the other end, which must come to the
 * same, looks up.
 */
export function sharedSecret(own: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (theirs.length !== KEY_LEN) return undefined;
  const names = [toHex(keyPair(own).public), toHex(theirs)].sort();
  const secret = sharedSecrets.get(names.join(':'), () => x25519(own, theirs));
  return secret.some((byte) => byte !== 0) ? secret : undefined;
}

/** (486662 - 2) / 4 */
const A24 = 121665;

/** The multiple of the base point is taken on the curve's other form, where half of the work is done in advance. */
function publicKeyOf(secret: Uint8Array): Uint8Array {
  const scalar = secret.slice();
  scalar[0]! &= 0xf8;
  scalar[31] = (scalar[31]! & 0x7f) | 0x40;
  const { y, z } = multiplyBase(scalar);
  const [above, below] = [element(), element()];
  add(above, z, y);
  subtract(below, z, y);
  // RFC 7748 §4.1: u = (1 + y) / (1 - y)
  const inverse = invert(below);
  multiply(above, above, inverse);
  return toBytes(above);
}

const one = () => elementOf(1n);

/** The u-coordinate of `scalar` times the point with u-coordinate `point`. */
export function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  const u = fromBytes(point);
  let low: Projective = { x: one(), z: element() };
  let high: Projective = { x: u.slice(), z: one() };
  let swapped = false;
  for (let bit = 254; bit >= 0; bit--) {
    // Clamping: bit 254 is set, bits 0 to 2 are not.
    const isSet = bit === 254 || (bit > 2 && ((scalar[bit >> 3]! >> (bit & 7)) & 1) === 1);
    if (isSet !== swapped) [low, high] = [high, low];
    swapped = isSet;
    step(low, high, u);
  }
  if (swapped) [low, high] = [high, low];
  const out = invert(low.z);
  multiply(out, out, low.x);
  return toBytes(out);
}

interface Projective {
  readonly x: Element;
  readonly z: Element;
}

const [a, aa, b, bb] = [element(), element(), element(), element()];
const [c, d, e] = [element(), element(), element()];

/** One rung of the Montgomery ladder, with the names of the RFC: doubles the lower point, adds it to the higher one. */
function step(low: Projective, high: Projective, u: Element): void {
  add(a, low.x, low.z);
  square(aa, a);
  subtract(b, low.x, low.z);
  square(bb, b);
  subtract(e, aa, bb);
  add(c, high.x, high.z);
  subtract(d, high.x, high.z);
  multiply(d, d, a);
  multiply(c, c, b);
  add(high.x, d, c);
  square(high.x, high.x);
  subtract(high.z, d, c);
  square(high.z, high.z);
  multiply(high.z, high.z, u);
  multiply(low.x, aa, bb);
  scale(a, e, A24);
  add(a, a, aa);
  multiply(low.z, e, a);
}

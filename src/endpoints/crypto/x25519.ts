/**
 * X25519 (RFC 7748), remembered. A scenario is run again and again with one seed, and the same seed draws the same
 * keys; what was multiplied once is looked up the next time. The answers are the same either way.
 * @module
 */
import { x25519 } from '@noble/curves/ed25519.js';
import { toHex } from '../../lib/bytes.ts';
import type { Rng } from '../../lib/rng.ts';

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

export const KEY_LEN = 32;

/** More than any one scenario needs; the oldest go first. */
const REMEMBERED = 1024;
const publicKeys = new Map<string, Uint8Array>();
const sharedSecrets = new Map<string, Uint8Array>();

export function keyPair(secret: Uint8Array): KeyPair {
  const name = toHex(secret);
  return {
    secret,
    public: publicKeys.get(name) ?? remember(publicKeys, name, x25519.getPublicKey(secret)),
  };
}

export function drawKeyPair(rng: Rng): KeyPair {
  return keyPair(rng.bytes(KEY_LEN));
}

/** Undefined where the other side sent a point of low order (RFC 7748 §6.1: the all-zero secret is refused). */
export function sharedSecret(own: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (theirs.length !== KEY_LEN) return undefined;
  const name = `${toHex(own)}:${toHex(theirs)}`;
  const known = sharedSecrets.get(name);
  if (known) return known;
  try {
    return remember(sharedSecrets, name, x25519.getSharedSecret(own, theirs));
  } catch {
    return undefined;
  }
}

function remember(into: Map<string, Uint8Array>, name: string, value: Uint8Array): Uint8Array {
  if (into.size >= REMEMBERED) into.delete(into.keys().next().value!);
  into.set(name, value);
  return value;
}

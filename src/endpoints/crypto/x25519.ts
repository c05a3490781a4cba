/** X25519 (RFC 7748), remembered (`memory.ts`). @module */
import { x25519 } from '@noble/curves/ed25519.js';
import { toHex } from '../../lib/bytes.ts';
import type { Rng } from '../../lib/rng.ts';
import { Memory } from './memory.ts';

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

export const KEY_LEN = 32;

const publicKeys = new Memory<Uint8Array>();
const sharedSecrets = new Memory<Uint8Array>();

export function keyPair(secret: Uint8Array): KeyPair {
  return { secret, public: publicKeys.get(toHex(secret), () => x25519.getPublicKey(secret)) };
}

export function drawKeyPair(rng: Rng): KeyPair {
  return keyPair(rng.bytes(KEY_LEN));
}

/** Undefined where the other side sent a point of low order (RFC 7748 §6.1: the all-zero secret is refused). */
export function sharedSecret(own: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (theirs.length !== KEY_LEN) return undefined;
  try {
    return sharedSecrets.get(`${toHex(own)}:${toHex(theirs)}`, () => x25519.getSharedSecret(own, theirs));
  } catch {
    return undefined;
  }
}

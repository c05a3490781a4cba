/** Ed25519 (RFC 8032), remembered (`memory.ts`): signing is deterministic, and so is judging a signature. @module */
import { ed25519 } from '@noble/curves/ed25519.js';
import { toHex } from '../../lib/bytes.ts';
import { Memory } from './memory.ts';

const SIGNATURE_LEN = 64;
const KEY_LEN = 32;

const publicKeys = new Memory<Uint8Array>();
const signatures = new Memory<Uint8Array>();
const judgements = new Memory<boolean>();

export function publicKeyOf(secret: Uint8Array): Uint8Array {
  return publicKeys.get(toHex(secret), () => ed25519.getPublicKey(secret));
}

export function sign(content: Uint8Array, secret: Uint8Array): Uint8Array {
  return signatures.get(`${toHex(secret)}:${toHex(content)}`, () => ed25519.sign(content, secret));
}

/** False for anything that is no signature, and where the key is no key. */
export function verify(signature: Uint8Array, content: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LEN || publicKey.length !== KEY_LEN) return false;
  const name = `${toHex(signature)}:${toHex(publicKey)}:${toHex(content)}`;
  return judgements.get(name, () => ed25519.verify(signature, content, publicKey));
}

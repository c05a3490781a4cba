/** Ed25519 (RFC 8032 §5.1), remembered (`memory.ts`): signing is deterministic, and so is judging a signature. @module */
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal, toHex } from '../../lib/bytes.ts';
import { decodePoint, encodePoint, multiplyBase, multiplyPoint, negate, ORDER, sumOf } from './edwards25519.ts';
import { bytesOf, integerOf } from './field25519.ts';
import { Memory } from './memory.ts';

const SIGNATURE_LEN = 64;
const KEY_LEN = 32;

const publicKeys = new Memory<Uint8Array>();
const signatures = new Memory<Uint8Array>();
const judgements = new Memory<boolean>();

export function publicKeyOf(secret: Uint8Array): Uint8Array {
  return publicKeys.get(toHex(secret), () => encodePoint(multiplyBase(expand(secret).scalar)));
}

export function sign(content: Uint8Array, secret: Uint8Array): Uint8Array {
  return signatures.get(`${toHex(secret)}:${toHex(content)}`, () => {
    const signature = makeSignature(content, secret);
    // Whoever gets it need not find out anew what is so by construction.
    judgements.get(nameOf(signature, content, publicKeyOf(secret)), () => true);
    return signature;
  });
}

/** False for anything that is no signature, and where the key is no key. */
export function verify(signature: Uint8Array, content: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LEN || publicKey.length !== KEY_LEN) return false;
  return judgements.get(nameOf(signature, content, publicKey), () => holds(signature, content, publicKey));
}

function nameOf(signature: Uint8Array, content: Uint8Array, publicKey: Uint8Array): string {
  return `${toHex(signature)}:${toHex(publicKey)}:${toHex(content)}`;
}

/** §5.1.5: half of the hash is the number to multiply with, the other half makes signatures deterministic. */
function expand(secret: Uint8Array): { readonly scalar: Uint8Array; readonly prefix: Uint8Array } {
  const hash = sha512(secret);
  const scalar = hash.slice(0, 32);
  scalar[0]! &= 0xf8;
  scalar[31] = (scalar[31]! & 0x7f) | 0x40;
  return { scalar, prefix: hash.subarray(32) };
}

/** §5.1.6 */
function makeSignature(content: Uint8Array, secret: Uint8Array): Uint8Array {
  const { scalar, prefix } = expand(secret);
  const nonce = numberFrom(prefix, content);
  const point = encodePoint(multiplyBase(bytesOf(nonce)));
  const challenge = numberFrom(point, publicKeyOf(secret), content);
  return concat(point, bytesOf((nonce + challenge * integerOf(scalar)) % ORDER));
}

/** §5.1.7, without the cofactor, as OpenSSL has it: [S]B - [k]A must be R. */
function holds(signature: Uint8Array, content: Uint8Array, publicKey: Uint8Array): boolean {
  const [point, response] = [signature.subarray(0, 32), signature.subarray(32)];
  const key = decodePoint(publicKey);
  if (!key || integerOf(response) >= ORDER) return false;
  const challenge = numberFrom(point, publicKey, content);
  const taken = multiplyPoint(negate(key), bytesOf(challenge));
  return equal(encodePoint(sumOf(multiplyBase(response), taken)), point);
}

function numberFrom(...parts: readonly Uint8Array[]): bigint {
  return integerOf(sha512(concat(...parts))) % ORDER;
}

/** Proof of a secret by MD5, as CHAP has it (RFC 1994 §4.1) and L2TP after it (RFC 2661 §5.1.1). @module */
import { md5 } from '@noble/hashes/legacy.js';
import { concat } from '../../lib/bytes.ts';
import { ascii } from './mschap.ts';

/** The hash of the message's number, the secret and the challenge. */
export function chapMd5(number: number, secret: string, challenge: Uint8Array): Uint8Array {
  return md5(concat(Uint8Array.of(number), ascii(secret), challenge));
}

/**
 * The pseudo-random functions of IKEv2 and their stretched form prf+ (RFC 7296 §2.13).
 *
 *     prf+(K, S) = T1 | T2 | …      T1 = prf(K, S | 0x01)      Tn = prf(K, Tn-1 | S | n)
 *
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../../lib/assert.ts';
import { concat } from '../../lib/bytes.ts';

export type Prf = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** PRF_HMAC_SHA2_256, transform 5 (RFC 4868). */
export const hmacSha256: Prf = (key, data) => hmac(sha256, key, data);

/** PRF_HMAC_SHA1, transform 2 (RFC 2104). */
export const hmacSha1: Prf = (key, data) => hmac(sha1, key, data);

/** As many bytes as asked for. The counter is one byte, so 255 blocks are all there are. */
export function prfPlus(prf: Prf, key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  let stretched = new Uint8Array(0);
  let block = new Uint8Array(0);
  for (let counter = 1; stretched.length < length; counter++) {
    assert(counter < 256, `prf+ cannot make ${length} bytes`);
    block = new Uint8Array(prf(key, concat(block, seed, Uint8Array.of(counter))));
    stretched = new Uint8Array(concat(stretched, block));
  }
  return stretched.subarray(0, length);
}

/**
 * The pseudo-random functions of IKEv2 and their stretched form prf+ (RFC 7296 §2.13).
 *
 *     prf+(K, S) = T1 | T2 | …      T1 = prf(K, S | 0x01)      Tn = prf(K, Tn-1 | S | n)
 *
 * @module
 */
import { assert } from '../../lib/assert.ts';
import { concat } from '../../lib/bytes.ts';
import * as sha from './sha.ts';

export type Prf = (key: Uint8Array, data: Uint8Array) => Uint8Array;

/** PRF_HMAC_SHA2_256, transform 5 (RFC 4868). */
export const hmacSha256: Prf = sha.hmacSha256;

/** PRF_HMAC_SHA1, transform 2 (RFC 2104). */
export const hmacSha1: Prf = sha.hmacSha1;

/** As many bytes as asked for. The counter is one byte, so 255 blocks are all there are. */
export function prfPlus(prf: Prf, key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  let block: Uint8Array = new Uint8Array(0);
  for (let made = 0; made < length; made += block.length) {
    const counter = blocks.length + 1;
    assert(counter < 256, `prf+ cannot make ${length} bytes`);
    block = prf(key, concat(block, seed, Uint8Array.of(counter)));
    blocks.push(block);
  }
  return concat(...blocks).subarray(0, length);
}

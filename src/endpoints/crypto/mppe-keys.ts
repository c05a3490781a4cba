/**
 * Where MPPE's keys come from: RFC 3079 §3.3 and §3.4, the case of MS-CHAPv2. 128-bit keys, the only strength in use;
 * 40-bit and 56-bit keys are the same with fewer bytes and are not modelled.
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { concat } from '../../lib/bytes.ts';
import { md4 } from './md4.ts';
import { ascii, passwordHash } from './mschap.ts';
import { Rc4 } from './rc4.ts';

const KEY_LENGTH = 16;
const MASTER_MAGIC = ascii('This is the MPPE Master Key');
const CLIENT_SENDS = ascii('On the client side, this is the send key; on the server side, it is the receive key.');
const SERVER_SENDS = ascii('On the client side, this is the receive key; on the server side, it is the send key.');
const PAD_1 = new Uint8Array(40);
const PAD_2 = new Uint8Array(40).fill(0xf2);

export type Direction = 'client-sends' | 'server-sends';

/** The start key of one direction, from what both ends of an MS-CHAPv2 exchange know (RFC 3079 §3.4). */
export function startKey(password: string, ntResponse: Uint8Array, direction: Direction): Uint8Array {
  const hashHash = md4(passwordHash(password));
  const master = sha1(concat(hashHash, ntResponse, MASTER_MAGIC)).subarray(0, KEY_LENGTH);
  const magic = direction === 'client-sends' ? CLIENT_SENDS : SERVER_SENDS;
  return sha1(concat(master, PAD_1, magic, PAD_2)).subarray(0, KEY_LENGTH);
}

/** GetNewKeyFromSHA, RFC 3079 §3.3. The first session key is made of the start key and itself. */
export function mixKey(start: Uint8Array, current: Uint8Array): Uint8Array {
  return sha1(concat(start, PAD_1, current, PAD_2)).subarray(0, KEY_LENGTH);
}

/** Every key after the first is also encrypted with itself (RFC 3078 §7). */
export function nextKey(start: Uint8Array, current: Uint8Array): Uint8Array {
  const interim = mixKey(start, current);
  return new Rc4(interim).apply(interim);
}

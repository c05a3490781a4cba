/**
 * SSTP's crypto binding ([MS-SSTP] §2.2.7, §3.2.5.2, §3.3.5.2): proof that the ends of TLS and the ends of PPP are the
 * same, so that nobody can sit between with a TLS of his own. A MAC over the Call Connected message, with a key from
 * what only MS-CHAPv2's two ends know, over a nonce of the server and the hash of the certificate the client saw.
 *
 *     attribute 3  |0 reserved 3 |3 hash: 2 is SHA-256 |4 nonce 32 |36 hash of the certificate 32 |68 MAC 32
 *     attribute 4  |0 reserved 3 |3 hashes that may be used, as bits |4 nonce 32
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, equal } from '../lib/bytes.ts';
import * as chap from '../wire/chap.ts';
import * as ppp from '../wire/ppp.ts';
import * as sstp from '../wire/sstp.ts';
import { startKey } from './crypto/mppe-keys.ts';
import { ATTRIBUTE, MESSAGE } from './sstp-channel.ts';

const SHA256 = 2;
const NONCE_LEN = 32;
const MAC_LEN = 32;
const SEED = utf8ToBytes('SSTP inner method derived CMK');
const RESERVED = new Uint8Array(3);

/** The key of the higher layer, where both ends know the password and saw the same MS-CHAPv2 response. */
export function higherLayerKey(password: string, ntResponse: Uint8Array): Uint8Array {
  return concat(startKey(password, ntResponse, 'client-sends'), startKey(password, ntResponse, 'server-sends'));
}

/** `message`: a whole Call Connected with its MAC zero. */
export function compoundMac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const macKey = hmac(sha256, key, concat(SEED, Uint8Array.of(MAC_LEN, 0, 1)));
  return hmac(sha256, macKey, message);
}

export function bindingRequest(nonce: Uint8Array): sstp.Attribute {
  return { id: ATTRIBUTE.cryptoBindingRequest, value: concat(RESERVED, Uint8Array.of(SHA256), nonce) };
}

/** The nonce, where the server would take SHA-256. */
export function readBindingRequest(attributes: readonly sstp.Attribute[]): Uint8Array | undefined {
  const value = attributes.find(({ id }) => id === ATTRIBUTE.cryptoBindingRequest)?.value;
  return value?.length === 4 + NONCE_LEN && (value[3]! & SHA256) !== 0 ? value.slice(4) : undefined;
}

export interface Binding {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** DER. */
  readonly certificate: Uint8Array;
}

/** The Call Connected message, whole. */
export function callConnected(binding: Binding): Uint8Array {
  const message = encodeCallConnected(binding, new Uint8Array(MAC_LEN));
  return encodeCallConnected(binding, compoundMac(binding.key, message));
}

export function isCallConnected(binding: Binding, attributes: readonly sstp.Attribute[]): boolean {
  const value = attributes.find(({ id }) => id === ATTRIBUTE.cryptoBinding)?.value;
  const expected = sstp.parse(callConnected(binding));
  const wanted = expected.ok && expected.value.kind === 'control' ? expected.value.attributes[0]?.value : undefined;
  return value !== undefined && wanted !== undefined && equal(value, wanted);
}

function encodeCallConnected({ nonce, certificate }: Binding, mac: Uint8Array): Uint8Array {
  const value = concat(RESERVED, Uint8Array.of(SHA256), nonce, sha256(certificate), mac);
  const attributes = [{ id: ATTRIBUTE.cryptoBinding, value }];
  return sstp.encode({ kind: 'control', message: MESSAGE.callConnected, attributes });
}

/** The user's name and NT-Response in a PPP frame that carries an MS-CHAPv2 response; SSTP sees every frame. */
export function readChapResponse(
  frame: Uint8Array,
): { readonly userName: string; readonly ntResponse: Uint8Array } | undefined {
  const parsed = ppp.parse(frame);
  if (!parsed.ok || parsed.value.protocol !== ppp.CHAP) return undefined;
  const packet = chap.parse(parsed.value.payload);
  if (!packet.ok || packet.value.kind !== 'response') return undefined;
  const response = chap.parseMsChapV2(packet.value.value);
  return response && { userName: packet.value.name, ntResponse: response.ntResponse.slice() };
}

/**
 * What both ends of IKE_SA_INIT and IKE_AUTH compute (RFC 7296 §1.2, §2.14, §2.15): keys from the exchange, and the
 * proof that the sender knows the shared key.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, equal } from '../lib/bytes.ts';
import { latin1, Writer } from '../wire/writer.ts';
import type { Transform } from './crypto/esp-transforms.ts';
import { type IkeKeys, ikeKeys, type Nonces, pskAuth, skeyseed } from './crypto/ike-keys.ts';
import { hmacSha256 } from './crypto/prf.ts';
import { find, type Payload, type PayloadOf, type Protection } from './ike-message.ts';
import type { Spis } from './ike-nat.ts';
import { AUTH_SHARED_KEY, ID_FQDN } from './ike-numbers.ts';

export function deriveKeys(transform: Transform, nonces: Nonces, shared: Uint8Array, spis: Spis): IkeKeys {
  const seed = skeyseed(hmacSha256, nonces, shared);
  const both = concat(spis.initiatorSpi, spis.responderSpi);
  return ikeKeys(hmacSha256, seed, nonces, both, transform.keyLengths);
}

export function protectionOf(transform: Transform, keys: IkeKeys, initiator: boolean): Protection {
  const [send, receive] = initiator ? [keys.initiator, keys.responder] : [keys.responder, keys.initiator];
  return { transform, send, receive };
}

export function identityPayload(type: 'idi' | 'idr', name: string): PayloadOf<'idi' | 'idr'> {
  return { type, idType: ID_FQDN, data: utf8ToBytes(name) };
}

export const nameIn = (payload: PayloadOf<'idi' | 'idr'>): string => latin1(payload.data);

/** What one end's AUTH payload covers. */
export interface Proof {
  readonly psk: string;
  /** The whole IKE_SA_INIT message of the one who proves. */
  readonly message: Uint8Array;
  readonly peerNonce: Uint8Array;
  /** SK_pi or SK_pr. */
  readonly prove: Uint8Array;
  readonly identity: PayloadOf<'idi' | 'idr'>;
}

export function authPayload(proof: Proof): Payload {
  return { type: 'auth', method: AUTH_SHARED_KEY, data: authData(proof) };
}

/** Whether the payloads hold the AUTH that this proof demands. */
export function proves(payloads: readonly Payload[], proof: Proof): boolean {
  const auth = find(payloads, 'auth');
  return auth?.method === AUTH_SHARED_KEY && equal(auth.data, authData(proof));
}

function authData({ psk, message, peerNonce, prove, identity }: Proof): Uint8Array {
  const body = new Writer().u8(identity.idType).u24(0).raw(identity.data).take();
  return pskAuth(hmacSha256, utf8ToBytes(psk), message, peerNonce, prove, body);
}

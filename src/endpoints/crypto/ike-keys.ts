/**
 * Keys of an IKE SA and of the CHILD_SAs made under it (RFC 7296 §2.14, §2.17).
 *
 *     SKEYSEED = prf(Ni | Nr, g^ir)
 *     SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr = prf+(SKEYSEED, Ni | Nr | SPIi | SPIr)
 *     KEYMAT   = prf+(SK_d, [g^ir of the CREATE_CHILD_SA |] Ni | Nr)
 *
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../../lib/bytes.ts';
import { type Prf, prfPlus } from './prf.ts';

/** What a transform needs: of an AEAD the encryption key ends in its salt, and there is no integrity key. */
export interface CipherKeys {
  readonly encryption: Uint8Array;
  readonly integrity: Uint8Array;
}

export interface KeyLengths {
  readonly encryption: number;
  readonly integrity: number;
}

export interface IkeKeys {
  /** Derives the keys of every CHILD_SA. */
  readonly derive: Uint8Array;
  /** Protects what the initiator sends, and what the responder sends. */
  readonly initiator: CipherKeys;
  readonly responder: CipherKeys;
  /** Bind the identities into AUTH. */
  readonly proveInitiator: Uint8Array;
  readonly proveResponder: Uint8Array;
}

export interface Nonces {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
}

export function skeyseed(prf: Prf, nonces: Nonces, shared: Uint8Array): Uint8Array {
  return prf(concat(nonces.initiator, nonces.responder), shared);
}

/** `spis` is SPIi followed by SPIr. The prf's own key length is that of its output. */
export function ikeKeys(prf: Prf, seed: Uint8Array, nonces: Nonces, spis: Uint8Array, lengths: KeyLengths): IkeKeys {
  const prfLength = seed.length;
  const total = 3 * prfLength + 2 * (lengths.integrity + lengths.encryption);
  const take = cutter(prfPlus(prf, seed, concat(nonces.initiator, nonces.responder, spis), total));
  const derive = take(prfLength);
  const integrity = [take(lengths.integrity), take(lengths.integrity)] as const;
  const encryption = [take(lengths.encryption), take(lengths.encryption)] as const;
  return {
    derive,
    initiator: { encryption: encryption[0], integrity: integrity[0] },
    responder: { encryption: encryption[1], integrity: integrity[1] },
    proveInitiator: take(prfLength),
    proveResponder: take(prfLength),
  };
}

export interface ChildKeys {
  readonly fromInitiator: CipherKeys;
  readonly fromResponder: CipherKeys;
}

/** First the keys from initiator to responder; in each direction the encryption key before the integrity key. */
export function childKeys(
  prf: Prf,
  derive: Uint8Array,
  nonces: Nonces,
  lengths: KeyLengths,
  shared: Uint8Array = new Uint8Array(0),
): ChildKeys {
  const seed = concat(shared, nonces.initiator, nonces.responder);
  const take = cutter(prfPlus(prf, derive, seed, 2 * (lengths.encryption + lengths.integrity)));
  const cipherKeys = () => ({ encryption: take(lengths.encryption), integrity: take(lengths.integrity) });
  const fromInitiator = cipherKeys();
  return { fromInitiator, fromResponder: cipherKeys() };
}

function cutter(bytes: Uint8Array): (length: number) => Uint8Array {
  let at = 0;
  return (length) => {
    at += length;
    return bytes.slice(at - length, at);
  };
}

const PSK_PAD = utf8ToBytes('Key Pad for IKEv2');

/**
 * The AUTH value of a shared key (RFC 7296 §2.15): a proof over the sender's own first message, the other's nonce and
 * the sender's identity. `message` is the whole IKE_SA_INIT message, `identity` the body of IDi or IDr.
 */
export function pskAuth(
  prf: Prf,
  psk: Uint8Array,
  message: Uint8Array,
  peerNonce: Uint8Array,
  prove: Uint8Array,
  identity: Uint8Array,
): Uint8Array {
  return prf(prf(psk, PSK_PAD), concat(message, peerNonce, prf(prove, identity)));
}

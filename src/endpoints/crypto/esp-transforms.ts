/**
 * The ciphers of ESP and of the IKEv2 SK payload, in one shape: an initialisation vector, the ciphertext, an
 * integrity check value (ICV) over all of it and what stands before it.
 *
 * - AES-GCM with a 16-byte ICV: RFC 4106 in ESP, RFC 5282 in IKE
 * - ChaCha20-Poly1305: RFC 7634
 * - AES-CBC (RFC 3602) with HMAC-SHA2-256-128 (RFC 4868) or HMAC-SHA1-96 (RFC 2404)
 *
 * @module
 */
import { cbc } from '@noble/ciphers/aes.js';
import { concat, equal, putU32 } from '../../lib/bytes.ts';
import type { Rng } from '../../lib/rng.ts';
import * as aesGcm from './aes-gcm.ts';
import * as chachaPoly from './chacha-poly.ts';
import type { CipherKeys, KeyLengths } from './ike-keys.ts';
import { hmacSha1, hmacSha256, type Prf } from './prf.ts';

export type TransformName = 'aes-gcm-16' | 'chacha20-poly1305' | 'aes-cbc-sha2-256-128' | 'aes-cbc-sha1-96';

export interface Transform {
  readonly name: TransformName;
  readonly keyLengths: KeyLengths;
  readonly ivLength: number;
  /** What is encrypted must be a multiple of this. */
  readonly blockLength: number;
  readonly icvLength: number;
  /** A fresh IV: counted where it must only never repeat, drawn where it must not be foreseen. */
  readonly iv: (count: number, rng: Rng) => Uint8Array;
  /** Answers ciphertext and ICV. `before` is covered by the ICV, not encrypted. */
  readonly seal: (keys: CipherKeys, before: Uint8Array, iv: Uint8Array, plain: Uint8Array) => Uint8Array;
  /** Answers the plain text, or undefined where the ICV does not match. */
  readonly open: (keys: CipherKeys, before: Uint8Array, iv: Uint8Array, sealed: Uint8Array) => Uint8Array | undefined;
}

/** Authenticated encryption: `associated` is covered by the tag at the end, not encrypted. */
interface Aead {
  readonly seal: (key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array) => Uint8Array;
  /** Undefined where the tag is wrong. */
  readonly open: (
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    sealed: Uint8Array,
  ) => Uint8Array | undefined;
}

const SALT_LEN = 4;

/** RFC 4106 §4, §5 and RFC 7634 §2 agree: nonce = salt from the keying material, then the 8-byte IV of the packet. */
function aead(name: TransformName, keyLength: number, cipher: Aead): Transform {
  const keyOf = ({ encryption }: CipherKeys) => encryption.subarray(0, keyLength);
  const nonceOf = ({ encryption }: CipherKeys, iv: Uint8Array) => concat(encryption.subarray(keyLength), iv);
  return {
    name,
    keyLengths: { encryption: keyLength + SALT_LEN, integrity: 0 },
    ivLength: 8,
    blockLength: 1,
    icvLength: 16,
    iv: (count) => {
      const iv = new Uint8Array(8);
      putU32(iv, 0, Math.floor(count / 0x1_0000_0000));
      putU32(iv, 4, count);
      return iv;
    },
    seal: (keys, before, iv, plain) => cipher.seal(keyOf(keys), nonceOf(keys, iv), before, plain),
    open: (keys, before, iv, sealed) => cipher.open(keyOf(keys), nonceOf(keys, iv), before, sealed),
  };
}

const AES_KEY_LEN = 16;
const AES_BLOCK = 16;

/** Encrypt first, then the ICV over everything (RFC 4303 §3.3.2). */
function aesCbc(name: TransformName, mac: Prf, integrityLength: number, icvLength: number): Transform {
  const icv = (keys: CipherKeys, ...covered: readonly Uint8Array[]) =>
    mac(keys.integrity, concat(...covered)).subarray(0, icvLength);
  return {
    name,
    keyLengths: { encryption: AES_KEY_LEN, integrity: integrityLength },
    ivLength: AES_BLOCK,
    blockLength: AES_BLOCK,
    icvLength,
    iv: (_count, rng) => rng.bytes(AES_BLOCK),
    seal: (keys, before, iv, plain) => {
      const ciphertext = cbc(keys.encryption, iv, { disablePadding: true }).encrypt(plain);
      return concat(ciphertext, icv(keys, before, iv, ciphertext));
    },
    open: (keys, before, iv, sealed) => {
      const ciphertext = sealed.subarray(0, Math.max(0, sealed.length - icvLength));
      if (ciphertext.length === 0 || ciphertext.length % AES_BLOCK !== 0) return undefined;
      if (!equal(icv(keys, before, iv, ciphertext), sealed.subarray(ciphertext.length))) return undefined;
      return cbc(keys.encryption, iv, { disablePadding: true }).decrypt(ciphertext);
    },
  };
}

export const transforms: Readonly<Record<TransformName, Transform>> = {
  'aes-gcm-16': aead('aes-gcm-16', AES_KEY_LEN, aesGcm),
  'chacha20-poly1305': aead('chacha20-poly1305', 32, chachaPoly),
  'aes-cbc-sha2-256-128': aesCbc('aes-cbc-sha2-256-128', hmacSha256, 32, 16),
  'aes-cbc-sha1-96': aesCbc('aes-cbc-sha1-96', hmacSha1, 20, 12),
};

/**
 * The key schedule of TLS 1.3 with SHA-256 (RFC 8446 §7.1), traffic keys (§7.3), Finished (§4.4.4) and exporters (§7.5).
 *
 *   0 → early secret → derived ┐
 *        (EC)DHE ──────────────┴→ handshake secret → c/s hs traffic; derived ┐
 *                                 0 ────────────────────────────────────────┴→ master secret → c/s ap traffic, exp master
 * @module
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../../lib/bytes.ts';

export const HASH_LEN = 32;
const ZEROS = new Uint8Array(HASH_LEN);
const EMPTY = new Uint8Array(0);
const HASH_OF_NOTHING = sha256(EMPTY);

export function expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const full = utf8ToBytes(`tls13 ${label}`);
  const info = concat(Uint8Array.of(length >>> 8, length, full.length), full, Uint8Array.of(context.length), context);
  return expand(sha256, secret, info, length);
}

/** `transcript`: the hash over all handshake messages so far. */
export function deriveSecret(secret: Uint8Array, label: string, transcript: Uint8Array): Uint8Array {
  return expandLabel(secret, label, transcript, HASH_LEN);
}

export function earlySecret(presharedKey: Uint8Array = ZEROS): Uint8Array {
  return extract(sha256, presharedKey, EMPTY);
}

/** Without pre-shared keys the early secret is the same for everyone. */
const EARLY_DERIVED = deriveSecret(earlySecret(), 'derived', HASH_OF_NOTHING);

export function handshakeSecret(shared: Uint8Array): Uint8Array {
  return extract(sha256, shared, EARLY_DERIVED);
}

export function masterSecret(handshake: Uint8Array): Uint8Array {
  return extract(sha256, ZEROS, deriveSecret(handshake, 'derived', HASH_OF_NOTHING));
}

export interface TrafficKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export function trafficKeys(secret: Uint8Array): TrafficKeys {
  return { key: expandLabel(secret, 'key', EMPTY, 16), iv: expandLabel(secret, 'iv', EMPTY, 12) };
}

export function finishedData(trafficSecret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return hmac(sha256, expandLabel(trafficSecret, 'finished', EMPTY, HASH_LEN), transcript);
}

/** Keys for a protocol above TLS, as OpenVPN asks for its data channel. */
export function exportKeys(exporterMaster: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const secret = deriveSecret(exporterMaster, label, HASH_OF_NOTHING);
  return expandLabel(secret, 'exporter', sha256(context), length);
}

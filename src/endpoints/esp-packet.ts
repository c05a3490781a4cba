/**
 * ESP packets (RFC 4303) sealed and opened with keys that are at hand.
 *
 *     |0 SPI |4 sequence number |8 IV | payload, pad 01 02 03 …, pad length, next header | ICV
 *                                       ├──────────────── encrypted ────────────────────┤
 *     ├─────────────────────────── covered by the ICV ──────────────────────────────────┤
 *
 * @module
 */
import { concat } from '../lib/bytes.ts';
import { encodeHeader, type Fields } from '../wire/esp.ts';
import type { Transform } from './crypto/esp-transforms.ts';
import type { CipherKeys } from './crypto/ike-keys.ts';
import type { Inside, Opened } from './ipsec-guard.ts';

/** All that one direction of a security association needs to know of the cipher. */
export interface Keying {
  readonly spi: number;
  readonly transform: Transform;
  readonly keys: CipherKeys;
}

/** Pad length and next header end on a 4-byte boundary whatever the cipher asks (RFC 4303 §2.4). */
const ALIGNMENT = 4;
const TRAILER_LEN = 2;

export function sealPacket(keying: Keying, sequence: number, iv: Uint8Array, inside: Inside): Uint8Array {
  const header = encodeHeader(keying.spi, sequence);
  const { transform, keys } = keying;
  return concat(header, iv, transform.seal(keys, header, iv, padded(inside, transform.blockLength)));
}

function padded(inside: Inside, blockLength: number): Uint8Array {
  const block = Math.max(ALIGNMENT, blockLength);
  const length = Math.ceil((inside.payload.length + TRAILER_LEN) / block) * block;
  const plain = new Uint8Array(length);
  plain.set(inside.payload);
  const padLength = length - inside.payload.length - TRAILER_LEN;
  for (let i = 0; i < padLength; i++) plain[inside.payload.length + i] = i + 1;
  plain[length - 2] = padLength;
  plain[length - 1] = inside.nextHeader;
  return plain;
}

export function openPacket(keying: Keying, packet: Fields): Opened {
  const { transform, keys } = keying;
  const header = encodeHeader(packet.spi, packet.sequence);
  const iv = packet.body.subarray(0, transform.ivLength);
  if (iv.length < transform.ivLength) return { ok: false, why: 'malformed' };
  const plain = transform.open(keys, header, iv, packet.body.subarray(transform.ivLength));
  if (!plain) return { ok: false, why: 'bad-icv' };
  const length = plain.length - TRAILER_LEN - (plain.at(-2) ?? 0);
  if (plain.length < TRAILER_LEN || length < 0) return { ok: false, why: 'malformed' };
  return { ok: true, inside: { nextHeader: plain.at(-1)!, payload: plain.subarray(0, length) } };
}

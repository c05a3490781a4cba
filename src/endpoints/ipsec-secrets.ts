/**
 * Keys in the formats of Wireshark's own tables, so that an export can be opened again: "ESP SAs" (esp_sa) and "IKEv2
 * Decryption Table" (ikev2_decryption_table). The addresses of an ESP SA are wild: on both sides of a NAT it is one SA.
 * Each SA is told once, an ESP SA by its sender, an IKE SA by its responder.
 * Wireshark 4.0 has no name for ChaCha20-Poly1305, and refuses a whole table over a name it does not know.
 * @module
 */
import { toHex } from '../lib/bytes.ts';
import type { TransformName } from './crypto/esp-transforms.ts';
import type { CipherKeys, IkeKeys } from './crypto/ike-keys.ts';
import type { Secret } from './endpoint.ts';
import type { Keying } from './esp-packet.ts';
import type { Spis } from './ike-nat.ts';

interface Names {
  readonly encryption: string;
  readonly integrity: string;
}

const ESP: Readonly<Partial<Record<TransformName, Names>>> = {
  'aes-gcm-16': { encryption: 'AES-GCM with 16 octet ICV [RFC4106]', integrity: 'NULL' },
  'aes-cbc-sha2-256-128': { encryption: 'AES-CBC [RFC3602]', integrity: 'HMAC-SHA-256-128 [RFC4868]' },
  'aes-cbc-sha1-96': { encryption: 'AES-CBC [RFC3602]', integrity: 'HMAC-SHA-1-96 [RFC2404]' },
};

const IKE: Readonly<Partial<Record<TransformName, Names>>> = {
  'aes-gcm-16': { encryption: 'AES-GCM-128 with 16 octet ICV [RFC5282]', integrity: 'NONE [RFC4306]' },
  'aes-cbc-sha2-256-128': { encryption: 'AES-CBC-128 [RFC3602]', integrity: 'HMAC_SHA2_256_128 [RFC4868]' },
  'aes-cbc-sha1-96': { encryption: 'AES-CBC-128 [RFC3602]', integrity: 'HMAC_SHA1_96 [RFC2404]' },
};

const quoted = (values: readonly string[]) => values.map((value) => `"${value}"`).join(',');
const number = (bytes: Uint8Array) => (bytes.length === 0 ? '' : `0x${toHex(bytes)}`);

/** An AEAD's key is given with its salt, as Wireshark wants it. */
export function espSecret({ spi, transform, keys }: Keying): readonly Secret[] {
  const names = ESP[transform.name];
  if (!names) return [];
  const { encryption, integrity } = names;
  const hexSpi = `0x${spi.toString(16).padStart(8, '0')}`;
  const fields = ['IPv4', '*', '*', hexSpi, encryption, number(keys.encryption), integrity, number(keys.integrity)];
  return [{ kind: 'esp-sa', line: quoted(fields) }];
}

/** One line opens both directions. */
export function ikeSecret(spis: Spis, name: TransformName, keys: IkeKeys): readonly Secret[] {
  const names = IKE[name];
  if (!names) return [];
  const { encryption, integrity } = names;
  const key = (of: CipherKeys, which: keyof CipherKeys) => toHex(of[which]);
  const { initiator, responder } = keys;
  const fields = [
    toHex(spis.initiatorSpi),
    toHex(spis.responderSpi),
    key(initiator, 'encryption'),
    key(responder, 'encryption'),
    `"${encryption}"`,
    key(initiator, 'integrity'),
    key(responder, 'integrity'),
    `"${integrity}"`,
  ];
  return [{ kind: 'ikev2-table', line: fields.join(',') }];
}

/**
 * Self-signed certificates with Ed25519 keys (RFC 5280, RFC 8410), always the same for the same name.
 *
 * Does not model: chains, revocation, other keys than Ed25519. Trust is by name alone: whoever shows a certificate for
 * the name that was called, and can sign with its key, is believed. The simulated Internet has no false certificates.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, equal, hex } from '../lib/bytes.ts';
import { latin1 } from '../wire/writer.ts';
import { publicKeyOf, sign } from './crypto/ed25519.ts';
import { der, type Element, elements, integer, TAG, text } from './der.ts';

export interface Identity {
  readonly name: string;
  readonly secret: Uint8Array;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface ReadCertificate {
  /** The subject's common name. */
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** Object identifiers, encoded: id-Ed25519, common name, subject alternative name. */
const ED25519 = hex('2b6570');
const COMMON_NAME = hex('550403');
const ALTERNATIVE_NAME = hex('551d11');
const VALID = ['240101000000Z', '340101000000Z'] as const;
const CONTEXT = { version: 0xa0, extensions: 0xa3, dnsName: 0x82 } as const;

const identities = new Map<string, Identity>();

export function identityOf(name: string): Identity {
  const known = identities.get(name);
  if (known) return known;
  const secret = sha256(utf8ToBytes(`key of ${name}`));
  const identity = { name, secret, certificate: selfSigned(name, secret) };
  identities.set(name, identity);
  return identity;
}

function selfSigned(name: string, secret: Uint8Array): Uint8Array {
  const algorithm = der(TAG.sequence, der(TAG.objectId, ED25519));
  const naming = der(TAG.sequence, der(TAG.objectId, COMMON_NAME), text(TAG.utf8, name));
  const subject = der(TAG.sequence, der(TAG.set, naming));
  const names = der(TAG.octetString, der(TAG.sequence, text(CONTEXT.dnsName, name)));
  const signed = der(
    TAG.sequence,
    der(CONTEXT.version, integer(Uint8Array.of(2))),
    integer(concat(Uint8Array.of(1), sha256(utf8ToBytes(name)).subarray(0, 7))),
    algorithm,
    subject,
    der(TAG.sequence, ...VALID.map((time) => text(TAG.utcTime, time))),
    subject,
    der(TAG.sequence, algorithm, der(TAG.bitString, Uint8Array.of(0), publicKeyOf(secret))),
    der(CONTEXT.extensions, der(TAG.sequence, der(TAG.sequence, der(TAG.objectId, ALTERNATIVE_NAME), names))),
  );
  return der(TAG.sequence, signed, algorithm, der(TAG.bitString, Uint8Array.of(0), sign(signed, secret)));
}

/** Name and key, or undefined where the bytes are no certificate with an Ed25519 key. */
export function readCertificate(bytes: Uint8Array): ReadCertificate | undefined {
  const fields = inside(inside(elements(bytes)?.[0])?.[0]);
  if (!fields) return undefined;
  // Certificates of version 1 leave out the version field.
  const subjectAt = fields[0]?.tag === CONTEXT.version ? 5 : 4;
  const [algorithm, key] = inside(fields[subjectAt + 1]) ?? [];
  const kind = inside(algorithm)?.[0]?.body;
  if (!kind || !equal(kind, ED25519) || key?.body.length !== 33) return undefined;
  return { name: commonName(fields[subjectAt]), publicKey: key.body.subarray(1) };
}

function commonName(subject: Element | undefined): string {
  for (const set of inside(subject) ?? []) {
    const [kind, value] = inside(inside(set)?.[0]) ?? [];
    if (kind && value && equal(kind.body, COMMON_NAME)) return latin1(value.body);
  }
  return '';
}

function inside(element: Element | undefined): readonly Element[] | undefined {
  return element && elements(element.body);
}

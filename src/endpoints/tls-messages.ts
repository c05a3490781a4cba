/**
 * The handshake messages of TLS 1.3 (RFC 8446 §4), as bytes and back.
 *
 *     |0 type |1 length 24 bits |4 body …
 *
 * One suite (TLS_AES_128_GCM_SHA256), one group (X25519), one signature (Ed25519) are spoken.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../lib/bytes.ts';
import { latin1, Writer } from '../wire/writer.ts';
import { type Cursor, readWhole } from './cursor.ts';

export const HANDSHAKE = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  certificateRequest: 13,
  certificateVerify: 15,
  finished: 20,
} as const;

const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  protocols: 16,
  supportedVersions: 43,
  keyShare: 51,
} as const;

const TLS_1_2 = 0x0303;
const TLS_1_3 = 0x0304;
const AES_128_GCM_SHA256 = 0x1301;
const X25519 = 0x001d;
const ED25519 = 0x0807;

export interface ClientHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly serverName?: string;
  /** The client's public X25519 key. */
  readonly share: Uint8Array;
  /** Application protocols it would speak, "http/1.1" (RFC 7301). */
  readonly protocols: readonly string[];
}

export interface ServerHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly share: Uint8Array;
}

/** What a client wants that we do not have, as an alert says it. */
export type Unwelcome = 'decode_error' | 'protocol_version' | 'handshake_failure';

export function message(type: number, body: Uint8Array): Uint8Array {
  return new Writer().u8(type).u24(body.length).raw(body).take();
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
  const name = hello.serverName ?? '';
  const extensions = [
    ...(name
      ? [extension(EXTENSION.serverName, vector16(new Writer().u8(0).u16(name.length).raw(utf8ToBytes(name)).take()))]
      : []),
    extension(EXTENSION.supportedGroups, vector16(words(X25519))),
    extension(EXTENSION.signatureAlgorithms, vector16(words(ED25519))),
    ...protocolsExtension(hello.protocols),
    extension(EXTENSION.supportedVersions, vector8(words(TLS_1_3))),
    extension(EXTENSION.keyShare, vector16(shareEntry(hello.share))),
  ];
  const body = new Writer()
    .u16(TLS_1_2)
    .raw(hello.random)
    .raw(vector8(hello.sessionId))
    .raw(vector16(words(AES_128_GCM_SHA256)))
    .raw(vector8(Uint8Array.of(0)))
    .raw(vector16(concat(...extensions)));
  return message(HANDSHAKE.clientHello, body.take());
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  const extensions = concat(
    extension(EXTENSION.supportedVersions, words(TLS_1_3)),
    extension(EXTENSION.keyShare, shareEntry(hello.share)),
  );
  const body = new Writer().u16(TLS_1_2).raw(hello.random).raw(vector8(hello.sessionId));
  body.u16(AES_128_GCM_SHA256).u8(0).raw(vector16(extensions));
  return message(HANDSHAKE.serverHello, body.take());
}

export function encodeEncryptedExtensions(protocol: string | undefined): Uint8Array {
  const chosen = protocol === undefined ? [] : protocolsExtension([protocol]);
  return message(HANDSHAKE.encryptedExtensions, vector16(concat(...chosen)));
}

export function encodeCertificateRequest(): Uint8Array {
  const algorithms = extension(EXTENSION.signatureAlgorithms, vector16(words(ED25519)));
  return message(HANDSHAKE.certificateRequest, concat(vector8(NONE), vector16(algorithms)));
}

/** Without a certificate it says "I have none", which only a client may. */
export function encodeCertificate(certificate: Uint8Array | undefined): Uint8Array {
  const list = certificate ? concat(vector24(certificate), vector16(NONE)) : NONE;
  return message(HANDSHAKE.certificate, concat(vector8(NONE), vector24(list)));
}

export function encodeCertificateVerify(signature: Uint8Array): Uint8Array {
  return message(HANDSHAKE.certificateVerify, concat(words(ED25519), vector16(signature)));
}

export function readClientHello(body: Uint8Array): ClientHello | Unwelcome {
  const read = readWhole(body, (cursor): ClientHello | Unwelcome => {
    cursor.u16();
    const random = cursor.take(32);
    const sessionId = cursor.take(cursor.u8());
    const suites = readWords(cursor.take(cursor.u16()));
    cursor.take(cursor.u8());
    const extensions = cursor.left > 0 ? readExtensions(cursor) : new Map<number, Uint8Array>();
    const list = (type: number, width: 1 | 2) => readList(extensions.get(type), width);
    if (!list(EXTENSION.supportedVersions, 1).includes(TLS_1_3)) return 'protocol_version';
    const share = readShares(extensions.get(EXTENSION.keyShare)).get(X25519);
    const signs = list(EXTENSION.signatureAlgorithms, 2).includes(ED25519);
    if (!share || !signs || !suites.includes(AES_128_GCM_SHA256)) return 'handshake_failure';
    const serverName = readServerName(extensions.get(EXTENSION.serverName));
    const protocols = readProtocols(extensions.get(EXTENSION.protocols));
    return { random, sessionId, share, protocols, ...(serverName ? { serverName } : {}) };
  });
  return read ?? 'decode_error';
}

/** Undefined where the server chose anything but what we offered. */
export function readServerHello(body: Uint8Array): ServerHello | undefined {
  return readWhole(body, (cursor) => {
    cursor.u16();
    const random = cursor.take(32);
    const sessionId = cursor.take(cursor.u8());
    if (cursor.u16() !== AES_128_GCM_SHA256 || cursor.u8() !== 0) cursor.refuse();
    const extensions = readExtensions(cursor);
    const [version] = readWords(extensions.get(EXTENSION.supportedVersions) ?? NONE);
    const share = readShareEntries(extensions.get(EXTENSION.keyShare) ?? NONE).get(X25519);
    return version === TLS_1_3 && share ? { random, sessionId, share } : cursor.refuse();
  });
}

/** The first certificate of the list, "none" where the list is empty. */
export function readCertificateList(body: Uint8Array): Uint8Array | 'none' | undefined {
  return readWhole(body, (cursor) => {
    cursor.take(cursor.u8());
    const length = cursor.u24();
    return length === 0 ? 'none' : cursor.take(cursor.u24());
  });
}

export function readCertificateVerify(body: Uint8Array): Uint8Array | undefined {
  return readWhole(body, (cursor) => (cursor.u16() === ED25519 ? cursor.take(cursor.u16()) : cursor.refuse()));
}

const NONE = new Uint8Array(0);
const words = (...values: readonly number[]) =>
  values.reduce((writer, value) => writer.u16(value), new Writer()).take();
const vector8 = (bytes: Uint8Array) => concat(Uint8Array.of(bytes.length), bytes);
const vector16 = (bytes: Uint8Array) => concat(words(bytes.length), bytes);
const vector24 = (bytes: Uint8Array) => new Writer().u24(bytes.length).raw(bytes).take();
const extension = (type: number, body: Uint8Array) => concat(words(type), vector16(body));
const shareEntry = (key: Uint8Array) => concat(words(X25519), vector16(key));

function protocolsExtension(protocols: readonly string[]): readonly Uint8Array[] {
  if (protocols.length === 0) return [];
  const names = protocols.map((name) => vector8(utf8ToBytes(name)));
  return [extension(EXTENSION.protocols, vector16(concat(...names)))];
}

function readExtensions(cursor: Cursor): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const end = cursor.u16();
  const all = readWhole(cursor.take(end), (inner) => {
    while (inner.left > 0) found.set(inner.u16(), inner.take(inner.u16()));
    return found;
  });
  return all ?? cursor.refuse();
}

function readWords(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: bytes.length >>> 1 }, (_, index) => (bytes[2 * index]! << 8) | bytes[2 * index + 1]!);
}

function readList(bytes: Uint8Array | undefined, width: 1 | 2): readonly number[] {
  return readWords(readWhole(bytes ?? NONE, (cursor) => cursor.take(width === 1 ? cursor.u8() : cursor.u16())) ?? NONE);
}

function readShares(bytes: Uint8Array | undefined): Map<number, Uint8Array> {
  return readShareEntries(readWhole(bytes ?? NONE, (cursor) => cursor.take(cursor.u16())) ?? NONE);
}

function readShareEntries(bytes: Uint8Array): Map<number, Uint8Array> {
  const shares = new Map<number, Uint8Array>();
  readWhole(bytes, (cursor) => {
    while (cursor.left > 0) shares.set(cursor.u16(), cursor.take(cursor.u16()));
  });
  return shares;
}

function readServerName(bytes: Uint8Array | undefined): string | undefined {
  return readWhole(bytes ?? NONE, (cursor) => {
    cursor.u16();
    return cursor.u8() === 0 ? latin1(cursor.take(cursor.u16())) : undefined;
  });
}

function readProtocols(bytes: Uint8Array | undefined): readonly string[] {
  const names: string[] = [];
  readWhole(bytes ?? NONE, (cursor) => {
    cursor.u16();
    while (cursor.left > 0) names.push(latin1(cursor.take(cursor.u8())));
  });
  return names;
}

/**
 * TLS records, RFC 8446 §5.1 and RFC 5246 §6.2.1.   |0 content type |1 version |3 length |5 fragment …
 *
 * Several records may share a segment, one may need several, and a segment may begin inside one: then nothing in it can
 * be told from chance, and nothing is claimed. Handshake messages are open until keys are in use: after a server hello
 * in TLS 1.3, after ChangeCipherSpec before that.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { parseWith, within } from './record.ts';
import type { Parsed } from './result.ts';
import { named } from './show.ts';
import { type Handshake, hostOf, listed, readHandshake, versionName, writeHandshake } from './tls-handshake.ts';
import { ALERT_LEVELS, ALERTS, CONTENT_TYPES, HANDSHAKES } from './tls-names.ts';
import { Writer } from './writer.ts';

export const RECORD_HEADER_LEN = 5;
/** 2^14 and what encryption may add in TLS 1.2 (RFC 5246 §6.2.3). */
const MAX_FRAGMENT = 16384 + 2048;
const HANDSHAKE_HEADER_LEN = 4;

export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;

export interface TlsRecord {
  readonly type: number;
  /** 0x0303 for TLS 1.2 and 1.3; 0x0301 is usual in the first one. */
  readonly version: number;
  readonly fragment: Uint8Array;
}

/** Reads whole records, all there are. */
export function parseRecords(bytes: Uint8Array): Parsed<TlsRecord[]> {
  return parseWith('tls', bytes, (reader) => {
    const records: TlsRecord[] = [];
    while (reader.left > 0) {
      const { type, version, length } = readRecordHeader(reader);
      records.push({ type, version, fragment: reader.raw('Fragment', 'tls.record.fragment', length) });
    }
    return records;
  });
}

export function encodeRecord({ type, version, fragment }: TlsRecord): Uint8Array {
  return new Writer().u8(type).u16(version).u16(fragment.length).raw(fragment).take();
}

/** Reads whole handshake messages, as the fragments of one or more records give them. */
export function parseHandshakes(bytes: Uint8Array): Parsed<Handshake[]> {
  return parseWith('tls', bytes, (reader) => {
    const messages: Handshake[] = [];
    while (reader.left > 0) messages.push(readMessage(reader));
    return messages;
  });
}

export function encodeHandshake(message: Handshake): Uint8Array {
  const { type, body } = writeHandshake(message);
  return new Writer().u8(type).u24(body.length).raw(body).take();
}

/** The header of a record of a known kind, and a length that this kind can have. */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < RECORD_HEADER_LEN) return false;
  const type = bytes[from]!;
  const length = u16(bytes, from + 3);
  if (bytes[from + 1] !== 3 || bytes[from + 2]! > 4 || length > MAX_FRAGMENT) return false;
  if (type === CHANGE_CIPHER_SPEC) return length === 1;
  if (type === ALERT) return length === 2 || length >= 16;
  if (type === HANDSHAKE) return length >= HANDSHAKE_HEADER_LEN;
  return type === APPLICATION_DATA || type === 24;
}

function readRecordHeader(reader: LayerReader): {
  readonly type: number;
  readonly version: number;
  readonly length: number;
} {
  const type = reader.u8('Content Type', 'tls.record.content_type', (value) => named(CONTENT_TYPES, value));
  const version = reader.u16('Version', 'tls.record.version', versionName);
  return { type, version, length: reader.u16('Length', 'tls.record.length') };
}

function readMessage(reader: LayerReader): Handshake {
  const type = reader.u8('Handshake Type', 'tls.handshake.type', (value) => named(HANDSHAKES, value));
  const length = reader.u24('Length', 'tls.handshake.length');
  return within(reader, length, 'handshake message', () => readHandshake(reader, type, 'tls'));
}

/** What is known of the stream while the records of one segment are read. */
interface Progress {
  /** Keys are in use: handshake records are ciphertext from here on. */
  encrypted: boolean;
  /** Bytes that the last handshake message still lacks. */
  owed: number;
  readonly seen: string[];
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Transport Layer Security';
  if (!looksLike(reader.bytes, reader.at, reader.end)) {
    reader.kind = 'opaque';
    reader.why = 'no record begins here: one runs on from an earlier segment, or this is not TLS';
    reader.raw('Data', 'tls.data', reader.left);
    return undefined;
  }
  const progress: Progress = { encrypted: false, owed: 0, seen: [] };
  try {
    readRecords(reader, progress);
  } finally {
    reader.summary = listed(progress.seen);
  }
  if (progress.seen.every((what) => CLOSED.includes(what)) && reader.kind === 'decoded') {
    reader.kind = 'opaque';
    reader.why = 'encrypted';
  }
  return undefined;
};

function readRecords(reader: LayerReader, progress: Progress): void {
  while (reader.left > 0) {
    if (reader.left >= RECORD_HEADER_LEN && !looksLike(reader.bytes, reader.at, reader.end))
      reader.fail(`no record begins at byte ${reader.at - reader.start}, where one should`);
    readRecord(reader, progress);
  }
}

const ENCRYPTED_HANDSHAKE = 'Encrypted Handshake Message';
const ENCRYPTED_ALERT = 'Encrypted Alert';
/** What shows nothing but its length. */
const CLOSED: readonly string[] = ['Application Data', ENCRYPTED_HANDSHAKE, ENCRYPTED_ALERT];

function readRecord(reader: LayerReader, progress: Progress): void {
  reader.group('Record Layer', 'tls.record', () => {
    // The last record of a segment may go on in the next one, which is no fault of it.
    const cut = reader.left < RECORD_HEADER_LEN || reader.left - RECORD_HEADER_LEN < u16(reader.bytes, reader.at + 3);
    if (cut) reader.partial ??= 'the rest of the last record is in a later packet';
    const { type, length } = readRecordHeader(reader);
    const first = progress.seen.length;
    within(reader, length, 'record', () => readFragment(reader, type, progress, cut));
    return listed(progress.seen.slice(first));
  });
}

function readFragment(reader: LayerReader, type: number, progress: Progress, cut: boolean): void {
  const { seen } = progress;
  switch (type) {
    case CHANGE_CIPHER_SPEC:
      seen.push('Change Cipher Spec');
      progress.encrypted = true;
      reader.raw('Change Cipher Spec Message', 'tls.change_cipher_spec', reader.left);
      return;
    case ALERT:
      readAlert(reader, seen);
      return;
    case HANDSHAKE:
      readHandshakes(reader, progress, cut);
      return;
    case APPLICATION_DATA:
      seen.push('Application Data');
      reader.raw('Encrypted Application Data', 'tls.app_data', reader.left, `encrypted (${reader.left} bytes)`);
      return;
    default:
      seen.push(CONTENT_TYPES[type] ?? 'Unknown');
      reader.raw('Data', 'tls.record.data', reader.left);
  }
}

function readAlert(reader: LayerReader, seen: string[]): void {
  if (reader.left !== 2) {
    seen.push(ENCRYPTED_ALERT);
    reader.raw('Alert Message', 'tls.alert_message', reader.left, `encrypted (${reader.left} bytes)`);
    return;
  }
  seen.push(`Alert: ${ALERTS[reader.bytes[reader.at + 1]!] ?? 'Unknown'}`);
  reader.u8('Level', 'tls.alert_message.level', (value) => named(ALERT_LEVELS, value));
  reader.u8('Description', 'tls.alert_message.desc', (value) => named(ALERTS, value));
}

function readHandshakes(reader: LayerReader, progress: Progress, cut: boolean): void {
  const { seen } = progress;
  while (reader.left > 0) {
    if (progress.owed > 0) {
      const part = Math.min(progress.owed, reader.left);
      reader.raw('Handshake message, continued', 'tls.handshake.fragment', part);
      progress.owed -= part;
      continue;
    }
    const type = reader.bytes[reader.at]!;
    const length =
      reader.left < HANDSHAKE_HEADER_LEN ? 0 : (reader.bytes[reader.at + 1]! << 16) | u16(reader.bytes, reader.at + 2);
    if (progress.encrypted || HANDSHAKES[type] === undefined || length > 0x1ffff) {
      seen.push(ENCRYPTED_HANDSHAKE);
      reader.raw(ENCRYPTED_HANDSHAKE, 'tls.handshake.encrypted', reader.left, `encrypted (${reader.left} bytes)`);
      return;
    }
    seen.push(HANDSHAKES[type]);
    const lacks = length + HANDSHAKE_HEADER_LEN - reader.left;
    if (lacks > 0 && !cut) {
      reader.raw('Handshake message, first part', 'tls.handshake.fragment', reader.left);
      progress.owed = lacks;
      continue;
    }
    reader.group('Handshake Protocol', 'tls.handshake', () => {
      const message = readMessage(reader);
      const host = message.type === 'client-hello' ? hostOf(message) : undefined;
      if (host !== undefined) seen.push(`${seen.pop()} (SNI=${host})`);
      return seen.at(-1);
    });
  }
}

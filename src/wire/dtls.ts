/**
 * DTLS records, RFC 6347 §4.1 and §4.2.2: TLS over UDP, where each record numbers itself and each handshake message says
 * which part of it this is.
 *
 *     record      |0 content type |1 version |3 epoch |5 sequence number 6 |11 length |13 fragment …
 *     handshake   |0 type |1 length 3 |4 message sequence |6 fragment offset 3 |9 fragment length 3 |12 body …
 *
 * Epoch 0 is open, every later one encrypted.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { parseWith, within } from './record.ts';
import type { Parsed } from './result.ts';
import { named } from './show.ts';
import { hostOf, listed, readHandshake, versionName } from './tls-handshake.ts';
import { ALERT_LEVELS, ALERTS, CONTENT_TYPES, HANDSHAKES } from './tls-names.ts';
import { Writer } from './writer.ts';

export const RECORD_HEADER_LEN = 13;
const HANDSHAKE_HEADER_LEN = 12;
const ALERT = 21;
const HANDSHAKE = 22;

export interface DtlsRecord {
  readonly type: number;
  /** 0xfeff for DTLS 1.0, 0xfefd for 1.2. */
  readonly version: number;
  readonly epoch: number;
  /** 48 bits. */
  readonly sequence: number;
  readonly fragment: Uint8Array;
}

export function parseRecords(bytes: Uint8Array): Parsed<DtlsRecord[]> {
  return parseWith('dtls', bytes, (reader) => {
    const records: DtlsRecord[] = [];
    while (reader.left > 0) {
      const { length, ...header } = readRecordHeader(reader);
      records.push({ ...header, fragment: reader.raw('Fragment', 'dtls.record.fragment', length) });
    }
    return records;
  });
}

export function encodeRecord({ type, version, epoch, sequence, fragment }: DtlsRecord): Uint8Array {
  const writer = new Writer().u8(type).u16(version).u16(epoch);
  writer.u16(Math.floor(sequence / 0x1_0000_0000)).u32(sequence % 0x1_0000_0000);
  return writer.u16(fragment.length).raw(fragment).take();
}

/** A known content type and version, epoch 0 or 1, and a length that stays inside the datagram. */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < RECORD_HEADER_LEN) return false;
  const type = bytes[from]!;
  const version = u16(bytes, from + 1);
  if (type < 20 || type > 23 || (version !== 0xfeff && version !== 0xfefd)) return false;
  return u16(bytes, from + 3) <= 1 && u16(bytes, from + 11) <= to - from - RECORD_HEADER_LEN;
}

function readRecordHeader(reader: LayerReader): Omit<DtlsRecord, 'fragment'> & { readonly length: number } {
  const type = reader.u8('Content Type', 'dtls.record.content_type', (value) => named(CONTENT_TYPES, value));
  const version = reader.u16('Version', 'dtls.record.version', versionName);
  const epoch = reader.u16('Epoch', 'dtls.record.epoch');
  const offset = reader.need(6, 'Sequence Number');
  const sequence =
    u16(reader.bytes, offset) * 0x1_0000_0000 +
    u16(reader.bytes, offset + 2) * 0x1_0000 +
    u16(reader.bytes, offset + 4);
  const display = String(sequence);
  reader.add({
    name: 'Sequence Number',
    key: 'dtls.record.sequence_number',
    offset,
    length: 6,
    value: sequence,
    display,
  });
  return { type, version, epoch, sequence, length: reader.u16('Length', 'dtls.record.length') };
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Datagram Transport Layer Security';
  if (!looksLike(reader.bytes, reader.at, reader.end)) {
    reader.kind = 'opaque';
    reader.why = 'not a record of DTLS 1.0 or 1.2';
    reader.raw('Data', 'dtls.data', reader.left);
    return undefined;
  }
  const seen: string[] = [];
  let open = false;
  while (reader.left > 0)
    reader.group('Record Layer', 'dtls.record', () => {
      const { type, epoch, length } = readRecordHeader(reader);
      open ||= epoch === 0;
      const what = within(reader, length, 'record', () => readFragment(reader, type, epoch));
      seen.push(what);
      reader.summary = listed(seen);
      return what;
    });
  if (!open && reader.kind === 'decoded') {
    reader.kind = 'opaque';
    reader.why = 'encrypted';
  }
  return undefined;
};

/** Answers what the record holds, in words. */
function readFragment(reader: LayerReader, type: number, epoch: number): string {
  const name = CONTENT_TYPES[type] ?? 'Unknown';
  if (epoch > 0) {
    reader.raw('Encrypted Record Content', 'dtls.enc_content', reader.left, `encrypted (${reader.left} bytes)`);
    return `Encrypted ${name}`;
  }
  if (type === HANDSHAKE) return readHandshakes(reader);
  if (type === ALERT && reader.left === 2) {
    reader.u8('Level', 'dtls.alert_message.level', (value) => named(ALERT_LEVELS, value));
    reader.u8('Description', 'dtls.alert_message.desc', (value) => named(ALERTS, value));
    return `Alert: ${reader.last.display}`;
  }
  if (reader.left > 0) reader.raw(name, 'dtls.record.data', reader.left);
  return name;
}

function readHandshakes(reader: LayerReader): string {
  const seen: string[] = [];
  while (reader.left > 0)
    reader.group('Handshake Protocol', 'dtls.handshake', () => {
      const what = readPart(reader);
      seen.push(what);
      return what;
    });
  return listed(seen);
}

function readPart(reader: LayerReader): string {
  if (reader.left < HANDSHAKE_HEADER_LEN) reader.need(HANDSHAKE_HEADER_LEN, 'handshake header');
  const type = reader.u8('Handshake Type', 'dtls.handshake.type', (value) => named(HANDSHAKES, value));
  const length = reader.u24('Length', 'dtls.handshake.length');
  reader.u16('Message Sequence', 'dtls.handshake.message_seq');
  const offset = reader.u24('Fragment Offset', 'dtls.handshake.fragment_offset');
  const size = reader.u24('Fragment Length', 'dtls.handshake.fragment_length');
  const name = HANDSHAKES[type] ?? 'Unknown';
  if (offset > 0 || size < length) {
    reader.raw('Fragment', 'dtls.handshake.fragment', size);
    return `${name} (fragment)`;
  }
  const message = within(reader, size, 'handshake message', () => readHandshake(reader, type, 'dtls'));
  const host = message.type === 'client-hello' ? hostOf(message) : undefined;
  return host === undefined ? name : `${name} (SNI=${host})`;
}

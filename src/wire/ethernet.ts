/**
 * Ethernet II, and IEEE 802.3 as far as to know that it is not.
 *
 *     |0 destination 6 |6 source 6 |12 type (or, up to 1500, a length) |14 payload …
 *
 * Captures have no frame check sequence; frames filled up to 60 bytes end in padding.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import { nameOf, readerOf } from './ether-type.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { colons, hex16 } from './show.ts';
import { Writer } from './writer.ts';

export const HEADER_LEN = 14;

/** Largest value of the type field that is a length. */
export const LARGEST_LENGTH = 1500;

export interface Fields {
  /** 6 bytes each. */
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly type: number;
  /** Padding included, where there is some: only the payload itself knows where it ends. */
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('ethernet', HEADER_LEN, bytes.length);
  const type = u16(bytes, 12);
  if (type <= LARGEST_LENGTH) return badField('ethernet', 'type', type);
  return ok({
    destination: bytes.subarray(0, 6),
    source: bytes.subarray(6, 12),
    type,
    payload: bytes.subarray(HEADER_LEN),
  });
}

export function encode(fields: Fields): Uint8Array {
  return new Writer().raw(fields.destination).raw(fields.source).u16(fields.type).raw(fields.payload).take();
}

/** A hardware address as a field. */
export function readMac(reader: LayerReader, name: string, key: string): string {
  const offset = reader.need(6, name);
  const value = reader.bytes.subarray(offset, offset + 6);
  const display = colons(value);
  reader.add({ name, key, offset, length: 6, value, display });
  return display;
}

export const typeName = (value: number): string => `${nameOf(value)} (${hex16(value)})`;

export const dissect: Dissector = (reader) => {
  reader.name = 'Ethernet';
  const destination = readMac(reader, 'Destination', 'eth.dst');
  reader.summary = `${readMac(reader, 'Source', 'eth.src')} → ${destination}`;
  const typeAt = reader.at;
  if (reader.left >= 2 && u16(reader.bytes, typeAt) <= LARGEST_LENGTH) {
    reader.name = 'IEEE 802.3 Ethernet';
    return ieee(reader, 'eth.len');
  }
  const type = reader.u16('Type', 'eth.type', typeName);
  return { protocol: readerOf(type), offset: reader.at, end: reader.end };
};

/** A length in place of a type: an LLC frame, then padding. */
export function ieee(reader: LayerReader, key: string): readonly Next[] {
  const length = reader.u16('Length', key);
  if (length > reader.left) reader.short(`length says ${length} bytes, ${reader.left} are there`);
  const end = Math.min(reader.at + length, reader.end);
  return [
    { protocol: 'llc', offset: reader.at, end },
    { protocol: 'padding', offset: end, end: reader.end },
  ];
}

/**
 * BSD loopback (link types NULL and LOOP): four bytes that name the address family, in the byte order of the machine
 * that captured. Families fit in one byte, so the order shows.
 * @module
 */
import { putU32, u32 } from '../lib/bytes.ts';
import type { Dissector } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { named } from './show.ts';

export const HEADER_LEN = 4;

export interface Fields {
  readonly family: number;
  /** Least significant byte first. */
  readonly littleEndian: boolean;
  readonly payload: Uint8Array;
}

export const IPV4 = 2;
/** IPv6 has another number on each system: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 macOS. */
const NAMES: Readonly<Record<number, string>> = { 2: 'IP', 10: 'IPv6', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' };

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('null', HEADER_LEN, bytes.length);
  const { family, littleEndian } = familyAt(bytes, 0);
  if (NAMES[family] === undefined) return badField('null', 'family', family);
  return ok({ family, littleEndian, payload: bytes.subarray(HEADER_LEN) });
}

export function encode(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(HEADER_LEN + fields.payload.length);
  putU32(bytes, 0, fields.family);
  if (fields.littleEndian) bytes.subarray(0, HEADER_LEN).reverse();
  bytes.set(fields.payload, HEADER_LEN);
  return bytes;
}

function familyAt(bytes: Uint8Array, at: number): { readonly family: number; readonly littleEndian: boolean } {
  const littleEndian = bytes[at] !== 0;
  const family = littleEndian ? u32(Uint8Array.from(bytes.subarray(at, at + 4)).reverse(), 0) : u32(bytes, at);
  return { family, littleEndian };
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Null/Loopback';
  const offset = reader.need(HEADER_LEN, 'Family');
  const { family } = familyAt(reader.bytes, offset);
  reader.add({
    name: 'Family',
    key: 'null.family',
    offset,
    length: HEADER_LEN,
    value: family,
    display: named(NAMES, family),
  });
  reader.summary = named(NAMES, family);
  const protocol = family === IPV4 ? 'ipv4' : NAMES[family] ? 'ipv6' : 'data';
  return { protocol, offset: reader.at, end: reader.end };
};

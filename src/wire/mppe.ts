/**
 * MPPE packets, RFC 3078 §3.1: two bytes in clear, then RC4 over the protocol field and the packet.
 *
 *     |0 A B C D (4 bits), coherency count (12 bits) |2 ciphertext …
 *
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import type { Dissector, Flag } from './layer-reader.ts';
import { ok, type Parsed, truncated } from './result.ts';
import { hex8 } from './show.ts';

const FLUSHED = 0x8000;
const ENCRYPTED = 0x1000;

export interface Fields {
  /** A: the tables were set up anew before this packet; always set in stateless mode. */
  readonly flushed: boolean;
  /** D: clear, the packet is compressed only (MPPC), not encrypted. */
  readonly encrypted: boolean;
  /** 0 … 4095. */
  readonly coherencyCount: number;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < 2) return truncated('mppe', 2, bytes.length);
  const word = u16(bytes, 0);
  return ok({
    flushed: (word & FLUSHED) !== 0,
    encrypted: (word & ENCRYPTED) !== 0,
    coherencyCount: word & 0xfff,
    payload: bytes.subarray(2),
  });
}

export function encode(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(2 + fields.payload.length);
  putU16(
    bytes,
    0,
    (fields.flushed ? FLUSHED : 0) | (fields.encrypted ? ENCRYPTED : 0) | (fields.coherencyCount & 0xfff),
  );
  bytes.set(fields.payload, 2);
  return bytes;
}

const FLAGS: readonly Flag[] = [
  { name: 'A: flushed', key: 'mppe.flags.flushed', mask: 0x80 },
  { name: 'B: packet moved to the front', key: 'mppe.flags.front', mask: 0x40 },
  { name: 'C: compressed', key: 'mppe.flags.compressed', mask: 0x20 },
  { name: 'D: encrypted', key: 'mppe.flags.encrypted', mask: 0x10 },
];

export const dissect: Dissector = (reader) => {
  reader.name = 'Microsoft Point-to-Point Encryption';
  const at = reader.need(2, 'Flags and coherency count');
  const word = u16(reader.bytes, at);
  const flags = word >>> 8;
  reader.add({
    name: 'Flags',
    key: 'mppe.flags',
    offset: at,
    length: 1,
    mask: 0xf0,
    value: flags >>> 4,
    display: hex8(flags >>> 4),
  });
  reader.flags(reader.last, flags, FLAGS);
  const count = reader.bits('Coherency Count', 'mppe.coherency_count', at, 2, 0xfff, word);
  const encrypted = (word & ENCRYPTED) !== 0;
  reader.kind = 'opaque';
  reader.why = encrypted
    ? 'encrypted with keys that only the two ends have'
    : 'compressed (MPPC): reading it needs every packet before it';
  reader.summary = `${encrypted ? 'Encrypted' : 'Compressed'} data, coherency count ${count}`;
  if (reader.left > 0) reader.raw(encrypted ? 'Encrypted Data' : 'Compressed Data', 'mppe.data', reader.left);
  return undefined;
};

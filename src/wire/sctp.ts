/**
 * SCTP, RFC 9260: the common header and its chunks.
 *
 *     |0 source port |2 destination port |4 verification tag |8 CRC32c, least significant byte first |12 chunks …
 *     chunk: |0 type |1 flags |2 length, header included |4 value … up to a multiple of 4
 *
 * The CRC covers the ports, so a NAT that changes one must make it anew; it covers no address.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { crc32c } from './checksum.ts';
import type { Dissector } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { readChunks } from './sctp-chunks.ts';
import { hex32 } from './show.ts';

export const PROTOCOL = 132;
export const HEADER_LEN = 12;

export const DATA = 0;
export const INIT = 1;
export const INIT_ACK = 2;
export const SACK = 3;
export const HEARTBEAT = 4;
export const HEARTBEAT_ACK = 5;
export const ABORT = 6;
export const SHUTDOWN = 7;
export const SHUTDOWN_ACK = 8;
export const ERROR = 9;
export const COOKIE_ECHO = 10;
export const COOKIE_ACK = 11;
export const SHUTDOWN_COMPLETE = 14;

export interface Chunk {
  readonly type: number;
  readonly flags: number;
  /** What follows the chunk header, without padding. */
  readonly value: Uint8Array;
}

export interface Fields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly chunks: readonly Chunk[];
}

const NO_CRC = new Uint8Array(4);

/** What the checksum field must hold, with itself as zero. */
export function crcOf(bytes: Uint8Array, from: number, to: number): number {
  return crc32c(bytes.subarray(from, from + 8), NO_CRC, bytes.subarray(from + HEADER_LEN, to));
}

/** The same as it is read there: in network order. */
function crcField(bytes: Uint8Array, from: number, to: number): number {
  const crc = crcOf(bytes, from, to);
  return ((crc << 24) | ((crc & 0xff00) << 8) | ((crc >>> 8) & 0xff00) | (crc >>> 24)) >>> 0;
}

/** `bytes` is exactly the packet. A wrong CRC is an error. */
export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('sctp', HEADER_LEN, bytes.length);
  if (u32(bytes, 8) !== crcField(bytes, 0, bytes.length)) return badField('sctp', 'checksum', u32(bytes, 8));
  const chunks: Chunk[] = [];
  for (let at = HEADER_LEN; at < bytes.length; ) {
    if (at + 4 > bytes.length) return truncated('sctp', at + 4, bytes.length);
    const length = u16(bytes, at + 2);
    if (length < 4) return badField('sctp', 'chunk length', length);
    if (at + length > bytes.length) return truncated('sctp', at + length, bytes.length);
    chunks.push({ type: bytes[at]!, flags: bytes[at + 1]!, value: bytes.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return ok({
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    verificationTag: u32(bytes, 4),
    chunks,
  });
}

export function encode(fields: Fields): Uint8Array {
  let length = HEADER_LEN;
  for (const chunk of fields.chunks) length += (4 + chunk.value.length + 3) & ~3;
  const bytes = new Uint8Array(length);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU32(bytes, 4, fields.verificationTag);
  let at = HEADER_LEN;
  for (const { type, flags, value } of fields.chunks) {
    bytes[at] = type;
    bytes[at + 1] = flags;
    putU16(bytes, at + 2, 4 + value.length);
    bytes.set(value, at + 4);
    at += (4 + value.length + 3) & ~3;
  }
  putU32(bytes, 8, crcField(bytes, 0, length));
  return bytes;
}

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Stream Control Transmission Protocol';
  const start = reader.at;
  const sourcePort = reader.u16('Source Port', 'sctp.srcport');
  const destinationPort = reader.u16('Destination Port', 'sctp.dstport');
  reader.summary = `${sourcePort} → ${destinationPort}`;
  reader.u32('Verification Tag', 'sctp.verification_tag', hex32);
  const sum = reader.u32('Checksum', 'sctp.checksum', hex32);
  if (context.partial !== undefined) reader.amend(reader.last, { check: 'unverifiable' });
  else reader.amend(reader.last, { check: sum === crcField(reader.bytes, start, reader.end) ? 'right' : 'wrong' });
  readChunks(reader);
  return undefined;
};

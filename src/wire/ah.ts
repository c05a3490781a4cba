/**
 * Authentication Header, RFC 4302.
 *   |0 next header |1 length in 32-bit words minus 2 |2 reserved |4 SPI |8 sequence number |12 ICV …
 *
 * The ICV covers the IP addresses, so whoever rewrites them makes it wrong; only the two ends can tell.
 * @module
 */
import { nameOf, readerOf } from './ip-protocol.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { hex32 } from './show.ts';
import { Writer } from './writer.ts';

export const PROTOCOL = 51;
/** Without the ICV. */
export const HEADER_LEN = 12;

export interface Fields {
  /** IP protocol number of what follows: 4 for a tunnelled IPv4 packet. */
  readonly nextHeader: number;
  readonly spi: number;
  readonly sequence: number;
  /** With its padding: a multiple of 4 bytes (RFC 4302 §2.6). */
  readonly icv: Uint8Array;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  return parseWith('ah', bytes, read);
}

export function encode(fields: Fields): Uint8Array {
  return new Writer()
    .u8(fields.nextHeader)
    .u8((HEADER_LEN + fields.icv.length) / 4 - 2)
    .u16(0)
    .u32(fields.spi)
    .u32(fields.sequence)
    .raw(fields.icv)
    .raw(fields.payload)
    .take();
}

function read(reader: LayerReader): Fields {
  const nextHeader = reader.u8('Next Header', 'ah.next_header', (value) => `${nameOf(value)} (${value})`);
  const words = reader.u8('Length', 'ah.length', (value) => `${value} (${4 * (value + 2)} bytes)`);
  if (4 * (words + 2) < HEADER_LEN) reader.fail(`length ${words} is less than the header's ${HEADER_LEN} bytes`);
  reader.u16('Reserved', 'ah.reserved');
  const spi = reader.u32('AH SPI', 'ah.spi', hex32);
  const sequence = reader.u32('AH Sequence', 'ah.sequence');
  const icv = reader.raw('AH ICV', 'ah.icv', 4 * (words + 2) - HEADER_LEN);
  reader.amend(reader.last, { check: 'unverifiable' });
  return { nextHeader, spi, sequence, icv, payload: rest(reader) };
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Authentication Header';
  const { nextHeader, spi, sequence } = read(reader);
  reader.summary = `AH (SPI=${hex32(spi)}) Seq=${sequence}`;
  return { protocol: readerOf(nextHeader), offset: reader.at, end: reader.end };
};

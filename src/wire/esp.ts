/**
 * Encapsulating Security Payload, RFC 4303.   |0 SPI |4 sequence number |8 ciphertext, padding and ICV …
 *
 * Only the first eight bytes can be read without the keys; which of the rest is IV, padding or ICV depends on what
 * the two ends negotiated. There is no port: all that a NAT has is the receiver's SPI.
 * @module
 */
import { concat, putU32 } from '../lib/bytes.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { hex32 } from './show.ts';

export const PROTOCOL = 50;
export const HEADER_LEN = 8;

export interface Fields {
  /** The receiver's name for the security association. Never 0 on the wire; 1 … 255 are reserved (RFC 4303 §2.1). */
  readonly spi: number;
  readonly sequence: number;
  /** Everything behind the header: IV, ciphertext and ICV. */
  readonly body: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  return parseWith('esp', bytes, read);
}

/** The header alone, which is also what the integrity check starts with (RFC 4303 §2.8, RFC 4106 §5). */
export function encodeHeader(spi: number, sequence: number): Uint8Array {
  const header = new Uint8Array(HEADER_LEN);
  putU32(header, 0, spi);
  putU32(header, 4, sequence);
  return header;
}

export function encode(fields: Fields): Uint8Array {
  return concat(encodeHeader(fields.spi, fields.sequence), fields.body);
}

function read(reader: LayerReader): Fields {
  const spi = reader.u32('ESP SPI', 'esp.spi', hex32);
  const sequence = reader.u32('ESP Sequence', 'esp.sequence');
  return { spi, sequence, body: rest(reader) };
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Encapsulating Security Payload';
  const { spi, sequence } = read(reader);
  reader.summary = `ESP (SPI=${hex32(spi)}) Seq=${sequence}`;
  return { protocol: 'encrypted', offset: reader.at, end: reader.end };
};

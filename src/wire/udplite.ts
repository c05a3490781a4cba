/**
 * UDP-Lite, RFC 3828: UDP whose checksum covers only the first `coverage` bytes (0: all of them, else at least 8).
 *
 *     |0 source port |2 destination port |4 checksum coverage |6 checksum |8 data …
 *
 * The checksum is never optional, and its pseudo-header holds the length that the IP header gives.
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from './checksum.ts';
import type { Dissector } from './layer-reader.ts';
import { identifyUdp } from './payload.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16 } from './show.ts';
import type { Pseudo } from './udp.ts';

export const PROTOCOL = 136;
export const HEADER_LEN = 8;

export interface Fields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** As written: 0 stands for the whole datagram. */
  readonly coverage: number;
  readonly payload: Uint8Array;
}

/** With `pseudo`, a wrong checksum is an error; one of 0 always is. */
export function parse(bytes: Uint8Array, pseudo?: Pseudo): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('udplite', HEADER_LEN, bytes.length);
  const coverage = u16(bytes, 4);
  if ((coverage !== 0 && coverage < HEADER_LEN) || coverage > bytes.length)
    return badField('udplite', 'checksum coverage', coverage);
  if (u16(bytes, 6) === 0) return badField('udplite', 'checksum', 0);
  if (pseudo) {
    const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, bytes.length);
    if (checksum(bytes, 0, coverage || bytes.length, start) !== 0)
      return badField('udplite', 'checksum', u16(bytes, 6));
  }
  return ok({
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    coverage,
    payload: bytes.subarray(HEADER_LEN),
  });
}

export function encode(fields: Fields, pseudo: Pseudo): Uint8Array {
  const bytes = new Uint8Array(HEADER_LEN + fields.payload.length);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU16(bytes, 4, fields.coverage);
  bytes.set(fields.payload, HEADER_LEN);
  const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, bytes.length);
  putU16(bytes, 6, checksum(bytes, 0, fields.coverage || bytes.length, start) || 0xffff);
  return bytes;
}

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Lightweight User Datagram Protocol';
  const start = reader.at;
  const sourcePort = reader.u16('Source Port', 'udp.srcport');
  const destinationPort = reader.u16('Destination Port', 'udp.dstport');
  const coverage = reader.u16('Checksum coverage', 'udp.checksum_coverage');
  const sum = reader.u16('Checksum', 'udp.checksum', hex16);
  const length = reader.end - start;
  reader.summary = `${sourcePort} → ${destinationPort} Len=${length - HEADER_LEN} coverage=${coverage}`;
  if (coverage !== 0 && coverage < HEADER_LEN) reader.malformed(`coverage ${coverage} does not cover the header`);
  else if (coverage > length) reader.short(`coverage is ${coverage} bytes, ${length} are there`);
  else if (sum === 0) reader.malformed('UDP-Lite must have a checksum');
  else if (context.partial !== undefined || context.addressSum === undefined)
    reader.amend(reader.last, { check: 'unverifiable' });
  else {
    const rest = checksum(reader.bytes, start, start + (coverage || length), context.addressSum + PROTOCOL + length);
    reader.amend(reader.last, { check: rest === 0 ? 'right' : 'wrong' });
  }
  return {
    protocol: identifyUdp(reader.bytes, reader.at, reader.end, sourcePort, destinationPort),
    offset: reader.at,
    end: reader.end,
    context: { sourcePort, destinationPort },
  };
};

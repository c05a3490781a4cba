/**
 * UDP, RFC 768.   |0 source port |2 destination port |4 length |6 checksum |8 data …
 *
 * A checksum field of 0 means "none was made"; a checksum that comes out as 0 is sent as 0xffff.
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from './checksum.ts';
import { type Dissector, hexNumber } from './layer.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';

export const PROTOCOL = 17;
export const HEADER_LEN = 8;

export interface Fields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('udp', HEADER_LEN, bytes.length);
  const length = u16(bytes, 4);
  if (length < HEADER_LEN || length > bytes.length) return badField('udp', 'length', length);
  return ok({ sourcePort: u16(bytes, 0), destinationPort: u16(bytes, 2), payload: bytes.subarray(HEADER_LEN, length) });
}

/** `pseudo`: the addresses the checksum covers; left out, the datagram carries none (RFC 3948 §2.1 asks that of ESP). */
export function encode(fields: Fields, pseudo?: { readonly source: number; readonly destination: number }): Uint8Array {
  const length = HEADER_LEN + fields.payload.length;
  const bytes = new Uint8Array(length);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU16(bytes, 4, length);
  bytes.set(fields.payload, HEADER_LEN);
  if (pseudo) putU16(bytes, 6, computed(bytes, 0, length, pseudo.source, pseudo.destination));
  return bytes;
}

/** The checksum field for `length` bytes from `offset`, where the field itself holds 0. */
function computed(bytes: Uint8Array, offset: number, length: number, source: number, destination: number): number {
  return checksum(bytes, offset, offset + length, pseudoSum(source, destination, PROTOCOL, length)) || 0xffff;
}

export const dissect: Dissector = (reader, context) => {
  reader.name = 'User Datagram Protocol';
  const start = reader.at;
  const sourcePort = reader.u16('Source Port', 'udp.srcport');
  const destinationPort = reader.u16('Destination Port', 'udp.dstport');
  const length = reader.u16('Length', 'udp.length');
  const sum = reader.u16('Checksum', 'udp.checksum', (v) => hexNumber(v, 4));
  reader.summary = `${sourcePort} → ${destinationPort} Len=${Math.max(0, length - HEADER_LEN)}`;
  if (length < HEADER_LEN) reader.fail(`length ${length} is less than the header's ${HEADER_LEN} bytes`);
  const whole = start + length <= reader.end;
  if (!whole && !context.quotation) reader.malformed(`length says ${length} bytes, ${reader.end - start} are there`);
  reader.amend(reader.last, { check: checkOf() });
  return {
    protocol: 'udp-payload',
    offset: reader.at,
    end: Math.min(start + length, reader.end),
    context: { sourcePort, destinationPort },
  };

  function checkOf() {
    if (sum === 0) return 'absent' as const;
    if (!whole || context.source === undefined || context.destination === undefined) return 'unverifiable' as const;
    // A right checksum folds, together with itself, to zero.
    const rest = checksum(
      reader.bytes,
      start,
      start + length,
      pseudoSum(context.source, context.destination, PROTOCOL, length),
    );
    return rest === 0 ? ('right' as const) : ('wrong' as const);
  }
};

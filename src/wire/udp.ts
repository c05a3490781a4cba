/**
 * UDP, RFC 768.
 *
 *     |0 source port |2 destination port |4 length |6 checksum |8 data …
 *
 * A checksum field of 0 means "none was made"; a checksum that comes out as 0 is sent as 0xffff.
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from './checksum.ts';
import type { Check } from './layer.ts';
import type { Context, Dissector, LayerReader, Next } from './layer-reader.ts';
import { identifyUdp } from './payload.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16 } from './show.ts';

export const PROTOCOL = 17;
export const HEADER_LEN = 8;

export interface Fields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** The addresses a checksum covers besides the bytes themselves. */
export interface Pseudo {
  readonly source: number;
  readonly destination: number;
}

/** With `pseudo`, a wrong checksum is an error; one of 0 never is. */
export function parse(bytes: Uint8Array, pseudo?: Pseudo): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('udp', HEADER_LEN, bytes.length);
  const length = u16(bytes, 4);
  if (length < HEADER_LEN || length > bytes.length) return badField('udp', 'length', length);
  const sum = u16(bytes, 6);
  if (pseudo && sum !== 0) {
    const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, length);
    if (checksum(bytes, 0, length, start) !== 0) return badField('udp', 'checksum', sum);
  }
  return ok({ sourcePort: u16(bytes, 0), destinationPort: u16(bytes, 2), payload: bytes.subarray(HEADER_LEN, length) });
}

/** `pseudo`: the addresses the checksum covers; left out, the datagram carries none (RFC 3948 §2.1 asks that of ESP). */
export function encode(fields: Fields, pseudo?: Pseudo): Uint8Array {
  const length = HEADER_LEN + fields.payload.length;
  const bytes = new Uint8Array(length);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU16(bytes, 4, length);
  bytes.set(fields.payload, HEADER_LEN);
  if (pseudo) {
    const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, length);
    putU16(bytes, 6, checksum(bytes, 0, length, start) || 0xffff);
  }
  return bytes;
}

export const dissect: Dissector = (reader, context) => {
  reader.name = 'User Datagram Protocol';
  const start = reader.at;
  const sourcePort = reader.u16('Source Port', 'udp.srcport');
  const destinationPort = reader.u16('Destination Port', 'udp.dstport');
  const length = reader.u16('Length', 'udp.length');
  const sum = reader.u16('Checksum', 'udp.checksum', hex16);
  reader.summary = `${sourcePort} → ${destinationPort} Len=${Math.max(0, length - HEADER_LEN)}`;
  if (length < HEADER_LEN) reader.fail(`length ${length} is less than the header's ${HEADER_LEN} bytes`);
  const whole = start + length <= reader.end;
  if (!whole) reader.short(`length says ${length} bytes, ${reader.end - start} are there`);
  reader.amend(reader.last, {
    check: sum === 0 ? 'absent' : verify(reader, context, start, whole ? length : undefined),
  });
  const end = Math.min(start + length, reader.end);
  const body: Next = {
    protocol: identifyUdp(reader.bytes, reader.at, end, sourcePort, destinationPort, !whole),
    offset: reader.at,
    end,
    context: { sourcePort, destinationPort, partial: whole ? undefined : context.partial },
  };
  return end < reader.end ? [body, { protocol: 'padding', offset: end, end: reader.end }] : body;
};

/** `length` is undefined where not all of the datagram is there. */
function verify(reader: LayerReader, context: Context, start: number, length: number | undefined): Check {
  if (length === undefined || context.addressSum === undefined) return 'unverifiable';
  // A right checksum folds, together with itself, to zero.
  const rest = checksum(reader.bytes, start, start + length, context.addressSum + PROTOCOL + length);
  return rest === 0 ? 'right' : 'wrong';
}

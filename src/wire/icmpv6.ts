/**
 * ICMPv6, RFC 4443, as deep as an echo and an error with its quotation; neighbour discovery and the rest by name.
 *
 *     |0 type |1 code |2 checksum, with pseudo-header |4 four bytes by type |8 …
 *
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { checksum, sum16 } from './checksum.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16, named } from './show.ts';

export const PROTOCOL = 58;

export interface Fields {
  readonly type: number;
  readonly code: number;
  /** Everything from offset 4. */
  readonly body: Uint8Array;
}

/** The IPv6 addresses around the message, 16 bytes each. */
export interface Pseudo {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

function pseudoSum({ source, destination }: Pseudo, length: number): number {
  return sum16(destination, 0, 16, sum16(source, 0, 16)) + PROTOCOL + length;
}

/** A wrong checksum is an error. */
export function parse(bytes: Uint8Array, pseudo: Pseudo): Parsed<Fields> {
  if (bytes.length < 4) return truncated('icmpv6', 4, bytes.length);
  if (checksum(bytes, 0, bytes.length, pseudoSum(pseudo, bytes.length)) !== 0)
    return badField('icmpv6', 'checksum', u16(bytes, 2));
  return ok({ type: bytes[0]!, code: bytes[1]!, body: bytes.subarray(4) });
}

export function encode(fields: Fields, pseudo: Pseudo): Uint8Array {
  const bytes = new Uint8Array(4 + fields.body.length);
  bytes[0] = fields.type;
  bytes[1] = fields.code;
  bytes.set(fields.body, 4);
  putU16(bytes, 2, checksum(bytes, 0, bytes.length, pseudoSum(pseudo, bytes.length)));
  return bytes;
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  143: 'Multicast Listener Report Message v2',
};

/** Types below this are errors (RFC 4443 §2.1). */
const FIRST_INFORMATIONAL = 128;

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Internet Control Message Protocol v6';
  const start = reader.at;
  const type = reader.u8('Type', 'icmpv6.type', (value) => named(TYPES, value));
  reader.u8('Code', 'icmpv6.code');
  reader.summary = TYPES[type] ?? `Type ${type}`;
  reader.u16('Checksum', 'icmpv6.checksum', hex16);
  if (context.partial !== undefined || context.addressSum === undefined)
    reader.amend(reader.last, { check: 'unverifiable' });
  else {
    const length = reader.end - start;
    const rest = checksum(reader.bytes, start, reader.end, context.addressSum + PROTOCOL + length);
    reader.amend(reader.last, { check: rest === 0 ? 'right' : 'wrong' });
  }
  return type < FIRST_INFORMATIONAL && type in TYPES ? quotation(reader, type, context.partial) : body(reader, type);
};

function quotation(reader: LayerReader, type: number, partial: string | undefined): Next {
  if (type === 2) reader.u32('MTU', 'icmpv6.mtu');
  else if (type === 4) reader.u32('Pointer', 'icmpv6.pointer');
  else reader.raw('Reserved', 'icmpv6.reserved', 4);
  return {
    protocol: 'ipv6',
    offset: reader.at,
    end: reader.end,
    quoted: true,
    context: { partial: partial ?? 'the ICMPv6 error quotes no more of the packet' },
  };
}

function body(reader: LayerReader, type: number): undefined {
  if (type === 128 || type === 129) {
    const identifier = reader.u16('Identifier', 'icmpv6.echo.identifier', hex16);
    reader.summary += ` id=${hex16(identifier)}, seq=${reader.u16('Sequence', 'icmpv6.echo.sequence_number')}`;
  }
  if (reader.left > 0) reader.raw('Data', type === 128 || type === 129 ? 'data.data' : 'icmpv6.data', reader.left);
  return undefined;
}

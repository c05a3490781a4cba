/**
 * ICMPv6, RFC 4443, as deep as an echo and an error with its quotation; neighbour discovery and the rest by name.
 *
 *     |0 type |1 code |2 checksum, with pseudo-header |4 four bytes by type |8 …
 *
 * @module
 */
import { checksum } from './checksum.ts';
import { type Dissector, type LayerReader, type Next, named } from './layer.ts';
import { hex16 } from './show.ts';

export const PROTOCOL = 58;

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
  if (reader.left > 0) reader.raw('Data', 'icmpv6.data', reader.left);
  return undefined;
}

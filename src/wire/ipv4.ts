/**
 * IPv4, RFC 791.
 *
 *     |0 version, header length |1 DSCP, ECN |2 total length |4 identification |6 flags, fragment offset
 *     |8 TTL |9 protocol |10 header checksum |12 source |16 destination |20 options … |data …
 *
 * The header checksum covers the header alone, so every router that changes the TTL or an address writes it anew.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { formatIpv4 } from './address.ts';
import { checksum } from './checksum.ts';
import { nameOf, readerOf } from './ip-protocol.ts';
import { readOptions } from './ipv4-options.ts';
import type { Dissector, Flag, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex8, hex16, named } from './show.ts';

export const HEADER_LEN = 20;

/** Bits of the 16-bit word at offset 6. */
const RESERVED = 0x8000;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET = 0x1fff;

export interface Fields {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly id: number;
  /** DSCP and ECN, the byte once called type of service. */
  readonly tos: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset: number;
  /** A multiple of 4 bytes, at most 40. */
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

/** What a sender must say; the rest has the usual values. */
export type Given = Pick<Fields, 'source' | 'destination' | 'protocol' | 'payload'> & Partial<Fields>;

const NONE = new Uint8Array(0);

/** Reads a whole packet; bytes after its total length are left out. A wrong header checksum is an error. */
export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('ipv4', HEADER_LEN, bytes.length);
  if (bytes[0]! >>> 4 !== 4) return badField('ipv4', 'version', bytes[0]! >>> 4);
  const headerLength = (bytes[0]! & 15) * 4;
  if (headerLength < HEADER_LEN) return badField('ipv4', 'header length', headerLength);
  const total = u16(bytes, 2);
  if (total < headerLength) return badField('ipv4', 'total length', total);
  if (total > bytes.length) return truncated('ipv4', total, bytes.length);
  if (checksum(bytes, 0, headerLength) !== 0) return badField('ipv4', 'header checksum', u16(bytes, 10));
  const fragment = u16(bytes, 6);
  return ok({
    source: u32(bytes, 12),
    destination: u32(bytes, 16),
    protocol: bytes[9]!,
    ttl: bytes[8]!,
    id: u16(bytes, 4),
    tos: bytes[1]!,
    dontFragment: (fragment & DONT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & OFFSET) * 8,
    options: bytes.subarray(HEADER_LEN, headerLength),
    payload: bytes.subarray(headerLength, total),
  });
}

export function encode(given: Given): Uint8Array {
  const options = given.options ?? NONE;
  const headerLength = HEADER_LEN + options.length;
  const bytes = new Uint8Array(headerLength + given.payload.length);
  bytes[0] = 0x40 | (headerLength / 4);
  bytes[1] = given.tos ?? 0;
  putU16(bytes, 2, bytes.length);
  putU16(bytes, 4, given.id ?? 0);
  const flags = (given.dontFragment ? DONT_FRAGMENT : 0) | (given.moreFragments ? MORE_FRAGMENTS : 0);
  putU16(bytes, 6, flags | ((given.fragmentOffset ?? 0) / 8));
  bytes[8] = given.ttl ?? 64;
  bytes[9] = given.protocol;
  putU32(bytes, 12, given.source);
  putU32(bytes, 16, given.destination);
  bytes.set(options, HEADER_LEN);
  bytes.set(given.payload, headerLength);
  putU16(bytes, 10, checksum(bytes, 0, headerLength));
  return bytes;
}

const FLAGS: readonly Flag[] = [
  { name: 'Reserved bit', key: 'ip.flags.rb', mask: RESERVED >>> 8 },
  { name: "Don't fragment", key: 'ip.flags.df', mask: DONT_FRAGMENT >>> 8 },
  { name: 'More fragments', key: 'ip.flags.mf', mask: MORE_FRAGMENTS >>> 8 },
];
const ECN = ['Not-ECT', 'ECT(1)', 'ECT(0)', 'CE'] as const;
const protocolName = (value: number) => `${nameOf(value)} (${value})`;

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Internet Protocol Version 4';
  const { bytes } = reader;
  const start = reader.at;
  const headerLength = lengths(reader);
  const tos = reader.u8('Differentiated Services Field', 'ip.dsfield', hex8);
  reader.amend(reader.last, {
    children: [
      bit('Differentiated Services Codepoint', 'ip.dsfield.dscp', start + 1, 0xfc, tos >>> 2, String(tos >>> 2)),
      bit('Explicit Congestion Notification', 'ip.dsfield.ecn', start + 1, 3, tos & 3, named(ECN, tos & 3)),
    ],
  });
  const total = reader.u16('Total Length', 'ip.len');
  const id = reader.u16('Identification', 'ip.id', hex16);
  const { fragmentOffset, more } = fragmentFields(reader);
  reader.u8('Time to Live', 'ip.ttl');
  const protocol = reader.u8('Protocol', 'ip.proto', protocolName);
  reader.u16('Header Checksum', 'ip.checksum', hex16);
  const sum = reader.last;
  const source = reader.ipv4('Source Address', 'ip.src');
  const destination = reader.ipv4('Destination Address', 'ip.dst');
  reader.summary = `${formatIpv4(source)} → ${formatIpv4(destination)}`;
  const bodyStart = start + headerLength;
  if (bodyStart > reader.end) {
    reader.need(bodyStart - reader.at, 'Options');
  } else reader.amend(sum, { check: checksum(bytes, start, bodyStart) === 0 ? 'right' : 'wrong' });
  if (headerLength > HEADER_LEN) readOptions(reader, bodyStart);
  reader.at = bodyStart;
  if (total < headerLength) reader.fail(`total length ${total} is less than the header's ${headerLength} bytes`);
  const whole = start + total <= reader.end;
  if (!whole) reader.short(`total length says ${total} bytes, ${reader.end - start} are there`);
  const partial = whole ? undefined : context.partial;
  const around = {
    source,
    destination,
    addressSum: (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff),
    sourcePort: undefined,
    destinationPort: undefined,
    partial: more ? 'a first fragment: the rest comes in later packets' : partial,
  };
  const end = Math.min(start + total, reader.end);
  if (fragmentOffset > 0 || more) reader.summary += ` Fragment off=${fragmentOffset} id=${hex16(id)}`;
  const body: Next = {
    protocol: fragmentOffset > 0 ? 'fragment' : readerOf(protocol),
    offset: bodyStart,
    end,
    context: around,
  };
  return whole && end < reader.end ? [body, { protocol: 'padding', offset: end, end: reader.end }] : body;
};

/** Version and header length share a byte. Answers the header length in bytes. */
function lengths(reader: LayerReader): number {
  const at = reader.need(1, 'Version');
  const first = reader.bytes[at]!;
  const headerLength = (first & 15) * 4;
  reader.bits('Version', 'ip.version', at, 1, 0xf0, first);
  if (first >>> 4 !== 4) reader.fail(`version is ${first >>> 4}, not 4`);
  reader.add(bit('Header Length', 'ip.hdr_len', at, 0x0f, headerLength, `${headerLength} bytes (${first & 15})`));
  if (headerLength < HEADER_LEN) reader.fail(`header length ${headerLength} is less than ${HEADER_LEN} bytes`);
  return headerLength;
}

function fragmentFields(reader: LayerReader): { readonly fragmentOffset: number; readonly more: boolean } {
  const at = reader.need(2, 'Flags');
  const word = u16(reader.bytes, at);
  const flags = word >>> 8;
  const fragmentOffset = (word & OFFSET) * 8;
  reader.add(bit('Flags', 'ip.flags', at, 0xe0, flags >>> 5, hex8(flags >>> 5)));
  reader.flags(reader.last, flags, FLAGS);
  reader.add({
    name: 'Fragment Offset',
    key: 'ip.frag_offset',
    offset: at,
    length: 2,
    mask: OFFSET,
    value: word & OFFSET,
    display: `${word & OFFSET} (${fragmentOffset} bytes)`,
  });
  return { fragmentOffset, more: (word & MORE_FRAGMENTS) !== 0 };
}

function bit(name: string, key: string, offset: number, mask: number, value: number, display: string) {
  return { name, key, offset, length: 1, mask, value, display };
}

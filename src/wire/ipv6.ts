/**
 * IPv6, RFC 8200: the fixed header, and extension headers as far as it takes to look inside.
 *
 *     |0 version 4, traffic class 8, flow label 20 |4 payload length |6 next header |7 hop limit |8 source 16 |24 destination 16 |40 …
 *
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { sum16 } from './checksum.ts';
import { nameOf, readerOf } from './ip-protocol.ts';
import { formatIpv6 } from './ipv6-address.ts';
import { readExtensions } from './ipv6-extensions.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex8, hex24 } from './show.ts';

export const PROTOCOL = 41;
export const HEADER_LEN = 40;

export interface Fields {
  /** 16 bytes each. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
  readonly flowLabel: number;
  /** Extension headers included. */
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('ipv6', HEADER_LEN, bytes.length);
  const word = u32(bytes, 0);
  if (word >>> 28 !== 6) return badField('ipv6', 'version', word >>> 28);
  const end = HEADER_LEN + u16(bytes, 4);
  if (end > bytes.length) return truncated('ipv6', end, bytes.length);
  return ok({
    source: bytes.subarray(8, 24),
    destination: bytes.subarray(24, 40),
    nextHeader: bytes[6]!,
    hopLimit: bytes[7]!,
    trafficClass: (word >>> 20) & 0xff,
    flowLabel: word & 0xfffff,
    payload: bytes.subarray(HEADER_LEN, end),
  });
}

export function encode(
  given: Pick<Fields, 'source' | 'destination' | 'nextHeader' | 'payload'> & Partial<Fields>,
): Uint8Array {
  const bytes = new Uint8Array(HEADER_LEN + given.payload.length);
  putU32(bytes, 0, (0x60000000 | ((given.trafficClass ?? 0) << 20) | (given.flowLabel ?? 0)) >>> 0);
  putU16(bytes, 4, given.payload.length);
  bytes[6] = given.nextHeader;
  bytes[7] = given.hopLimit ?? 64;
  bytes.set(given.source, 8);
  bytes.set(given.destination, 24);
  bytes.set(given.payload, HEADER_LEN);
  return bytes;
}

const headerName = (value: number) => `${nameOf(value)} (${value})`;

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Internet Protocol Version 6';
  const start = reader.at;
  firstWord(reader);
  const length = reader.u16('Payload Length', 'ipv6.plen');
  const nextHeader = reader.u8('Next Header', 'ipv6.nxt', headerName);
  reader.u8('Hop Limit', 'ipv6.hlim');
  const source = address(reader, 'Source Address', 'ipv6.src');
  reader.summary = `${source} → ${address(reader, 'Destination Address', 'ipv6.dst')}`;
  // A jumbogram (RFC 2675) says 0 here and its length in a hop-by-hop option.
  const jumbo = length === 0 && nextHeader === 0;
  const whole = jumbo || reader.at + length <= reader.end;
  if (!whole) reader.short(`payload length says ${length} bytes, ${reader.left} are there`);
  const packetEnd = reader.end;
  const end = jumbo || !whole ? packetEnd : reader.at + length;
  reader.end = end;
  const found = readExtensions(reader, nextHeader);
  reader.end = packetEnd;
  if (found.fragmentOffset > 0 || found.more) reader.summary += ` Fragment off=${found.fragmentOffset}`;
  const addressSum = found.rerouted ? undefined : sum16(reader.bytes, start + 8, start + HEADER_LEN);
  const partial = whole ? undefined : context.partial;
  const around = {
    source: undefined,
    destination: undefined,
    addressSum,
    sourcePort: undefined,
    destinationPort: undefined,
    partial: found.more ? 'a first fragment: the rest comes in later packets' : partial,
  };
  const protocol = found.fragmentOffset > 0 ? 'fragment' : readerOf(found.protocol);
  const body: Next = { protocol, offset: reader.at, end, context: around };
  return end < packetEnd ? [body, { protocol: 'padding', offset: end, end: packetEnd }] : body;
};

/** Version, traffic class and flow label share four bytes. */
function firstWord(reader: LayerReader): void {
  const at = reader.need(4, 'Version');
  const word = u32(reader.bytes, at);
  const trafficClass = (word >>> 20) & 0xff;
  const flowLabel = word & 0xfffff;
  reader.bits('Version', 'ipv6.version', at, 1, 0xf0, reader.bytes[at]!);
  reader.add({
    name: 'Traffic Class',
    key: 'ipv6.tclass',
    offset: at,
    length: 4,
    mask: 0x0ff00000,
    value: trafficClass,
    display: hex8(trafficClass),
  });
  reader.add({
    name: 'Flow Label',
    key: 'ipv6.flow',
    offset: at + 1,
    length: 3,
    mask: 0xfffff,
    value: flowLabel,
    display: hex24(flowLabel),
  });
  if (word >>> 28 !== 6) reader.fail(`version is ${word >>> 28}, not 6`);
}

function address(reader: LayerReader, name: string, key: string): string {
  const offset = reader.need(16, name);
  const display = formatIpv6(reader.bytes, offset);
  reader.add({ name, key, offset, length: 16, value: reader.bytes.subarray(offset, offset + 16), display });
  return display;
}

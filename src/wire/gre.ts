/**
 * GRE: version 0 (RFC 2784, RFC 2890, RFC 1701) and PPTP's version 1, called enhanced (RFC 2637 §4.1).
 *
 *     0:  |0 C R K S s … ver=0 |2 protocol |[checksum 2, offset 2] |[key 4] |[sequence 4] |[routing …] |payload …
 *     1:  |0 C R K S s … A ver=1 |2 880B |4 payload length |6 call id |[sequence 4] |[acknowledgment 4] |payload …
 *
 * The call id of version 1 is the one the *receiver* gave out. There is no port, and no checksum to mend after NAT.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { checksum } from './checksum.ts';
import { PPP, nameOf as protocolNameOf, readerOf } from './ether-type.ts';
import type { Dissector, Flag, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16, hex32 } from './show.ts';

export const PROTOCOL = 47;

/** Bits of the first word. */
export const CHECKSUM = 0x8000;
export const ROUTING = 0x4000;
export const KEY = 0x2000;
export const SEQUENCE = 0x1000;
export const ACKNOWLEDGMENT = 0x0080;
const VERSION = 0x0007;

export interface Plain {
  readonly version: 0;
  /** An EtherType. */
  readonly protocol: number;
  readonly checksum: boolean;
  readonly key?: number;
  readonly sequence?: number;
  /** Source route entries with the one of all zeros that ends them (RFC 1701). */
  readonly routing?: Uint8Array;
  readonly payload: Uint8Array;
}

export interface Enhanced {
  readonly version: 1;
  /** The receiver's. */
  readonly callId: number;
  /** There exactly when there is a payload. */
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly payload: Uint8Array;
}

export type Fields = Plain | Enhanced;

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < 4) return truncated('gre', 4, bytes.length);
  const word = u16(bytes, 0);
  const version = word & VERSION;
  if (version > 1) return badField('gre', 'version', version);
  return version === 0 ? parsePlain(bytes, word) : parseEnhanced(bytes, word);
}

function parsePlain(bytes: Uint8Array, word: number): Parsed<Plain> {
  let at = 4 + (word & (CHECKSUM | ROUTING) ? 4 : 0);
  const keyAt = at;
  if (word & KEY) at += 4;
  const sequenceAt = at;
  if (word & SEQUENCE) at += 4;
  if (at > bytes.length) return truncated('gre', at, bytes.length);
  if (word & CHECKSUM && checksum(bytes, 0, bytes.length) !== 0) return badField('gre', 'checksum', u16(bytes, 4));
  const routingAt = at;
  if (word & ROUTING) {
    const end = routingEnd(bytes, at);
    if (end === undefined) return truncated('gre', at + 4, bytes.length);
    at = end;
  }
  return ok({
    version: 0,
    protocol: u16(bytes, 2),
    checksum: (word & CHECKSUM) !== 0,
    ...(word & KEY ? { key: u32(bytes, keyAt) } : {}),
    ...(word & SEQUENCE ? { sequence: u32(bytes, sequenceAt) } : {}),
    ...(word & ROUTING ? { routing: bytes.subarray(routingAt, at) } : {}),
    payload: bytes.subarray(at),
  });
}

/** Behind the entry of all zeros; undefined where there is none. */
function routingEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at + 4 <= bytes.length; at += 4 + bytes[at + 3]!) if (u32(bytes, at) === 0) return at + 4;
  return undefined;
}

function parseEnhanced(bytes: Uint8Array, word: number): Parsed<Enhanced> {
  const fixed = word & (CHECKSUM | ROUTING | KEY);
  if (fixed !== KEY) return badField('gre', 'flags', word);
  if (u16(bytes, 2) !== PPP) return badField('gre', 'protocol', u16(bytes, 2));
  const sequenceAt = 8;
  const acknowledgmentAt = sequenceAt + (word & SEQUENCE ? 4 : 0);
  const at = acknowledgmentAt + (word & ACKNOWLEDGMENT ? 4 : 0);
  if (at > bytes.length) return truncated('gre', at, bytes.length);
  const length = u16(bytes, 4);
  if (at + length > bytes.length) return truncated('gre', at + length, bytes.length);
  return ok({
    version: 1,
    callId: u16(bytes, 6),
    ...(word & SEQUENCE ? { sequence: u32(bytes, sequenceAt) } : {}),
    ...(word & ACKNOWLEDGMENT ? { acknowledgment: u32(bytes, acknowledgmentAt) } : {}),
    payload: bytes.subarray(at, at + length),
  });
}

export function encode(fields: Fields): Uint8Array {
  return fields.version === 0 ? encodePlain(fields) : encodeEnhanced(fields);
}

function encodePlain(fields: Plain): Uint8Array {
  const { key, sequence, routing, payload } = fields;
  const withSum = fields.checksum || routing !== undefined;
  let at = 4 + (withSum ? 4 : 0);
  const headerLength = at + (key === undefined ? 0 : 4) + (sequence === undefined ? 0 : 4) + (routing?.length ?? 0);
  const bytes = new Uint8Array(headerLength + payload.length);
  putU16(
    bytes,
    0,
    (fields.checksum ? CHECKSUM : 0) |
      (routing === undefined ? 0 : ROUTING) |
      (key === undefined ? 0 : KEY) |
      (sequence === undefined ? 0 : SEQUENCE),
  );
  putU16(bytes, 2, fields.protocol);
  if (key !== undefined) putU32(bytes, at, key);
  if (key !== undefined) at += 4;
  if (sequence !== undefined) putU32(bytes, at, sequence);
  if (sequence !== undefined) at += 4;
  if (routing) bytes.set(routing, at);
  bytes.set(payload, headerLength);
  if (fields.checksum) putU16(bytes, 4, checksum(bytes, 0, bytes.length));
  return bytes;
}

function encodeEnhanced(fields: Enhanced): Uint8Array {
  const { sequence, acknowledgment, payload } = fields;
  const acknowledgmentAt = sequence === undefined ? 8 : 12;
  const headerLength = acknowledgmentAt + (acknowledgment === undefined ? 0 : 4);
  const bytes = new Uint8Array(headerLength + payload.length);
  putU16(
    bytes,
    0,
    KEY | (sequence === undefined ? 0 : SEQUENCE) | (acknowledgment === undefined ? 0 : ACKNOWLEDGMENT) | 1,
  );
  putU16(bytes, 2, PPP);
  putU16(bytes, 4, payload.length);
  putU16(bytes, 6, fields.callId);
  if (sequence !== undefined) putU32(bytes, 8, sequence);
  if (acknowledgment !== undefined) putU32(bytes, acknowledgmentAt, acknowledgment);
  bytes.set(payload, headerLength);
  return bytes;
}

const FLAGS: readonly Flag[] = [
  { name: 'Checksum Bit', key: 'gre.flags.checksum', mask: CHECKSUM },
  { name: 'Routing Bit', key: 'gre.flags.routing', mask: ROUTING },
  { name: 'Key Bit', key: 'gre.flags.key', mask: KEY },
  { name: 'Sequence Number Bit', key: 'gre.flags.sequence_number', mask: SEQUENCE },
  { name: 'Strict Source Route Bit', key: 'gre.flags.strict_source_route', mask: 0x0800 },
];
const ENHANCED_FLAGS: readonly Flag[] = [
  ...FLAGS,
  { name: 'Acknowledgment', key: 'gre.flags.ack', mask: ACKNOWLEDGMENT },
];

const protocolName = (value: number) => `${protocolNameOf(value)} (${hex16(value)})`;

export const dissect: Dissector = (reader) => {
  const start = reader.at;
  reader.name = 'Generic Routing Encapsulation';
  const word = reader.u16('Flags and Version', 'gre.flags_and_version', hex16);
  const version = word & VERSION;
  reader.flags(reader.last, word, version === 1 ? ENHANCED_FLAGS : FLAGS);
  reader.bits('Recursion control', 'gre.flags.recursion_control', start, 2, 0x0700, word);
  reader.bits('Version', 'gre.flags.version', start, 2, VERSION, word);
  const protocol = reader.u16('Protocol Type', 'gre.proto', protocolName);
  reader.summary = `Encapsulated ${protocolNameOf(protocol)}`;
  if (version > 1) reader.fail(`GRE version ${version} is not known`);
  return version === 1 ? enhanced(reader, word, protocol) : plain(reader, start, word, protocol);
};

function plain(reader: LayerReader, start: number, word: number, protocol: number): Next {
  if (word & (CHECKSUM | ROUTING)) {
    reader.u16('Checksum', 'gre.checksum', hex16);
    if (word & CHECKSUM) {
      const right = checksum(reader.bytes, start, reader.end) === 0;
      reader.amend(reader.last, { check: reader.partial !== undefined ? 'unverifiable' : right ? 'right' : 'wrong' });
    }
    reader.u16('Offset', 'gre.offset');
  }
  if (word & KEY) reader.summary += ` key=${hex32(reader.u32('Key', 'gre.key', hex32))}`;
  if (word & SEQUENCE) reader.summary += ` seq=${reader.u32('Sequence Number', 'gre.sequence_number')}`;
  if (word & ROUTING) while (routeEntry(reader));
  return { protocol: readerOf(protocol), offset: reader.at, end: reader.end };
}

/** One source route entry, RFC 1701. Answers false at the one that ends the list. */
function routeEntry(reader: LayerReader): boolean {
  let more = true;
  reader.group('Routing', 'gre.routing', () => {
    const family = reader.u16('Address Family', 'gre.routing.address_family');
    reader.u8('SRE Offset', 'gre.routing.sre_offset');
    const length = reader.u8('SRE Length', 'gre.routing.sre_length');
    more = family !== 0 || length !== 0;
    if (length > 0) reader.raw('Routing Information', 'gre.routing.information', length);
    return undefined;
  });
  return more;
}

function enhanced(reader: LayerReader, word: number, protocol: number): readonly Next[] {
  reader.name = 'Enhanced Generic Routing Encapsulation (PPTP)';
  if ((word & KEY) === 0) reader.fail('enhanced GRE without a key has no call id');
  if (word & (CHECKSUM | ROUTING)) reader.fail('enhanced GRE has neither checksum nor routing');
  const length = reader.u16('Payload Length', 'gre.key.payload_length');
  const callId = reader.u16('Call ID', 'gre.key.call_id');
  reader.summary = `Call ID ${callId}`;
  if (word & SEQUENCE) reader.summary += `, Seq=${reader.u32('Sequence Number', 'gre.sequence_number')}`;
  if (word & ACKNOWLEDGMENT) reader.summary += `, Ack=${reader.u32('Acknowledgment Number', 'gre.ack_number')}`;
  const whole = length <= reader.left;
  if (!whole) reader.short(`payload length says ${length} bytes, ${reader.left} are there`);
  const end = whole ? reader.at + length : reader.end;
  return [
    { protocol: readerOf(protocol), offset: reader.at, end, context: { partial: whole ? undefined : reader.partial } },
    { protocol: 'padding', offset: end, end: reader.end },
  ];
}

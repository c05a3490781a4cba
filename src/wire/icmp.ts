/**
 * ICMP, RFC 792 (errors: also RFC 1191, RFC 1812, RFC 4884).
 *
 *     |0 type |1 code |2 checksum |4 four bytes by type |8 data, or the packet an error is about …
 *
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { checksum } from './checksum.ts';
import { CODES, TYPES } from './icmp-names.ts';
import type { Context, Dissector, LayerReader, Next } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16, named } from './show.ts';

export const PROTOCOL = 1;
export const HEADER_LEN = 8;

/** `quote` is the packet the error is about: its IP header and at least 8 bytes more. */
export type Message =
  | {
      readonly kind: 'echo-request' | 'echo-reply';
      readonly identifier: number;
      readonly sequence: number;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'timestamp-request' | 'timestamp-reply';
      readonly identifier: number;
      readonly sequence: number;
      /** Milliseconds since midnight UT. */
      readonly originate: number;
      readonly receive: number;
      readonly transmit: number;
    }
  /** `mtu`: of the next hop, with code 4 (RFC 1191); else 0. */
  | { readonly kind: 'unreachable'; readonly code: number; readonly mtu: number; readonly quote: Uint8Array }
  | { readonly kind: 'source-quench'; readonly quote: Uint8Array }
  | { readonly kind: 'redirect'; readonly code: number; readonly gateway: number; readonly quote: Uint8Array }
  | { readonly kind: 'time-exceeded'; readonly code: number; readonly quote: Uint8Array }
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number; readonly quote: Uint8Array }
  /** `rest` is everything from offset 4. */
  | { readonly kind: 'other'; readonly type: number; readonly code: number; readonly rest: Uint8Array };

const TYPE_OF = {
  'echo-reply': 0,
  unreachable: 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
} as const;

/** A wrong checksum is an error. */
export function parse(bytes: Uint8Array): Parsed<Message> {
  if (bytes.length < HEADER_LEN) return truncated('icmp', HEADER_LEN, bytes.length);
  if (checksum(bytes, 0, bytes.length) !== 0) return badField('icmp', 'checksum', u16(bytes, 2));
  const type = bytes[0]!;
  const code = bytes[1]!;
  const other = { kind: 'other', type, code, rest: bytes.subarray(4) } as const;
  const body = bytes.subarray(HEADER_LEN);
  const ids = { identifier: u16(bytes, 4), sequence: u16(bytes, 6) };
  switch (type) {
    case 0:
    case 8:
      return ok(code !== 0 ? other : { kind: type === 8 ? 'echo-request' : 'echo-reply', ...ids, data: body });
    case 3:
      return ok({ kind: 'unreachable', code, mtu: u16(bytes, 6), quote: body });
    case 4:
      return ok(code !== 0 ? other : { kind: 'source-quench', quote: body });
    case 5:
      return ok({ kind: 'redirect', code, gateway: u32(bytes, 4), quote: body });
    case 11:
      return ok({ kind: 'time-exceeded', code, quote: body });
    case 12:
      return ok({ kind: 'parameter-problem', code, pointer: bytes[4]!, quote: body });
    case 13:
    case 14: {
      if (code !== 0 || body.length !== 12) return ok(other);
      const kind = type === 13 ? 'timestamp-request' : 'timestamp-reply';
      return ok({ kind, ...ids, originate: u32(body, 0), receive: u32(body, 4), transmit: u32(body, 8) });
    }
    default:
      return ok(other);
  }
}

export function encode(message: Message): Uint8Array {
  const bytes = build(message);
  putU16(bytes, 2, checksum(bytes, 0, bytes.length));
  return bytes;
}

function build(message: Message): Uint8Array {
  switch (message.kind) {
    case 'other': {
      const bytes = new Uint8Array(4 + message.rest.length);
      bytes[0] = message.type;
      bytes[1] = message.code;
      bytes.set(message.rest, 4);
      return bytes;
    }
    case 'echo-request':
    case 'echo-reply':
      return query(TYPE_OF[message.kind], message, message.data);
    case 'timestamp-request':
    case 'timestamp-reply': {
      const times = new Uint8Array(12);
      putU32(times, 0, message.originate);
      putU32(times, 4, message.receive);
      putU32(times, 8, message.transmit);
      return query(TYPE_OF[message.kind], message, times);
    }
    case 'unreachable':
      return error(3, message.code, message.mtu, message.quote);
    case 'source-quench':
      return error(4, 0, 0, message.quote);
    case 'redirect':
      return error(5, message.code, message.gateway, message.quote);
    case 'time-exceeded':
      return error(11, message.code, 0, message.quote);
    case 'parameter-problem':
      return error(12, message.code, (message.pointer << 24) >>> 0, message.quote);
  }
}

function query(type: number, ids: { readonly identifier: number; readonly sequence: number }, body: Uint8Array) {
  return error(type, 0, ((ids.identifier << 16) | ids.sequence) >>> 0, body);
}

function error(type: number, code: number, word: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_LEN + body.length);
  bytes[0] = type;
  bytes[1] = code;
  putU32(bytes, 4, word);
  bytes.set(body, HEADER_LEN);
  return bytes;
}

const typeName = (value: number) => named(TYPES, value);

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Internet Control Message Protocol';
  const start = reader.at;
  const type = reader.u8('Type', 'icmp.type', typeName);
  const codes = CODES[type];
  const code = reader.u8('Code', 'icmp.code', codes ? (value) => named(codes, value) : undefined);
  reader.summary = summaryOf(type, code);
  reader.u16('Checksum', 'icmp.checksum', hex16);
  if (context.partial !== undefined) reader.amend(reader.last, { check: 'unverifiable' });
  else reader.amend(reader.last, { check: checksum(reader.bytes, start, reader.end) === 0 ? 'right' : 'wrong' });
  return isError(type) ? errorBody(reader, type, code, context) : queryBody(reader, type);
};

const isError = (type: number) => type === 3 || type === 4 || type === 5 || type === 11 || type === 12;

function summaryOf(type: number, code: number): string {
  const detail = CODES[type]?.[code];
  return detail === undefined ? (TYPES[type] ?? `Type ${type}, code ${code}`) : `${TYPES[type]} (${detail})`;
}

function queryBody(reader: LayerReader, type: number): undefined {
  if (TYPES[type] !== undefined && type !== 9 && type !== 10) {
    const identifier = reader.u16('Identifier', 'icmp.ident', hex16);
    const sequence = reader.u16('Sequence Number', 'icmp.seq');
    reader.summary += ` id=${hex16(identifier)}, seq=${sequence}`;
  }
  if (type === 13 || type === 14) {
    reader.u32('Originate Timestamp', 'icmp.originate_timestamp', milliseconds);
    reader.u32('Receive Timestamp', 'icmp.receive_timestamp', milliseconds);
    reader.u32('Transmit Timestamp', 'icmp.transmit_timestamp', milliseconds);
  }
  if (reader.left > 0) reader.raw('Data', 'data.data', reader.left);
  return undefined;
}

const milliseconds = (value: number) => `${value} ms after midnight UT`;

function errorBody(reader: LayerReader, type: number, code: number, context: Context): readonly Next[] {
  // RFC 4884 §3: how many 32-bit words of the quotation come before the extensions; 0 says there are none.
  const words = reader.left >= 4 && type !== 4 && type !== 5 ? reader.bytes[reader.at + 1]! : 0;
  if (type === 5) reader.ipv4('Gateway Address', 'icmp.redir_gw');
  else if (type === 12) reader.u8('Pointer', 'icmp.pointer');
  else if (words > 0) reader.raw('Unused', 'icmp.unused', 1);
  if (words > 0) reader.u8('Length', 'icmp.length', (value) => `${value} (${4 * value} bytes of the packet)`);
  const withMtu = type === 3 && code === 4;
  const unused = HEADER_LEN - (reader.at - reader.start) - (withMtu ? 2 : 0);
  if (unused > 0) reader.raw('Unused', type === 4 ? 'icmp.quench.unused' : 'icmp.unused', unused);
  if (withMtu) reader.u16('MTU of next hop', 'icmp.mtu');
  const end = words > 0 ? Math.min(reader.at + 4 * words, reader.end) : reader.end;
  const partial = context.partial ?? 'the ICMP error quotes no more of the packet';
  return [
    { protocol: 'ipv4', offset: reader.at, end, quoted: true, context: { partial } },
    { protocol: 'icmp-extensions', offset: end, end: reader.end },
  ];
}

/**
 * L2TPv2, RFC 2661 §3.1, on UDP port 1701. Which of the fields are there is said by the bits before them.
 *
 *     |0 T L x x S x O P x x x x, version 2 |length (L) |tunnel ID |session ID |Ns |Nr (S) |offset size, padding (O) |…
 *
 * T 1 is a control message: L and S are always set, attribute-value pairs follow, or nothing for a mere
 * acknowledgement ("zero-length body"). T 0 carries a PPP frame. Both ids are the receiver's. Version 3 shares the
 * port and is handed on to `l2tpv3.ts`.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import { type Avp, messageName, readAvps, writeAvps } from './l2tp-avp.ts';
import {
  CONTROL,
  CONTROL_BITS,
  HAS_LENGTH,
  HAS_OFFSET,
  HAS_SEQUENCE,
  PRIORITY,
  readFlags,
  VERSION,
} from './l2tp-flags.ts';
import * as l2tpv3 from './l2tpv3.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { parseWith, rest, within } from './record.ts';
import type { Parsed } from './result.ts';
import { Writer } from './writer.ts';

export const PORT = 1701;

export interface Control {
  /** The receiver's; 0 while it has not told. */
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly ns: number;
  readonly nr: number;
  /** The first is the message type. None at all: an acknowledgement and nothing else. */
  readonly avps: readonly Avp[];
}

export interface Data {
  readonly tunnelId: number;
  readonly sessionId: number;
  /** A PPP frame, mostly with address and control fields. */
  readonly payload: Uint8Array;
  readonly withLength?: boolean;
  readonly sequence?: { readonly ns: number; readonly nr: number };
  readonly priority?: boolean;
  /** Bytes of padding in front of the payload; undefined without the field. */
  readonly padding?: number;
}

export type Packet = ({ readonly kind: 'control' } & Control) | ({ readonly kind: 'data' } & Data);

interface Header {
  readonly flags: number;
  /** Of the whole message; undefined without the field. */
  readonly length: number | undefined;
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly sequence: { readonly ns: number; readonly nr: number } | undefined;
  readonly padding: number | undefined;
}

export function parse(bytes: Uint8Array): Parsed<Packet> {
  return parseWith('l2tp', bytes, (reader) => {
    const header = readHeader(reader);
    return within(reader, bodyLength(reader, header), 'message', () => packet(reader, header));
  });
}

function packet(reader: LayerReader, header: Header): Packet {
  const { flags, length, tunnelId, sessionId, sequence, padding } = header;
  if ((flags & CONTROL) !== 0) {
    const { ns, nr } = sequence ?? { ns: 0, nr: 0 };
    return { kind: 'control', tunnelId, sessionId, ns, nr, avps: readAvps(reader) };
  }
  return {
    kind: 'data',
    tunnelId,
    sessionId,
    payload: rest(reader),
    withLength: length !== undefined,
    priority: (flags & PRIORITY) !== 0,
    ...(sequence && { sequence }),
    ...(padding !== undefined && { padding }),
  };
}

export function encodeControl({ tunnelId, sessionId, ns, nr, avps }: Control): Uint8Array {
  const body = writeAvps(avps);
  return new Writer()
    .u16(CONTROL_BITS | 2)
    .u16(12 + body.length)
    .u16(tunnelId)
    .u16(sessionId)
    .u16(ns)
    .u16(nr)
    .raw(body)
    .take();
}

export function encodeData({
  tunnelId,
  sessionId,
  payload,
  withLength,
  sequence,
  priority,
  padding,
}: Data): Uint8Array {
  const header = new Writer().u16(tunnelId).u16(sessionId);
  if (sequence) header.u16(sequence.ns).u16(sequence.nr);
  if (padding !== undefined) header.u16(padding).zeros(padding);
  const after = header.raw(payload).take();
  const flags =
    (withLength ? HAS_LENGTH : 0) |
    (sequence ? HAS_SEQUENCE : 0) |
    (padding === undefined ? 0 : HAS_OFFSET) |
    (priority ? PRIORITY : 0);
  const whole = new Writer().u16(flags | 2);
  if (withLength) whole.u16(4 + after.length);
  return whole.raw(after).take();
}

/** A control message of version 2 or 3 whose length is right and whose first AVP, if any, is the message type. */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 12 || u16(bytes, from + 2) !== length) return false;
  const flags = u16(bytes, from);
  if (flags !== 0xc802 && flags !== 0xc803) return false;
  if (length === 12) return true;
  const typeFirst = length >= 20 && u16(bytes, from + 14) === 0 && u16(bytes, from + 16) === 0;
  return typeFirst && (u16(bytes, from + 12) & 0x43ff) === 8;
}

function readHeader(reader: LayerReader): Header {
  const flags = readFlags(reader, 2);
  const length = (flags & HAS_LENGTH) !== 0 ? reader.u16('Length', 'l2tp.length') : undefined;
  const tunnelId = reader.u16('Tunnel ID', 'l2tp.tunnel');
  const sessionId = reader.u16('Session ID', 'l2tp.session');
  const sequenced = (flags & HAS_SEQUENCE) !== 0;
  const sequence = sequenced ? { ns: reader.u16('Ns', 'l2tp.Ns'), nr: reader.u16('Nr', 'l2tp.Nr') } : undefined;
  const padding = (flags & HAS_OFFSET) !== 0 ? reader.u16('Offset', 'l2tp.offset') : undefined;
  if (padding) reader.raw('Offset Padding', 'l2tp.offset_padding', padding);
  return { flags, length, tunnelId, sessionId, sequence, padding };
}

/** How many bytes follow the header, by the length field or else by the datagram. */
function bodyLength(reader: LayerReader, { length }: Header): number {
  if (length === undefined) return reader.left;
  const header = reader.at - reader.start;
  if (length < header) reader.fail(`length ${length} is less than the header's ${header} bytes`);
  return length - header;
}

export const dissect: Dissector = (reader, context) => {
  const version = reader.bytes[reader.at + 1]! & VERSION;
  if (reader.left >= 2 && version === 3) return l2tpv3.dissectUdp(reader, context);
  reader.name = 'Layer 2 Tunneling Protocol';
  if (reader.left >= 2 && version !== 2) {
    reader.kind = 'opaque';
    reader.why = `version ${version} is neither L2TPv2 nor L2TPv3`;
    reader.raw('Data', 'l2tp.data', reader.left);
    return undefined;
  }
  const header = readHeader(reader);
  return (header.flags & CONTROL) !== 0 ? dissectControl(reader, header) : dissectData(reader, header);
};

function dissectControl(reader: LayerReader, header: Header): Next {
  const ids = `(tunnel id=${header.tunnelId}, session id=${header.sessionId})`;
  reader.summary = `Control Message ${ids}`;
  const avps = within(reader, bodyLength(reader, header), 'message', () => readAvps(reader));
  reader.summary = `Control Message - ${messageName(avps)} ${ids}`;
  return { protocol: 'padding', offset: reader.at, end: reader.end };
}

function dissectData(reader: LayerReader, header: Header): Next[] {
  reader.summary = `Data Message (tunnel id=${header.tunnelId}, session id=${header.sessionId})`;
  const payload = within(reader, bodyLength(reader, header), 'message', () => rest(reader));
  const end = reader.at + payload.length;
  return [
    { protocol: 'ppp', offset: reader.at, end },
    { protocol: 'padding', offset: end, end: reader.end },
  ];
}

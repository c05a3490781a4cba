/**
 * L2TPv3, RFC 3931 §3.2, §4.1: over IP (protocol 115) and over UDP port 1701.
 *
 *     data over IP      |0 session ID, not 0 |4 cookie (0, 4 or 8), sublayer (0 or 4), frame …
 *     control over IP   |0 00000000 |4 as over UDP …
 *     data over UDP     |0 T 0, version 3 |2 reserved |4 session ID |8 cookie, sublayer, frame …
 *     control over UDP  |0 T L S, version 3 |2 length |4 control connection ID |8 Ns |10 Nr |12 AVP …
 *
 * Cookie, sublayer and the kind of frame are agreed when a session is set up and are not marked in its packets.
 * @module
 */
import { u32 } from '../lib/bytes.ts';
import { type Avp, messageName, readAvps, writeAvps } from './l2tp-avp.ts';
import { CONTROL, CONTROL_BITS, readFlags } from './l2tp-flags.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { recognise } from './pseudowire.ts';
import { parseWith, rest, within } from './record.ts';
import type { Parsed } from './result.ts';
import { hex32 } from './show.ts';
import { Writer } from './writer.ts';

export const PROTOCOL = 115;

/** From the flags on; the four zero bytes over IP are not counted (§3.2.1). */
const CONTROL_HEADER_LEN = 12;

export type Carrier = 'ip' | 'udp';

export interface Control {
  /** The receiver's; 0 while it has not told. */
  readonly connectionId: number;
  readonly ns: number;
  readonly nr: number;
  readonly avps: readonly Avp[];
}

export interface Data {
  /** The receiver's, never 0. */
  readonly sessionId: number;
  /** Cookie, sublayer and frame: only the two ends know where one stops. */
  readonly body: Uint8Array;
}

export type Packet = ({ readonly kind: 'control' } & Control) | ({ readonly kind: 'data' } & Data);

export function parse(bytes: Uint8Array, carrier: Carrier): Parsed<Packet> {
  return parseWith('l2tpv3', bytes, (reader): Packet => {
    if (!readStart(reader, carrier)) return { kind: 'data', ...readData(reader) };
    return { kind: 'control', ...readControl(reader) };
  });
}

export function encodeControl({ connectionId, ns, nr, avps }: Control, carrier: Carrier): Uint8Array {
  const body = writeAvps(avps);
  return new Writer()
    .zeros(carrier === 'ip' ? 4 : 0)
    .u16(CONTROL_BITS | 3)
    .u16(CONTROL_HEADER_LEN + body.length)
    .u32(connectionId)
    .u16(ns)
    .u16(nr)
    .raw(body)
    .take();
}

export function encodeData({ sessionId, body }: Data, carrier: Carrier): Uint8Array {
  const writer = new Writer();
  if (carrier === 'udp') writer.u16(3).u16(0);
  return writer.u32(sessionId).raw(body).take();
}

/** Reads up to where control and data part ways; answers whether it is control. */
function readStart(reader: LayerReader, carrier: Carrier): boolean {
  if (carrier === 'udp') {
    const control = (readFlags(reader, 3) & CONTROL) !== 0;
    if (!control) reader.u16('Reserved', 'l2tp.res');
    return control;
  }
  if (reader.left >= 4 && u32(reader.bytes, reader.at) !== 0) return false;
  reader.u32('Session ID', 'l2tp.sid', () => 'Control Message (0)');
  if ((readFlags(reader, 3) & CONTROL) === 0) reader.fail('session 0 is for control messages, and this is none');
  return true;
}

function readControl(reader: LayerReader): Control {
  const length = reader.u16('Length', 'l2tp.length');
  if (length < CONTROL_HEADER_LEN)
    reader.fail(`length ${length} is less than the header's ${CONTROL_HEADER_LEN} bytes`);
  const connectionId = reader.u32('Control Connection ID', 'l2tp.ccid', hex32);
  const ns = reader.u16('Ns', 'l2tp.Ns');
  const nr = reader.u16('Nr', 'l2tp.Nr');
  reader.summary = `Control Message (control connection id=${hex32(connectionId)})`;
  const avps = within(reader, length - CONTROL_HEADER_LEN, 'message', () => readAvps(reader));
  reader.summary = `Control Message - ${messageName(avps)} (control connection id=${hex32(connectionId)})`;
  return { connectionId, ns, nr, avps };
}

function readData(reader: LayerReader): Data {
  const sessionId = reader.u32('Session ID', 'l2tp.sid', hex32);
  reader.summary = `Data Message (session id=${hex32(sessionId)})`;
  return { sessionId, body: rest(reader) };
}

export const dissectUdp: Dissector = (reader) => dissect(reader, 'udp');
export const dissectIp: Dissector = (reader) => dissect(reader, 'ip');

function dissect(reader: LayerReader, carrier: Carrier): Next | undefined {
  reader.name = 'Layer 2 Tunneling Protocol version 3';
  if (readStart(reader, carrier)) {
    readControl(reader);
    return { protocol: 'padding', offset: reader.at, end: reader.end };
  }
  const { body } = readData(reader);
  if (body.length === 0) return undefined;
  const frame = recognise(reader.bytes, reader.at, reader.end);
  if (!frame) {
    reader.kind = 'opaque';
    reader.why = 'the lengths of cookie and sublayer and the kind of frame are known to the two ends alone';
    reader.raw('Cookie, sublayer and frame', 'l2tp.data', reader.left);
    return undefined;
  }
  if (frame.offset > reader.at) reader.raw('Cookie and sublayer', 'l2tp.cookie', frame.offset - reader.at);
  return { protocol: frame.protocol, offset: frame.offset, end: reader.end };
}

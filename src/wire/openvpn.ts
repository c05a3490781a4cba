/**
 * OpenVPN, over UDP and over TCP, where each packet is preceded by its length in 16 bits.
 *
 *     control    |0 opcode (5 bits), key (3) |1 session ID 8 |9 count |10 acknowledged IDs 4 each, peer's session ID 8
 *                (only if count > 0) |message ID 4 (not in ACK) |TLS …
 *     data V1    |0 opcode, key |1 ciphertext …
 *     data V2    |0 opcode, key |1 peer ID 3 |4 ciphertext …
 *
 * A control channel may be wrapped further: see `openvpn-form.ts`. TLS runs inside, in pieces that need not begin where
 * a TLS record does.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { type Form, formOf, OPCODE, TLS_CRYPT_HMAC_LEN } from './openvpn-form.ts';
import { parseWith, rest, within } from './record.ts';
import type { Parsed } from './result.ts';
import { hex8, hex24 } from './show.ts';
import * as tls from './tls.ts';
import { Writer } from './writer.ts';

export const PORT = 1194;

/** What --tls-auth and --tls-crypt put before a control packet: an HMAC, a packet ID and the sender's time. */
export interface Wrapping {
  readonly hmac: Uint8Array;
  readonly packetId: number;
  /** Seconds since 1970. */
  readonly time: number;
}

interface Control {
  readonly kind: 'control';
  readonly opcode: number;
  readonly keyId: number;
  /** 8 bytes, the sender's. */
  readonly sessionId: Uint8Array;
  /** With --tls-auth. */
  readonly auth?: Wrapping;
  /** Message IDs taken. */
  readonly acks: readonly number[];
  /** The receiver's session ID; there exactly if something is acknowledged. */
  readonly remoteSessionId?: Uint8Array;
  /** Absent in a mere acknowledgement. */
  readonly messageId?: number;
  /** A piece of the TLS stream. */
  readonly payload: Uint8Array;
}

interface TlsCrypt {
  readonly kind: 'tls-crypt';
  readonly opcode: number;
  readonly keyId: number;
  readonly sessionId: Uint8Array;
  readonly wrapping: Wrapping;
  readonly body: Uint8Array;
}

interface DataV1 {
  readonly kind: 'data-v1';
  readonly keyId: number;
  readonly body: Uint8Array;
}

interface DataV2 {
  readonly kind: 'data-v2';
  readonly keyId: number;
  /** 24 bits, given by the server; 0xffffff for none. */
  readonly peerId: number;
  readonly body: Uint8Array;
}

export type Packet = Control | TlsCrypt | DataV1 | DataV2;

const OPCODES: Readonly<Record<number, string>> = {
  1: 'P_CONTROL_HARD_RESET_CLIENT_V1',
  2: 'P_CONTROL_HARD_RESET_SERVER_V1',
  [OPCODE.softReset]: 'P_CONTROL_SOFT_RESET_V1',
  [OPCODE.control]: 'P_CONTROL_V1',
  [OPCODE.ack]: 'P_ACK_V1',
  [OPCODE.dataV1]: 'P_DATA_V1',
  [OPCODE.hardResetClientV2]: 'P_CONTROL_HARD_RESET_CLIENT_V2',
  [OPCODE.hardResetServerV2]: 'P_CONTROL_HARD_RESET_SERVER_V2',
  [OPCODE.dataV2]: 'P_DATA_V2',
  [OPCODE.hardResetClientV3]: 'P_CONTROL_HARD_RESET_CLIENT_V3',
  [OPCODE.controlWkc]: 'P_CONTROL_WKC_V1',
};

/** Reads one packet, without the length that TCP puts before it. Whoever knows how control packets are wrapped says so. */
export function parse(bytes: Uint8Array, form?: Form): Parsed<Packet> {
  return parseWith('openvpn', bytes, (reader) => {
    const packet = readPacket(reader, form ?? formOf(bytes, 0, bytes.length));
    return packet ?? reader.fail('neither plain nor tls-auth nor tls-crypt');
  });
}

export function encode(packet: Packet): Uint8Array {
  const writer = new Writer();
  switch (packet.kind) {
    case 'data-v1':
      return start(writer, OPCODE.dataV1, packet.keyId).raw(packet.body).take();
    case 'data-v2':
      return start(writer, OPCODE.dataV2, packet.keyId).u24(packet.peerId).raw(packet.body).take();
    case 'tls-crypt': {
      const { hmac, packetId, time } = packet.wrapping;
      start(writer, packet.opcode, packet.keyId).raw(packet.sessionId);
      return writer.u32(packetId).u32(time).raw(hmac).raw(packet.body).take();
    }
    case 'control':
      return encodeControl(writer, packet);
  }
}

function start(writer: Writer, opcode: number, keyId: number): Writer {
  return writer.u8((opcode << 3) | keyId);
}

function encodeControl(writer: Writer, packet: Control): Uint8Array {
  start(writer, packet.opcode, packet.keyId).raw(packet.sessionId);
  if (packet.auth) writer.raw(packet.auth.hmac).u32(packet.auth.packetId).u32(packet.auth.time);
  writer.u8(packet.acks.length);
  for (const id of packet.acks) writer.u32(id);
  if (packet.remoteSessionId) writer.raw(packet.remoteSessionId);
  if (packet.messageId !== undefined) writer.u32(packet.messageId);
  return writer.raw(packet.payload).take();
}

/** As on TCP: the length, then the packet. */
export function encodeTcp(packet: Packet): Uint8Array {
  const bytes = encode(packet);
  return new Writer().u16(bytes.length).raw(bytes).take();
}

/**
 * Control packets whose form is beyond doubt: a hard reset, an acknowledgement that names a session, or a piece of TLS
 * that begins with a record. Data packets look like anything.
 */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 14) return false;
  const opcode = bytes[from]! >>> 3;
  const reset = opcode === OPCODE.hardResetClientV2 || opcode === OPCODE.hardResetServerV2;
  if (!reset && opcode !== OPCODE.control && opcode !== OPCODE.ack) return false;
  const form = formOf(bytes, from, to);
  if (!form || form.kind === 'tls-crypt') return false;
  if (opcode !== OPCODE.control) return true;
  const acks = from + 9 + (form.kind === 'tls-auth' ? form.hmacLength + 8 : 0);
  const count = bytes[acks]!;
  return tls.looksLike(bytes, acks + 1 + 4 * count + (count > 0 ? 8 : 0) + 4, to);
}

/** Whether packets with their lengths fill the segment; only the last may run on into the next one, by its own length. */
export function looksLikeTcp(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at + 3 <= to) {
    const length = u16(bytes, at);
    const opcode = bytes[at + 2]! >>> 3;
    if (length === 0 || length > MAX_PACKET || opcode < OPCODE.softReset || opcode > OPCODE.controlWkc) return false;
    at += 2 + length;
  }
  return at > from;
}

/** Far above a packet that fits the usual MTU; a length beyond it is read from the middle of something. */
const MAX_PACKET = 4096;

/** Reads a packet to the reader's end; undefined where it is a control packet of unknown form, read up to its session. */
function readPacket(reader: LayerReader, form: Form | undefined): Packet | undefined {
  const { opcode, keyId } = readOpcode(reader);
  if (opcode === OPCODE.dataV1) return { kind: 'data-v1', keyId, body: rest(reader) };
  if (opcode === OPCODE.dataV2) {
    const peerId = reader.u24('Peer ID', 'openvpn.peerid', hex24);
    return { kind: 'data-v2', keyId, peerId, body: rest(reader) };
  }
  const sessionId = reader.raw('Session ID', 'openvpn.sessionid', 8);
  if (!form) return undefined;
  if (form.kind === 'tls-crypt') {
    const replay = readReplay(reader);
    const hmac = reader.raw('HMAC', 'openvpn.hmac', TLS_CRYPT_HMAC_LEN);
    return { kind: 'tls-crypt', opcode, keyId, sessionId, wrapping: { hmac, ...replay }, body: rest(reader) };
  }
  const auth = form.kind === 'tls-auth' ? readAuth(reader, form.hmacLength) : undefined;
  return { kind: 'control', opcode, keyId, sessionId, ...(auth && { auth }), ...readControl(reader, opcode) };
}

function readOpcode(reader: LayerReader): { readonly opcode: number; readonly keyId: number } {
  const offset = reader.at;
  const byte = reader.u8('Type', 'openvpn.type', hex8);
  const name = OPCODES[byte >>> 3] ?? 'Unknown';
  const opcode = reader.bits('Opcode', 'openvpn.opcode', offset, 1, 0xf8, byte, `${name} (${byte >>> 3})`);
  const keyId = reader.bits('Key ID', 'openvpn.keyid', offset, 1, 0x07, byte);
  if (OPCODES[opcode] === undefined) reader.fail(`opcode ${opcode} is not one of OpenVPN's`);
  return { opcode, keyId };
}

function readReplay(reader: LayerReader): { readonly packetId: number; readonly time: number } {
  return {
    packetId: reader.u32('Replay-Packet-ID', 'openvpn.pid'),
    time: reader.u32('Net Time', 'openvpn.net_time', (value) => `${value} seconds since 1970`),
  };
}

function readAuth(reader: LayerReader, length: number): Wrapping {
  const hmac = reader.raw('HMAC', 'openvpn.hmac', length);
  reader.amend(reader.last, { check: 'unverifiable' });
  return { hmac, ...readReplay(reader) };
}

function readControl(reader: LayerReader, opcode: number): Pick<Control, 'acks' | 'payload'> {
  const count = reader.u8('Message Packet-ID Array Length', 'openvpn.mpidarraylength');
  const acks: number[] = [];
  for (let i = 0; i < count; i++) acks.push(reader.u32('Message Packet-ID Array Element', 'openvpn.mpidarrayelement'));
  const remoteSessionId = count > 0 ? reader.raw('Remote Session ID', 'openvpn.rsessionid', 8) : undefined;
  const messageId = opcode === OPCODE.ack ? undefined : reader.u32('Message Packet-ID', 'openvpn.mpid');
  return {
    acks,
    ...(remoteSessionId && { remoteSessionId }),
    ...(messageId !== undefined && { messageId }),
    payload: rest(reader),
  };
}

export const dissectUdp: Dissector = (reader) => dissectPacket(reader);

/** One packet of the stream; the next one is the next layer. */
export const dissectTcp: Dissector = (reader) => {
  if (reader.left < 3) return opaque(reader, 'the beginning of a packet that goes on in the next segment');
  if (!looksLikeTcp(reader.bytes, reader.at, reader.end))
    return opaque(reader, 'no packet begins here: one runs on from an earlier segment');
  const length = reader.u16('Packet Length', 'openvpn.plen');
  if (length > reader.left) return opaque(reader, `a packet of ${length} bytes, of which ${reader.left} are here`);
  const inner = within(reader, length, 'packet', () => dissectPacket(reader));
  const after = { protocol: 'openvpn-tcp', offset: inner?.end ?? reader.at, end: reader.end };
  return inner ? [inner, after] : after;
};

function dissectPacket(reader: LayerReader): Next | undefined {
  reader.name = 'OpenVPN Protocol';
  reader.summary = OPCODES[reader.bytes[reader.at]! >>> 3] ?? 'unknown opcode';
  const packet = readPacket(reader, formOf(reader.bytes, reader.at, reader.end));
  if (!packet) return opaque(reader, 'neither plain nor tls-auth nor tls-crypt: which of them is in use is not said');
  if (packet.kind !== 'control') return { protocol: 'encrypted', offset: reader.at, end: reader.end };
  if (packet.messageId !== undefined) reader.summary += ` message ${packet.messageId}`;
  if (packet.acks.length > 0) reader.summary += ` acknowledges ${packet.acks.join(', ')}`;
  if (packet.payload.length === 0) return undefined;
  const record = tls.looksLike(reader.bytes, reader.at, reader.end);
  return { protocol: record ? 'tls' : 'tls-continuation', offset: reader.at, end: reader.end };
}

function opaque(reader: LayerReader, why: string): undefined {
  reader.name = 'OpenVPN Protocol';
  reader.kind = 'opaque';
  reader.why = why;
  reader.raw('Data', 'openvpn.data', reader.left);
}

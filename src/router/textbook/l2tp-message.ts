/**
 * What an ALG reads in an L2TP message (RFC 2661 §3.1, RFC 3931 §3.2): whose it is, what it says of ids, and where.
 * Nothing is believed that does not fit exactly; then there is no message.
 * @module
 */
import { u16, u32 } from '../../lib/bytes.ts';
import { parse as parseV2 } from '../../wire/l2tp.ts';
import { CONTROL, CONTROL_BITS, HAS_LENGTH, VERSION } from '../../wire/l2tp-flags.ts';
import { parse as parseV3 } from '../../wire/l2tpv3.ts';
import type { IdKind } from '../reason.ts';

/** Message types by which ends name tunnels, connections and sessions, or give the names back. */
export const SCCRQ = 1;
export const STOP_CCN = 4;
export const CDN = 14;

/** AVPs that hold an id. */
const ASSIGNED_TUNNEL_ID = 9;
const MESSAGE_DIGEST = 59;
const ASSIGNED_CONNECTION_ID = 61;
const LOCAL_SESSION_ID = 63;
const REMOTE_SESSION_ID = 64;

/** An id where it stands: `width` bytes at `at`. */
export interface IdField {
  readonly id: IdKind;
  readonly at: number;
  readonly width: 2 | 4;
  readonly value: number;
}

export interface L2tpMessage {
  /** Control message type; -1 for data and for mere acknowledgements. */
  readonly type: number;
  /** The receiver's id, in the header. */
  readonly receiver: IdField;
  /** Ids of the sender's that it tells in AVPs. */
  readonly told: readonly IdField[];
  /** Ids of the receiver's that it repeats in AVPs. */
  readonly repeated: readonly IdField[];
  /** An id that it tells is hidden with the tunnel's secret (RFC 2661 §4.3). */
  readonly hidden: IdKind | undefined;
  /** A digest covers the message, so that nothing in it can be changed unnoticed (RFC 3931 §4.3). */
  readonly sealed: boolean;
}

export type Carrier = 'ip' | 'udp';

/** `from` to `to` is what the datagram, or the IP packet, carries. */
export function readMessage(bytes: Uint8Array, from: number, to: number, carrier: Carrier): L2tpMessage | undefined {
  if (carrier === 'udp') return readUdp(bytes, from, to);
  if (from + 4 > to) return undefined;
  const receiver = field('session-id', bytes, from, 4);
  // Session 0 announces a control message (RFC 3931 §4.1.1).
  return receiver.value === 0 ? readControl(bytes, from + 4, to, 3) : data(receiver);
}

function readUdp(bytes: Uint8Array, from: number, to: number): L2tpMessage | undefined {
  if (from + 8 > to) return undefined;
  const flags = u16(bytes, from);
  const version = flags & VERSION;
  if (version !== 2 && version !== 3) return undefined;
  if ((flags & CONTROL) !== 0) return readControl(bytes, from, to, version);
  if (version === 3) return data(field('session-id', bytes, from + 4, 4));
  return data(field('tunnel-id', bytes, from + ((flags & HAS_LENGTH) !== 0 ? 4 : 2), 2));
}

function data(receiver: IdField): L2tpMessage {
  return { type: -1, receiver, told: [], repeated: [], hidden: undefined, sealed: false };
}

const HEADER = 12;

function readControl(bytes: Uint8Array, from: number, to: number, version: 2 | 3): L2tpMessage | undefined {
  if (from + HEADER > to || (u16(bytes, from) & CONTROL_BITS) !== CONTROL_BITS) return undefined;
  if ((u16(bytes, from) & VERSION) !== version) return undefined;
  const end = from + u16(bytes, from + 2);
  if (end < from + HEADER || end > to) return undefined;
  const receiver = version === 2 ? field('tunnel-id', bytes, from + 4, 2) : field('connection-id', bytes, from + 4, 4);
  const avps = readAvps(bytes, from + HEADER, end, version);
  return avps && isWellFormed(bytes, from, end, version) ? { receiver, ...avps } : undefined;
}

/** The whole message, AVP by AVP: what its receiver will refuse is no reason to note anything. */
function isWellFormed(bytes: Uint8Array, from: number, end: number, version: 2 | 3): boolean {
  const message = bytes.subarray(from, end);
  return (version === 2 ? parseV2(message) : parseV3(message, 'udp')).ok;
}

type Avps = Omit<L2tpMessage, 'receiver'>;

function readAvps(bytes: Uint8Array, from: number, end: number, version: 2 | 3): Avps | undefined {
  const told: IdField[] = [];
  const repeated: IdField[] = [];
  let type = -1;
  let hidden: IdKind | undefined;
  let sealed = false;
  for (let at = from; at < end; ) {
    const length = at + 6 <= end ? u16(bytes, at) & 0x3ff : 0;
    if (length < 6 || at + length > end) return undefined;
    const isHidden = (u16(bytes, at) & 0x4000) !== 0;
    const attribute = u16(bytes, at + 2) === 0 ? u16(bytes, at + 4) : -1;
    if (at === from) {
      if (attribute !== 0 || length !== 8 || isHidden) return undefined;
      type = u16(bytes, at + 6);
    }
    if (attribute === MESSAGE_DIGEST && version === 3) sealed = true;
    const id = idOf(attribute, version);
    if (id && isHidden) hidden = id;
    else if (id) {
      const width = version === 2 ? 2 : 4;
      if (length !== 6 + width) return undefined;
      (attribute === REMOTE_SESSION_ID ? repeated : told).push(field(id, bytes, at + 6, width));
    }
    at += length;
  }
  return { type, told, repeated, hidden, sealed };
}

/** Version 2 names sessions within a tunnel; its Session IDs need no translation. */
function idOf(attribute: number, version: 2 | 3): IdKind | undefined {
  if (version === 2) return attribute === ASSIGNED_TUNNEL_ID ? 'tunnel-id' : undefined;
  if (attribute === ASSIGNED_CONNECTION_ID) return 'connection-id';
  return attribute === LOCAL_SESSION_ID || attribute === REMOTE_SESSION_ID ? 'session-id' : undefined;
}

function field(id: IdKind, bytes: Uint8Array, at: number, width: 2 | 4): IdField {
  return { id, at, width, value: width === 2 ? u16(bytes, at) : u32(bytes, at) };
}

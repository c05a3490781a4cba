/**
 * PPTP control messages as routers know them: types, names, sizes and where they begin (RFC 2637 §1.4, §2).
 *
 *     |0 length |2 1 |4 magic cookie |8 control message type |10 reserved |12 …
 *
 * @module
 */
import { i32, u16 } from '../../lib/bytes.ts';
import type { Packet } from '../packet.ts';

export const PPTP_PORT = 1723;
export const MAGIC = 0x1a2b3c4d;
export const HEADER = 12;

/** Control message types (RFC 2637 §1.4). */
export const START_REQUEST = 1;
export const START_REPLY = 2;
export const STOP_REQUEST = 3;
export const STOP_REPLY = 4;
export const ECHO_REQUEST = 5;
export const ECHO_REPLY = 6;
export const OUT_REQUEST = 7;
export const OUT_REPLY = 8;
export const IN_REQUEST = 9;
export const IN_REPLY = 10;
export const IN_CONNECTED = 11;
export const CLEAR_REQUEST = 12;
export const DISCONNECT = 13;
export const WAN_ERROR = 14;
export const SET_LINK = 15;

/** By type. */
export const MESSAGE_NAMES: readonly string[] = [
  '',
  'Start-Control-Connection-Request',
  'Start-Control-Connection-Reply',
  'Stop-Control-Connection-Request',
  'Stop-Control-Connection-Reply',
  'Echo-Request',
  'Echo-Reply',
  'Outgoing-Call-Request',
  'Outgoing-Call-Reply',
  'Incoming-Call-Request',
  'Incoming-Call-Reply',
  'Incoming-Call-Connected',
  'Call-Clear-Request',
  'Call-Disconnect-Notify',
  'WAN-Error-Notify',
  'Set-Link-Info',
];

/** Bytes after the 12-byte header that a message must have to be read; 0 where the kernel asks for none. */
const SIZES = [0, 144, 144, 4, 4, 0, 0, 156, 20, 208, 12, 16, 4, 136, 28, 12];

/** One control message where it stands in the packet. */
export interface Message {
  readonly type: number;
  /** Offset of the message's header in the packet. */
  readonly at: number;
}

/** Why no message was read in a segment. */
export type Unread = 'split-message' | 'bad-message';

/** The first message of a TCP segment; undefined where it carries nothing. */
export function readMessage(packet: Packet): Message | Unread | undefined {
  const { bytes, length } = packet;
  const at = packet.headerLength + ((bytes[packet.headerLength + 12]! >>> 4) << 2);
  if (length - at === 0) return undefined;
  if (at + HEADER > length) return 'split-message';
  if (u16(bytes, at + 2) !== 1 || i32(bytes, at + 4) !== MAGIC) return 'bad-message';
  const type = u16(bytes, at + 8);
  if (length - at - HEADER < (SIZES[type] ?? 0)) return 'split-message';
  return { type, at };
}

/**
 * What is kept of a TCP connection, and the one segment under inspection.
 *
 * State words of an entry: per direction five (end, maxend, maxwin, maxack, flags and scale), then the connection's
 * state and what the last packet was. Sequence numbers are signed 32-bit, compared by difference (RFC 9293 §3.4).
 * Source: Linux struct ip_ct_tcp; tcp_options.
 * @module
 */
import type { ConnectionTable } from './table.ts';

export const TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const;

export const SYN_SENT = 1;
export const SYN_RECV = 2;
export const ESTABLISHED = 3;
export const FIN_WAIT = 4;
export const LAST_ACK = 6;
export const TIME_WAIT = 7;
export const CLOSE = 8;
export const SYN_SENT2 = 9;
export const IGNORE = 10;
export const INVALID = 11;

/** Kinds of segment, the rows of the state table. */
export const SYN = 0;
export const SYN_ACK = 1;
export const FIN = 2;
export const ACK = 3;
export const RST = 4;
export const NONE = 5;

/** Words of the state, after the two directions' ten. */
export const STATE = 10;
export const LAST = 11;
export const LAST_SEQ = 12;
export const LAST_ACK_NUMBER = 13;
export const LAST_END = 14;
export const LAST_WINDOW = 15;

export const FLAG = { windowScale: 1, sackPermitted: 2, closeInit: 4, liberal: 8, unacknowledged: 16, maxackSet: 32 };
export const EXPECT_CHALLENGE = 64;
export const SIMULTANEOUS_OPEN = 128;
export const MAX_RETRANSMISSIONS = 3;

/** One TCP segment, read once. Numbers are signed 32-bit. */
export interface Segment {
  bytes: Uint8Array;
  /** Offset of the TCP header. */
  at: number;
  headerLength: number;
  seq: number;
  ack: number;
  /** Sequence number after its last byte, SYN and FIN counted. */
  end: number;
  /** As in the header, not scaled. */
  window: number;
  syn: boolean;
  hasAck: boolean;
  rst: boolean;
  kind: number;
}

export const stateOf = (table: ConnectionTable, entry: number): number => table.state(entry, STATE);

export const lastKind = (table: ConnectionTable, entry: number): number => table.state(entry, LAST) & 0xff;
export const lastDirection = (table: ConnectionTable, entry: number): number => (table.state(entry, LAST) >>> 8) & 1;
export const retransmissions = (table: ConnectionTable, entry: number): number =>
  (table.state(entry, LAST) >>> 16) & 0xff;
export const lastWindow = (table: ConnectionTable, entry: number): number => table.state(entry, LAST_WINDOW) & 0xffff;
export const lastFlags = (table: ConnectionTable, entry: number): number =>
  (table.state(entry, LAST_WINDOW) >>> 16) & 0xff;

export function setLast(table: ConnectionTable, entry: number, kind: number, direction: number): void {
  table.setState(entry, LAST, (table.state(entry, LAST) & 0xff0000) | (direction << 8) | kind);
}

export function setRetransmissions(table: ConnectionTable, entry: number, count: number, direction: number): void {
  table.setState(entry, LAST, (Math.min(count, 255) << 16) | (direction << 8) | lastKind(table, entry));
}

export function setLastWindow(table: ConnectionTable, entry: number, window: number): void {
  table.setState(entry, LAST_WINDOW, (table.state(entry, LAST_WINDOW) & ~0xffff) | window);
}

export function setLastOptions(table: ConnectionTable, entry: number, flags: number, scale: number): void {
  table.setState(entry, LAST_WINDOW, (scale << 24) | (flags << 16) | lastWindow(table, entry));
}

export const lastScale = (table: ConnectionTable, entry: number): number => table.state(entry, LAST_WINDOW) >>> 24;

export const flagsOf = (table: ConnectionTable, entry: number, direction: number): number =>
  table.state(entry, direction * 5 + 4) & 0xff;

/** Window scale and SACK-permitted of a segment; `keep` are flags to start from (Linux tcp_options). */
export function readSynOptions(from: Segment, keep: number): { flags: number; scale: number } {
  let flags = keep & FLAG.liberal;
  let scale = 0;
  let at = from.at + 20;
  const end = from.at + from.headerLength;
  while (at < end) {
    const kind = from.bytes[at]!;
    if (kind === 0) break;
    if (kind === 1) {
      at++;
      continue;
    }
    const size = at + 1 < end ? from.bytes[at + 1]! : 0;
    if (size < 2 || at + size > end) break;
    if (kind === 4 && size === 2) flags |= FLAG.sackPermitted;
    else if (kind === 3 && size === 3) {
      scale = Math.min(from.bytes[at + 2]!, 14);
      flags |= FLAG.windowScale;
    }
    at += size;
  }
  return { flags, scale };
}

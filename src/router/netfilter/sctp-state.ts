/**
 * The state table of SCTP's connection tracking, and where an entry keeps its state.
 * State words: 0 state, 1–2 verification tag by direction, 3–4 INIT seen by direction, 5 flags.
 * Source: Linux nf_conntrack_proto_sctp.c (sctp_conntracks).
 * @module
 */

import {
  ABORT,
  COOKIE_ACK,
  COOKIE_ECHO,
  ERROR,
  HEARTBEAT,
  HEARTBEAT_ACK,
  INIT,
  INIT_ACK,
  SHUTDOWN,
  SHUTDOWN_ACK,
  SHUTDOWN_COMPLETE,
} from '../../wire/sctp.ts';
import type { ConnectionTable } from './table.ts';
import { stateTable } from './tracker.ts';

export const SCTP_STATES = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
  'HEARTBEAT_SENT',
] as const;

export const CLOSED = 1;
export const ESTABLISHED = 4;
export const INVALID = 9;

/** Row of the state table for each chunk type that moves the state. */
const ROW = new Map([
  [INIT, 0],
  [INIT_ACK, 1],
  [ABORT, 2],
  [SHUTDOWN, 3],
  [SHUTDOWN_ACK, 4],
  [ERROR, 5],
  [COOKIE_ECHO, 6],
  [COOKIE_ACK, 7],
  [SHUTDOWN_COMPLETE, 8],
  [HEARTBEAT, 9],
  [HEARTBEAT_ACK, 10],
]);

/** Columns are the present state; n NONE, x CLOSED, w COOKIE_WAIT, c COOKIE_ECHOED, e ESTABLISHED, s SHUTDOWN_SENT,
 * r SHUTDOWN_RECD, a SHUTDOWN_ACK_SENT, h HEARTBEAT_SENT, ! invalid. */
const TABLE = stateTable('nxwcesrah!', [
  [
    'xxwcexxaw',
    'xxwcesrax',
    'xxxxxxxxx',
    'xxwcssrax',
    'axwceaaaa',
    'xxwcesrax',
    'xxccesrax',
    'xxweesrax',
    'xxwcesrxx',
    'hxwcesrah',
    'xxwcesrah',
  ],
  [
    '!xwcesra!',
    '!wwcesra!',
    '!xxxxxxx!',
    '!xwcrsra!',
    '!xwceaaa!',
    '!xwxesra!',
    '!xccesra!',
    '!xweesra!',
    '!xwcesrx!',
    '!xwcesrah',
    '!xwcesrae',
  ],
]);

export const STATE = 0;
export const TAG = 1;
export const INIT_SEEN = 3;
export const FLAGS = 5;
/** A heartbeat came with a tag unknown here: its answer may teach the new one. */
export const HEARTBEAT_FAILED = 1;
export const LAST_REPLY = 2;

export const sctpStateOf = (table: ConnectionTable, entry: number): number => table.state(entry, STATE);

export function nextState(direction: number, state: number, type: number): number {
  const row = ROW.get(type);
  return row === undefined ? state : TABLE[direction]![row]![state]!;
}

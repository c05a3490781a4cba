/**
 * SCTP as connection tracking sees it: verification tags and a state table.
 * State words: 0 state, 1–2 verification tag by direction, 3–4 INIT seen by direction, 5 flags.
 * Source: Linux nf_conntrack_proto_sctp.c; RFC 9260 §8.5.
 * @module
 */
import { i32, u16 } from '../../lib/bytes.ts';
import { crc32cFinish, crc32cUpdate } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import { ASSURED } from './record.ts';
import type { ConnectionTable } from './table.ts';
import { isConfirmed, refresh, type Tracker, type TrackerAnswer } from './tracker.ts';

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

const CLOSED = 1;
const ESTABLISHED = 4;
const INVALID = 9;

/** Chunk types that matter here. */
const DATA = 0;
const INIT = 1;
const INIT_ACK = 2;
const HEARTBEAT = 4;
const HEARTBEAT_ACK = 5;
const ABORT = 6;
const SHUTDOWN = 7;
const SHUTDOWN_ACK = 8;
const ERROR = 9;
const COOKIE_ECHO = 10;
const COOKIE_ACK = 11;
const SHUTDOWN_COMPLETE = 14;

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
const LETTERS = 'nxwcesrah!';
const TABLE = [
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
].map((direction) => direction.map((row) => Uint8Array.from(row, (letter) => LETTERS.indexOf(letter))));

const STATE = 0;
const TAG = 1;
const INIT_SEEN = 3;
const FLAGS = 5;
/** A heartbeat came with a tag unknown here: its answer may teach the new one. */
const HEARTBEAT_FAILED = 1;
const LAST_REPLY = 2;

/** Chunk's T bit: the tag is the receiver's own (RFC 9260 §8.5.1). */
const T_BIT = 1;

export const sctpStateOf = (table: ConnectionTable, entry: number): number => table.state(entry, STATE);

export const trackSctp: Tracker = (tracking, packet, entry, direction, hook) => {
  if (!packet.pull(packet.headerLength + 12)) return 'truncated';
  if (hook === 'prerouting' && !crcRight(packet)) return 'checksum';
  const types = new Set<number>();
  if (!chunksSane(packet, types)) return 'sctp-chunk';
  const { table } = tracking;
  if (!isConfirmed(tracking, entry)) {
    if (types.has(ABORT) || types.has(SHUTDOWN_COMPLETE) || types.has(COOKIE_ACK)) return 'sctp-no-init';
    if (!begin(table, packet, entry)) return 'sctp-no-init';
  }
  const exempt = [INIT, SHUTDOWN_COMPLETE, COOKIE_ECHO, ABORT, SHUTDOWN_ACK, HEARTBEAT, HEARTBEAT_ACK];
  if (!exempt.some((type) => types.has(type)) && tagOf(packet) !== table.state(entry, TAG + direction))
    return 'sctp-vtag';
  const walked = walkChunks(table, packet, entry, direction, types.has(DATA), isConfirmed(tracking, entry));
  if (walked.answer !== 'accept') return walked.answer;
  if (!walked.ignore) refresh(tracking, entry, tracking.timeouts.sctp[walked.state]!);
  return 'accept';
};

const tagOf = (packet: Packet): number => i32(packet.bytes, packet.headerLength + 4);

const ZEROS = new Uint8Array(4);

/** CRC32c over the packet with the field as zero; on the wire least significant byte first. */
export function sctpCrc(bytes: Uint8Array, at: number, end: number): number {
  let crc = crc32cUpdate(0xffffffff, bytes, at, at + 8);
  crc = crc32cUpdate(crc, ZEROS, 0, 4);
  return crc32cFinish(crc32cUpdate(crc, bytes, at + 12, end));
}

function crcRight(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  const carried = (bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24)) >>> 0;
  return carried === sctpCrc(bytes, at, packet.length);
}

/** Calls `each` with the offset of every chunk header; a length of 0 is ruled out by `chunksSane`. */
function forEachChunk(packet: Packet, each: (at: number, index: number) => boolean): void {
  let index = 0;
  for (let at = packet.headerLength + 12; at + 4 <= packet.length; index++) {
    if (!each(at, index)) return;
    at += (u16(packet.bytes, at + 2) + 3) & ~3;
  }
}

/** INIT, INIT ACK and SHUTDOWN COMPLETE travel alone; cookies come first; lengths are never 0. */
function chunksSane(packet: Packet, types: Set<number>): boolean {
  let alone = false;
  let count = 0;
  let sane = true;
  forEachChunk(packet, (at, index) => {
    const type = packet.bytes[at]!;
    if (type === INIT || type === INIT_ACK || type === SHUTDOWN_COMPLETE) alone = true;
    const first = type === COOKIE_ACK || type === COOKIE_ECHO || alone;
    sane = !(first && index !== 0) && u16(packet.bytes, at + 2) !== 0;
    types.add(type);
    count = index + 1;
    return sane;
  });
  return sane && count > 0;
}

/** The first packet of a flow: where its tags come from. */
function begin(table: ConnectionTable, packet: Packet, entry: number): boolean {
  for (let word = 0; word < 6; word++) table.setState(entry, word, 0);
  let known = true;
  forEachChunk(packet, (at) => {
    const type = packet.bytes[at]!;
    const state = nextState(0, 0, type);
    if (state === 0 || state === INVALID) known = false;
    else if (type === INIT) {
      if (tagOf(packet) !== 0 || at + 20 > packet.length) known = false;
      else table.setState(entry, TAG + 1, i32(packet.bytes, at + 4));
    } else if (type === HEARTBEAT) table.setState(entry, TAG, tagOf(packet));
    else if (type === SHUTDOWN_ACK) table.setState(entry, TAG + 1, tagOf(packet));
    return known;
  });
  return known;
}

function nextState(direction: number, state: number, type: number): number {
  const row = ROW.get(type);
  return row === undefined ? state : TABLE[direction]![row]![state]!;
}

interface Walk {
  answer: TrackerAnswer;
  /** Let through without renewing the timer. */
  ignore: boolean;
  state: number;
}

function walkChunks(
  table: ConnectionTable,
  packet: Packet,
  entry: number,
  direction: number,
  hasData: boolean,
  confirmed: boolean,
): Walk {
  const walk: Walk = { answer: 'accept', ignore: false, state: 0 };
  forEachChunk(packet, (at) => {
    const type = packet.bytes[at]!;
    const tag = checkTag(table, packet, entry, direction, at, hasData || walk.ignore);
    if (tag === 'skip') {
      walk.ignore = true;
      return true;
    }
    if (!tag) {
      walk.answer = 'sctp-vtag';
      return false;
    }
    const old = table.state(entry, STATE);
    walk.state = nextState(direction, old, type);
    if (walk.state === INVALID) {
      walk.answer = 'sctp-chunk';
      return false;
    }
    if (type === INIT || type === INIT_ACK) {
      if (at + 20 > packet.length || !learnTag(table, packet, entry, direction, at, old)) {
        walk.answer = 'sctp-vtag';
        return false;
      }
      // A repeated INIT must not keep an entry alive for ever.
      if (type === INIT && walk.state === CLOSED && old === CLOSED && confirmed) walk.ignore = true;
    }
    table.setState(entry, STATE, walk.state);
    if (old !== walk.state && walk.state === ESTABLISHED) table.set(entry, ASSURED);
    return true;
  });
  return walk;
}

/** RFC 9260 §8.5.1: which verification tag each kind of chunk must carry. */
function checkTag(
  table: ConnectionTable,
  packet: Packet,
  entry: number,
  direction: number,
  at: number,
  strict: boolean,
): boolean | 'skip' {
  const tag = tagOf(packet);
  const own = table.state(entry, TAG + direction);
  const type = packet.bytes[at]!;
  switch (type) {
    case INIT:
      return tag === 0;
    case ABORT:
    case SHUTDOWN_COMPLETE:
      return tag === (packet.bytes[at + 1]! & T_BIT ? table.state(entry, TAG + 1 - direction) : own);
    case COOKIE_ECHO:
      return tag === own;
    case COOKIE_ACK:
      table.setState(entry, INIT_SEEN, 0);
      table.setState(entry, INIT_SEEN + 1, 0);
      return true;
    case HEARTBEAT:
    case HEARTBEAT_ACK:
      return checkHeartbeat(table, entry, direction, tag, type, strict);
    default:
      return true;
  }
}

function checkHeartbeat(
  table: ConnectionTable,
  entry: number,
  direction: number,
  tag: number,
  type: number,
  strict: boolean,
): boolean | 'skip' {
  const own = table.state(entry, TAG + direction);
  const flags = table.state(entry, FLAGS);
  if (own === 0) {
    table.setState(entry, TAG + direction, tag);
    return true;
  }
  if (tag === own) {
    table.setState(entry, FLAGS, flags & ~HEARTBEAT_FAILED);
    return true;
  }
  if (strict) return false;
  if (type === HEARTBEAT) {
    table.setState(entry, FLAGS, HEARTBEAT_FAILED | (direction ? LAST_REPLY : 0));
    return 'skip';
  }
  const failedHere = (flags & LAST_REPLY ? 1 : 0) === direction;
  if ((flags & HEARTBEAT_FAILED) === 0 || failedHere) return false;
  table.setState(entry, FLAGS, flags & ~HEARTBEAT_FAILED);
  table.setState(entry, TAG + direction, tag);
  table.setState(entry, TAG + 1 - direction, 0);
  return true;
}

/** INIT and INIT ACK announce the tag that the other side must use. */
function learnTag(
  table: ConnectionTable,
  packet: Packet,
  entry: number,
  direction: number,
  at: number,
  old: number,
): boolean {
  const announced = i32(packet.bytes, at + 4);
  const other = 1 - direction;
  const known = table.state(entry, TAG + other);
  if (packet.bytes[at] === INIT) {
    if (old === 0 || known !== announced) {
      if (table.state(entry, INIT_SEEN + direction) && table.state(entry, INIT_SEEN + other))
        table.setState(entry, INIT_SEEN + other, 0);
      table.setState(entry, INIT_SEEN + direction, 1);
    }
  } else {
    if (!table.state(entry, INIT_SEEN + other) && known !== 0 && known !== announced) return false;
    const both = table.state(entry, INIT_SEEN + direction) && table.state(entry, INIT_SEEN + other);
    if (both && known !== announced) return false;
  }
  table.setState(entry, TAG + other, announced);
  return true;
}

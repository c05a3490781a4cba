/**
 * SCTP as connection tracking sees it: verification tags and a state table.
 * Source: Linux nf_conntrack_proto_sctp.c; RFC 9260 §8.5.
 * @module
 */
import { i32 } from '../../lib/bytes.ts';
import {
  ABORT,
  COOKIE_ACK,
  COOKIE_ECHO,
  DATA,
  HEARTBEAT,
  HEARTBEAT_ACK,
  INIT,
  INIT_ACK,
  SHUTDOWN_ACK,
  SHUTDOWN_COMPLETE,
} from '../../wire/sctp.ts';
import type { Packet } from '../packet.ts';
import { ASSURED } from './record.ts';
import { chunksSane, crcRight, forEachChunk, T_BIT, tagOf } from './sctp-packet.ts';
import {
  CLOSED,
  ESTABLISHED,
  FLAGS,
  HEARTBEAT_FAILED,
  INIT_SEEN,
  INVALID,
  LAST_REPLY,
  nextState,
  STATE,
  TAG,
} from './sctp-state.ts';
import type { ConnectionTable } from './table.ts';
import { isConfirmed, refresh, type Tracker, type TrackerAnswer } from './tracker.ts';

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

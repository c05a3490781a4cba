/**
 * TCP as connection tracking sees it: a state table and a window check in both directions.
 *
 * Source: Linux nf_conntrack_proto_tcp.c (tcp_new, tcp_in_window, nf_conntrack_tcp_packet); Guido van Rooij,
 * "Real Stateful TCP Packet Filtering in IP Filter".
 * Does not model: sequence adjustment (no helper here changes a length), SYN proxy, tcp_be_liberal.
 * @module
 */
import { ASSURED, REPLY_DIRECTION, SEEN_REPLY } from './record.ts';
import type { ConnectionTable } from './table.ts';
import { readSegment, segment } from './tcp-segment.ts';
import {
  ACK,
  CLOSE,
  ESTABLISHED,
  EXPECT_CHALLENGE,
  FIN,
  FIN_WAIT,
  FLAG,
  flagsOf,
  IGNORE,
  INVALID,
  LAST_ACK,
  LAST_ACK_NUMBER,
  LAST_END,
  LAST_SEQ,
  lastDirection,
  lastFlags,
  lastKind,
  lastScale,
  lastWindow,
  MAX_RETRANSMISSIONS,
  NONE,
  RST,
  readSynOptions,
  retransmissions,
  SIMULTANEOUS_OPEN,
  STATE,
  SYN,
  SYN_ACK,
  SYN_RECV,
  SYN_SENT,
  SYN_SENT2,
  setLast,
  setLastOptions,
  setLastWindow,
  stateOf,
  TIME_WAIT,
} from './tcp-state.ts';
import { checkWindow, startPickedUp, startWithSyn } from './tcp-window.ts';
import { isConfirmed, refresh, stateTable, type Tracker, type TrackerAnswer, type Tracking } from './tracker.ts';

/**
 * Next state by direction, kind of segment and present state (columns as `TCP_STATES`).
 * A letter a state: n none, s SYN_SENT, r SYN_RECV, e ESTABLISHED, f FIN_WAIT, c CLOSE_WAIT, l LAST_ACK,
 * t TIME_WAIT, x CLOSE, 2 SYN_SENT2, i ignore, ! invalid.
 */
const TABLE = stateTable('nsrefcltx2i!', [
  ['ssiiiiiss2', '!!r!!!!!!r', '!!ffllltx!', 'e!eeccttx!', '!xxxxxxxxx', '!!!!!!!!!!'],
  ['!2!!!!!s!2', '!riiiiiiir', '!!ffllltx!', '!ireccttxi', '!xxxxxxxxx', '!!!!!!!!!!'],
]);

export const track: Tracker = (tracking, packet, entry, direction, hook) => {
  const wrong = readSegment(packet, hook === 'prerouting');
  if (wrong) return wrong;
  if (!isConfirmed(tracking, entry) && !begin(tracking.table, entry)) return 'tcp-no-connection';
  return step(tracking, entry, direction);
};

/** Linux tcp_new: a SYN opens, anything in the middle of a connection is picked up (tcp_loose). */
function begin(table: ConnectionTable, entry: number): boolean {
  const next = TABLE[0]![segment.kind]![0]!;
  if (next === INVALID) return false;
  if (next === SYN_SENT) startWithSyn(table, entry, segment);
  else startPickedUp(table, entry, segment);
  setLast(table, entry, NONE, 0);
  return true;
}

function step(tracking: Tracking, entry: number, direction: number): TrackerAnswer {
  const { table } = tracking;
  const old = stateOf(table, entry);
  const next = TABLE[direction]![segment.kind]![old]!;
  switch (next) {
    case SYN_SENT:
      if (old < TIME_WAIT) return judge(tracking, entry, direction, old, next);
      if (mayReopen(table, entry, direction)) {
        // A new connection over the remains of an old one: that one goes, and the packet is looked up anew.
        table.remove(entry, 'replaced');
        return 'repeat';
      }
      return ignored(tracking, entry, direction, old);
    case IGNORE:
      return ignored(tracking, entry, direction, old);
    case INVALID:
      return 'tcp-state';
    case TIME_WAIT:
      return isChallengeAck(table, entry, direction, old) ? 'accept' : judge(tracking, entry, direction, old, next);
    case SYN_SENT2:
      setLastOptions(table, entry, lastFlags(table, entry) | SIMULTANEOUS_OPEN, lastScale(table, entry));
      return judge(tracking, entry, direction, old, next);
    case SYN_RECV: {
      const both = lastFlags(table, entry) & SIMULTANEOUS_OPEN;
      const done = direction === REPLY_DIRECTION && segment.kind === ACK && both;
      return judge(tracking, entry, direction, old, done ? ESTABLISHED : next);
    }
    case CLOSE:
      return segment.kind === RST
        ? reset(tracking, entry, direction, old)
        : judge(tracking, entry, direction, old, next);
    default:
      return judge(tracking, entry, direction, old, next);
  }
}

function mayReopen(table: ConnectionTable, entry: number, direction: number): boolean {
  const flags = flagsOf(table, entry, 0) | flagsOf(table, entry, 1);
  const resetHere = lastDirection(table, entry) === direction && lastKind(table, entry) === RST;
  return (flags & FLAG.closeInit) !== 0 || resetHere;
}

/** An ACK that answers a stray SYN (RFC 5961 §4) must not be taken for the acknowledgement of the last FIN. */
function isChallengeAck(table: ConnectionTable, entry: number, direction: number, old: number): boolean {
  const challenge =
    old === LAST_ACK &&
    segment.kind === ACK &&
    lastDirection(table, entry) !== direction &&
    lastKind(table, entry) === SYN &&
    (lastFlags(table, entry) & EXPECT_CHALLENGE) !== 0;
  if (challenge) setLastOptions(table, entry, lastFlags(table, entry) & ~EXPECT_CHALLENGE, lastScale(table, entry));
  return challenge;
}

/** A packet that may show that client and server agree and only this table does not: let through, remembered. */
function ignored(tracking: Tracking, entry: number, direction: number, old: number): TrackerAnswer {
  const { table } = tracking;
  if (
    segment.kind === SYN_ACK &&
    lastKind(table, entry) === SYN &&
    lastDirection(table, entry) !== direction &&
    segment.ack === table.state(entry, LAST_END)
  ) {
    resynchronise(table, entry, direction);
    return judge(tracking, entry, direction, SYN_SENT, SYN_RECV);
  }
  setLast(table, entry, segment.kind, direction);
  table.setState(entry, LAST_SEQ, segment.seq);
  table.setState(entry, LAST_END, segment.end);
  setLastWindow(table, entry, segment.window);
  if (segment.kind === SYN && direction === 0) {
    const { flags, scale } = segmentOptions();
    setLastOptions(table, entry, flags | (old === LAST_ACK ? EXPECT_CHALLENGE : 0), scale);
  }
  if (old === SYN_SENT && segment.kind === ACK && direction === REPLY_DIRECTION)
    table.setState(entry, LAST_ACK_NUMBER, segment.ack);
  return 'accept';
}

/** The answer acknowledges a SYN that was ignored: take the sender's side from what was noted then. */
function resynchronise(table: ConnectionTable, entry: number, direction: number): void {
  const other = lastDirection(table, entry) * 5;
  const end = table.state(entry, LAST_END);
  table.setState(entry, other, end);
  table.setState(entry, other + 1, end);
  table.setState(entry, other + 2, lastWindow(table, entry) || 1);
  const flags = lastFlags(table, entry) & ~EXPECT_CHALLENGE;
  setLastOptions(table, entry, flags, lastScale(table, entry));
  table.setState(entry, other + 4, (lastScale(table, entry) << 8) | flags);
  const side = direction * 5;
  for (let word = 0; word < 4; word++) table.setState(entry, side + word, 0);
  table.setState(entry, side + 4, flagsOf(table, entry, direction) & FLAG.liberal);
}

/** Options of a SYN for later use, without touching the connection. */
function segmentOptions(): { flags: number; scale: number } {
  const { flags, scale } = readSynOptions(segment, 0);
  return { flags: flags & (FLAG.windowScale | FLAG.sackPermitted), scale: flags & FLAG.windowScale ? scale : 0 };
}

/** A reset ends a connection only where its number is the one the other side waits for (RFC 5961 §3). */
function reset(tracking: Tracking, entry: number, direction: number, old: number): TrackerAnswer {
  const { table } = tracking;
  // FIN_WAIT to CLOSE: the tuple may be in use again already, so all remembered numbers are out of date.
  if (old >= FIN_WAIT && old <= CLOSE) return settle(tracking, entry, direction, old, CLOSE);
  let next = CLOSE;
  if (flagsOf(table, entry, 1 - direction) & FLAG.maxackSet && lastKind(table, entry) !== SYN) {
    const maxack = table.state(entry, (1 - direction) * 5 + 3);
    const opening = old !== ESTABLISHED || !table.has(entry, ASSURED);
    if (segment.seq === 0 && opening) return judge(tracking, entry, direction, old, CLOSE);
    if (((segment.seq - maxack) | 0) < 0) return 'tcp-window';
    if (opening || segment.seq === maxack || isTrain(table, entry, direction))
      return judge(tracking, entry, direction, old, CLOSE);
    // Not exactly the number: stay established, the receiver may ask with a challenge ACK.
    next = old;
  }
  if (answersIgnored(table, entry, direction, old)) return settle(tracking, entry, direction, old, next);
  return judge(tracking, entry, direction, old, next);
}

/** A reset right behind the data it follows. */
function isTrain(table: ConnectionTable, entry: number, direction: number): boolean {
  return (
    lastKind(table, entry) === ACK &&
    lastDirection(table, entry) === direction &&
    segment.seq === table.state(entry, LAST_END)
  );
}

/** A reset that answers a SYN or ACK let through as "ignored" before. */
function answersIgnored(table: ConnectionTable, entry: number, direction: number, old: number): boolean {
  const synBefore =
    table.has(entry, SEEN_REPLY) && lastKind(table, entry) === SYN && lastDirection(table, entry) !== direction;
  const ackBefore = !table.has(entry, ASSURED) && lastKind(table, entry) === ACK;
  if ((synBefore || ackBefore) && segment.ack === table.state(entry, LAST_END)) return true;
  return (
    old === SYN_SENT &&
    lastKind(table, entry) === ACK &&
    lastDirection(table, entry) === REPLY_DIRECTION &&
    segment.seq === table.state(entry, LAST_ACK_NUMBER)
  );
}

function judge(tracking: Tracking, entry: number, direction: number, old: number, next: number): TrackerAnswer {
  switch (checkWindow(tracking.table, entry, direction, segment)) {
    case 'ignore':
      return 'accept';
    case 'invalid':
      noteInvalid(tracking, entry, direction);
      return 'tcp-window';
    case 'accept':
      return settle(tracking, entry, direction, old, next);
  }
}

/** FINs or resets out of window from both sides: the table is out of step, so the entry is not kept for days. */
function noteInvalid(tracking: Tracking, entry: number, direction: number): void {
  const { table, now, timeouts } = tracking;
  if (!table.has(entry, ASSURED) || (segment.kind !== RST && segment.kind !== FIN)) return;
  const last = lastKind(table, entry);
  if (lastDirection(table, entry) !== direction && (last === FIN || last === RST)) {
    const left = table.expires(entry) - now;
    if (left >= 120 && left > timeouts.tcpUnacknowledged) refresh(tracking, entry, timeouts.tcpUnacknowledged);
  } else setLast(table, entry, segment.kind, direction);
}

/** The packet is in window: the connection moves on. */
function settle(tracking: Tracking, entry: number, direction: number, old: number, next: number): TrackerAnswer {
  const { table, timeouts } = tracking;
  setLast(table, entry, segment.kind, direction);
  table.setState(entry, STATE, next);
  if (old !== next && next === FIN_WAIT)
    table.setState(entry, direction * 5 + 4, table.state(entry, direction * 5 + 4) | FLAG.closeInit);
  let timeout = timeoutFor(tracking, entry, next);
  if (!table.has(entry, SEEN_REPLY)) {
    if (segment.rst) {
      if (isConfirmed(tracking, entry)) table.bury(entry, 'closed');
      return 'accept';
    }
    if (segment.kind === SYN && old === SYN_SENT) return 'accept';
    if (next === ESTABLISHED) timeout = Math.min(timeout, timeouts.tcpUnacknowledged);
  } else if (!table.has(entry, ASSURED) && (old === SYN_RECV || old === ESTABLISHED) && next === ESTABLISHED)
    table.set(entry, ASSURED);
  refresh(tracking, entry, timeout);
  return 'accept';
}

function timeoutFor(tracking: Tracking, entry: number, next: number): number {
  const { table, timeouts } = tracking;
  const full = timeouts.tcp[next]!;
  if (retransmissions(table, entry) >= MAX_RETRANSMISSIONS) return Math.min(full, timeouts.tcpRetransmissions);
  // Not exactly the expected number, yet a reset: a challenge ACK must come soon to keep the connection.
  if (segment.kind === RST) return timeouts.tcp[CLOSE]!;
  const unacknowledged = (flagsOf(table, entry, 0) | flagsOf(table, entry, 1)) & FLAG.unacknowledged;
  if (unacknowledged && full > timeouts.tcpUnacknowledged) return timeouts.tcpUnacknowledged;
  return lastWindow(table, entry) === 0 ? Math.min(full, timeouts.tcpRetransmissions) : full;
}

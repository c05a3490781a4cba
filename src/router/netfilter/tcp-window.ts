/**
 * The window check: is this segment one that the receiver could take, given all that was seen of both sides?
 *
 * Four bounds, all by modular comparison: data not beyond what the receiver allowed (I), not older than a window (II);
 * an acknowledgement not of unsent data (III), nor hopelessly old (IV).
 * Source: Linux nf_conntrack_proto_tcp.c tcp_in_window, tcp_init_sender, tcp_sack.
 * @module
 */
import { i32 } from '../../lib/bytes.ts';
import type { ConnectionTable } from './table.ts';
import {
  ACK,
  FLAG,
  flagsOf,
  LAST_ACK_NUMBER,
  LAST_END,
  LAST_SEQ,
  lastDirection,
  lastWindow,
  readSynOptions,
  retransmissions,
  type Segment,
  SYN_RECV,
  SYN_SENT,
  setLastWindow,
  setRetransmissions,
  stateOf,
} from './tcp-state.ts';

/** Words of one direction's part of the state. */
const END = 0;
const MAXEND = 1;
const MAXWIN = 2;
const MAXACK = 3;
const FLAGS = 4;

/** An acknowledgement older than this below the other side's end is no longer believed. */
const MAX_ACK_WINDOW = 66_000;

const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;
const after = (a: number, b: number): boolean => before(b, a);

export function startWithSyn(table: ConnectionTable, entry: number, segment: Segment): void {
  for (let word = 0; word < 16; word++) table.setState(entry, word, 0);
  table.setState(entry, END, segment.end);
  table.setState(entry, MAXEND, segment.end);
  table.setState(entry, MAXWIN, segment.window || 1);
  const { flags, scale } = readSynOptions(segment, 0);
  table.setState(entry, FLAGS, (scale << 8) | flags);
}

export function startPickedUp(table: ConnectionTable, entry: number, segment: Segment): void {
  for (let word = 0; word < 16; word++) table.setState(entry, word, 0);
  const window = segment.window || 1;
  table.setState(entry, END, segment.end);
  table.setState(entry, MAXWIN, window);
  table.setState(entry, MAXEND, segment.end + window);
  // Its window scale is unknown, so be liberal from here on.
  table.setState(entry, FLAGS, FLAG.sackPermitted | FLAG.liberal);
  table.setState(entry, 5 + FLAGS, FLAG.sackPermitted | FLAG.liberal);
}

/** Linux tcp_init_sender: the first SYN or SYN-ACK of a side. */
function initSender(table: ConnectionTable, entry: number, direction: number, segment: Segment): void {
  const side = direction * 5;
  const other = 5 - side;
  table.setState(entry, side + END, segment.end);
  table.setState(entry, side + MAXEND, segment.end);
  table.setState(entry, side + MAXWIN, segment.window || 1);
  const keep = table.state(entry, side + FLAGS) & 0xff;
  // Without options the old flags stand.
  const { flags, scale } =
    segment.headerLength > 20
      ? readSynOptions(segment, keep)
      : { flags: keep, scale: (table.state(entry, side + FLAGS) >>> 8) & 0xff };
  table.setState(entry, side + FLAGS, (scale << 8) | flags);
  const both = flags & flagsOf(table, entry, 1 - direction) & FLAG.windowScale;
  if (direction === 1 && !both) {
    // RFC 7323 §2.2: both sides must offer window scaling, or neither uses it.
    table.setState(entry, side + FLAGS, flags);
    table.setState(entry, other + FLAGS, table.state(entry, other + FLAGS) & 0xff);
  }
}

/** `ignore`: let it through without learning from it. `invalid`: it cannot belong here. */
export function checkWindow(
  table: ConnectionTable,
  entry: number,
  direction: number,
  segment: Segment,
): 'accept' | 'ignore' | 'invalid' {
  const words = table.records;
  const side = table.stateAt(entry) + direction * 5;
  const other = table.stateAt(entry) + 5 - direction * 5;
  let { seq, ack, end } = segment;
  let sack = words[other + FLAGS]! & FLAG.sackPermitted ? highestSack(segment) : ack;

  if (words[side + MAXWIN]! === 0) {
    if (segment.syn) {
      initSender(table, entry, direction, segment);
      if (!segment.hasAck) return 'accept';
    } else joinMidway(table, entry, direction, segment, sack);
  } else if (segment.syn && after(end, words[side + END]!) && isOpening(stateOf(table, entry))) {
    // RFC 9293 §3.4.2: a TCP that starts again needs only larger numbers.
    initSender(table, entry, direction, segment);
    if (direction === 1 && !segment.hasAck) return 'accept';
  }

  if (!segment.hasAck || (segment.rst && ack === 0)) ack = sack = words[other + END]!;
  if (segment.rst && seq === 0 && stateOf(table, entry) === SYN_SENT) seq = end = words[side + END]!;

  const outside = bounds(words, side, other, seq, end, sack);
  if (outside) return words[side + FLAGS]! & FLAG.liberal ? 'accept' : outside;

  const window = segment.syn ? segment.window : segment.window << ((words[side + FLAGS]! >>> 8) & 0xff);
  const wide = (window + (sack - ack)) >>> 0;
  if (words[side + MAXWIN]! >>> 0 < wide) words[side + MAXWIN] = wide;
  if (after(end, words[side + END]!)) {
    words[side + END] = end;
    words[side + FLAGS] = words[side + FLAGS]! | FLAG.unacknowledged;
  }
  if (segment.hasAck) noteAck(words, side, ack);
  if (words[other + MAXWIN]! !== 0 && after(end, words[side + MAXEND]!))
    words[other + MAXWIN] = words[other + MAXWIN]! + ((end - words[side + MAXEND]!) | 0);
  if (after((sack + window) | 0, (words[other + MAXEND]! - 1) | 0))
    words[other + MAXEND] = sack + window + (window === 0 ? 1 : 0);
  if (ack === words[other + END]!) words[other + FLAGS] = words[other + FLAGS]! & ~FLAG.unacknowledged;
  if (segment.kind === ACK) countRetransmissions(table, entry, direction, seq, ack, end, segment.window);
  return 'accept';
}

const isOpening = (state: number): boolean => state === SYN_SENT || state === SYN_RECV;

/** History unknown: believe the first packet of this side. */
function joinMidway(table: ConnectionTable, entry: number, direction: number, segment: Segment, sack: number): void {
  const side = direction * 5;
  const other = 5 - side;
  const scaled = segment.window << ((table.state(entry, side + FLAGS) >>> 8) & 0xff) || 1;
  table.setState(entry, side + END, segment.end);
  table.setState(entry, side + MAXWIN, scaled);
  table.setState(entry, side + MAXEND, segment.end + scaled);
  if (table.state(entry, other + MAXWIN) === 0) {
    table.setState(entry, other + END, sack);
    table.setState(entry, other + MAXEND, sack);
  } else if (sack === ((table.state(entry, other + END) + 1) | 0)) table.setState(entry, other + END, sack);
}

/** Which of the four bounds is broken, and how badly. */
function bounds(
  words: Int32Array,
  side: number,
  other: number,
  seq: number,
  end: number,
  sack: number,
): 'ignore' | 'invalid' | undefined {
  const receiverEnd = words[other + END]!;
  const receiverWindow = words[other + MAXWIN]! >>> 0;
  const oldestAck = (receiverEnd - Math.max(words[side + MAXWIN]! >>> 0, MAX_ACK_WINDOW) - 1) | 0;
  const lowestEnd = (words[side + END]! - receiverWindow - 1) | 0;
  if (!before(seq, (words[side + MAXEND]! + 1) | 0)) {
    const overshot = (end - words[side + MAXEND]! + 1) >>> 0;
    const nearly = receiverWindow !== 0 && after(end, lowestEnd) && after(sack, oldestAck);
    if (nearly && overshot <= receiverWindow && before(sack, (receiverEnd + 1) | 0)) {
      // More data than allowed, but the peer may acknowledge it later: remember how far it went.
      words[side + END] = end;
      words[side + FLAGS] = words[side + FLAGS]! | FLAG.unacknowledged;
      return 'ignore';
    }
    return 'invalid';
  }
  if (!before(sack, (receiverEnd + 1) | 0)) return 'invalid';
  if (receiverWindow !== 0 && !after(end, lowestEnd)) return 'ignore';
  if (!after(sack, oldestAck)) return 'ignore';
  return undefined;
}

function noteAck(words: Int32Array, side: number, ack: number): void {
  const flags = words[side + FLAGS]!;
  if (flags & FLAG.maxackSet && !after(ack, words[side + MAXACK]!)) return;
  words[side + MAXACK] = ack;
  words[side + FLAGS] = flags | FLAG.maxackSet;
}

function countRetransmissions(
  table: ConnectionTable,
  entry: number,
  direction: number,
  seq: number,
  ack: number,
  end: number,
  window: number,
): void {
  const same =
    lastDirection(table, entry) === direction &&
    table.state(entry, LAST_SEQ) === seq &&
    table.state(entry, LAST_ACK_NUMBER) === ack &&
    table.state(entry, LAST_END) === end &&
    lastWindow(table, entry) === window;
  setRetransmissions(table, entry, same ? retransmissions(table, entry) + 1 : 0, direction);
  if (same) return;
  table.setState(entry, LAST_SEQ, seq);
  table.setState(entry, LAST_ACK_NUMBER, ack);
  table.setState(entry, LAST_END, end);
  setLastWindow(table, entry, window);
}

/** The highest right edge of the SACK blocks (RFC 2018), or the acknowledgement itself. */
function highestSack(segment: Segment): number {
  const { bytes } = segment;
  let sack = segment.ack;
  let at = segment.at + 20;
  const end = segment.at + segment.headerLength;
  // The common case: nothing but an aligned time stamp.
  if (end - at === 12 && i32(bytes, at) === 0x0101080a) return sack;
  while (at < end) {
    const kind = bytes[at]!;
    if (kind === 0) return sack;
    if (kind === 1) {
      at++;
      continue;
    }
    const size = at + 1 < end ? bytes[at + 1]! : 0;
    if (size < 2 || at + size > end) return sack;
    if (kind === 5 && size >= 10 && (size - 2) % 8 === 0) {
      for (let block = at + 2; block < at + size; block += 8) {
        const right = i32(bytes, block + 4);
        if (after(right, sack)) sack = right;
      }
      return sack;
    }
    at += size;
  }
  return sack;
}

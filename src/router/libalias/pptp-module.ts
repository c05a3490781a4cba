/**
 * libalias's PPTP module: reads the control connections of port 1723, keeps Call IDs apart, and knows calls by them.
 *
 * Limitations. Of each TCP segment only the first message is read, and only if its first 16 bytes (18 of a reply) are at
 * the segment's start. Every request makes a new call, a repeated one too. A Call-Disconnect-Notify from outside ends the
 * newest call with that number of the server's, whoever's it is.
 * Source: FreeBSD 12.1 alias_pptp.c, measured.
 * @module
 */
import { u16, u32 } from '../../lib/bytes.ts';
import {
  CLEAR_REQUEST,
  DISCONNECT,
  HEADER,
  IN_CONNECTED,
  IN_REPLY,
  IN_REQUEST,
  MAGIC,
  MESSAGE_NAMES,
  OUT_REPLY,
  OUT_REQUEST,
  PPTP_PORT,
  SET_LINK,
  WAN_ERROR,
} from '../netfilter/pptp-message.ts';
import { TCP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import { patch } from '../patch.ts';
import type { Calls } from './calls.ts';
import type { Links } from './links.ts';

const HELPER = 'alias-pptp';
/** Bytes of a message that must be in the segment: both Call IDs, and of a reply its result. */
const NEEDED = 16;
const NEEDED_OF_REPLY = 18;
const CONTROL_MESSAGE = 1;
const CONNECTED = 1;
/** Places of a message's first two words after the header. */
const FIRST = HEADER;
const SECOND = HEADER + 2;
const RESULT = HEADER + 4;

export class PptpModule {
  active = false;
  private readonly links: Links;
  private readonly calls: Calls;

  constructor(links: Links, calls: Calls) {
    this.links = links;
    this.calls = calls;
  }

  /** A segment of `control` that leaves. */
  outward(packet: Packet, control: number): void {
    const at = this.messageAt(packet);
    if (at < 0) return;
    const { calls } = this;
    const type = u16(packet.bytes, at + 8);
    const id = u16(packet.bytes, at + FIRST);
    const call = opens(type) ? calls.open(control, id) : ends(type) ? calls.byOwnId(control, id) : undefined;
    if (call === undefined) return;
    if (call < 0) {
      this.links.recorder?.note({ code: 'passed-raw', why: opens(type) ? 'no-free-key' : 'unknown-call', callId: id });
      return;
    }
    this.rewrite(packet, at, FIRST, call, 'out');
    if (isReply(type)) this.settle(packet, at, call, control);
    else if (type === DISCONNECT) calls.forget(call, 'disconnected', control);
  }

  /** A segment of `control` that comes in. */
  inward(packet: Packet, control: number): void {
    const at = this.messageAt(packet);
    if (at < 0) return;
    const { calls } = this;
    const type = u16(packet.bytes, at + 8);
    const place = isReply(type) ? SECOND : FIRST;
    const id = u16(packet.bytes, at + place);
    const call = concernsUs(type)
      ? calls.byAliasId(control, id)
      : type === DISCONNECT
        ? calls.byPeerId(control, id)
        : undefined;
    if (call === undefined) return;
    if (call < 0) {
      this.links.recorder?.note({ code: 'passed-raw', why: 'unknown-call', callId: id });
      return;
    }
    if (type === DISCONNECT) {
      calls.forget(call, 'disconnected', control);
      return;
    }
    this.rewrite(packet, at, place, call, 'in');
    if (isReply(type)) this.settle(packet, at, call, control);
  }

  /** A reply says whether the call stands, and by which number the other end knows it. */
  private settle(packet: Packet, at: number, call: number, control: number): void {
    const { bytes } = packet;
    if (bytes[at + RESULT] !== CONNECTED) this.calls.forget(call, 'refused', control);
    else this.calls.learn(call, u16(bytes, at + (packet.direction === 0 ? SECOND : FIRST)));
  }

  /** Where the segment's first message begins, if it is one that can be read; else −1. */
  private messageAt(packet: Packet): number {
    const { bytes, length, headerLength } = packet;
    if (!this.active || !isControl(packet)) return -1;
    const at = headerLength + ((bytes[headerLength + 12]! >>> 4) << 2);
    const there = length - at;
    if (there <= 0) return -1;
    if (there < NEEDED) return this.missed('split-message');
    if (u16(bytes, at + 2) !== CONTROL_MESSAGE || u32(bytes, at + 4) !== MAGIC) return this.missed('bad-message');
    if (isReply(u16(bytes, at + 8)) && there < NEEDED_OF_REPLY) return this.missed('split-message');
    if (u16(bytes, at) < there) this.missed('not-first');
    return at;
  }

  private missed(because: 'split-message' | 'bad-message' | 'not-first'): -1 {
    this.links.recorder?.note({ code: 'helper-missed', helper: HELPER, because });
    return -1;
  }

  /** Writes the call's other number at `place`, or says why there is nothing to write. */
  private rewrite(packet: Packet, at: number, place: number, call: number, direction: 'out' | 'in'): void {
    const { bytes, headerLength: from, length } = packet;
    const { calls } = this;
    const { recorder } = this.links;
    const type = u16(bytes, at + 8);
    const message = MESSAGE_NAMES[type]!;
    const before = u16(bytes, at + place);
    const to = direction === 'out' ? calls.aliasIdOf(call) : calls.ownIdOf(call);
    if (before !== to) {
      patch({ bytes, from, to: length, checksum: from + 16 }, at + place, to, 2);
      const code = direction === 'out' ? 'call-id-rewritten' : 'call-id-restored';
      recorder?.did({ code, helper: HELPER, message, from: before, to });
    } else if (direction === 'out' && opens(type))
      recorder?.note({ code: 'call-id-kept', helper: HELPER, message, callId: to });
    else recorder?.note({ code: 'id-matched', id: 'call-id', value: to, owner: calls.ownerOf(call) });
  }
}

function isControl({ bytes, headerLength: at, protocol }: Packet): boolean {
  return protocol === TCP && (u16(bytes, at) === PPTP_PORT || u16(bytes, at + 2) === PPTP_PORT);
}

const isReply = (type: number): boolean => type === OUT_REPLY || type === IN_REPLY;
/** Messages in which a host inside gives a call its number. */
const opens = (type: number): boolean => type === OUT_REQUEST || type === IN_REQUEST || isReply(type);
/** Messages in which it names a call by that number to end it. */
const ends = (type: number): boolean => type === CLEAR_REQUEST || type === DISCONNECT;
/** Messages from outside that name a call by the number of the host inside. */
const concernsUs = (type: number): boolean =>
  isReply(type) || type === IN_CONNECTED || type === WAN_ERROR || type === SET_LINK;

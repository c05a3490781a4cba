/**
 * One direction of a PPTP control connection, read as what TCP makes of it: a stream. Segments may hold several
 * messages or parts of one, and may come again, cut otherwise (RFC 9293 §3.8.1). So the reader follows sequence
 * numbers, sees every byte once, and writes the same bytes over a repetition as it did the first time.
 * @module
 */
import { u16, u32 } from '../../lib/bytes.ts';
import { HEADER_LEN } from '../../wire/pptp.ts';
import { MAGIC } from '../../wire/pptp-messages.ts';
import { patchByte } from '../patch.ts';
import { HEAD, LAYOUTS, type Layout } from './pptp-fields.ts';

/** A TCP segment where it stands in a packet. */
export interface Segment {
  readonly bytes: Uint8Array;
  /** Offset of the TCP header. */
  readonly at: number;
  /** Offset of the payload, and where it ends. */
  readonly from: number;
  readonly to: number;
  /** Sequence number of the first payload byte. */
  readonly sequence: number;
}

/** A Call ID where it stands. */
export interface Field {
  /** False: its first half came in an earlier segment, and has left. */
  readonly isWhole: boolean;
  /** Puts another number over it; answers false where that would need the half that has left. */
  write(callId: number): boolean;
}

/** A message as it came; 0 stands for a field that it has not. */
export interface Told {
  readonly layout: Layout;
  readonly callId: number;
  readonly peerCallId: number;
  readonly resultCode: number;
}

/** What is done with the messages. Every part is told as soon as its last byte has come. */
export interface MessageReader {
  callId(layout: Layout, callId: number, field: Field): void;
  peerCallId(layout: Layout, peerCallId: number, field: Field): void;
  /** All that matters of the message is there. */
  complete(told: Told): void;
  /** A message whose length is not that of its type. */
  malformed(): void;
}

/** `gap`: bytes before it are missing. `lost`: these are no PPTP messages, or not from the start of one. */
export type Fed = 'read' | 'gap' | 'lost';

interface Edit {
  readonly sequence: number;
  readonly value: number;
}

/** Rewritten fields kept for repetitions; a sender has far fewer unacknowledged. */
const MOST_EDITS = 64;
/** RFC 2637's longest message has 220 bytes; more than this is no length. */
const LONGEST = 1024;

export class ControlStream {
  /** Sequence number of the next byte to read; undefined while no start was seen. */
  private next: number | undefined;
  private lost = false;
  private readonly head = new Uint8Array(HEAD);
  /** Bytes of the present message that were read. */
  private have = 0;
  private layout: Layout | undefined;
  private edits: readonly Edit[] = [];

  /** The connection opens: the first byte will have this number. */
  begin(sequence: number): void {
    this.next = sequence;
    this.lost = false;
    this.have = 0;
    this.edits = [];
  }

  feed(segment: Segment, reader: MessageReader): Fed {
    const { bytes, from, to, sequence } = segment;
    if (from >= to) return 'read';
    for (const edit of this.edits) writeField(segment, edit);
    if (this.next === undefined && to - from >= HEADER_LEN && u32(bytes, from + 4) === MAGIC) this.next = sequence;
    if (this.lost || this.next === undefined) return 'lost';
    const known = (this.next - sequence) | 0;
    if (known < 0) return 'gap';
    for (let at = from + known; at < to; ) at = this.read(segment, at, reader);
    return this.lost ? 'lost' : 'read';
  }

  /** Reads on at `at`; answers where reading goes on. */
  private read(segment: Segment, at: number, reader: MessageReader): number {
    const length = this.have >= 2 ? u16(this.head, 0) : LONGEST;
    if (this.have >= HEAD || this.have >= length) {
      const skipped = Math.min(length - this.have, segment.to - at);
      this.advance(skipped, length);
      return at + skipped;
    }
    this.head[this.have] = segment.bytes[at]!;
    this.advance(1, Number.POSITIVE_INFINITY);
    this.seen(segment, at + 1, reader);
    if (this.lost) return segment.to;
    this.endMessage(this.have >= 2 ? u16(this.head, 0) : LONGEST);
    return at + 1;
  }

  private advance(count: number, length: number): void {
    this.have += count;
    this.next = (this.next! + count) | 0;
    this.endMessage(length);
  }

  private endMessage(length: number): void {
    if (this.have < length) return;
    this.have = 0;
    this.layout = undefined;
  }

  /** One more byte of the message's head is there; the next one will stand at `at`. */
  private seen(segment: Segment, at: number, reader: MessageReader): void {
    const { head, have } = this;
    if (have === 2 && (u16(head, 0) < HEADER_LEN || u16(head, 0) > LONGEST)) this.lost = true;
    if (have === 8 && u32(head, 4) !== MAGIC) this.lost = true;
    if (have === 10) this.layout = this.layoutOf(reader);
    const { layout } = this;
    if (!layout) return;
    if (have === layout.callId + 2) reader.callId(layout, u16(head, layout.callId), this.field(segment, at - 2));
    if (have === layout.peerCallId + 2)
      reader.peerCallId(layout, u16(head, layout.peerCallId), this.field(segment, at - 2));
    if (have === lastByteOf(layout)) reader.complete(this.told(layout));
  }

  private layoutOf(reader: MessageReader): Layout | undefined {
    if (u16(this.head, 2) !== 1) return undefined;
    const layout = LAYOUTS.get(u16(this.head, 8));
    if (layout?.length === u16(this.head, 0)) return layout;
    reader.malformed();
    return undefined;
  }

  private told(layout: Layout): Told {
    const read = (offset: number): number => (offset < 0 ? 0 : u16(this.head, offset));
    const resultCode = layout.resultCode < 0 ? 0 : this.head[layout.resultCode]!;
    return { layout, callId: read(layout.callId), peerCallId: read(layout.peerCallId), resultCode };
  }

  private field(segment: Segment, at: number): Field {
    const isWhole = at >= segment.from;
    const left = this.head[this.have - 2]!;
    const write = (value: number): boolean => {
      if (!isWhole && value >>> 8 !== left) return false;
      const edit = { sequence: (segment.sequence + at - segment.from) | 0, value };
      this.edits = [...this.edits.slice(1 - MOST_EDITS), edit];
      writeField(segment, edit);
      return true;
    };
    return { isWhole, write };
  }
}

/** How many bytes of the head a message's meaning takes. */
function lastByteOf({ callId, peerCallId, resultCode }: Layout): number {
  return Math.max(HEADER_LEN, callId + 2, peerCallId + 2, resultCode + 1);
}

/** Writes as much of the field as lies in this segment. */
function writeField({ bytes, at, from, to, sequence }: Segment, edit: Edit): void {
  const covered = { bytes, from: at, to, checksum: at + 16 };
  for (const [index, value] of [edit.value >>> 8, edit.value & 0xff].entries()) {
    const place = from + ((edit.sequence + index - sequence) | 0);
    if (place >= from && place < to) patchByte(covered, place, value);
  }
}

/**
 * The memory of the connection table: each entry's words and times, and how to read and write them.
 *
 * One record is 32 words and two doubles, laid out as `record.ts` says. Time is seconds.
 * @module
 */
import {
  DST,
  KEYS,
  MASTER,
  PROTOCOL,
  PROTOCOL_BITS,
  PROTOCOL_MASK,
  PROTOCOL_STATE,
  REPLY,
  SERIAL,
  SRC,
  STATUS,
  WORDS,
} from './record.ts';
import type { Tuple } from './tuple.ts';

export class Records {
  protected capacity: number;
  protected words: Int32Array;
  /** Two doubles an entry: when it runs out, and from when on the UDP tracker calls it a stream. */
  protected times: Float64Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = new Int32Array(capacity * WORDS);
    this.times = new Float64Array(capacity * 2);
  }

  protected resize(capacity: number): void {
    const words = new Int32Array(capacity * WORDS);
    words.set(this.words);
    this.words = words;
    const times = new Float64Array(capacity * 2);
    times.set(this.times);
    this.times = times;
    this.capacity = capacity;
  }

  has(entry: number, bits: number): boolean {
    return (this.words[entry * WORDS + STATUS]! & bits) !== 0;
  }

  status(entry: number): number {
    return this.words[entry * WORDS + STATUS]!;
  }

  set(entry: number, bits: number): void {
    this.words[entry * WORDS + STATUS]! |= bits;
  }

  clear(entry: number, bits: number): void {
    this.words[entry * WORDS + STATUS]! &= ~bits;
  }

  tuple(entry: number, direction: number, into: Tuple): Tuple {
    const at = entry * WORDS;
    const side = at + direction * REPLY;
    into.source = this.words[side + SRC]!;
    into.destination = this.words[side + DST]!;
    into.keys = this.words[side + KEYS]!;
    into.protocol = this.words[at + PROTOCOL]! & PROTOCOL_MASK;
    return into;
  }

  /** Only for an entry that is in no chain yet. */
  setTuple(entry: number, direction: number, tuple: Tuple): void {
    const side = entry * WORDS + direction * REPLY;
    this.words[side + SRC] = tuple.source;
    this.words[side + DST] = tuple.destination;
    this.words[side + KEYS] = tuple.keys;
  }

  protocol(entry: number): number {
    return this.words[entry * WORDS + PROTOCOL]! & PROTOCOL_MASK;
  }

  serialOf(entry: number): number {
    return this.words[entry * WORDS + SERIAL]!;
  }

  /** Serial number of the entry that announced this one; 0 where none did. */
  master(entry: number): number {
    return this.words[entry * WORDS + MASTER]!;
  }

  setMaster(entry: number, master: number): void {
    this.words[entry * WORDS + MASTER] = master;
  }

  /** Index of the interface whose address it was masqueraded to, or -1. */
  masqueradedOn(entry: number): number {
    return (this.words[entry * WORDS + PROTOCOL]! >>> PROTOCOL_BITS) - 1;
  }

  setMasqueradedOn(entry: number, iface: number): void {
    this.words[entry * WORDS + PROTOCOL] = this.protocol(entry) | ((iface + 1) << PROTOCOL_BITS);
  }

  /** All records: for trackers that read many words of one entry. Gone after the next `allocate`. */
  get records(): Int32Array {
    return this.words;
  }

  /** Where in `records` the protocol's own state of an entry begins. */
  stateAt(entry: number): number {
    return entry * WORDS + PROTOCOL_STATE;
  }

  /** Word `word` of the protocol's own state, signed 32-bit. */
  state(entry: number, word: number): number {
    return this.words[entry * WORDS + PROTOCOL_STATE + word]!;
  }

  setState(entry: number, word: number, value: number): void {
    this.words[entry * WORDS + PROTOCOL_STATE + word] = value;
  }

  expires(entry: number): number {
    return this.times[entry * 2]!;
  }

  setExpires(entry: number, at: number): void {
    this.times[entry * 2] = at;
  }

  streamFrom(entry: number): number {
    return this.times[entry * 2 + 1]!;
  }

  setStreamFrom(entry: number, at: number): void {
    this.times[entry * 2 + 1] = at;
  }
}

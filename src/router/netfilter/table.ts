/**
 * The connection table: records in typed arrays, found by either direction's tuple or by the mapping's inside end.
 *
 * One record is 32 words. Chains are linked through the records, so a packet costs no allocation and an entry about
 * 170 bytes. A node is `entry * 2 + direction`. Time is seconds; an entry whose time has come is as good as gone.
 * Source of the rules: Linux nf_conntrack_core.c (hash, expiry), nf_nat_core.c (nat_bysource).
 * @module
 */
import type { RemovalReason } from '../translator.ts';
import type { Tuple } from './tuple.ts';

const WORDS = 32;

/** Word offsets inside a record. The protocol's own state fills words 16 to 31. */
const SRC = 0;
const DST = 1;
const KEYS = 2;
const REPLY = 3;
const PROTOCOL = 6;
const STATUS = 7;
const CHAIN = 8;
const BY_SOURCE = 10;
const MASTER = 11;
const SERIAL = 12;
const MASQUERADED_ON = 13;
const BY_OUTSIDE = 14;
const PROTOCOL_STATE = 16;

/** Bits of `status`, after Linux's IPS_*. */
export const SEEN_REPLY = 1;
export const ASSURED = 2;
export const CONFIRMED = 4;
export const SOURCE_NAT = 8;
export const DESTINATION_NAT = 16;
export const SOURCE_NAT_DONE = 32;
export const DESTINATION_NAT_DONE = 64;
export const EXPECTED = 128;
/** A helper (ALG) reads this connection. */
export const HELPED = 512;
const LIVE = 256;
export const NAT_MASK = SOURCE_NAT | DESTINATION_NAT;

export const ORIGINAL = 0;
export const REPLY_DIRECTION = 1;

export class ConnectionTable {
  /** Entries confirmed, that is: in the table. */
  count = 0;
  private capacity: number;
  private words: Int32Array;
  /** Two doubles an entry: when it runs out, and from when on the UDP tracker calls it a stream. */
  private times: Float64Array;
  private heads: Int32Array;
  private sources: Int32Array;
  /** Heads of the chains by outside key; undefined where nobody asks that way. */
  private outsides: Int32Array | undefined;
  private free = -1;
  private used = 0;
  private serial = 0;
  private sweepAt = 0;
  private readonly buried: number[] = [];
  /** Told of each confirmed entry before it goes. */
  onRemove: (entry: number, why: RemovalReason) => void = () => {};

  /** `findOutside`: keep the index that `byOutside` needs. */
  constructor(capacity = 256, findOutside = false) {
    this.capacity = capacity;
    this.words = new Int32Array(capacity * WORDS);
    this.times = new Float64Array(capacity * 2);
    this.heads = new Int32Array(capacity * 2).fill(-1);
    this.sources = new Int32Array(capacity).fill(-1);
    if (findOutside) this.outsides = new Int32Array(capacity).fill(-1);
  }

  /** Bytes held, for the benchmark's figure. */
  get bytes(): number {
    return this.words.byteLength + this.times.byteLength + this.heads.byteLength + this.sources.byteLength;
  }

  /** A new record, not yet found by any lookup. */
  allocate(original: Tuple, reply: Tuple): number {
    const entry = this.take();
    const at = entry * WORDS;
    this.words.fill(0, at, at + WORDS);
    this.words[at + PROTOCOL] = original.protocol;
    this.words[at + STATUS] = LIVE;
    this.words[at + MASQUERADED_ON] = -1;
    this.words[at + SERIAL] = ++this.serial;
    this.setTuple(entry, ORIGINAL, original);
    this.setTuple(entry, REPLY_DIRECTION, reply);
    this.times[entry * 2] = 0;
    this.times[entry * 2 + 1] = 0;
    return entry;
  }

  private take(): number {
    if (this.free >= 0) {
      const entry = this.free;
      this.free = this.words[entry * WORDS + CHAIN]!;
      return entry;
    }
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    // Half as much again: doubling would leave up to half of the memory empty.
    const capacity = Math.ceil(this.capacity * 1.5);
    const words = new Int32Array(capacity * WORDS);
    words.set(this.words);
    this.words = words;
    const times = new Float64Array(capacity * 2);
    times.set(this.times);
    this.times = times;
    this.capacity = capacity;
    if (this.heads.length < capacity) this.rehash();
  }

  private rehash(): void {
    let size = this.heads.length;
    while (size < this.capacity * 2) size *= 2;
    this.heads = new Int32Array(size).fill(-1);
    // Newest first inside a chain: lookups by source depend on that order.
    const bySource = this.entriesOldestFirst();
    this.sources = new Int32Array(size / 2).fill(-1);
    if (this.outsides) this.outsides = new Int32Array(size / 2).fill(-1);
    for (const entry of bySource) {
      if (this.isIn(entry)) {
        this.link(entry, ORIGINAL);
        this.link(entry, REPLY_DIRECTION);
        this.linkOutside(entry);
      }
      if (this.has(entry, SOURCE_NAT_DONE)) this.linkSource(entry);
    }
  }

  /** Records in use, buried ones included. */
  private entriesOldestFirst(): number[] {
    const live: number[] = [];
    for (let entry = 0; entry < this.used; entry++) if (this.status(entry) !== 0) live.push(entry);
    return live.sort((a, b) => this.serialOf(a) - this.serialOf(b));
  }

  /** The node of the entry with this tuple in either direction, or -1. Entries that ran out are removed on the way. */
  find(tuple: Tuple, now: number): number {
    const words = this.words;
    const { source, destination, keys, protocol } = tuple;
    let node = this.heads[hash(source, destination, keys, protocol) & (this.heads.length - 1)]!;
    while (node >= 0) {
      const at = (node >> 1) * WORDS;
      const side = at + (node & 1) * REPLY;
      const next = words[at + CHAIN + (node & 1)]!;
      if (
        words[side] === source &&
        words[side + DST] === destination &&
        words[side + KEYS] === keys &&
        words[at + PROTOCOL] === protocol
      ) {
        if (this.times[node & ~1]! > now) return node;
        // Whoever is told of the removal may remove more, this chain's next node included: begin again.
        this.remove(node >> 1, 'expired');
        return this.find(tuple, now);
      }
      node = next;
    }
    return -1;
  }

  /** Puts an allocated record into the table, both ways. */
  insert(entry: number): void {
    this.link(entry, ORIGINAL);
    this.link(entry, REPLY_DIRECTION);
    this.linkOutside(entry);
    this.set(entry, CONFIRMED);
    this.count++;
  }

  private link(entry: number, direction: number): void {
    const at = entry * WORDS;
    const side = at + direction * REPLY;
    const words = this.words;
    const slot =
      hash(words[side]!, words[side + DST]!, words[side + KEYS]!, words[at + PROTOCOL]!) & (this.heads.length - 1);
    words[at + CHAIN + direction] = this.heads[slot]!;
    this.heads[slot] = entry * 2 + direction;
  }

  private unlink(entry: number, direction: number): void {
    const at = entry * WORDS;
    const side = at + direction * REPLY;
    const words = this.words;
    const slot =
      hash(words[side]!, words[side + DST]!, words[side + KEYS]!, words[at + PROTOCOL]!) & (this.heads.length - 1);
    const node = entry * 2 + direction;
    let previous = -1;
    for (let each = this.heads[slot]!; each !== node; each = words[(each >> 1) * WORDS + CHAIN + (each & 1)]!)
      previous = each;
    const next = words[at + CHAIN + direction]!;
    if (previous < 0) this.heads[slot] = next;
    else words[(previous >> 1) * WORDS + CHAIN + (previous & 1)] = next;
  }

  /** Makes the entry findable by (protocol, inside address, inside key), newest first. */
  linkSource(entry: number): void {
    const slot = this.sourceSlot(entry);
    this.words[entry * WORDS + BY_SOURCE] = this.sources[slot]!;
    this.sources[slot] = entry;
  }

  private unlinkSource(entry: number): void {
    const slot = this.sourceSlot(entry);
    const next = this.words[entry * WORDS + BY_SOURCE]!;
    if (this.sources[slot] === entry) {
      this.sources[slot] = next;
      return;
    }
    let each = this.sources[slot]!;
    while (this.words[each * WORDS + BY_SOURCE] !== entry) each = this.words[each * WORDS + BY_SOURCE]!;
    this.words[each * WORDS + BY_SOURCE] = next;
  }

  private sourceSlot(entry: number): number {
    const at = entry * WORDS;
    return (
      hash(this.words[at]!, 0, this.words[at + KEYS]! >>> 16, this.words[at + PROTOCOL]!) & (this.sources.length - 1)
    );
  }

  /** The newest entry of this inside end, or the next older one after `after`; -1 at the end. */
  bySource(tuple: Tuple, after = -1): number {
    const words = this.words;
    let entry =
      after >= 0
        ? words[after * WORDS + BY_SOURCE]!
        : this.sources[hash(tuple.source, 0, tuple.sourceKey, tuple.protocol) & (this.sources.length - 1)]!;
    while (entry >= 0) {
      const at = entry * WORDS;
      if (
        words[at] === tuple.source &&
        words[at + PROTOCOL] === tuple.protocol &&
        words[at + KEYS]! >>> 16 === tuple.sourceKey
      )
        return entry;
      entry = words[at + BY_SOURCE]!;
    }
    return -1;
  }

  private outsideSlot(entry: number, heads: Int32Array): number {
    const at = entry * WORDS;
    const reply = at + REPLY;
    return (
      hash(this.words[reply + DST]!, 1, this.words[reply + KEYS]! & 0xffff, this.words[at + PROTOCOL]!) &
      (heads.length - 1)
    );
  }

  private linkOutside(entry: number): void {
    const heads = this.outsides;
    if (!heads) return;
    const slot = this.outsideSlot(entry, heads);
    this.words[entry * WORDS + BY_OUTSIDE] = heads[slot]!;
    heads[slot] = entry;
  }

  private unlinkOutside(entry: number): void {
    const heads = this.outsides;
    if (!heads) return;
    const slot = this.outsideSlot(entry, heads);
    const next = this.words[entry * WORDS + BY_OUTSIDE]!;
    if (heads[slot] === entry) {
      heads[slot] = next;
      return;
    }
    let each = heads[slot]!;
    while (this.words[each * WORDS + BY_OUTSIDE] !== entry) each = this.words[each * WORDS + BY_OUTSIDE]!;
    this.words[each * WORDS + BY_OUTSIDE] = next;
  }

  /** The newest live entry that shows this address and key outside, or the next older one after `after`; -1 at the end. */
  byOutside(protocol: number, address: number, key: number, now: number, after = -1): number {
    const heads = this.outsides;
    if (!heads) return -1;
    const first = hash(address, 1, key, protocol) & (heads.length - 1);
    let entry = after >= 0 ? this.words[after * WORDS + BY_OUTSIDE]! : heads[first]!;
    while (entry >= 0) {
      const at = entry * WORDS;
      const matches =
        this.words[at + REPLY + DST] === address &&
        (this.words[at + REPLY + KEYS]! & 0xffff) === key &&
        this.words[at + PROTOCOL] === protocol;
      if (matches && this.times[entry * 2]! > now && this.has(entry, SOURCE_NAT)) return entry;
      entry = this.words[at + BY_OUTSIDE]!;
    }
    return -1;
  }

  /** Takes a confirmed entry out and frees its record. */
  remove(entry: number, why: RemovalReason): void {
    this.detach(entry, why);
    this.release(entry);
  }

  private detach(entry: number, why: RemovalReason): void {
    this.onRemove(entry, why);
    this.unlink(entry, ORIGINAL);
    this.unlink(entry, REPLY_DIRECTION);
    this.unlinkOutside(entry);
    this.count--;
  }

  /** Takes a confirmed entry out, but keeps its record readable until `reap`: its last packet is still on its way. */
  bury(entry: number, why: RemovalReason): void {
    this.detach(entry, why);
    this.words[entry * WORDS + STATUS]! &= ~LIVE;
    this.buried.push(entry);
  }

  /** Frees the buried records. */
  reap(): void {
    for (let entry = this.buried.pop(); entry !== undefined; entry = this.buried.pop()) this.release(entry);
  }

  /** Frees a record that is in no chain of tuples. */
  release(entry: number): void {
    if (this.has(entry, SOURCE_NAT_DONE)) this.unlinkSource(entry);
    const at = entry * WORDS;
    this.words[at + STATUS] = 0;
    this.words[at + CHAIN] = this.free;
    this.free = entry;
  }

  /** Looks at a few records and removes those that ran out: memory stays bounded though nobody asks for them. */
  sweep(now: number, records = 8): void {
    for (let i = 0; i < records && this.used > 0; i++) {
      if (this.sweepAt >= this.used) this.sweepAt = 0;
      const entry = this.sweepAt++;
      if (this.isIn(entry) && this.times[entry * 2]! <= now) this.remove(entry, 'expired');
    }
  }

  /** All confirmed entries, oldest first. */
  *confirmed(): Iterable<number> {
    for (const entry of this.entriesOldestFirst()) if (this.isIn(entry)) yield entry;
  }

  /** Whether the record is an entry that lookups find; a buried one keeps its CONFIRMED bit but is not. */
  isIn(entry: number): boolean {
    return (this.status(entry) & (LIVE | CONFIRMED)) === (LIVE | CONFIRMED);
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
    into.protocol = this.words[at + PROTOCOL]!;
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
    return this.words[entry * WORDS + PROTOCOL]!;
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
    return this.words[entry * WORDS + MASQUERADED_ON]!;
  }

  setMasqueradedOn(entry: number, iface: number): void {
    this.words[entry * WORDS + MASQUERADED_ON] = iface;
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

/** Mixes a tuple into 32 bits (the finaliser of MurmurHash3 over its words). */
function hash(source: number, destination: number, keys: number, protocol: number): number {
  let h = Math.imul(source ^ Math.imul(keys, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(destination + protocol, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}

/**
 * The connection table: records in typed arrays, found by either direction's tuple or by the mapping's inside end.
 *
 * One record is 32 words. Chains are linked through the records, so a packet costs no allocation and an entry about
 * 170 bytes. A node is `entry * 2 + direction`. Time is seconds; an entry whose time has come is as good as gone.
 * Source of the rules: Linux nf_conntrack_core.c (hash, expiry), nf_nat_core.c (nat_bysource).
 * @module
 */
import type { RemovalReason } from '../translator.ts';
import { EntryIndex } from './entry-index.ts';
import {
  CHAIN,
  CONFIRMED,
  DST,
  hash,
  KEYS,
  LIVE,
  NEXT_BY_OUTSIDE,
  NEXT_BY_SOURCE,
  ORIGINAL,
  PREVIOUS_BY_OUTSIDE,
  PREVIOUS_BY_SOURCE,
  PROTOCOL,
  PROTOCOL_MASK,
  REPLY,
  REPLY_DIRECTION,
  SERIAL,
  SOURCE_NAT,
  SOURCE_NAT_DONE,
  STATUS,
  WORDS,
} from './record.ts';
import { Records } from './records.ts';
import type { Tuple } from './tuple.ts';

export class ConnectionTable extends Records {
  /** Entries confirmed, that is: in the table. */
  count = 0;
  private heads: Int32Array;
  private readonly sources: EntryIndex;
  /** Undefined where nobody asks that way. */
  private readonly outsides: EntryIndex | undefined;
  private free = -1;
  private used = 0;
  private serial = 0;
  private sweepAt = 0;
  private readonly buried: number[] = [];
  /** Told of each confirmed entry before it goes. */
  onRemove: (entry: number, why: RemovalReason) => void = () => {};

  /** `findOutside`: keep the index that `byOutside` needs. */
  constructor(capacity = 256, findOutside = false) {
    super(capacity);
    this.heads = new Int32Array(capacity * 2).fill(-1);
    this.sources = new EntryIndex(capacity, NEXT_BY_SOURCE, PREVIOUS_BY_SOURCE);
    if (findOutside) this.outsides = new EntryIndex(capacity, NEXT_BY_OUTSIDE, PREVIOUS_BY_OUTSIDE);
  }

  /** Bytes held, for the benchmark's figure. */
  get bytes(): number {
    const indexes = this.sources.bytes + (this.outsides?.bytes ?? 0);
    return this.words.byteLength + this.times.byteLength + this.heads.byteLength + indexes;
  }

  /** A new record, not yet found by any lookup. */
  allocate(original: Tuple, reply: Tuple): number {
    const entry = this.take();
    const at = entry * WORDS;
    this.words.fill(0, at, at + WORDS);
    this.words[at + PROTOCOL] = original.protocol;
    this.words[at + STATUS] = LIVE;
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
    this.resize(Math.ceil(this.capacity * 1.5));
    if (this.heads.length < this.capacity) this.rehash();
  }

  private rehash(): void {
    let size = this.heads.length;
    while (size < this.capacity * 2) size *= 2;
    this.heads = new Int32Array(size).fill(-1);
    // Newest first inside a chain: lookups by source depend on that order.
    const bySource = this.entriesOldestFirst();
    this.sources.reset(size / 2);
    this.outsides?.reset(size / 2);
    for (const entry of bySource) {
      if (this.isIn(entry)) {
        this.link(entry, ORIGINAL);
        this.link(entry, REPLY_DIRECTION);
        this.outsides?.link(this.words, entry, this.outsideHash(entry));
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
        (words[at + PROTOCOL]! & PROTOCOL_MASK) === protocol
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
    this.outsides?.link(this.words, entry, this.outsideHash(entry));
    this.set(entry, CONFIRMED);
    this.count++;
  }

  private slotOf(entry: number, direction: number): number {
    const { words } = this;
    const at = entry * WORDS;
    const side = at + direction * REPLY;
    const mixed = hash(words[side]!, words[side + DST]!, words[side + KEYS]!, words[at + PROTOCOL]! & PROTOCOL_MASK);
    return mixed & (this.heads.length - 1);
  }

  private link(entry: number, direction: number): void {
    const slot = this.slotOf(entry, direction);
    this.words[entry * WORDS + CHAIN + direction] = this.heads[slot]!;
    this.heads[slot] = entry * 2 + direction;
  }

  private unlink(entry: number, direction: number): void {
    const { words } = this;
    const slot = this.slotOf(entry, direction);
    const node = entry * 2 + direction;
    let previous = -1;
    for (let each = this.heads[slot]!; each !== node; each = words[(each >> 1) * WORDS + CHAIN + (each & 1)]!)
      previous = each;
    const next = words[entry * WORDS + CHAIN + direction]!;
    if (previous < 0) this.heads[slot] = next;
    else words[(previous >> 1) * WORDS + CHAIN + (previous & 1)] = next;
  }

  /** Makes the entry findable by (protocol, inside address, inside key). */
  linkSource(entry: number): void {
    this.sources.link(this.words, entry, this.sourceHash(entry));
  }

  private sourceHash(entry: number): number {
    const at = entry * WORDS;
    return hash(this.words[at]!, 0, this.words[at + KEYS]! >>> 16, this.words[at + PROTOCOL]! & PROTOCOL_MASK);
  }

  private outsideHash(entry: number): number {
    const at = entry * WORDS;
    const reply = at + REPLY;
    return hash(
      this.words[reply + DST]!,
      1,
      this.words[reply + KEYS]! & 0xffff,
      this.words[at + PROTOCOL]! & PROTOCOL_MASK,
    );
  }

  /** The newest entry of this inside end, or the next older one after `after`; -1 at the end. */
  bySource(tuple: Tuple, after = -1): number {
    const { words, sources } = this;
    let entry =
      after >= 0 ? sources.after(words, after) : sources.first(hash(tuple.source, 0, tuple.sourceKey, tuple.protocol));
    for (; entry >= 0; entry = sources.after(words, entry)) {
      const at = entry * WORDS;
      if (
        words[at] === tuple.source &&
        (words[at + PROTOCOL]! & PROTOCOL_MASK) === tuple.protocol &&
        words[at + KEYS]! >>> 16 === tuple.sourceKey
      )
        return entry;
    }
    return -1;
  }

  /** The newest live entry that shows this address and key outside, or the next older one after `after`; -1 at the end. */
  byOutside(protocol: number, address: number, key: number, now: number, after = -1): number {
    const { words, outsides } = this;
    if (!outsides) return -1;
    let entry = after >= 0 ? outsides.after(words, after) : outsides.first(hash(address, 1, key, protocol));
    for (; entry >= 0; entry = outsides.after(words, entry)) {
      const at = entry * WORDS;
      const matches =
        words[at + REPLY + DST] === address &&
        (words[at + REPLY + KEYS]! & 0xffff) === key &&
        (words[at + PROTOCOL]! & PROTOCOL_MASK) === protocol;
      if (matches && this.times[entry * 2]! > now && this.has(entry, SOURCE_NAT)) return entry;
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
    this.outsides?.unlink(this.words, entry, this.outsideHash(entry));
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
    if (this.has(entry, SOURCE_NAT_DONE)) this.sources.unlink(this.words, entry, this.sourceHash(entry));
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
}

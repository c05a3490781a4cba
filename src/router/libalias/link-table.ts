/**
 * The links of one libalias, in one typed array, found by hash from either side.
 *
 * Where several links look the same from outside, as all ESP of one server does, only the newest is in the index; the
 * others hang behind it. So a look-up costs the same however many there are, where libalias walks a list.
 * @module
 */
import { EntryIndex } from '../netfilter/entry-index.ts';
import { hash } from '../netfilter/record.ts';
import { TCP, UDP } from '../netfilter/tuple.ts';
import type { RemovalReason } from '../translator.ts';
import { CallIndex } from './call-index.ts';
import {
  ALIAS,
  IN_KEYS,
  INSIDE,
  KIND,
  LIFE,
  LIVE,
  NEWER,
  NEXT_IN,
  NEXT_OUT,
  NEXT_SPOKE,
  OLDER,
  ORDER,
  OUT_KEYS,
  PEER,
  PREVIOUS_IN,
  PREVIOUS_OUT,
  PREVIOUS_SPOKE,
  REMOTE,
  SERIAL,
  STATE,
  USED,
  WORDS,
} from './link.ts';

/** The chains that the sweep goes through. */
export const SPOKES = 4001;
/** The power of two above. */
const SPOKE_SLOTS = 4096;
const CAPACITY = 256;
const NONE = -1;

/** What a new link is made of. Addresses signed. */
export interface Given {
  readonly kind: number;
  readonly inside: number;
  readonly remote: number;
  readonly alias: number;
  readonly outKeys: number;
  readonly inKeys: number;
  /** Seconds, or `PERMANENT`. */
  readonly life: number;
  /** Whole seconds. */
  readonly now: number;
}

export class LinkTable {
  count = 0;
  /** How many of them are TCP or UDP. */
  withPorts = 0;
  /** Told of each link before it goes. */
  onRemove: (link: number, why: RemovalReason) => void = () => {};
  private words = new Int32Array(CAPACITY * WORDS);
  private capacity = CAPACITY;
  private used = 0;
  private free = NONE;
  private serial = 0;
  private order = 0;
  private readonly out = new EntryIndex(CAPACITY, NEXT_OUT, PREVIOUS_OUT, WORDS);
  private readonly in = new EntryIndex(CAPACITY, NEXT_IN, PREVIOUS_IN, WORDS);
  private readonly calls = new CallIndex(CAPACITY);
  private readonly spokes = new EntryIndex(SPOKE_SLOTS, NEXT_SPOKE, PREVIOUS_SPOKE, WORDS);

  get bytes(): number {
    const { out, in: inward, calls, spokes } = this;
    const indexes = [out, inward, calls, spokes].reduce((sum, each) => sum + each.bytes, 0);
    return this.words.byteLength + indexes;
  }

  get(link: number, word: number): number {
    return this.words[link * WORDS + word]!;
  }

  set(link: number, word: number, value: number): void {
    this.words[link * WORDS + word] = value;
  }

  /** The link of this inside end and remote end, or −1. Of several the newest. */
  findOut(kind: number, inside: number, remote: number, alias: number, keys: number): number {
    const { words, out } = this;
    let link = out.first(hash(inside, remote, keys, kind));
    for (; link >= 0; link = out.after(words, link)) {
      const at = link * WORDS;
      if (
        words[at + INSIDE] === inside &&
        words[at + REMOTE] === remote &&
        words[at + OUT_KEYS] === keys &&
        words[at + KIND] === kind &&
        words[at + ALIAS] === alias
      )
        return link;
    }
    return NONE;
  }

  /** The newest link that a packet from `remote` to `alias` may belong to, or −1. */
  findIn(kind: number, remote: number, alias: number, keys: number): number {
    const { words } = this;
    let link = this.in.first(hash(remote, alias, keys, kind));
    for (; link >= 0; link = this.in.after(words, link)) {
      const at = link * WORDS;
      if (
        words[at + REMOTE] === remote &&
        words[at + ALIAS] === alias &&
        words[at + IN_KEYS] === keys &&
        words[at + KIND] === kind
      )
        return link;
    }
    return NONE;
  }

  /** The call of this inside host that the server knows by `id`, or −1. */
  findCallOut(inside: number, remote: number, alias: number, id: number): number {
    return this.calls.findOut(this.words, inside, remote, alias, id);
  }

  /** The newest call that the server knows by `id`, whoever's it is, or −1. */
  findCallIn(remote: number, alias: number, id: number): number {
    return this.calls.findIn(this.words, remote, alias, id);
  }

  add({ kind, inside, remote, alias, outKeys, inKeys, life, now }: Given): number {
    const link = this.take();
    const { words } = this;
    const at = link * WORDS;
    words.fill(0, at, at + WORDS);
    words[at + INSIDE] = inside;
    words[at + REMOTE] = remote;
    words[at + ALIAS] = alias;
    words[at + OUT_KEYS] = outKeys;
    words[at + IN_KEYS] = inKeys;
    words[at + KIND] = kind;
    words[at + PEER] = NONE;
    words[at + USED] = now;
    words[at + LIFE] = life;
    words[at + STATE] = LIVE;
    words[at + SERIAL] = ++this.serial;
    words[at + ORDER] = ++this.order;
    this.out.link(words, link, this.outHash(link));
    this.stack(link);
    this.spokes.link(words, link, this.spokeOf(link));
    this.count++;
    if (kind === TCP || kind === UDP) this.withPorts++;
    return link;
  }

  remove(link: number, why: RemovalReason): void {
    this.onRemove(link, why);
    const { words } = this;
    this.out.unlink(words, link, this.outHash(link));
    this.unstack(link);
    this.spokes.unlink(words, link, this.spokeOf(link));
    this.calls.unlink(words, link);
    const at = link * WORDS;
    if (words[at + KIND] === TCP || words[at + KIND] === UDP) this.withPorts--;
    words[at + STATE] = 0;
    words[at + NEXT_OUT] = this.free;
    this.free = link;
    this.count--;
  }

  /** The server's number of a call becomes known; with it the call becomes the newest. */
  learn(call: number, id: number): void {
    const { words } = this;
    this.calls.unlink(words, call);
    this.out.unlink(words, call, this.outHash(call));
    this.unstack(call);
    words[call * WORDS + PEER] = id;
    words[call * WORDS + ORDER] = ++this.order;
    this.out.link(words, call, this.outHash(call));
    this.stack(call);
    this.calls.link(words, call);
  }

  /** The links that answers cannot tell from `link`, newest first, `link` among them. */
  rivals(link: number): readonly number[] {
    const { words } = this;
    let newest = link;
    while (words[newest * WORDS + NEWER]! >= 0) newest = words[newest * WORDS + NEWER]!;
    const found: number[] = [];
    for (let each = newest; each >= 0; each = words[each * WORDS + OLDER]!) found.push(each);
    return found;
  }

  /** In the order in which they were made. */
  *all(): Iterable<number> {
    const links = this.oldestFirst().sort((a, b) => this.get(a, SERIAL) - this.get(b, SERIAL));
    for (const link of links) yield link;
  }

  /** Calls `visit` for each link of a spoke; it may remove that one. */
  eachOnSpoke(spoke: number, visit: (link: number) => void): void {
    for (let link = this.spokes.first(spoke); link >= 0; ) {
      const next = this.spokes.after(this.words, link);
      visit(link);
      link = next;
    }
  }

  private take(): number {
    if (this.free >= 0) {
      const link = this.free;
      this.free = this.words[link * WORDS + NEXT_OUT]!;
      return link;
    }
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    const links = this.oldestFirst();
    // Half as much again: doubling would leave up to half of the memory empty.
    this.capacity = Math.ceil(this.capacity * 1.5);
    const words = new Int32Array(this.capacity * WORDS);
    words.set(this.words);
    this.words = words;
    const slots = 1 << (32 - Math.clz32(this.capacity - 1));
    if (slots * 4 > this.out.bytes) this.index(links, slots);
  }

  private index(links: readonly number[], slots: number): void {
    const { words } = this;
    for (const each of [this.out, this.in, this.calls]) each.reset(slots);
    for (const link of links) {
      this.out.link(words, link, this.outHash(link));
      if (words[link * WORDS + NEWER]! < 0) this.in.link(words, link, this.inHash(link));
      this.calls.link(words, link);
    }
  }

  private oldestFirst(): number[] {
    const links: number[] = [];
    for (let link = 0; link < this.used; link++) if (this.get(link, STATE) !== 0) links.push(link);
    return links.sort((a, b) => this.get(a, ORDER) - this.get(b, ORDER));
  }

  /** Puts the link before those that look the same from outside. */
  private stack(link: number): void {
    const { words } = this;
    const at = link * WORDS;
    const slot = this.inHash(link);
    const older = this.findIn(words[at + KIND]!, words[at + REMOTE]!, words[at + ALIAS]!, words[at + IN_KEYS]!);
    if (older >= 0) {
      this.in.unlink(words, older, slot);
      words[older * WORDS + NEWER] = link;
    }
    words[at + OLDER] = older;
    words[at + NEWER] = NONE;
    this.in.link(words, link, slot);
  }

  private unstack(link: number): void {
    const { words } = this;
    const older = words[link * WORDS + OLDER]!;
    const newer = words[link * WORDS + NEWER]!;
    if (older >= 0) words[older * WORDS + NEWER] = newer;
    if (newer >= 0) {
      words[newer * WORDS + OLDER] = older;
      return;
    }
    const slot = this.inHash(link);
    this.in.unlink(words, link, slot);
    if (older >= 0) this.in.link(words, older, slot);
  }

  private outHash(link: number): number {
    return hash(this.get(link, INSIDE), this.get(link, REMOTE), this.get(link, OUT_KEYS), this.get(link, KIND));
  }

  private inHash(link: number): number {
    return hash(this.get(link, REMOTE), this.get(link, ALIAS), this.get(link, IN_KEYS), this.get(link, KIND));
  }

  private spokeOf(link: number): number {
    return (this.outHash(link) >>> 0) % SPOKES;
  }
}

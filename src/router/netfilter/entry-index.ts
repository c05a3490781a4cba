/**
 * One more way to find entries: chains through the records, newest first. Linked both ways, so that leaving a chain
 * costs the same however long it is (one socket that talks to half the world makes one chain).
 * @module
 */
import { WORDS } from './record.ts';

export class EntryIndex {
  private heads: Int32Array;
  private readonly next: number;
  private readonly previous: number;
  private readonly size: number;

  /** `slots`: a power of two. `next`, `previous`: the words of a record that hold the links. `size`: words of a record. */
  constructor(slots: number, next: number, previous: number, size = WORDS) {
    this.heads = new Int32Array(slots).fill(-1);
    this.next = next;
    this.previous = previous;
    this.size = size;
  }

  get bytes(): number {
    return this.heads.byteLength;
  }

  /** Forgets all chains; entries must be linked anew, oldest first. */
  reset(slots: number): void {
    this.heads = new Int32Array(slots).fill(-1);
  }

  /** The newest entry in the chain of this hash, or -1. Others may share it. */
  first(hash: number): number {
    return this.heads[hash & (this.heads.length - 1)]!;
  }

  after(words: Int32Array, entry: number): number {
    return words[entry * this.size + this.next]!;
  }

  link(words: Int32Array, entry: number, hash: number): void {
    const slot = hash & (this.heads.length - 1);
    const newest = this.heads[slot]!;
    words[entry * this.size + this.next] = newest;
    words[entry * this.size + this.previous] = -1;
    if (newest >= 0) words[newest * this.size + this.previous] = entry;
    this.heads[slot] = entry;
  }

  unlink(words: Int32Array, entry: number, hash: number): void {
    const next = words[entry * this.size + this.next]!;
    const previous = words[entry * this.size + this.previous]!;
    if (previous < 0) this.heads[hash & (this.heads.length - 1)] = next;
    else words[previous * this.size + this.next] = next;
    if (next >= 0) words[next * this.size + this.previous] = previous;
  }
}

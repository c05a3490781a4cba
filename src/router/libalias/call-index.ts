/**
 * The calls among the links whose number at the server is known, found by that number from either side. `words` is the
 * table's own array, which it may replace at any time.
 * @module
 */
import { EntryIndex } from '../netfilter/entry-index.ts';
import { hash } from '../netfilter/record.ts';
import {
  ALIAS,
  CALL,
  INSIDE,
  KIND,
  NEXT_CALL_IN,
  NEXT_CALL_OUT,
  PEER,
  PREVIOUS_CALL_IN,
  PREVIOUS_CALL_OUT,
  REMOTE,
  WORDS,
} from './link.ts';

const NONE = -1;

export class CallIndex {
  private readonly out: EntryIndex;
  private readonly in: EntryIndex;

  constructor(capacity: number) {
    this.out = new EntryIndex(capacity, NEXT_CALL_OUT, PREVIOUS_CALL_OUT, WORDS);
    this.in = new EntryIndex(capacity, NEXT_CALL_IN, PREVIOUS_CALL_IN, WORDS);
  }

  get bytes(): number {
    return this.out.bytes + this.in.bytes;
  }

  reset(slots: number): void {
    this.out.reset(slots);
    this.in.reset(slots);
  }

  /** The call of this inside host that the server knows by `id`, or −1. */
  findOut(words: Int32Array, inside: number, remote: number, alias: number, id: number): number {
    let link = this.out.first(hash(inside, remote, id, CALL));
    for (; link >= 0; link = this.out.after(words, link))
      if (isCall(words, link, remote, alias, id) && words[link * WORDS + INSIDE] === inside) return link;
    return NONE;
  }

  /** The newest call that the server knows by `id`, whoever's it is, or −1. */
  findIn(words: Int32Array, remote: number, alias: number, id: number): number {
    let link = this.in.first(hash(remote, alias, id, CALL));
    for (; link >= 0; link = this.in.after(words, link)) if (isCall(words, link, remote, alias, id)) return link;
    return NONE;
  }

  /** Does nothing where the link is no call, or the server's number of it is not known. */
  link(words: Int32Array, link: number): void {
    if (!isKnown(words, link)) return;
    this.out.link(words, link, callHash(words, link, INSIDE, REMOTE));
    this.in.link(words, link, callHash(words, link, REMOTE, ALIAS));
  }

  /** The same. */
  unlink(words: Int32Array, link: number): void {
    if (!isKnown(words, link)) return;
    this.out.unlink(words, link, callHash(words, link, INSIDE, REMOTE));
    this.in.unlink(words, link, callHash(words, link, REMOTE, ALIAS));
  }
}

function isKnown(words: Int32Array, link: number): boolean {
  const at = link * WORDS;
  return words[at + KIND] === CALL && words[at + PEER] !== NONE;
}

function isCall(words: Int32Array, link: number, remote: number, alias: number, id: number): boolean {
  const at = link * WORDS;
  return words[at + PEER] === id && words[at + REMOTE] === remote && words[at + ALIAS] === alias;
}

function callHash(words: Int32Array, call: number, from: number, to: number): number {
  const at = call * WORDS;
  return hash(words[at + from]!, words[at + to]!, words[at + PEER]!, CALL);
}

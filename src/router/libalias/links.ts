/**
 * libalias's idea of a flow: a link between an inside end, a remote end and an alias. Links are looked up, made, and left
 * to the sweep; whoever watches is told.
 * @module
 */
import type { NatKind } from '../config.ts';
import type { Timeouts } from '../netfilter/timeouts.ts';
import { GRE, ICMP, TCP, UDP } from '../netfilter/tuple.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Reason } from '../reason.ts';
import type { Recorder } from '../recorder.ts';
import type { TableObserver } from '../translator.ts';
import { type Generation, generationOf } from './generation.ts';
import { CALL, KIND, LIFE, PIECES, SEEN_IN, SEEN_OUT, SERIAL, STATE, USED } from './link.ts';
import { type Given, LinkTable } from './link-table.ts';
import { isOver, Sweep } from './sweep.ts';
import { type Direction, type TcpLives, watch } from './tcp-life.ts';
import { linkView, tupleViews } from './view.ts';

/** What a reason has on it that libalias's own words explain. */
export const BY = { by: 'libalias' } as const;

/** Seconds that the pieces of a datagram are known by. */
const PIECES_LIFE = 10;

const BOTH = SEEN_OUT | SEEN_IN;

/** Places in `Timeouts.tcp`. */
const OPENING = 1;
const CONNECTED = 3;
const HALF_CLOSED = 4;
const CLOSED = 7;

export interface LinksOptions {
  readonly timeouts: Timeouts;
  readonly maxEntries: number;
  readonly nat: NatKind;
}

export class Links {
  readonly table = new LinkTable();
  now = 0;
  recorder: Recorder | undefined;
  observer: TableObserver | undefined;
  readonly generation: Generation;
  private readonly options: LinksOptions;
  private readonly sweep: Sweep;
  private readonly tcpLives: TcpLives;
  private second = 0;

  constructor(options: LinksOptions) {
    const { tcp } = options.timeouts;
    const generation = generationOf(options.nat);
    if (!generation) throw new Error('this router is not libalias');
    this.generation = generation;
    this.sweep = new Sweep(this.table, generation.sweepsForPortsOnly);
    this.options = options;
    this.tcpLives = {
      opening: tcp[OPENING]!,
      connected: tcp[CONNECTED]!,
      halfClosed: tcp[HALF_CLOSED]!,
      closed: tcp[CLOSED]!,
    };
    this.table.onRemove = (link, why) => {
      this.touchRivals(link);
      this.observer?.removing(this.table.get(link, SERIAL), this.viewer(link), why);
    };
  }

  /** A packet passes libalias: time goes on for all links. */
  tick(): void {
    this.second = Math.floor(this.now);
    this.sweep.run(this.second);
  }

  /** The newest link that a packet from `remote` to `alias` may belong to, renewed; −1 where there is none. */
  inward(kind: number, remote: number, alias: number, keys: number): number {
    return this.renew(this.newest(kind, remote, alias, keys));
  }

  /** The same, left as it is: looking for a free number, and GRE from outside, keep nothing alive. */
  newest(kind: number, remote: number, alias: number, keys: number): number {
    return this.onTime(this.table.findIn(kind, remote, alias, keys));
  }

  /** The link of this inside end and remote end, renewed; −1 where there is none. */
  outward(kind: number, inside: number, remote: number, alias: number, keys: number): number {
    return this.renew(this.onTime(this.table.findOut(kind, inside, remote, alias, keys)));
  }

  /** Where age counts, a link that is found too late is gone, and nobody looks for another. */
  onTime(link: number): number {
    const { table } = this;
    if (link < 0 || !this.generation.agesAtLookup || !isOver(table, link, this.second)) return link;
    table.remove(link, 'expired');
    return -1;
  }

  renew(link: number): number {
    if (link < 0) return link;
    this.touch(link);
    this.table.set(link, USED, this.second);
    return link;
  }

  /** To be called before something about a link changes. */
  touch(link: number): void {
    this.observer?.touching(this.table.get(link, SERIAL), this.viewer(link));
  }

  /** Makes a link and says so. Answers −1 where the table is full. */
  open(given: Omit<Given, 'life' | 'now'>): number {
    const { table, options } = this;
    if (table.count >= options.maxEntries) {
      this.recorder?.note({ code: 'table-full', limit: options.maxEntries });
      return -1;
    }
    this.touchRivals(table.findIn(given.kind, given.remote, given.alias, given.inKeys));
    const link = table.add({ ...given, life: this.lifeOf(given.kind), now: this.second });
    this.observer?.creating(table.get(link, SERIAL), this.viewer(link));
    return link;
  }

  /** `answered`: both sides have spoken, which changes nothing unless somebody has set these timers apart. */
  private lifeOf(kind: number, answered = false): number {
    const { timeouts } = this.options;
    switch (kind) {
      case TCP:
        return this.tcpLives.opening;
      case UDP:
        return answered ? timeouts.udpStream : timeouts.udp;
      case GRE:
        return answered ? timeouts.greStream : timeouts.gre;
      case ICMP:
        return timeouts.icmp;
      case PIECES:
        return PIECES_LIFE;
      case CALL:
        return this.generation.callLife;
      default:
        return timeouts.generic;
    }
  }

  /** Notes which way a packet of the link passes; TCP shows in it how far it has got. */
  pass(link: number, direction: Direction, packet: Packet): void {
    const { table } = this;
    const before = table.get(link, STATE);
    const after = before | (direction === 'out' ? SEEN_OUT : SEEN_IN);
    const kind = table.get(link, KIND);
    if (after !== before) {
      table.set(link, STATE, after);
      const answered = (after & BOTH) === BOTH;
      if (answered && (kind === UDP || kind === GRE)) table.set(link, LIFE, this.lifeOf(kind, answered));
    }
    if (kind === TCP) watch(table, link, direction, packet.bytes[packet.headerLength + 13]!, this.tcpLives);
  }

  created(link: number): Reason {
    return { code: 'entry-created', entry: this.table.get(link, SERIAL), ...tupleViews(this.table, link), ...BY };
  }

  matched(link: number, direction: Direction): Reason {
    const way = direction === 'out' ? 'original' : 'reply';
    return { code: 'entry-matched', entry: this.table.get(link, SERIAL), direction: way, ...BY };
  }

  view(link: number): EntryView {
    return linkView(this.table, link, !this.generation.agesAtLookup);
  }

  viewer(link: number): () => EntryView {
    return () => this.view(link);
  }

  /** To be called before it changes who gets the answers: that concerns all links that look the same from outside. */
  touchRivals(link: number): void {
    if (link < 0 || !this.observer) return;
    for (const each of this.table.rivals(link)) this.touch(each);
  }

  forget(isGone: (link: number) => boolean): void {
    for (const link of [...this.table.all()]) if (isGone(link)) this.table.remove(link, 'flushed');
  }
}

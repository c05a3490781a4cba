/**
 * Connection tracking: every packet is of a known flow, opens a new one, talks about one (ICMP errors), or is INVALID.
 *
 * Life of an entry: made by its first packet, translated on the way out, confirmed (found by others) only when that
 * packet leaves or is delivered; renewed by its packets; gone when its time runs out.
 * Source: Linux nf_conntrack_core.c (nf_conntrack_in, resolve_normal_ct, init_conntrack).
 * @module
 */
import type { NatBehaviour, NatKind } from '../config.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { InvalidWhy } from '../reason.ts';
import type { Recorder } from '../recorder.ts';
import type { TableObserver } from '../translator.ts';
import { Admission } from './admission.ts';
import { trackGeneric, trackGre, trackIcmp, trackUdp, trackUdpLite } from './datagram.ts';
import { type Expectation, Expectations } from './expectations.ts';
import { GreKeymap } from './gre-keymap.ts';
import { IcmpErrors } from './icmp-errors.ts';
import { Idleness } from './idleness.ts';
import { CONFIRMED, EXPECTED, ORIGINAL, REPLY_DIRECTION, SEEN_REPLY } from './record.ts';
import { trackSctp } from './sctp.ts';
import { numbered, type Sorting } from './sorting.ts';
import { ConnectionTable } from './table.ts';
import { track as trackTcp } from './tcp.ts';
import type { Timeouts } from './timeouts.ts';
import { type Hook, refresh, type Tracker, type Tracking } from './tracker.ts';
import { GRE, type GreKeyLookup, ICMP, readTuple, SCTP, TCP, Tuple, UDP, UDPLITE } from './tuple.ts';
import { entryView, expectationView } from './view.ts';

const TRACKERS: readonly (readonly [number, Tracker])[] = [
  [TCP, trackTcp],
  [UDP, trackUdp],
  [ICMP, trackIcmp],
  [GRE, trackGre],
  [SCTP, trackSctp],
  [UDPLITE, trackUdpLite],
];

/** Dense by protocol number, so that the hot path is one array read. */
const TRACKER_OF: readonly Tracker[] = Array.from(
  { length: 256 },
  (_, protocol) => TRACKERS.find(([number]) => number === protocol)?.[1] ?? trackGeneric,
);

/** A UDP flow counts as a stream only once it is older than this, so that one question and answer do not (Linux 5.1). */
const STREAM_AGE = 2;

/** Told of a new entry that met an expectation. */
export type OnExpected = (entry: number, expectation: Expectation) => void;

export interface ConntrackOptions {
  readonly timeouts: Timeouts;
  readonly maxEntries: number;
  /** False models kernels without the GRE tracker: GRE is told apart by addresses alone. */
  readonly greTracker: boolean;
  readonly nat: NatKind;
  /** By interface index: does what leaves there get that interface's address? */
  readonly interfaces: readonly { readonly masquerade?: boolean }[];
}

export class Conntrack implements Tracking {
  readonly table: ConnectionTable;
  readonly expectations: Expectations;
  readonly keymap = new GreKeymap();
  readonly timeouts: Timeouts;
  now = 0;
  /** Undefined: the kernel's own ways. */
  readonly behaviour: NatBehaviour | undefined;
  /** Kernels up to 5.0. */
  readonly isLegacy: boolean;
  readonly streamAge: number;
  /** Whether the packet at hand keeps its entry alive. */
  renews = true;
  recorder: Recorder | undefined;
  observer: TableObserver | undefined;
  onExpected: OnExpected = () => {};
  /** Told of a new entry that an existing mapping lets in: bind it to that inside end. */
  onAdmitted: (entry: number, inside: Tuple) => void = () => {};
  onRemove: (entry: number) => void = () => {};
  /** ALGs that tell flows apart by other numbers than ports; undefined where there is none. */
  sorting: Sorting | undefined;
  /** Undefined where nothing is ever evicted. */
  private readonly idleness: Idleness | undefined;
  private readonly options: ConntrackOptions;
  private readonly tuple = new Tuple();
  private readonly inverse = new Tuple();
  private readonly other = new Tuple();
  private readonly icmpErrors: IcmpErrors;
  private readonly admission: Admission | undefined;
  private greKey: GreKeyLookup | undefined;

  constructor(options: ConntrackOptions) {
    this.options = options;
    this.timeouts = options.timeouts;
    this.behaviour = typeof options.nat === 'object' ? options.nat : undefined;
    // The textbook's ALG knows its own bounds.
    this.expectations = new Expectations(this.behaviour ? Number.POSITIVE_INFINITY : 2);
    this.table = new ConnectionTable(256, this.behaviour !== undefined);
    this.isLegacy = options.nat === 'netfilter-legacy';
    this.streamAge = options.nat === 'netfilter' ? STREAM_AGE : Number.NEGATIVE_INFINITY;
    this.idleness = this.behaviour && new Idleness();
    this.icmpErrors = new IcmpErrors(this);
    this.admission = this.behaviour && new Admission(this, this.behaviour);
    this.trackGre(options.greTracker);
    this.table.onRemove = (entry, why) => {
      this.observer?.removing(this.table.serialOf(entry), this.viewer(entry), why);
      this.gone(entry);
    };
    this.expectations.onAdd = (each) => this.observer?.creating(-each.id, () => expectationView(each));
    this.expectations.onRemove = (each, why) => this.observer?.removing(-each.id, () => expectationView(each), why);
  }

  /** Loads or unloads the GRE tracker. With it go its entries, and what it noted (nf_ct_l4proto_pernet_unregister). */
  trackGre(on: boolean): void {
    if (on === (this.greKey !== undefined)) return;
    this.greKey = on ? (s, d, k) => this.keymap.lookup(s, d, k) : undefined;
    if (on) return;
    this.keymap.clear();
    this.forget((entry) => this.table.protocol(entry) === GRE);
  }

  /** One removal may take others along, so each entry is asked for again. */
  forget(which: (entry: number) => boolean): void {
    const { table } = this;
    for (const entry of [...table.confirmed()]) if (table.isIn(entry) && which(entry)) table.remove(entry, 'flushed');
  }

  viewer(entry: number): () => EntryView {
    return () => entryView(this.table, entry, this.sorting);
  }

  /** An entry goes, or never was: whoever keeps notes about it is told. */
  private gone(entry: number): void {
    this.onRemove(entry);
    this.idleness?.drop(entry);
    this.sorting?.free(this.table.tuple(entry, ORIGINAL, this.other));
  }

  /** Finds or makes the packet's entry. Answers false where the packet must be dropped (table full). */
  incoming(packet: Packet, hook: Hook): boolean {
    if (packet.protocol === ICMP) {
      const about = this.icmpErrors.classify(packet, hook);
      if (about !== 'query') return about === 'related' || this.invalid(packet, about);
    }
    this.renews = this.behaviour?.refresh !== 'outbound' || !this.isFromOutside(packet);
    for (;;) {
      if (!this.resolve(packet)) return false;
      if (packet.entry < 0) return true;
      const answer = TRACKER_OF[this.trackedProtocol(packet.protocol)]!(
        this,
        packet,
        packet.entry,
        packet.direction,
        hook,
      );
      if (answer === 'accept') break;
      if (answer === 'repeat') continue;
      this.letGo(packet);
      return this.invalid(packet, answer);
    }
    if (packet.direction === REPLY_DIRECTION) this.table.set(packet.entry, SEEN_REPLY);
    this.idleness?.use(packet.entry, this.now);
    this.admission?.renew(packet.entry);
    if (this.sorting) this.renewSorted(packet.entry);
    return true;
  }

  /** The protocol as this kernel knows it: without the GRE tracker GRE is just a number. */
  trackedProtocol(protocol: number): number {
    return protocol === GRE && this.greKey === undefined ? 255 : protocol & 0xff;
  }

  /** Frees the entry of a packet that never got as far as confirming it. */
  letGo(packet: Packet): void {
    if (packet.entry >= 0 && !this.table.has(packet.entry, CONFIRMED)) this.discard(packet.entry);
    packet.entry = -1;
  }

  /** A flow that never was in the table takes along what was noted of it. */
  discard(entry: number): void {
    this.gone(entry);
    this.table.release(entry);
  }

  private invalid(packet: Packet, why: InvalidWhy): true {
    packet.tracking = 'invalid';
    packet.entry = -1;
    this.recorder?.note({ code: 'untracked-invalid', why });
    return true;
  }

  /** The tuple of the IPv4 packet at `at`; false where it has none. */
  read(bytes: Uint8Array, at: number, headerLength: number, end: number, into: Tuple): boolean {
    return readTuple(bytes, at, headerLength, end, into, this.greKey);
  }

  /** Sets the packet's entry and state. Answers false where the table is full. */
  private resolve(packet: Packet): boolean {
    const { tuple, table } = this;
    if (!this.read(packet.bytes, 0, packet.headerLength, packet.length, tuple))
      return this.invalid(packet, packet.protocol === GRE ? 'gre-version' : 'truncated');
    if (this.sorting && packet.inside >= 0) {
      const sorted = this.sorting.sort(packet, tuple);
      if (sorted === 'drop') return false;
      if (sorted !== 'done') return this.invalid(packet, sorted);
    }
    const node = table.find(tuple, this.now);
    if (node < 0) return this.open(packet);
    this.belongs(packet, node >> 1, node & 1);
    return true;
  }

  /** The packet is one more of a flow that is known. */
  belongs(packet: Packet, entry: number, direction: number): void {
    const { table } = this;
    packet.entry = entry;
    packet.direction = direction;
    this.observer?.touching(table.serialOf(entry), this.viewer(entry));
    if (direction === REPLY_DIRECTION || table.has(entry, SEEN_REPLY)) packet.tracking = 'established';
    else packet.tracking = table.has(entry, EXPECTED) ? 'related' : 'new';
    this.recorder?.note({
      code: 'entry-matched',
      entry: table.serialOf(entry),
      direction: direction === ORIGINAL ? 'original' : 'reply',
    });
  }

  private open(packet: Packet): boolean {
    const { tuple, inverse, table } = this;
    if (!inverse.invert(tuple)) return this.invalid(packet, 'icmp-unknown-flow');
    table.sweep(this.now);
    if (table.count >= this.options.maxEntries && !this.idleness) {
      this.recorder?.stop({ code: 'table-full', limit: this.options.maxEntries });
      return false;
    }
    packet.entry = table.allocate(tuple, inverse);
    packet.direction = ORIGINAL;
    packet.tracking = 'new';
    const expectation = this.expectations.take(tuple, this.now);
    if (expectation) {
      table.set(packet.entry, EXPECTED);
      table.setMaster(packet.entry, expectation.master);
      packet.tracking = 'related';
      this.recorder?.note({
        code: 'expectation-matched',
        entry: table.serialOf(packet.entry),
        master: expectation.master,
      });
      this.onExpected(packet.entry, expectation);
    } else if (tuple.protocol === UDP || tuple.protocol === TCP) this.admission?.admit(packet, tuple);
    else if (this.sorting && this.isFromOutside(packet)) this.admitSorted(packet);
    return true;
  }

  /** The first packet of a flow that an ALG knows comes from outside. */
  private admitSorted(packet: Packet): void {
    const { table, other } = this;
    const flow = this.sorting?.flowOf(table.tuple(packet.entry, ORIGINAL, other));
    if (!flow?.sorter.admits || other.source !== flow.remote) return;
    table.set(packet.entry, EXPECTED);
    packet.tracking = 'related';
    this.onAdmitted(packet.entry, numbered(other, flow, flow.inside, flow.remote));
  }

  /** An ALG may have timeouts of its own for its flows. */
  private renewSorted(entry: number): void {
    const timeouts = this.sorting?.flowOf(this.table.tuple(entry, ORIGINAL, this.other))?.sorter.timeouts;
    if (timeouts) refresh(this, entry, timeouts[this.table.has(entry, SEEN_REPLY) ? 1 : 0]);
  }

  /** Has the ALG that knows the packet's flow put its ids right. False: the packet must be dropped. */
  finishSorted(packet: Packet): boolean {
    const flow = this.sorting?.flowOf(this.table.tuple(packet.entry, ORIGINAL, this.other));
    return flow?.sorter.finish(packet, flow, this.isFromOutside(packet)) ?? true;
  }

  /** Before an entry goes into the table: where it is full, the one idle for longest goes. */
  makeRoom(): void {
    const { table, idleness, now } = this;
    if (!idleness || table.count < this.options.maxEntries) return;
    const { oldest } = idleness;
    const idle = now - idleness.idleSince(oldest);
    this.recorder?.did({ code: 'entry-evicted', entry: table.serialOf(oldest), idle, limit: this.options.maxEntries });
    table.remove(oldest, 'evicted');
  }

  isFromOutside(packet: Packet): boolean {
    return packet.inside >= 0 && this.options.interfaces[packet.inside]?.masquerade === true;
  }
}

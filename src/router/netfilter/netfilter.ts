/**
 * The kernel's translator: connection tracking, masquerade and the PPTP helper, as one.
 * @module
 */
import type { HelperId, RouterConfig, RouterHooks } from '../config.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Recorder } from '../recorder.ts';
import { EspSorter } from '../textbook/esp-sorter.ts';
import { IkeSorter } from '../textbook/ike-sorter.ts';
import { L2tpSorter } from '../textbook/l2tp-sorter.ts';
import { PptpAlg } from '../textbook/pptp-alg.ts';
import type { TableObserver, Translator } from '../translator.ts';
import { Confirmation } from './confirmation.ts';
import { Conntrack } from './conntrack.ts';
import type { Helper } from './helper.ts';
import { Nat } from './nat.ts';
import { PptpHelper } from './pptp-helper.ts';
import { type Sorter, Sorting } from './sorting.ts';
import type { Hook } from './tracker.ts';
import { entryView, expectationView } from './view.ts';

/** Readers of PPTP control connections; a router has one of them at most. */
const CONTROL_HELPERS = ['nf-pptp', 'pptp'] as const satisfies readonly HelperId[];

/** ALGs that tell flows apart by numbers of their protocol's own. */
const SORTERS: Readonly<
  Partial<Record<HelperId, (sorting: Sorting, limit: number, random: () => number) => readonly Sorter[]>>
> = {
  ipsec: (sorting, limit) => [new EspSorter(sorting, limit), new IkeSorter(sorting, limit)],
  l2tp: (sorting, limit, random) => [
    new L2tpSorter(sorting, 'udp', limit, random),
    new L2tpSorter(sorting, 'ip', limit, random),
  ],
};

export class Netfilter implements Translator {
  private readonly conntrack: Conntrack;
  private readonly confirmation: Confirmation;
  private readonly nat: Nat;
  private readonly config: RouterConfig;
  /** Sixteen bits. */
  private readonly random: () => number;
  /** Made when a switch first asks for it, and kept: connections it reads keep it when the switch goes off. */
  private helper: Helper | undefined;
  private attaches = false;
  private readonly sorters = new Map<HelperId, readonly Sorter[]>();
  /** Of the router's interfaces, signed. */
  private readonly addresses: number[];

  constructor(config: RouterConfig, draw: NonNullable<RouterHooks['draw']>, random: () => number) {
    this.config = config;
    this.random = random;
    this.conntrack = new Conntrack(config);
    this.confirmation = new Confirmation(this.conntrack);
    this.nat = new Nat(
      this.conntrack,
      (request) => draw(request) ?? request.low + (random() % (request.high - request.low + 1)),
    );
    this.conntrack.onRemove = (entry) => this.helper?.removing(entry);
    this.conntrack.onExpected = (entry, expectation) => this.helper?.welcome(entry, expectation);
    this.addresses = config.interfaces.map((each) => each.address.address | 0);
    this.setHelpers(config.helpers);
  }

  set now(seconds: number) {
    this.conntrack.now = seconds;
  }

  get now(): number {
    return this.conntrack.now;
  }

  set recorder(recorder: Recorder | undefined) {
    this.conntrack.recorder = recorder;
  }

  get recorder(): Recorder | undefined {
    return this.conntrack.recorder;
  }

  set observer(observer: TableObserver | undefined) {
    this.conntrack.observer = observer;
  }

  get observer(): TableObserver | undefined {
    return this.conntrack.observer;
  }

  classify(packet: Packet, hook: Hook): boolean {
    return this.conntrack.incoming(packet, hook);
  }

  /** Source: nf_conntrack_attach. Also a flow that is not confirmed yet, and may never be. */
  adopt(error: Packet, packet: Packet): boolean {
    if (packet.entry < 0) return false;
    error.entry = packet.entry;
    error.direction = 1 - packet.direction;
    error.tracking = 'related';
    return true;
  }

  prepare(packet: Packet): void {
    if (this.attaches) this.helper?.attach(packet);
  }

  translateDestination(packet: Packet): boolean {
    return this.nat.translate(packet, 'destination', -1, undefined);
  }

  translateSource(packet: Packet, iface: number, masquerade: number | undefined): boolean {
    return this.nat.translate(packet, 'source', iface, masquerade);
  }

  finish(packet: Packet): boolean {
    if (packet.entry < 0) return true;
    if (this.helper?.inspect(packet) === false || !this.conntrack.finishSorted(packet)) return false;
    this.recorder?.enter('confirm');
    return this.confirmation.confirm(packet);
  }

  release(packet: Packet): void {
    this.conntrack.letGo(packet);
  }

  settle(): void {
    this.conntrack.table.reap();
  }

  /** Starts the sorters asked for; others go on with the flows they have. */
  private sortBy(ids: readonly HelperId[]): void {
    for (const id of ids) {
      const make = SORTERS[id];
      if (!make || this.sorters.has(id)) continue;
      const { conntrack, addresses, config, random } = this;
      conntrack.sorting ??= new Sorting(conntrack, {
        isOwn: (address) => addresses.includes(address),
        outside: () => addresses[config.interfaces.findIndex((each) => each.masquerade)] ?? 0,
      });
      const sorters = make(conntrack.sorting, config.maxEntries, random);
      for (const each of sorters) conntrack.sorting.add(each);
      this.sorters.set(id, sorters);
    }
    for (const [id, sorters] of this.sorters) for (const each of sorters) each.active = ids.includes(id);
  }

  private make(id: (typeof CONTROL_HELPERS)[number]): Helper {
    const { conntrack, nat, config, random } = this;
    return id === 'nf-pptp'
      ? new PptpHelper(conntrack, nat, config.nat === 'netfilter-legacy')
      : new PptpAlg(conntrack, nat, config.maxEntries, random);
  }

  /**
   * Concerns control connections that open from now on; others keep their helper, or go on without. Where the helper is
   * a module that goes away, connections lose it.
   */
  setHelpers(ids: readonly HelperId[]): void {
    const wanted = CONTROL_HELPERS.find((id) => ids.includes(id));
    this.attaches = wanted !== undefined;
    if (wanted) this.helper ??= this.make(wanted);
    else if (this.config.nat === 'netfilter-legacy') this.helper?.unload?.();
    this.sortBy(ids);
    this.conntrack.trackGre(this.config.greTracker || ids.includes('nf-gre'));
  }

  flush(): void {
    this.conntrack.forget(() => true);
  }

  setAddress(iface: number, address: number): void {
    this.addresses[iface] = address | 0;
    this.conntrack.forget((entry) => this.conntrack.table.masqueradedOn(entry) === iface);
  }

  entries(now: number): readonly EntryView[] {
    const { table, expectations, sorting } = this.conntrack;
    const live = [...table.confirmed()].filter((entry) => table.expires(entry) > now);
    return [...live.map((entry) => entryView(table, entry, sorting)), ...expectations.open(now).map(expectationView)];
  }

  get load(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.conntrack.table.count, bytes: this.conntrack.table.bytes };
  }
}

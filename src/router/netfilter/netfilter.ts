/**
 * The kernel's translator: connection tracking, masquerade and the PPTP helper, as one.
 * @module
 */
import type { HelperId, RouterConfig, RouterHooks } from '../config.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Recorder } from '../recorder.ts';
import { PptpAlg } from '../textbook/pptp-alg.ts';
import type { TableObserver, Translator } from '../translator.ts';
import { Confirmation } from './confirmation.ts';
import { Conntrack } from './conntrack.ts';
import type { Helper } from './helper.ts';
import { Nat } from './nat.ts';
import { PptpHelper } from './pptp-helper.ts';
import type { Hook } from './tracker.ts';
import { entryView, expectationView } from './view.ts';

/** Readers of PPTP control connections; a router has one of them at most. */
const CONTROL_HELPERS = ['nf-pptp', 'pptp'] as const satisfies readonly HelperId[];

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
    if (this.helper?.inspect(packet) === false) return false;
    this.recorder?.enter('confirm');
    return this.confirmation.confirm(packet);
  }

  release(packet: Packet): void {
    this.conntrack.letGo(packet);
  }

  settle(): void {
    this.conntrack.table.reap();
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
    this.conntrack.trackGre(this.config.greTracker || ids.includes('nf-gre'));
  }

  flush(): void {
    this.conntrack.forget(() => true);
  }

  forgetAddress(iface: number): void {
    this.conntrack.forget((entry) => this.conntrack.table.masqueradedOn(entry) === iface);
  }

  entries(now: number): readonly EntryView[] {
    const { table, expectations } = this.conntrack;
    const live = [...table.confirmed()].filter((entry) => table.expires(entry) > now);
    return [...live.map((entry) => entryView(table, entry)), ...expectations.open(now).map(expectationView)];
  }

  get load(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.conntrack.table.count, bytes: this.conntrack.table.bytes };
  }
}

/**
 * The kernel's translator: connection tracking, masquerade and the PPTP helper, as one.
 * @module
 */
import type { HelperId, RouterConfig, RouterHooks } from '../config.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Tables, Translator } from '../translator.ts';
import { Confirmation } from './confirmation.ts';
import { Conntrack } from './conntrack.ts';
import { HelperSet } from './helper-set.ts';
import { Nat } from './nat.ts';
import { Sorting } from './sorting.ts';
import type { Hook } from './tracker.ts';
import { entryView, expectationView } from './view.ts';

export class Netfilter implements Translator {
  readonly tables: Tables;
  readonly mark = {};
  readonly wantsWhole = true;
  private readonly conntrack: Conntrack;
  private readonly confirmation: Confirmation;
  private readonly nat: Nat;
  private readonly helpers: HelperSet;
  private readonly greTracker: boolean;
  /** Of the router's interfaces, signed. */
  private readonly addresses: number[];

  /** `random` answers 16 bits. */
  constructor(config: RouterConfig, draw: NonNullable<RouterHooks['draw']>, random: () => number) {
    const conntrack = new Conntrack(config);
    const addresses = config.interfaces.map((each) => each.address.address | 0);
    const outside = config.interfaces.findIndex((each) => each.masquerade);
    this.conntrack = conntrack;
    this.tables = conntrack;
    this.addresses = addresses;
    this.greTracker = config.greTracker;
    this.confirmation = new Confirmation(conntrack);
    this.nat = new Nat(
      conntrack,
      (request) => draw(request) ?? request.low + (random() % (request.high - request.low + 1)),
    );
    const sorting = new Sorting(conntrack, {
      isOwn: (address) => addresses.includes(address),
      outside: () => addresses[outside] ?? 0,
    });
    this.helpers = new HelperSet({ conntrack, nat: this.nat, sorting, config, random });
    conntrack.onRemove = (entry) => this.helpers.removing(entry);
    conntrack.onExpected = (entry, expectation) => this.helpers.welcome(entry, expectation);
    this.setHelpers(config.helpers);
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
    this.helpers.attach(packet);
  }

  translateDestination(packet: Packet): boolean {
    return this.nat.translate(packet, 'destination', -1, undefined);
  }

  translateSource(packet: Packet, iface: number, masquerade: number | undefined): boolean {
    if (!this.nat.translate(packet, 'source', iface, masquerade)) return false;
    if (packet.entry < 0 && iface >= 0) this.conntrack.recorder?.note({ code: 'not-translated' });
    return true;
  }

  finish(packet: Packet): boolean {
    if (packet.entry < 0) return true;
    if (!this.helpers.inspect(packet)) return false;
    this.conntrack.recorder?.enter('confirm');
    return this.confirmation.confirm(packet);
  }

  release(packet: Packet): void {
    this.conntrack.letGo(packet);
  }

  settle(): void {
    this.conntrack.table.reap();
  }

  setHelpers(ids: readonly HelperId[]): void {
    this.helpers.run(ids);
    this.conntrack.trackGre(this.greTracker || ids.includes('nf-gre'));
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

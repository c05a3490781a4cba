/**
 * FreeBSD's libalias as natd and ipfw nat use it: packets pass it at the outside interface, inward before routing, outward
 * after it. It remembers links, not connections; what it cannot place goes on as it is.
 *
 * Does not model: redirect rules, a target address, deny_incoming, ports that never stay the same, and modules other than
 * PPTP's. Source: FreeBSD 12.1 libalias, measured.
 * @module
 */
import type { HelperId, RouterConfig, RouterHooks } from '../config.ts';
import { TCP } from '../netfilter/tuple.ts';
import type { EntryView } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { Tables, Translator } from '../translator.ts';
import { AliasKeys } from './alias-key.ts';
import { Calls } from './calls.ts';
import { isLaterPiece } from './flow.ts';
import { IcmpErrors } from './icmp-errors.ts';
import { Inward } from './inward.ts';
import { ALIAS, KIND } from './link.ts';
import { BY, Links } from './links.ts';
import { Outward } from './outward.ts';
import { Pieces } from './pieces.ts';
import { PptpModule } from './pptp-module.ts';

export class Libalias implements Translator {
  readonly tables: Tables;
  readonly mark = BY;
  readonly wantsWhole = false;
  private readonly links: Links;
  private readonly pptp: PptpModule;
  private readonly inward: Inward;
  private readonly outward: Outward;
  /** By interface: whether libalias stands there. */
  private readonly outside: readonly boolean[];
  /** Of the interfaces, signed. */
  private readonly addresses: number[];

  /** `random` answers 16 bits. */
  constructor(config: RouterConfig, draw: NonNullable<RouterHooks['draw']>, random: () => number) {
    const links = new Links(config);
    const keys = new AliasKeys(draw, random);
    const calls = new Calls(links, keys);
    const pptp = new PptpModule(links, calls);
    const parts = { links, keys, calls, pptp, errors: new IcmpErrors(links) };
    this.links = links;
    this.tables = links;
    this.pptp = pptp;
    this.inward = new Inward(parts, new Pieces(links));
    this.outward = new Outward(parts);
    this.outside = config.interfaces.map((each) => each.masquerade === true);
    this.addresses = config.interfaces.map((each) => each.address.address | 0);
    this.setHelpers(config.helpers);
  }

  /** A packet from inside meets libalias only where it leaves; until then it is as good as new. */
  classify(packet: Packet): boolean {
    packet.tracking = 'new';
    if (!this.isInward(packet)) return true;
    this.links.tick();
    this.inward.find(packet);
    return true;
  }

  private isInward(packet: Packet): boolean {
    return packet.inside >= 0 && this.outside[packet.inside]!;
  }

  /** What the host itself sends passes libalias like anything else. */
  adopt(): boolean {
    return false;
  }

  prepare(packet: Packet): void {
    if (this.isInward(packet) && this.isControl(packet)) this.pptp.inward(packet, packet.entry);
  }

  translateDestination(packet: Packet): boolean {
    if (this.isInward(packet)) this.inward.translate(packet);
    return true;
  }

  translateSource(packet: Packet, iface: number, masquerade: number | undefined): boolean {
    if (masquerade !== undefined) {
      this.links.tick();
      this.outward.translate(packet, masquerade | 0);
    } else if (iface >= 0 && !this.isInward(packet)) this.links.recorder?.note({ code: 'not-translated', ...BY });
    return true;
  }

  finish(packet: Packet): boolean {
    if (packet.direction === 0 && this.isControl(packet)) this.pptp.outward(packet, packet.entry);
    return true;
  }

  /** A segment of a TCP link with its header. */
  private isControl(packet: Packet): boolean {
    return (
      packet.entry >= 0 &&
      this.links.table.get(packet.entry, KIND) === TCP &&
      packet.protocol === TCP &&
      !isLaterPiece(packet)
    );
  }

  release(packet: Packet): void {
    packet.entry = -1;
  }

  settle(): void {}

  setHelpers(ids: readonly HelperId[]): void {
    this.pptp.active = ids.includes('alias-pptp');
  }

  flush(): void {
    this.links.forget(() => true);
  }

  setAddress(iface: number, address: number): void {
    const old = this.addresses[iface]!;
    this.addresses[iface] = address | 0;
    this.links.forget((link) => this.links.table.get(link, ALIAS) === old);
  }

  entries(): readonly EntryView[] {
    const { links } = this;
    return [...links.table.all()].map((link) => links.view(link));
  }

  get load(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.links.table.count, bytes: this.links.table.bytes };
  }
}

/**
 * The helpers (ALGs) of one router: made when a switch first asks for them, and kept, for a switch that goes off ends
 * no flow that is up.
 * @module
 */
import type { HelperId, RouterConfig } from '../config.ts';
import type { Packet } from '../packet.ts';
import { EspSorter } from '../textbook/esp-sorter.ts';
import { IkeSorter } from '../textbook/ike-sorter.ts';
import { L2tpSorter } from '../textbook/l2tp-sorter.ts';
import { PptpAlg } from '../textbook/pptp-alg.ts';
import { BroadcomEsp } from '../vendor/broadcom-esp.ts';
import { BroadcomIke } from '../vendor/broadcom-ike.ts';
import { RealtekEsp } from '../vendor/realtek-esp.ts';
import { RealtekGre } from '../vendor/realtek-gre.ts';
import { RealtekIke } from '../vendor/realtek-ike.ts';
import { RealtekIpsecTable } from '../vendor/realtek-ipsec-table.ts';
import { RealtekL2tp } from '../vendor/realtek-l2tp.ts';
import { RealtekPptp } from '../vendor/realtek-pptp.ts';
import type { Conntrack } from './conntrack.ts';
import type { Expectation } from './expectations.ts';
import type { Helper } from './helper.ts';
import type { Nat } from './nat.ts';
import { PptpHelper } from './pptp-helper.ts';
import type { Sorter, Sorting } from './sorting.ts';

export interface HelperContext {
  readonly conntrack: Conntrack;
  readonly nat: Nat;
  readonly sorting: Sorting;
  readonly config: RouterConfig;
  /** Sixteen bits. */
  readonly random: () => number;
}

interface Made {
  readonly helpers?: readonly Helper[];
  readonly sorters?: readonly Sorter[];
}

type Maker = (context: HelperContext) => Made;

const MAKERS: Readonly<Partial<Record<HelperId, Maker>>> = {
  'nf-pptp': ({ conntrack, nat, config }) => ({
    helpers: [new PptpHelper(conntrack, nat, config.nat === 'netfilter-legacy')],
  }),
  pptp: ({ conntrack, nat, config, random }) => ({
    helpers: [new PptpAlg(conntrack, nat, config.maxEntries, random)],
  }),
  l2tp: ({ sorting, config, random }) => ({
    sorters: (['udp', 'ip'] as const).map((carrier) => new L2tpSorter(sorting, carrier, config.maxEntries, random)),
  }),
  ipsec: ({ sorting, config }) => ({
    sorters: [new EspSorter(sorting, config.maxEntries), new IkeSorter(sorting, config.maxEntries)],
  }),
  'broadcom-esp': ({ sorting }) => ({ sorters: [new BroadcomEsp(sorting)] }),
  'broadcom-ike': ({ conntrack }) => ({ helpers: [new BroadcomIke(conntrack)] }),
  'realtek-pptp': ({ conntrack, sorting }) => {
    const gre = new RealtekGre(sorting);
    return { helpers: [new RealtekPptp(conntrack, gre)], sorters: [gre] };
  },
  'realtek-l2tp': ({ conntrack }) => ({ helpers: [new RealtekL2tp(conntrack)] }),
  'realtek-ipsec': ({ conntrack, sorting }) => {
    const table = new RealtekIpsecTable();
    return { helpers: [new RealtekIke(conntrack, table)], sorters: [new RealtekEsp(sorting, table)] };
  },
};

export class HelperSet {
  private readonly context: HelperContext;
  private readonly made = new Map<HelperId, Made>();
  private helpers: readonly Helper[] = [];

  constructor(context: HelperContext) {
    this.context = context;
  }

  /** These run from now on; others go on with what they have begun. Where a helper is a module that goes, it does not. */
  run(ids: readonly HelperId[]): void {
    for (const id of ids) if (!this.made.has(id)) this.make(id);
    for (const [id, { helpers = [], sorters = [] }] of this.made) {
      const active = ids.includes(id);
      for (const each of [...helpers, ...sorters]) each.active = active;
      if (!active && this.context.config.nat === 'netfilter-legacy') for (const each of helpers) each.unload?.();
    }
  }

  private make(id: HelperId): void {
    const { context } = this;
    const made = MAKERS[id]?.(context);
    if (!made) return;
    this.made.set(id, made);
    this.helpers = [...this.helpers, ...(made.helpers ?? [])];
    // Without translation every host has its own address, and there is nothing to tell apart.
    if (!made.sorters || !context.config.interfaces.some((each) => each.masquerade)) return;
    context.conntrack.sorting = context.sorting;
    for (const each of made.sorters) context.sorting.add(each);
  }

  attach(packet: Packet): void {
    for (const each of this.helpers) if (each.active) each.attach?.(packet);
  }

  /** False: the packet must be dropped. */
  inspect(packet: Packet): boolean {
    for (const each of this.helpers) if (!each.inspect(packet)) return false;
    return this.context.conntrack.finishSorted(packet);
  }

  welcome(entry: number, expectation: Expectation): void {
    for (const each of this.helpers) each.welcome?.(entry, expectation);
  }

  removing(entry: number): void {
    for (const each of this.helpers) each.removing?.(entry);
  }
}

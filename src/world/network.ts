/**
 * Who is on which wire. A chain of segments: the home LAN, perhaps the provider's network, the Internet. Each router
 * joins the segment inside it to the one outside; hosts sit on the first (clients) or the last (servers, strangers).
 * @module
 */
import { inPrefix, ipv4, type Prefix, parsePrefix } from '../wire/address.ts';
import type { Experiment, RouterSetup, Uplink } from './experiment.ts';

export interface Attachment {
  readonly node: string;
  /** The router's interface; undefined for a host. */
  readonly on?: 'lan' | 'wan';
}

export interface RouterPlace {
  readonly setup: RouterSetup;
  readonly lan: Prefix;
  readonly wan: Prefix;
}

export function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(`not an interface address: ${text}`);
  return prefix;
}

/** Uplinks of a router that has several; the first is its WAN. */
export function uplinksOf({ gateway }: RouterSetup): readonly Uplink[] {
  return gateway?.kind === 'sd-wan' ? gateway.uplinks : [];
}

export class Network {
  readonly routers: readonly RouterPlace[];
  /** Index of the segment each host is on. */
  private readonly segmentOf = new Map<string, number>();
  private readonly hosts = new Map<string, readonly number[]>();
  /** Of each segment, the hosts on it by their addresses. */
  private readonly hostsAt: readonly Map<number, Attachment>[];
  /** Of each router, its uplinks where it has several, by name; in the order of `outside`. */
  private readonly uplinks: readonly (readonly string[])[];
  /** Of each router, its WAN address and those of further uplinks. */
  private readonly outside: number[][];
  private readonly last: number;

  constructor(experiment: Experiment) {
    this.routers = experiment.routers.map((setup) => ({ setup, lan: prefixOf(setup.lan), wan: prefixOf(setup.wan) }));
    this.uplinks = experiment.routers.map((setup) => uplinksOf(setup).map(({ name }) => name));
    this.outside = this.routers.map(({ setup, wan }) => {
      const [, ...further] = uplinksOf(setup);
      return [wan.address, ...further.map(({ address }) => prefixOf(address).address)];
    });
    this.last = this.routers.length;
    this.hostsAt = Array.from({ length: this.last + 1 }, () => new Map());
    for (const client of experiment.clients) this.place(client.id, 0, [ipv4(client.address)]);
    for (const server of experiment.servers)
      this.place(server.id, this.last, [server.address, ...(server.alsoAt ?? [])].map(ipv4));
    if (experiment.stranger) this.place('stranger', this.last, [ipv4(experiment.stranger)]);
  }

  private place(node: string, segment: number, addresses: readonly number[]): void {
    this.segmentOf.set(node, segment);
    this.hosts.set(node, addresses);
    // Where two claim one address, the first has it.
    const there = this.hostsAt[segment]!;
    for (const address of addresses) if (!there.has(address)) there.set(address, { node });
  }

  addressesOf(node: string): readonly number[] {
    const router = this.routers.findIndex((each) => each.setup.id === node);
    if (router >= 0) return [this.routers[router]!.lan.address, ...this.outside[router]!];
    return this.hosts.get(node) ?? [];
  }

  /** The uplink of this node that has the address, where it has several. */
  uplinkAt(node: string, address: number): string | undefined {
    const router = this.routers.findIndex((each) => each.setup.id === node);
    return this.uplinks[router]?.[this.outside[router]!.indexOf(address)];
  }

  isOutermost(segment: number): boolean {
    return segment === this.last;
  }

  /** The segment a host's packets, or a router's on that interface, go out on. */
  segmentFrom(node: string, on?: string): number {
    const router = this.routers.findIndex((each) => each.setup.id === node);
    return router >= 0 ? router + (on === 'wan' ? 1 : 0) : (this.segmentOf.get(node) ?? 0);
  }

  /** Answers the address before. */
  setWanAddress(router: string, address: number): number {
    const index = this.routers.findIndex((each) => each.setup.id === router);
    const before = this.outside[index]![0]!;
    this.outside[index]![0] = address;
    return before;
  }

  /** Who takes a packet for `destination` off this segment, sent by `from`; undefined: nobody. */
  receiver(segment: number, destination: number, from: string): Attachment | undefined {
    const host = this.hostsAt[segment]?.get(destination);
    if (host) return host;
    const inner = this.routers[segment - 1];
    if (inner && inner.setup.id !== from && this.isForRouter(segment - 1, destination))
      return { node: inner.setup.id, on: 'wan' };
    const outer = this.routers[segment];
    if (outer && outer.setup.id !== from && this.leavesBy(segment, destination))
      return { node: outer.setup.id, on: 'lan' };
    return undefined;
  }

  /** From outside a router is reached by its WAN address, and by its LAN where it does not translate. */
  private isForRouter(index: number, destination: number): boolean {
    const router = this.routers[index]!;
    if (this.outside[index]!.includes(destination)) return true;
    return router.setup.nat === false && inPrefix(destination, router.lan);
  }

  /** Hosts inside give the router everything that is not on their own wire. */
  private leavesBy(segment: number, destination: number): boolean {
    const { lan } = this.routers[segment]!;
    return destination === lan.address || !inPrefix(destination, lan);
  }
}

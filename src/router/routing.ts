/**
 * Where a packet goes: to the router itself, out of an interface, or nowhere.
 * Source: Linux route.c (ip_route_input_slow, fib_validate_source) with rp_filter off.
 * @module
 */
import { netmask, type Prefix } from '../wire/address.ts';
import type { InterfaceConfig, Route } from './config.ts';

export type Destination =
  | { readonly kind: 'interface'; readonly index: number }
  | { readonly kind: 'local' }
  /** Delivered to the router, which answers nothing to broadcasts. */
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'martian'; readonly address: number }
  | { readonly kind: 'none' };

interface Entry {
  readonly network: number;
  readonly mask: number;
  readonly index: number;
}

const LOCAL: Destination = { kind: 'local' };
const BROADCAST: Destination = { kind: 'broadcast' };
const NONE: Destination = { kind: 'none' };
/** The one multicast group every Linux host is in. */
const ALL_HOSTS = 0xe0000001 | 0;

export class RoutingTable {
  private readonly own = new Set<number>();
  private readonly broadcasts = new Set<number>();
  private readonly entries: readonly Entry[];
  private readonly toInterface: readonly Destination[];
  private readonly addresses: readonly number[];

  constructor(interfaces: readonly InterfaceConfig[], routes: readonly Route[]) {
    this.addresses = interfaces.map((each) => each.address.address | 0);
    this.toInterface = interfaces.map((_, index) => ({ kind: 'interface', index }));
    for (const { address } of interfaces) {
      this.own.add(address.address | 0);
      const mask = netmask(address.length);
      if (address.length < 31) this.broadcasts.add(address.address | ~mask | 0);
    }
    const connected = interfaces.map((each, index) => entry(each.address, index));
    const given = routes.map((route) =>
      entry(
        route.to,
        interfaces.findIndex((each) => each.name === route.via),
      ),
    );
    // The most specific first; a connected network before a route of equal length.
    this.entries = [...connected, ...given]
      .filter((each) => each.index >= 0)
      .sort((a, b) => (b.mask >>> 0) - (a.mask >>> 0));
  }

  isOwn(address: number): boolean {
    return this.own.has(address | 0);
  }

  /** Index of the interface toward `address`, or -1. */
  lookup(address: number): number {
    for (const each of this.entries) if ((address & each.mask) === each.network) return each.index;
    return -1;
  }

  /** The address by which the router speaks to `address`. */
  facing(address: number): number {
    const index = this.lookup(address);
    return index < 0 ? 0 : this.addresses[index]!;
  }

  /** For a packet that came in: its source matters too. Addresses signed or unsigned. */
  input(source: number, destination: number): Destination {
    const isLimited = destination === -1 || (source === 0 && destination === 0);
    if (isClassD(source) || source === -1) return { kind: 'martian', address: source >>> 0 };
    if (!isLimited) {
      if (isZeroNet(source) || isLoopback(source)) return { kind: 'martian', address: source >>> 0 };
      if (isZeroNet(destination) || isLoopback(destination)) return { kind: 'martian', address: destination >>> 0 };
    }
    if (isClassD(destination))
      return destination === ALL_HOSTS ? BROADCAST : { kind: 'martian', address: destination >>> 0 };
    // Whoever claims to be the router itself is not believed.
    if (this.own.has(source)) return { kind: 'martian', address: source >>> 0 };
    if (isLimited || this.broadcasts.has(destination)) return BROADCAST;
    if (this.own.has(destination)) return LOCAL;
    const index = this.lookup(destination);
    return index < 0 ? NONE : this.toInterface[index]!;
  }

  /** Can the router itself send to this address? */
  mayAnswer(address: number): boolean {
    const unicast = !isClassD(address) && !isZeroNet(address) && address !== -1 && !this.broadcasts.has(address);
    return unicast && !this.own.has(address) && this.lookup(address) >= 0;
  }
}

function entry(prefix: Prefix, index: number): Entry {
  const mask = netmask(prefix.length) | 0;
  return { network: prefix.address & mask, mask, index };
}

const isClassD = (address: number): boolean => address >>> 28 === 14;
const isZeroNet = (address: number): boolean => address >>> 24 === 0;
const isLoopback = (address: number): boolean => address >>> 24 === 127;

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
  /** Few, so a scan beats any set. */
  private readonly own: Int32Array;
  private readonly broadcasts: Int32Array;
  private readonly entries: readonly Entry[];
  private readonly toInterface: readonly Destination[];
  private readonly addresses: readonly number[];

  constructor(interfaces: readonly InterfaceConfig[], routes: readonly Route[]) {
    this.addresses = interfaces.map((each) => each.address.address | 0);
    this.toInterface = interfaces.map((_, index) => ({ kind: 'interface', index }));
    this.own = Int32Array.from(this.addresses);
    this.broadcasts = Int32Array.from(
      interfaces
        .filter((each) => each.address.length < 31)
        .map(({ address }) => address.address | ~netmask(address.length)),
    );
    // The most specific first; a connected network before a route of equal length.
    const connected = interfaces.map((each, index) => entry(each.address, index));
    const given = routes.map((route) =>
      entry(
        route.to,
        interfaces.findIndex((each) => each.name === route.via),
      ),
    );
    this.entries = [...connected, ...given]
      .filter((each) => each.index >= 0)
      .sort((a, b) => (b.mask >>> 0) - (a.mask >>> 0));
  }

  isOwn(address: number): boolean {
    return includes(this.own, address | 0);
  }

  /** Index of the interface toward `address`, or -1. */
  lookup(address: number): number {
    const { entries } = this;
    for (let i = 0; i < entries.length; i++) {
      const each = entries[i]!;
      if ((address & each.mask) === each.network) return each.index;
    }
    return -1;
  }

  /** The address by which the router speaks to `address`. */
  facing(address: number): number {
    const index = this.lookup(address);
    return index < 0 ? 0 : this.addresses[index]!;
  }

  /** For a packet that came in: its source matters too. Addresses signed or unsigned. */
  input(source: number, destination: number): Destination {
    if (isUnusual(source >>> 24) || isUnusual(destination >>> 24)) {
      const unusual = this.unusual(source, destination);
      if (unusual) return unusual;
    }
    // Whoever claims to be the router itself is not believed.
    if (includes(this.own, source)) return { kind: 'martian', address: source >>> 0 };
    if (includes(this.own, destination)) return LOCAL;
    if (includes(this.broadcasts, destination)) return BROADCAST;
    const index = this.lookup(destination);
    return index < 0 ? NONE : this.toInterface[index]!;
  }

  /** Addresses of the special blocks; undefined where the ordinary rules hold after all. */
  private unusual(source: number, destination: number): Destination | undefined {
    if (isClassD(source) || source === -1) return { kind: 'martian', address: source >>> 0 };
    if (destination === -1 || (source === 0 && destination === 0))
      return includes(this.own, source) ? { kind: 'martian', address: source >>> 0 } : BROADCAST;
    if (isZero(source) || isLoopback(source)) return { kind: 'martian', address: source >>> 0 };
    if (isZero(destination) || isLoopback(destination)) return { kind: 'martian', address: destination >>> 0 };
    if (!isClassD(destination)) return undefined;
    return destination === ALL_HOSTS ? BROADCAST : { kind: 'martian', address: destination >>> 0 };
  }

  /** Can the router itself send to this address? */
  mayAnswer(address: number): boolean {
    const unicast = !isClassD(address) && !isZero(address) && address !== -1 && !includes(this.broadcasts, address);
    return unicast && !includes(this.own, address) && this.lookup(address) >= 0;
  }
}

function entry(prefix: Prefix, index: number): Entry {
  const mask = netmask(prefix.length) | 0;
  return { network: prefix.address & mask, mask, index };
}

const isClassD = (address: number): boolean => address >>> 28 === 14;
/** Since Linux 5.3 the rest of 0/8 is ordinary. */
const isZero = (address: number): boolean => address === 0;
const isLoopback = (address: number): boolean => address >>> 24 === 127;

/** 0/8, 127/8, 224/4 and 255/8 by their first byte. */
const isUnusual = (first: number): boolean => first === 0 || first === 127 || first >= 224;

function includes(list: Int32Array, address: number): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === address) return true;
  return false;
}

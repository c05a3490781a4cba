/** How a router is set up: interfaces, routes, rules and the behaviour its profile gives it. All plain data. @module */
import type { Prefix } from '../wire/address.ts';
import type { PortDraw } from './netfilter/port-picker.ts';
import type { Timeouts } from './netfilter/timeouts.ts';

export interface InterfaceConfig {
  /** "lan" and "wan" for a home router; others ("tun0", "wan2") where a world needs them. */
  readonly name: string;
  readonly address: Prefix;
  /** Bytes of the largest IP packet. Default 1500. */
  readonly mtu?: number;
  /** Source addresses of what leaves here are replaced by this interface's. */
  readonly masquerade?: boolean;
}

export interface Route {
  readonly to: Prefix;
  readonly via: string;
}

/** A packet filter rule; a packet that fits all that is given fits the rule. */
export interface Rule {
  /** Stable and short, shown to users: "pptp-passthrough-off: tcp dport 1723". */
  readonly name: string;
  readonly in?: string;
  readonly out?: string;
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly state?: readonly ('new' | 'established' | 'related' | 'invalid')[];
  readonly verdict: 'accept' | 'drop' | 'reject';
}

export interface ChainConfig {
  readonly rules: readonly Rule[];
  readonly policy: 'accept' | 'drop';
}

/** How much of the remote end matters (RFC 4787 §4.1, §5). */
export type EndpointDependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/**
 * A NAT in the words of RFC 4787 (UDP), 5382 (TCP) and 5508 (ICMP): every knob can be turned by itself. Timers are
 * `Timeouts`.
 */
export interface NatBehaviour {
  /**
   * When may a flow show the same outside key as another flow of the same inside end? Mapping behaviour: RFC 4787 §4.1
   * and REQ-1, RFC 5382 REQ-1; of ICMP queries RFC 5508 REQ-1a.
   */
  readonly mapping: EndpointDependence;
  /** Who outside may answer to, or call, an outside key that is in use? Filtering behaviour: RFC 4787 §5, REQ-8. */
  readonly filtering: EndpointDependence;
  /**
   * Port assignment, RFC 4787 §4.2.1. `preserve` is port preservation: the inside key where it is free; otherwise, and
   * always with the others, one from its class (REQ-3a).
   */
  readonly ports: 'preserve' | 'sequential' | 'random';
  /** Where drawn ports come from. Default: 1024 to 65535, and 1 to 1023 in place of a privileged port. */
  readonly portRange?: readonly [low: number, high: number];
  /** Port parity, RFC 4787 §4.2.2 and REQ-4: is an even UDP port replaced by an even one, an odd by an odd one? */
  readonly parity: boolean;
  /**
   * Port overloading: may two inside ends show the same outside key, toward different remotes? RFC 4787 REQ-3 and
   * RFC 5382 REQ-7 forbid it, RFC 7857 §3 lets routers that share an address do so.
   */
  readonly overloading: boolean;
  /** Which packets keep a mapping alive. Outbound and inbound refresh: RFC 4787 §4.3, REQ-6. */
  readonly refresh: 'outbound' | 'both';
  /**
   * May two inside ends talk through their outside addresses? RFC 4787 §6, REQ-9; RFC 5382 REQ-8. Needs filtering that is
   * endpoint-independent.
   */
  readonly hairpinning: boolean;
  /** What has no ports, beyond these RFCs: refused, carried for its first owner, or given to whoever sent last. */
  readonly portless: 'drop' | 'first-owner' | 'newest-owner';
  /** What belongs to no flow and can open none: sent out as it is, or thrown away. */
  readonly invalid: 'forward' | 'drop';
}

/**
 * Helpers (ALGs) and modules that a router may have running. Which ones do, its profile's switches say.
 *
 * `nf-pptp` is the kernel's helper and `nf-gre` the tracker that older kernels load with it; `pptp`, `l2tp` and `ipsec`
 * are the textbook's, which do all that the bytes allow. The others carry the name of whose they are.
 */
export type HelperId =
  | 'nf-gre'
  | 'nf-pptp'
  | 'pptp'
  | 'l2tp'
  | 'ipsec'
  | 'alias-pptp'
  | 'broadcom-esp'
  | 'broadcom-ike'
  | 'realtek-pptp'
  | 'realtek-l2tp'
  | 'realtek-ipsec';

/**
 * What tells flows apart: the kernel's own ways (6.x), those of kernels up to 5.0, FreeBSD's libalias of 12.1 or of today,
 * or a NAT described by its behaviour.
 */
export type NatKind = 'netfilter' | 'netfilter-legacy' | 'libalias' | 'libalias-main' | NatBehaviour;

export interface RouterConfig {
  readonly interfaces: readonly InterfaceConfig[];
  /** Besides the interfaces' own networks. The most specific wins. */
  readonly routes: readonly Route[];
  readonly forward: ChainConfig;
  readonly input: ChainConfig;
  /** Running from the start; `Router.setHelpers` changes them. */
  readonly helpers: readonly HelperId[];
  readonly nat: NatKind;
  /** False models kernels up to 5.0: GRE is told apart by addresses alone unless the helper `nf-gre` is loaded. */
  readonly greTracker: boolean;
  readonly timeouts: Timeouts;
  /** Most entries the table may hold; nf_conntrack_max. */
  readonly maxEntries: number;
  readonly seed: number;
}

/** True where nothing reads Call IDs, neither a tracker nor a helper: GRE is one more protocol without ports. */
export function tellsGreByAddresses({ greTracker, helpers }: Pick<RouterConfig, 'greTracker' | 'helpers'>): boolean {
  return !greTracker && !helpers.some((id) => id === 'nf-gre' || id.endsWith('pptp'));
}

/** What a router may ask of its surroundings; left out, the seed decides. */
export interface RouterHooks {
  /** Which key to try first where a flow needs another one: a replay answers what the recorded router drew. */
  readonly draw?: (request: Parameters<PortDraw>[0]) => number | undefined;
  /** The identification of a packet that the router makes itself. */
  readonly ipId?: () => number;
}

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

export interface RouterConfig {
  readonly interfaces: readonly InterfaceConfig[];
  /** Besides the interfaces' own networks. The most specific wins. */
  readonly routes: readonly Route[];
  readonly forward: ChainConfig;
  readonly input: ChainConfig;
  /** Attach the PPTP helper to new control connections. */
  readonly pptpHelper: boolean;
  /** False models kernels up to 5.0 without the GRE module: GRE is told apart by addresses alone. */
  readonly greTracker: boolean;
  readonly timeouts: Timeouts;
  /** Most entries the table may hold; nf_conntrack_max. */
  readonly maxEntries: number;
  readonly seed: number;
}

/** What a router may ask of its surroundings; left out, the seed decides. */
export interface RouterHooks {
  /** Which key to try first where a flow needs another one: a replay answers what the recorded router drew. */
  readonly draw?: (request: Parameters<PortDraw>[0]) => number | undefined;
  /** The identification of a packet that the router makes itself. */
  readonly ipId?: () => number;
}

/**
 * An experiment: everything a run depends on, as plain data. The same experiment gives the same trace, byte for byte.
 * Addresses are dotted text, times are microseconds of the simulated world.
 * @module
 */
import type { NatBehaviour } from '../router/config.ts';
import type { Switches, SwitchName } from '../router/profiles/profile.ts';
import type { Timers } from '../router/profiles/timers.ts';
import type { ClientVpn, ServerVpn } from './vpn.ts';

export interface ClientSetup {
  /** "a", "b", "c", … */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly vpn: ClientVpn;
  /** When its user starts it; left out, never by itself. */
  readonly startAt?: number;
  /**
   * Seconds after which it dials again by itself when its tunnel has failed, until its user stops it. Left out, it does
   * not, as Windows does not unless its user ticks "redial if line is dropped" (rasphone.pbk: RedialOnLinkFailure=0).
   * What retries of its own accord, as OpenVPN and WireGuard do, needs no such setting.
   */
  readonly redial?: number;
}

export interface ServerSetup {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** Further addresses of the same machine. */
  readonly alsoAt?: readonly string[];
  readonly serves: readonly ServerVpn[];
}

export interface RouterSetup {
  /** "router" at home, "cgnat" at the provider. */
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly switches: Switches;
  /** Interface addresses with prefix length: "192.168.1.1/24". */
  readonly lan: string;
  readonly wan: string;
  /** Default: as the profile has it. */
  readonly firewall?: boolean;
  /** False: the router forwards without translating. Default true. */
  readonly nat?: boolean;
  /**
   * Knobs of RFC 4787 turned otherwise than the profile has them. Only where a profile is made of knobs (`hasKnobs`):
   * "textbook" and "pf".
   */
  readonly behaviour?: Partial<NatBehaviour>;
  /** Timers set otherwise than the profile has them, in seconds; only such as it counts by (`hasTimer`). */
  readonly timeouts?: Partial<Timers>;
  readonly gateway?: GatewaySetup;
}

/** A way to the Internet that a router has besides others, with its address there. */
export interface Uplink {
  /** "fibre", "lte" */
  readonly name: string;
  readonly address: string;
}

/** A tunnel that ends on the router itself: those behind it need nothing. */
export type GatewaySetup =
  /** All that the LAN sends goes through a tunnel to the server. */
  | { readonly kind: 'vpn-router'; readonly server: string }
  /** The server is the router of another office, at this address of its LAN. */
  | { readonly kind: 'site-to-site'; readonly server: string; readonly remote: string }
  /** The same over several uplinks, the best that works; the first is the router's WAN. */
  | {
      readonly kind: 'sd-wan';
      readonly server: string;
      readonly remote: string;
      readonly uplinks: readonly [Uplink, ...Uplink[]];
    };

/** What a link does to packets besides carrying them. Chances are 0 … 1, drawn from the seed. */
export interface LinkSetup {
  /** One way, microseconds. */
  readonly delay: number;
  readonly loss?: number;
  readonly duplicate?: number;
  /** A packet so chosen is held back by three delays, so that others overtake it. */
  readonly reorder?: number;
}

export type Intervention = { readonly at: number } & (
  | { readonly do: 'switch'; readonly router: string; readonly name: SwitchName; readonly on: boolean }
  /** Save and reboot: the tables are lost, and the router is away for a while. */
  | { readonly do: 'reboot'; readonly router: string }
  | { readonly do: 'flush'; readonly router: string }
  | { readonly do: 'wan-address'; readonly router: string; readonly address: string }
  /** `uplink`: one of a router that has several; left out, all its cables. */
  | { readonly do: 'cable'; readonly node: string; readonly plugged: boolean; readonly uplink?: string }
  | { readonly do: 'start' | 'stop'; readonly node: string }
  /** Somebody outside sends a packet of his own making: hex of a whole IPv4 packet. */
  | { readonly do: 'packet'; readonly from: string; readonly hex: string }
);

export interface Experiment {
  readonly seed: number;
  /** The run ends here, or when nothing more can happen. */
  readonly duration: number;
  readonly clients: readonly ClientSetup[];
  /** From the inside out: the home router first, then the provider's, if there is one. */
  readonly routers: readonly [RouterSetup, ...RouterSetup[]];
  readonly servers: readonly ServerSetup[];
  /** Somebody on the Internet who was not asked. */
  readonly stranger?: string;
  /** Default: 1 ms. */
  readonly lan?: LinkSetup;
  /** Default: 10 ms. */
  readonly internet?: LinkSetup;
  readonly interventions?: readonly Intervention[];
}

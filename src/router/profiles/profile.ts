/**
 * A profile is a router model as data: which translator it has, what each passthrough switch really does in each
 * position, and where that is known from. `configOf` turns it into a router's set-up.
 * @module
 */
import type { Prefix } from '../../wire/address.ts';
import type {
  ChainConfig,
  HelperId,
  InterfaceConfig,
  NatBehaviour,
  NatKind,
  Route,
  RouterConfig,
  Rule,
} from '../config.ts';
import type { Timeouts } from '../netfilter/timeouts.ts';
import { type TimerName, type Timers, withTimers } from './timers.ts';

export type SwitchName = 'pptp' | 'l2tp' | 'ipsec';
export const SWITCHES: readonly SwitchName[] = ['pptp', 'l2tp', 'ipsec'];

/** Which of the three passthrough switches are on. */
export type Switches = Readonly<Record<SwitchName, boolean>>;

/** What one position of a switch does; a position that does nothing says so. */
export interface Position {
  /** One sentence for the user, true for this profile. */
  readonly says: string;
  /** Helpers (ALGs) and modules that run in this position. */
  readonly helpers?: readonly HelperId[];
  /** Forwarding rules in this position, judged after what is already established. */
  readonly rules?: readonly Rule[];
}

export interface SwitchMeaning {
  readonly on: Position;
  readonly off: Position;
  /** Source file, document or recording. */
  readonly source: string;
}

/** How flows are told apart and rewritten. */
export interface Core {
  readonly nat: NatKind;
  readonly greTracker: boolean;
  readonly timeouts: Timeouts;
  readonly maxEntries: number;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  /** One sentence: what kind of router this is. */
  readonly about: string;
  readonly core: Core;
  readonly switches: Readonly<Record<SwitchName, SwitchMeaning>>;
  /** Helpers that no switch concerns; none by default. */
  readonly helpers?: readonly HelperId[];
  /** As the box comes out of its carton. */
  readonly defaults: Switches;
  /** From the WAN only what was asked for, as every home router has it; false models a bare forwarding router. */
  readonly firewall: boolean;
  readonly sources: readonly string[];
}

export interface Placement {
  readonly lan: Prefix;
  readonly wan: Prefix;
  readonly seed: number;
  /** Default: the profile's own. */
  readonly firewall?: boolean;
  /** False: forwards without translating. Default true. */
  readonly nat?: boolean;
  /** Knobs turned otherwise than the profile has them; only where `hasKnobs`. */
  readonly behaviour?: Partial<NatBehaviour>;
  /** Timers set otherwise than the profile has them; only what it counts by (`hasTimer`). */
  readonly timeouts?: Partial<Timers>;
}

const ESTABLISHED: Rule = { name: 'established', state: ['established', 'related'], verdict: 'accept' };
const NOTHING_IN: Rule = { name: 'nothing unasked from the WAN', in: 'wan', verdict: 'drop' };
const OPEN: ChainConfig = { rules: [], policy: 'accept' };

/** The chains that the switches and the firewall make together, in the order in which home routers have them. */
export function chainsOf(
  profile: Profile,
  switches: Switches,
  firewall = profile.firewall,
): { readonly forward: ChainConfig; readonly input: ChainConfig } {
  const rules = SWITCHES.flatMap((name) => positionOf(profile, switches, name).rules ?? []);
  const needed = rules.length > 0 || firewall;
  const forward: ChainConfig = needed
    ? { rules: [ESTABLISHED, ...rules, ...(firewall ? [NOTHING_IN] : [])], policy: 'accept' }
    : OPEN;
  return { forward, input: firewall ? { rules: [ESTABLISHED, NOTHING_IN], policy: 'accept' } : OPEN };
}

export function helpersOf(profile: Profile, switches: Switches): readonly HelperId[] {
  const bySwitch = SWITCHES.flatMap((name) => positionOf(profile, switches, name).helpers ?? []);
  return [...new Set([...(profile.helpers ?? []), ...bySwitch])];
}

export function positionOf(profile: Profile, switches: Switches, name: SwitchName): Position {
  return switches[name] ? profile.switches[name].on : profile.switches[name].off;
}

/** Does this switch change anything on this router, by helpers or by rules? */
export function doesSomething({ switches }: Profile, name: SwitchName): boolean {
  const { on, off } = switches[name];
  return [on, off].some(({ helpers = [], rules = [] }) => helpers.length + rules.length > 0);
}

/** Is this router's NAT described by knobs? The others have ways of their own, with nothing to turn. */
export function hasKnobs(profile: Profile): boolean {
  return typeof profile.core.nat === 'object';
}

/** Does this router count by a timer of this name? libalias puts no pieces together, and knows them by a fixed time. */
export function hasTimer({ core }: Profile, name: TimerName): boolean {
  return name !== 'fragments' || (core.nat !== 'libalias' && core.nat !== 'libalias-main');
}

/** The core with its knobs turned and its timers set. */
function coreOf({ id, core }: Profile, { behaviour, timeouts }: Placement): Core {
  const timed = timeouts ? { ...core, timeouts: withTimers(core.timeouts, timeouts) } : core;
  if (!behaviour) return timed;
  if (typeof core.nat !== 'object') throw new Error(`the router profile "${id}" has no knobs to turn`);
  return { ...timed, nat: { ...core.nat, ...behaviour } };
}

export function configOf(profile: Profile, switches: Switches, placement: Placement): RouterConfig {
  const interfaces: readonly InterfaceConfig[] = [
    { name: 'lan', address: placement.lan },
    { name: 'wan', address: placement.wan, masquerade: placement.nat ?? true },
  ];
  const routes: readonly Route[] = [{ to: { address: 0, length: 0 }, via: 'wan' }];
  return {
    interfaces,
    routes,
    ...chainsOf(profile, switches, placement.firewall),
    helpers: helpersOf(profile, switches),
    ...coreOf(profile, placement),
    seed: placement.seed,
  };
}

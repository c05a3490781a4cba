/**
 * Which advice a house asks for: by what is in use there, which switches are on, and what got through when it was tried.
 * @module
 */
import { ADVICE, ALWAYS } from '../explain/advice.ts';
import { VPN_SAFETY } from '../explain/vpn-safety.ts';
import { profileOf } from '../router/profiles/index.ts';
import { SWITCHES, type SwitchName } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';
import type { VpnKind } from '../world/vpn.ts';
import { workingSwitches } from './matrix.ts';
import type { Probed } from './probe.ts';

export interface Advice {
  readonly id: keyof typeof ADVICE | keyof typeof ALWAYS;
  readonly title: string;
  /** todo: something here asks for it. done: nothing does. always: good in any house. */
  readonly state: 'todo' | 'done' | 'always';
  readonly says: string;
}

/** Which VPNs a switch is about. */
const CONCERNS: Readonly<Record<SwitchName, readonly VpnKind[]>> = {
  pptp: ['pptp'],
  l2tp: ['l2tp', 'l2tpv3'],
  ipsec: ['ikev2', 'esp', 'ah', 'l2tp-ipsec'],
};

const NAMES: Readonly<Record<SwitchName, string>> = { pptp: 'PPTP', l2tp: 'L2TP', ipsec: 'IPsec' };

/** Which VPNs need a packet of this name to leave. */
const NEEDS: Readonly<Record<string, readonly VpnKind[]>> = {
  'PPTP, TCP 1723': ['pptp'],
  GRE: ['pptp', 'gre'],
  ESP: ['ikev2', 'esp'],
  AH: ['ah'],
  'IKE, UDP 500': ['ikev2', 'l2tp-ipsec'],
  'IPsec NAT-T, UDP 4500': ['ikev2', 'l2tp-ipsec'],
  'L2TP, UDP 1701': ['l2tp', 'l2tpv3'],
  'L2TPv3, IP 115': ['l2tpv3'],
};

export function adviceFor(experiment: Experiment, probed: readonly Probed[]): readonly Advice[] {
  const kinds = new Set(experiment.clients.map(({ vpn }) => vpn.kind));
  return [
    on('old', doubtful(experiment)),
    on('unused', idle(experiment, kinds)),
    on('block', open(kinds, probed)),
    ...Object.entries(ALWAYS).map(([id, words]) => ({
      id: id as keyof typeof ALWAYS,
      state: 'always' as const,
      ...words,
    })),
  ];
}

/** Whoever or whatever asks for it, by name. */
function on(id: keyof typeof ADVICE, names: readonly string[]): Advice {
  const { title, done, todo } = ADVICE[id];
  return names.length === 0
    ? { id, title, state: 'done', says: done }
    : { id, title, state: 'todo', says: todo(names) };
}

function doubtful({ clients }: Experiment): readonly string[] {
  return clients
    .filter(({ vpn }) => vpn.kind !== 'plain' && VPN_SAFETY[vpn.kind].safety !== 'sound')
    .map(({ name }) => name);
}

function idle({ routers: [home] }: Experiment, kinds: ReadonlySet<VpnKind>): readonly string[] {
  const profile = profileOf(home.profile);
  const working = profile ? workingSwitches(profile) : [];
  return SWITCHES.filter(
    (name) => home.switches[name] && working.includes(name) && !CONCERNS[name].some((kind) => kinds.has(kind)),
  ).map((name) => NAMES[name]);
}

function open(kinds: ReadonlySet<VpnKind>, probed: readonly Probed[]): readonly string[] {
  return probed
    .filter(
      ({ way, fate, name }) =>
        way === 'out' && fate === 'through' && NEEDS[name]?.some((kind) => kinds.has(kind)) === false,
    )
    .map(({ name }) => name);
}

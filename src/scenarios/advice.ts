/**
 * What somebody with these settings would be told by a friend who knows: by what is in use here, which switches are on,
 * and what got through when it was tried. Passthrough is a last resort.
 * @module
 */
import { VPN_SAFETY } from '../explain/vpn-safety.ts';
import { profileOf } from '../router/profiles/index.ts';
import { SWITCHES, type SwitchName } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';
import type { VpnKind } from '../world/vpn.ts';
import { workingSwitches } from './matrix.ts';
import type { Probed } from './probe.ts';

export interface Advice {
  readonly id: 'old' | 'unused' | 'block' | 'authenticate' | 'monitor' | 'segment' | 'audit';
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
  return [old(experiment), unused(experiment, kinds), block(kinds, probed), ...ALWAYS];
}

function old({ clients }: Experiment): Advice {
  const doubtful = clients.filter(({ vpn }) => vpn.kind !== 'plain' && VPN_SAFETY[vpn.kind].safety !== 'sound');
  const common = { id: 'old', title: 'Leave old protocols' } as const;
  if (doubtful.length === 0)
    return { ...common, state: 'done', says: 'Nothing that is in use here is known to be weak.' };
  const who = listed(doubtful.map(({ name }) => name));
  const one = doubtful.length === 1;
  return {
    ...common,
    state: 'todo',
    says: `${who} ${one ? 'uses' : 'use'} a tunnel that is weak or hides nothing. WireGuard, OpenVPN or IKEv2 would do the same without any help from the router.`,
  };
}

function unused({ routers: [home] }: Experiment, kinds: ReadonlySet<VpnKind>): Advice {
  const profile = profileOf(home.profile);
  const working = profile ? workingSwitches(profile) : [];
  const idle = SWITCHES.filter(
    (name) => home.switches[name] && working.includes(name) && !CONCERNS[name].some((kind) => kinds.has(kind)),
  );
  const common = { id: 'unused', title: 'Turn it off again' } as const;
  if (idle.length === 0) return { ...common, state: 'done', says: 'No switch is on that nobody here has a use for.' };
  const which = listed(idle.map((name) => `${NAMES[name]} passthrough`));
  return {
    ...common,
    state: 'todo',
    says: `${which} ${idle.length === 1 ? 'is' : 'are'} on, and nobody here needs ${idle.length === 1 ? 'it' : 'them'}.`,
  };
}

function block(kinds: ReadonlySet<VpnKind>, probed: readonly Probed[]): Advice {
  const open = probed.filter(
    ({ way, fate, name }) =>
      way === 'out' && fate === 'through' && NEEDS[name]?.some((kind) => kinds.has(kind)) === false,
  );
  const common = { id: 'block', title: 'Block what is not used' } as const;
  if (open.length === 0)
    return { ...common, state: 'done', says: 'Of the VPN protocols tried, none leaves that nobody here uses.' };
  return {
    ...common,
    state: 'todo',
    says: `A new device could send ${listed(open.map(({ name }) => name))} out, which nobody here uses. A rule that drops it costs nothing.`,
  };
}

const ALWAYS: readonly Advice[] = [
  {
    id: 'authenticate',
    title: 'Keep asking who it is',
    state: 'always',
    says: 'Passthrough asks nobody. Certificates, keys or a second factor at the VPN server do.',
  },
  {
    id: 'monitor',
    title: 'Watch it',
    state: 'always',
    says: 'Tunnels hide what they carry, so what is left to see is who talks to whom, when and how much. Look at that.',
  },
  {
    id: 'segment',
    title: 'Keep networks apart',
    state: 'always',
    says: 'Guests and gadgets belong in a network of their own, where none of this is let through.',
  },
  {
    id: 'audit',
    title: 'Look again',
    state: 'always',
    says: 'A firmware update or a reset can put every switch back. Check these settings now and then.',
  },
];

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

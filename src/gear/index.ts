/** A router of ours as configuration for a real one. @module */
import { type Placement, type Profile, SWITCHES, type Switches } from '../router/profiles/profile.ts';
import type { Gear, GearLine, GearPart, TargetId } from './gear.ts';
import { iosLines, iosNotes } from './ios.ts';
import { iptablesLines } from './iptables.ts';
import { type LinuxOrder, onLinux } from './linux.ts';
import { nftablesLines } from './nftables.ts';
import { type Order, orderOf } from './order.ts';
import { linuxProof, READ_ONLY } from './proof.ts';
import { routerOsLines } from './routeros.ts';
import { sysctlPart } from './sysctls.ts';
import { uciLines } from './uci.ts';

/** In the order in which they are offered: what was tested comes first. */
export const TARGETS: readonly { readonly id: TargetId; readonly name: string }[] = [
  { id: 'nftables', name: 'nftables' },
  { id: 'iptables', name: 'iptables' },
  { id: 'uci', name: 'OpenWrt UCI' },
  { id: 'routeros', name: 'MikroTik RouterOS' },
  { id: 'ios', name: 'Cisco IOS' },
];

type Made = Pick<Gear, 'comment' | 'parts' | 'notes' | 'proof'>;

const MAKERS: Readonly<Record<TargetId, (order: Order) => Made>> = {
  nftables: (order) => {
    const linux = onLinux(order);
    const rules = { place: '/etc/nftables.conf', lines: nftablesLines(linux) };
    return linuxGear(order, linux, 'nftables', rules);
  },
  iptables: (order) => {
    const linux = onLinux(order);
    const rules = { place: '/etc/iptables/rules.v4', lines: iptablesLines(linux) };
    return linuxGear(order, linux, 'iptables', rules);
  },
  uci: (order) => {
    const linux = onLinux(order);
    return {
      comment: '#',
      parts: [{ place: '/etc/config/firewall', lines: uciLines(linux) }, ...packages(linux), sysctlPart(linux.config)],
      notes: [...linux.notes, ...(linux.ports ? [NO_PORTS] : [])],
      proof: READ_ONLY.uci,
    };
  },
  routeros: (order) => {
    const linux = onLinux(order);
    const parts = [{ place: 'At the prompt', lines: routerOsLines(linux) }];
    return { comment: '#', parts, notes: linux.notes, proof: READ_ONLY.routeros };
  },
  ios: (order) => {
    const parts = [{ place: 'In configuration mode', lines: iosLines(order) }];
    return { comment: '!', parts, notes: iosNotes(order), proof: READ_ONLY.ios };
  },
};

/** What the router of `profile`, its switches so, would be on a `target`. */
export function gearOf(profile: Profile, switches: Switches, placement: Placement, target: TargetId): Gear {
  const made = MAKERS[target](orderOf(profile, switches, placement));
  const lines = made.parts.flatMap((part) => part.lines);
  return {
    target,
    name: TARGETS.find(({ id }) => id === target)!.name,
    ...made,
    silent: SWITCHES.filter((name) => !lines.some(({ by }) => by !== 'router' && by.switch === name)),
  };
}

function linuxGear(order: Order, linux: LinuxOrder, tool: 'nftables' | 'iptables', rules: GearPart): Made {
  return {
    comment: '#',
    parts: [rules, sysctlPart(linux.config), ...modules(linux)],
    notes: linux.notes,
    proof: linuxProof(tool, order.config.nat, linux),
  };
}

/** Loading the one brings the helper itself and GRE's tracker along. */
function modules({ config, helperBy }: LinuxOrder): GearPart[] {
  if (!config.helpers.includes('nf-pptp')) return [];
  const line: GearLine = { text: 'nf_nat_pptp', why: 'The PPTP helper is in memory.', by: helperBy('nf-pptp') };
  return [{ place: '/etc/modules-load.d/router.conf', lines: [line] }];
}

function packages({ config, helperBy }: LinuxOrder): GearPart[] {
  if (!config.helpers.includes('nf-pptp')) return [];
  const line: GearLine = {
    text: 'opkg install kmod-nf-nathelper-extra',
    why: 'The package with the PPTP helper.',
    by: helperBy('nf-pptp'),
  };
  return [{ place: 'At the prompt, once', lines: [line] }];
}

const NO_PORTS = {
  kind: 'cannot',
  says: 'A zone that is masqueraded has no setting for the range of source ports: they are kept where they can be.',
  by: 'router',
} as const;

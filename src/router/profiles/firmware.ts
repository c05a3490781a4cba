/**
 * What the profiles of home-router firmware share: the older Linux kernel inside, its PPTP modules, and the words for
 * rules that drop what leaves by the WAN.
 * @module
 */
import type { HelperId, Rule } from '../config.ts';
import { LINUX_TIMEOUTS } from '../netfilter/timeouts.ts';
import type { Core, SwitchMeaning, SwitchName } from './profile.ts';

/**
 * Kernels up to 5.0: GRE is a protocol like ESP until its tracker is loaded, ports are searched in order, and a UDP
 * flow with answers lives 180 s. Source: nf_nat_proto_common.c and nf_conntrack_proto_udp.c of Linux 4.1.
 */
export const LEGACY_CORE: Core = {
  nat: 'netfilter-legacy',
  greTracker: false,
  timeouts: { ...LINUX_TIMEOUTS, udpStream: 180 },
  maxEntries: 16_384,
};

/** The PPTP helper and the GRE tracker that is loaded with it. */
export const PPTP_MODULES: readonly HelperId[] = ['nf-gre', 'nf-pptp'];

export const TCP = 6;
export const UDP = 17;
export const GRE = 47;
export const ESP = 50;
export const AH = 51;

const NAMES: Readonly<Record<number, string>> = {
  [TCP]: 'tcp',
  [UDP]: 'udp',
  [GRE]: 'GRE',
  [ESP]: 'ESP',
  [AH]: 'AH',
};

/** A rule for what leaves by the WAN; a port narrows it to what is addressed there. */
function outward(name: string, verdict: Rule['verdict'], protocol: number, port?: number): Rule {
  const what = `${NAMES[protocol]}${port === undefined ? '' : ` dport ${port}`}`;
  return {
    name: `${name}: ${what}`,
    out: 'wan',
    protocol,
    ...(port === undefined ? {} : { destinationPort: port }),
    verdict,
  };
}

/** The DROP rule of a switch that is off. */
export function drop(name: SwitchName, protocol: number, port?: number): Rule {
  return outward(`${name}-passthrough-off`, 'drop', protocol, port);
}

/** The ACCEPT rule of a switch that is on. */
export function accept(name: SwitchName, protocol: number, port?: number): Rule {
  return outward(`${name}-passthrough-on`, 'accept', protocol, port);
}

/** A box without this switch: both positions do nothing, and say so. */
export function noSwitch(says: string, source: string): SwitchMeaning {
  return { on: { says }, off: { says }, source };
}

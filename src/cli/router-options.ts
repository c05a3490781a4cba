/** The options by which commands set up a router. @module */
import type { RouterConfig } from '../router/config.ts';
import { PROFILES } from '../router/profiles/index.ts';
import { configOf, type Placement } from '../router/profiles/profile.ts';
import { formatPrefix, netmask, type Prefix, parsePrefix } from '../wire/address.ts';
import { choice, type Option, type Values } from './options.ts';

const EXAMPLE = 'the address of a host with its network, as 192.168.1.1/24';

/** Where a router stands unless told otherwise. */
export const LAN: Prefix = { address: 0xc0a80101, length: 24 };
export const WAN: Prefix = { address: 0xcb007101, length: 24 };

function prefix(help: string, shown: string): Option<Prefix | undefined> {
  return { placeholder: 'PREFIX', help, expected: EXAMPLE, parse: hostPrefix, otherwise: undefined, shown };
}

/** A network's own address and its broadcast address are nobody's. */
function hostPrefix(text: string): Prefix | undefined {
  const prefix = parsePrefix(text);
  if (!prefix || prefix.length > 30) return prefix;
  const host = (prefix.address & ~netmask(prefix.length)) >>> 0;
  return host === 0 || host === ~netmask(prefix.length) >>> 0 ? undefined : prefix;
}

/** What is wrong with two addresses of one router, if anything. */
export function clash(lan: Prefix | undefined, wan: Prefix | undefined): string | undefined {
  if (!lan || !wan || lan.address !== wan.address) return undefined;
  return `--wan: expected another address than that of the LAN side, received "${formatPrefix(wan)}"`;
}

const POSITIONS = { on: true, off: false };

/** Left out, the profile decides. */
export function position(help: string, shown = "the profile's"): Option<boolean | undefined> {
  const given = choice('on|off', help, POSITIONS, 'off');
  return { ...given, otherwise: undefined, shown };
}

export const profiles = Object.fromEntries(PROFILES.map((profile) => [profile.id, profile]));

/** What every command that runs a router takes. `shown`: what stands for addresses that are not given. */
export function routerOptions(shown: { readonly lan: string; readonly wan: string }) {
  return {
    profile: choice('ID', 'router model', profiles, 'linux'),
    pptp: position('PPTP passthrough switch; for linux, the PPTP helper'),
    firewall: position('accept from the WAN only what was asked for'),
    lan: prefix('address on the LAN side', shown.lan),
    wan: prefix('address on the WAN side', shown.wan),
  };
}

/** A router as the options ask for it. */
export function configFrom(
  values: Pick<Values<ReturnType<typeof routerOptions>>, 'profile' | 'pptp' | 'firewall'>,
  placement: Placement,
): RouterConfig {
  const { profile, pptp = profile.defaults.pptp, firewall = profile.firewall } = values;
  return configOf(profile, { ...profile.defaults, pptp }, { ...placement, firewall });
}

export const seedOption: Option<number> = {
  placeholder: 'N',
  help: 'decides what the router draws by chance',
  expected: 'a whole number from 0 to 4294967295',
  parse: (text) => (/^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined),
  otherwise: 1,
  shown: '1',
};

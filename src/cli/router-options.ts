/** The options by which commands set up a router. @module */
import { HOME_FIREWALL, linuxConfig } from '../router/profiles/linux.ts';
import { formatIpv4, type Prefix, parsePrefix } from '../wire/address.ts';
import { choice, type Option } from './options.ts';

const EXAMPLE = 'an address with its network, as 192.168.1.1/24';

function prefix(help: string, shown: string): Option<Prefix | undefined> {
  return { placeholder: 'PREFIX', help, expected: EXAMPLE, parse: parsePrefix, otherwise: undefined, shown };
}

const ON_OFF = { on: true, off: false };
const FIREWALL = { on: HOME_FIREWALL, off: {} };

/** What every command that runs a router takes. `guessed`: what stands for an address that is not given. */
export function routerOptions(guessed: { readonly lan: string; readonly wan: string }) {
  return {
    profile: choice('ID', 'router model', { linux: linuxConfig }, 'linux'),
    pptp: choice('on|off', 'PPTP helper', ON_OFF, 'off'),
    firewall: choice('on|off', 'accept from the WAN only what was asked for', FIREWALL, 'off'),
    lan: prefix('address on the LAN side', guessed.lan),
    wan: prefix('address on the WAN side', guessed.wan),
  };
}

export const seedOption: Option<number> = {
  placeholder: 'N',
  help: 'decides what the router draws by chance',
  expected: 'a whole number from 0 to 4294967295',
  parse: (text) => (/^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined),
  otherwise: 1,
  shown: '1',
};

export function formatPrefix(prefix: Prefix): string {
  return `${formatIpv4(prefix.address)}/${prefix.length}`;
}

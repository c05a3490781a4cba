/** A plain Linux router, with chains of its own where a test has some. */
import type { ChainConfig, RouterConfig } from '../../src/router/config.ts';
import { linux } from '../../src/router/profiles/linux.ts';
import { chainsOf, configOf } from '../../src/router/profiles/profile.ts';
import { type Prefix, parsePrefix } from '../../src/wire/address.ts';

interface LinuxOptions {
  readonly lan?: Prefix;
  readonly wan?: Prefix;
  readonly pptp?: boolean;
  readonly seed?: number;
  readonly forward?: ChainConfig;
  readonly input?: ChainConfig;
}

const LAN = parsePrefix('192.168.1.1/24') as Prefix;
const WAN = parsePrefix('203.0.113.1/24') as Prefix;

export function linuxConfig(options: LinuxOptions = {}): RouterConfig {
  const { lan = LAN, wan = WAN, pptp = false, seed = 1, ...chains } = options;
  return { ...configOf(linux, { ...linux.defaults, pptp }, { lan, wan, seed }), ...chains };
}

/** The usual home firewall: from the WAN only what was asked for. */
export const HOME_FIREWALL = chainsOf(linux, linux.defaults, true);

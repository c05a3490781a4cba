/** What makes the running kernel the router of a configuration, as our own generator prints it for real gear. @module */
import type { Gear } from '../../src/gear/gear.ts';
import { iptablesLines } from '../../src/gear/iptables.ts';
import { type LinuxOrder, onLinux } from '../../src/gear/linux.ts';
import { nftablesLines } from '../../src/gear/nftables.ts';
import type { Order } from '../../src/gear/order.ts';
import { sysctlsOf } from '../../src/gear/sysctls.ts';
import { textOf } from '../../src/gear/text.ts';
import type { RouterConfig } from '../../src/router/config.ts';

export interface KernelSetup {
  readonly rules: {
    readonly tool: 'nft' | 'iptables-restore';
    /** As the tool reads it from a file. */
    readonly text: string;
  };
  readonly sysctl: Readonly<Record<string, number>>;
}

export type SetupWriter = (config: RouterConfig) => KernelSetup;

export const inNftables: SetupWriter = (config) => ({
  rules: nftRules({ ...onLinux(plainOrder(config)), config }),
  sysctl: sysctlsOf(config.timeouts),
});

export const WRITERS = {
  nftables: (order: LinuxOrder) => nftRules(order),
  iptables: (order: LinuxOrder) => ({ tool: 'iptables-restore', text: textOf(iptablesLines(order), '#') }) as const,
};

function nftRules(order: LinuxOrder): KernelSetup['rules'] {
  return { tool: 'nft', text: textOf(nftablesLines(order), '#') };
}

/**
 * The settings that a configuration prints, without those of the whole machine: a namespace may not set how large the
 * table is, and forwards already.
 */
export function printedSysctl(gear: Gear): Readonly<Record<string, number>> {
  const lines = gear.parts.find(({ place }) => place.startsWith('/etc/sysctl.d/'))?.lines ?? [];
  const settings = lines.map(({ text }) => text.split(' = ') as [string, string]);
  return Object.fromEntries(
    settings
      .filter(([name]) => name !== 'net.ipv4.ip_forward' && name !== 'net.netfilter.nf_conntrack_max')
      .map(([name, value]) => [name, Number(value)]),
  );
}

/** A configuration that no profile stands behind: the router asks for all of it. */
function plainOrder(config: RouterConfig): Order {
  return { config, ruleBy: () => 'router', helperBy: () => 'router', noPptpBy: 'router', positionBy: () => 'router' };
}

/**
 * A router as nftables reads it. The judge of the kernel tests loads what this module prints, so each statement stands on
 * a line of its own.
 * @module
 */

import type { ChainConfig, InterfaceConfig, Rule } from '../router/config.ts';
import type { GearLine, Maker } from './gear.ts';
import type { LinuxOrder } from './linux.ts';
import { whyRule } from './rule-words.ts';
import { routerLine } from './text.ts';

const HOOKS = {
  forward: 'For what passes through this router.',
  input: 'For what is addressed to this router itself.',
} as const;

export function nftablesLines(order: LinuxOrder): GearLine[] {
  const { config } = order;
  return [
    routerLine('table ip router {', 'All of it concerns IPv4.'),
    ...(config.interfaces.some((each) => each.masquerade) ? [] : tracking()),
    ...(config.helpers.includes('nf-pptp') ? pptpHelper(order.helperBy('nf-pptp')) : []),
    ...translation(order),
    ...chain('forward', config.forward, order),
    ...chain('input', config.input, order),
    routerLine('}'),
  ];
}

/** Nothing else may ask for the connection's state, and a kernel that nobody asks does not track. */
function tracking(): GearLine[] {
  return [
    routerLine('  chain tracking {', 'Flows are tracked, although nothing is translated.'),
    routerLine('    type filter hook prerouting priority -140;'),
    routerLine('    ct state new continue'),
    routerLine('  }'),
  ];
}

/** The kernel attaches no helper by itself; this comes before everything that looks at the connection. */
function pptpHelper(by: Maker): GearLine[] {
  const line = (text: string, why?: string): GearLine => ({ text, by, ...(why === undefined ? {} : { why }) });
  return [
    line('  ct helper pptp-std {', "The kernel's PPTP helper, by a name that rules can use."),
    line('    type "pptp" protocol tcp;'),
    line('  }'),
    line('  chain helpers {', 'It reads every control connection that begins from now on.'),
    line('    type filter hook prerouting priority -150;'),
    line('    tcp dport 1723 ct helper set "pptp-std"'),
    line('  }'),
  ];
}

function translation({ config, ports }: LinuxOrder): GearLine[] {
  const outside = config.interfaces.filter((each) => each.masquerade);
  if (outside.length === 0) return [];
  return [
    routerLine('  chain translation {', 'Source addresses are replaced after routing.'),
    routerLine('    type nat hook postrouting priority 100;'),
    ...outside.flatMap((each) => masquerade(each, ports)),
    routerLine('  }'),
  ];
}

function masquerade({ name }: InterfaceConfig, ports: LinuxOrder['ports']): GearLine[] {
  const plain = routerLine(`    oifname "${name}" masquerade`, `What leaves by ${name} gets its address.`);
  if (!ports) return [plain];
  const drawn = `    oifname "${name}" meta l4proto { tcp, udp } masquerade to :${ports[0]}-${ports[1]} fully-random`;
  return [routerLine(drawn, 'TCP and UDP get a source port drawn from this range.'), plain];
}

function chain(hook: 'forward' | 'input', { rules, policy }: ChainConfig, { ruleBy }: LinuxOrder): GearLine[] {
  if (rules.length === 0 && policy === 'accept') return [];
  return [
    routerLine(`  chain ${hook} {`, HOOKS[hook]),
    routerLine(`    type filter hook ${hook} priority 0; policy ${policy};`),
    ...rules.map((rule) => ({ text: `    ${ruleText(rule)}`, why: whyRule(rule), by: ruleBy(rule) })),
    routerLine('  }'),
  ];
}

/** Protocols whose ports nftables knows by name. */
const PORTED: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp', 136: 'udplite' };

function ruleText(rule: Rule): string {
  const parts: string[] = [];
  if (rule.in !== undefined) parts.push(`iifname "${rule.in}"`);
  if (rule.out !== undefined) parts.push(`oifname "${rule.out}"`);
  const ports = [
    ...(rule.sourcePort === undefined ? [] : [`sport ${rule.sourcePort}`]),
    ...(rule.destinationPort === undefined ? [] : [`dport ${rule.destinationPort}`]),
  ];
  const named = rule.protocol === undefined ? undefined : PORTED[rule.protocol];
  // A port of a named protocol asks for that protocol as well.
  if (rule.protocol !== undefined && !(named && ports.length > 0)) parts.push(`meta l4proto ${rule.protocol}`);
  parts.push(...ports.map((port) => `${named ?? 'th'} ${port}`));
  if (rule.state) parts.push(`ct state { ${rule.state.join(', ')} }`);
  return [...parts, rule.verdict].join(' ');
}

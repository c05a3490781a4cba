/** A router's configuration as nftables reads it. @module */
import type { ChainConfig, RouterConfig, Rule } from '../../src/router/config.ts';

/** The helper sits before everything, as the kernel never attaches it by itself. Each statement on its own line. */
export function nftRules(config: RouterConfig): string {
  const masquerade = config.interfaces
    .filter((each) => each.masquerade)
    .map((each) => `oifname "${each.name}" masquerade`);
  const helper = [
    'ct helper pptp-std {',
    'type "pptp" protocol tcp',
    '}',
    'chain helpers {',
    'type filter hook prerouting priority -150',
    'tcp dport 1723 ct helper set "pptp-std"',
    '}',
  ];
  return [
    'table ip lab {',
    // Nothing else may ask for the connection's state, and a kernel that nobody asks does not track.
    'chain tracking {',
    'type filter hook prerouting priority -140',
    'ct state new continue',
    '}',
    ...(config.helpers.includes('nf-pptp') ? helper : []),
    'chain nat_out {',
    'type nat hook postrouting priority 100',
    ...masquerade,
    '}',
    ...chain('forward', config.forward),
    ...chain('input', config.input),
    '}',
    '',
  ].join('\n');
}

function chain(hook: 'forward' | 'input', { rules, policy }: ChainConfig): string[] {
  if (rules.length === 0 && policy === 'accept') return [];
  return [
    `chain ${hook}_filter {`,
    `type filter hook ${hook} priority 0; policy ${policy};`,
    ...rules.map(ruleText),
    '}',
  ];
}

function ruleText(rule: Rule): string {
  const parts: string[] = [];
  if (rule.in !== undefined) parts.push(`iifname "${rule.in}"`);
  if (rule.out !== undefined) parts.push(`oifname "${rule.out}"`);
  if (rule.protocol !== undefined) parts.push(`meta l4proto ${rule.protocol}`);
  if (rule.sourcePort !== undefined) parts.push(`th sport ${rule.sourcePort}`);
  if (rule.destinationPort !== undefined) parts.push(`th dport ${rule.destinationPort}`);
  if (rule.state) parts.push(`ct state { ${rule.state.join(', ')} }`);
  return [...parts, rule.verdict].join(' ');
}

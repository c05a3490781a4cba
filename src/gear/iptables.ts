/** A router as iptables-restore reads it, table by table. @module */

import type { ChainConfig, Rule } from '../router/config.ts';
import type { GearLine, Maker } from './gear.ts';
import type { LinuxOrder } from './linux.ts';
import { whyRule } from './rule-words.ts';
import { routerLine } from './text.ts';

export function iptablesLines(order: LinuxOrder): GearLine[] {
  return [...rawTable(order), ...mangleTable(order), ...natTable(order), ...filterTable(order)];
}

/** A helper is attached where a connection has no entry yet. */
function rawTable({ config, helperBy }: LinuxOrder): GearLine[] {
  if (!config.helpers.includes('nf-pptp')) return [];
  const by = helperBy('nf-pptp');
  const attach: GearLine = {
    text: '-A PREROUTING -p tcp -m tcp --dport 1723 -j CT --helper pptp',
    why: "The kernel's PPTP helper reads every control connection that begins from now on.",
    by,
  };
  return table('raw', 'Before connection tracking.', [attach], by);
}

/** A kernel that nobody asks for a connection's state does not track. */
function mangleTable({ config }: LinuxOrder): GearLine[] {
  if (config.interfaces.some((each) => each.masquerade)) return [];
  const ask = routerLine(
    '-A PREROUTING -m conntrack --ctstate NEW',
    'Flows are tracked, although nothing is translated; the rule itself does nothing.',
  );
  return table('mangle', 'After connection tracking.', [ask]);
}

function natTable({ config, ports }: LinuxOrder): GearLine[] {
  const lines = config.interfaces
    .filter((each) => each.masquerade)
    .flatMap(({ name }): GearLine[] => [
      ...(ports
        ? ['tcp', 'udp'].map((protocol) =>
            routerLine(
              `-A POSTROUTING -o ${name} -p ${protocol} -j MASQUERADE --to-ports ${ports[0]}-${ports[1]} --random-fully`,
              `${protocol.toUpperCase()} gets a source port drawn from this range.`,
            ),
          )
        : []),
      routerLine(`-A POSTROUTING -o ${name} -j MASQUERADE`, `What leaves by ${name} gets its address.`),
    ]);
  return lines.length === 0 ? [] : table('nat', 'Source addresses are replaced after routing.', lines);
}

function filterTable({ config, ruleBy }: LinuxOrder): GearLine[] {
  const rules = (name: string, chain: ChainConfig): GearLine[] =>
    chain.rules.map((rule) => ({ text: ruleText(name, rule), why: whyRule(rule), by: ruleBy(rule) }));
  const lines = [
    routerLine(`:FORWARD ${config.forward.policy.toUpperCase()} [0:0]`, 'For what passes through this router.'),
    routerLine(`:INPUT ${config.input.policy.toUpperCase()} [0:0]`, 'For what is addressed to this router itself.'),
    ...rules('FORWARD', config.forward),
    ...rules('INPUT', config.input),
  ];
  return table('filter', 'What may pass.', lines);
}

function table(name: string, why: string, lines: readonly GearLine[], by: Maker = 'router'): GearLine[] {
  return [{ text: `*${name}`, why, by }, ...lines, { text: 'COMMIT', by }];
}

/** Protocols whose ports have a match of their own. */
const PORTED: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp', 136: 'udplite' };

function ruleText(chain: string, rule: Rule): string {
  const parts = [`-A ${chain}`];
  if (rule.in !== undefined) parts.push(`-i ${rule.in}`);
  if (rule.out !== undefined) parts.push(`-o ${rule.out}`);
  const ported = rule.sourcePort !== undefined || rule.destinationPort !== undefined;
  const named = rule.protocol === undefined ? undefined : PORTED[rule.protocol];
  if (rule.protocol !== undefined) parts.push(`-p ${(ported && named) || rule.protocol}`);
  if (ported) parts.push(`-m ${named}`);
  if (rule.sourcePort !== undefined) parts.push(`--sport ${rule.sourcePort}`);
  if (rule.destinationPort !== undefined) parts.push(`--dport ${rule.destinationPort}`);
  if (rule.state) parts.push(`-m conntrack --ctstate ${rule.state.join(',').toUpperCase()}`);
  return [...parts, `-j ${rule.verdict.toUpperCase()}`].join(' ');
}

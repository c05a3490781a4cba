/** A router as OpenWrt's /etc/config/firewall, for firewall4, which turns it into nftables. @module */
import type { Rule } from '../router/config.ts';
import type { GearLine, Maker } from './gear.ts';
import type { LinuxOrder } from './linux.ts';
import { isKnown, isUnasked } from './ported.ts';
import { whyRule } from './rule-words.ts';

export function uciLines(order: LinuxOrder): GearLine[] {
  const { config } = order;
  const closed = (chain: 'forward' | 'input') => (config[chain].rules.some(isUnasked) ? 'DROP' : 'ACCEPT');
  return [
    ...section('defaults', 'What no zone decides.', [
      ['input', 'ACCEPT'],
      ['output', 'ACCEPT'],
      ['forward', 'DROP'],
    ]),
    ...lanZone(order),
    ...section('zone', 'The Internet side.', [
      ['name', 'wan'],
      ['network', 'wan', 'list'],
      ['input', closed('input')],
      ['output', 'ACCEPT'],
      ['forward', closed('forward')],
    ]),
    ...masquerade(order),
    ...rules(order),
    ...section('forwarding', 'Laptops may call the Internet.', [
      ['src', 'lan'],
      ['dest', 'wan'],
    ]),
    ...(closed('forward') === 'DROP'
      ? []
      : section('forwarding', 'And the Internet may call laptops: this router has no firewall.', [
          ['src', 'wan'],
          ['dest', 'lan'],
        ])),
  ];
}

/** Left to itself, firewall4 attaches every helper that is installed to a zone that is not masqueraded. */
function lanZone({ config, helperBy, noPptpBy }: LinuxOrder): GearLine[] {
  const zone = section('zone', 'The home side.', [
    ['name', 'lan'],
    ['network', 'lan', 'list'],
    ['input', 'ACCEPT'],
    ['output', 'ACCEPT'],
    ['forward', 'ACCEPT'],
  ]);
  const helper: GearLine = config.helpers.includes('nf-pptp')
    ? {
        text: "\tlist helper 'pptp'",
        why: "The kernel's PPTP helper reads control connections.",
        by: helperBy('nf-pptp'),
      }
    : { text: "\toption auto_helper '0'", why: 'No helper is attached, whatever is installed.', by: noPptpBy };
  return [...zone, helper];
}

/** These belong to the zone before them. Where invalid packets may leave, firewall4 has to be told so. */
function masquerade({ config }: LinuxOrder): GearLine[] {
  if (!config.interfaces.some((each) => each.masquerade)) return [];
  const mayLeave = !config.forward.rules.some(({ state }) => state?.includes('invalid'));
  return [
    { text: "\toption masq '1'", why: 'Source addresses are replaced on the way out.', by: 'router' },
    ...(mayLeave ? [option('masq_allow_invalid', '1', 'What connection tracking cannot place leaves as it is.')] : []),
  ];
}

/** What is established passes in front of all rules, and zones decide what nobody asked for. */
function rules({ config, ruleBy }: LinuxOrder): GearLine[] {
  const written = config.forward.rules.filter((rule) => !isKnown(rule) && !isUnasked(rule) && !rule.state);
  return written.flatMap((rule) => section('rule', whyRule(rule), ruleOptions(rule), ruleBy(rule)));
}

function ruleOptions(rule: Rule): readonly UciOption[] {
  return [
    ['name', rule.name],
    ['src', 'lan'],
    ['dest', 'wan'],
    ['family', 'ipv4'],
    ['proto', rule.protocol === undefined ? 'all' : String(rule.protocol)],
    ...(rule.destinationPort === undefined ? [] : [['dest_port', String(rule.destinationPort)] as const]),
    ['target', rule.verdict.toUpperCase()],
  ];
}

type UciOption = readonly [name: string, value: string, kind?: 'list'];

function section(type: string, why: string, options: readonly UciOption[], by: Maker = 'router'): GearLine[] {
  return [
    { text: `config ${type}`, why, by },
    ...options.map(([name, value, kind = 'option']): GearLine => ({ text: `\t${kind} ${name} '${value}'`, by })),
  ];
}

function option(name: string, value: string, why: string): GearLine {
  return { text: `\toption ${name} '${value}'`, why, by: 'router' };
}

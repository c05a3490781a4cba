/** A router as commands for MikroTik's RouterOS, whose default configuration has interface lists named LAN and WAN. @module */

import type { ChainConfig, Rule } from '../router/config.ts';
import { LINUX_TIMEOUTS, type Timeouts } from '../router/netfilter/timeouts.ts';
import type { GearLine } from './gear.ts';
import type { LinuxOrder } from './linux.ts';
import { whyRule } from './rule-words.ts';
import { routerLine } from './text.ts';

export function routerOsLines(order: LinuxOrder): GearLine[] {
  const { config, ports } = order;
  const range = ports ? ` to-ports=${ports[0]}-${ports[1]}` : '';
  const translated = config.interfaces.filter((each) => each.masquerade);
  return [
    ...menu('/ip firewall nat', 'Translation.', [
      ...(range
        ? ['tcp', 'udp'].flatMap((protocol) =>
            translated.map(({ name }) =>
              routerLine(
                `add chain=srcnat out-interface-list=${list(name)} protocol=${protocol} action=masquerade${range}`,
                `${protocol.toUpperCase()} gets a source port of this range.`,
              ),
            ),
          )
        : []),
      ...translated.map(({ name }) =>
        routerLine(
          `add chain=srcnat out-interface-list=${list(name)} action=masquerade`,
          'What leaves to the Internet gets the address of this router.',
        ),
      ),
    ]),
    ...menu('/ip firewall service-port', 'Helpers, which RouterOS calls service ports.', [servicePort(order)]),
    ...menu('/ip firewall filter', 'What may pass, in this order.', [
      ...chain('forward', config.forward, order),
      ...chain('input', config.input, order),
    ]),
    ...menu('/ip firewall connection tracking', 'How long a silent flow is remembered.', timers(config.timeouts)),
  ];
}

function servicePort({ config, helperBy, noPptpBy }: LinuxOrder): GearLine {
  return config.helpers.includes('nf-pptp')
    ? { text: 'set pptp disabled=no', why: 'The PPTP helper runs.', by: helperBy('nf-pptp') }
    : { text: 'set pptp disabled=yes', why: 'The PPTP helper, which runs by default, does not.', by: noPptpBy };
}

function chain(name: 'forward' | 'input', { rules }: ChainConfig, { ruleBy }: LinuxOrder): GearLine[] {
  return rules.map((rule) => ({ text: ruleText(name, rule), why: whyRule(rule), by: ruleBy(rule) }));
}

/** By the names that the filter's protocol matcher has for them. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  47: 'gre',
  50: 'ipsec-esp',
  51: 'ipsec-ah',
  115: 'l2tp',
};

function ruleText(name: string, rule: Rule): string {
  return [
    `add chain=${name}`,
    ...(rule.in === undefined ? [] : [`in-interface-list=${list(rule.in)}`]),
    ...(rule.out === undefined ? [] : [`out-interface-list=${list(rule.out)}`]),
    ...(rule.state ? [`connection-state=${rule.state.join(',')}`] : []),
    ...(rule.protocol === undefined ? [] : [`protocol=${NAMES[rule.protocol] ?? rule.protocol}`]),
    ...(rule.destinationPort === undefined ? [] : [`dst-port=${rule.destinationPort}`]),
    `action=${rule.verdict}`,
  ].join(' ');
}

/** Only those that the profile has otherwise than Linux by itself; RouterOS has defaults of its own. */
function timers(timeouts: Timeouts): GearLine[] {
  const named = (from: Timeouts): Readonly<Record<string, number>> => ({
    'udp-timeout': from.udp,
    'udp-stream-timeout': from.udpStream,
    'icmp-timeout': from.icmp,
    'generic-timeout': from.generic,
    'tcp-syn-sent-timeout': from.tcp[1]!,
    'tcp-syn-received-timeout': from.tcp[2]!,
    'tcp-established-timeout': from.tcp[3]!,
    'tcp-fin-wait-timeout': from.tcp[4]!,
    'tcp-close-wait-timeout': from.tcp[5]!,
    'tcp-last-ack-timeout': from.tcp[6]!,
    'tcp-time-wait-timeout': from.tcp[7]!,
    'tcp-close-timeout': from.tcp[8]!,
  });
  const usual = named(LINUX_TIMEOUTS);
  return Object.entries(named(timeouts))
    .filter(([name, seconds]) => usual[name] !== seconds)
    .map(([name, seconds]) => routerLine(`set ${name}=${seconds}s`, `Linux by itself has ${usual[name]} s.`));
}

function list(name: string): string {
  return name.toUpperCase();
}

function menu(path: string, why: string, lines: readonly GearLine[]): GearLine[] {
  return lines.length === 0 ? [] : [routerLine(path, why), ...lines];
}

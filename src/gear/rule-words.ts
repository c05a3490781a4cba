/** What a filter rule is for, in words. @module */
import type { Rule } from '../router/config.ts';

const PORTED: Readonly<Record<string, string>> = {
  '6 1723': "PPTP's control connection",
  '17 500': 'IKE, with which IPsec begins',
  '17 4500': 'IPsec in UDP (NAT-T)',
  '17 1701': 'L2TP',
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  47: "GRE, PPTP's data",
  50: "ESP, IPsec's data",
  51: "AH, IPsec's seal",
  115: 'L2TP over IP',
};

const VERDICTS = { accept: 'is let through', drop: 'is dropped', reject: 'is refused, and told so' } as const;
const STATES: Readonly<Record<string, string>> = {
  'established related': 'What belongs to a known flow, or was announced by one',
  invalid: 'What makes no sense to connection tracking',
};

/** "On its way out, L2TP is dropped." */
export function whyRule(rule: Rule): string {
  const where = rule.out === 'wan' ? ', on its way out,' : rule.in === 'wan' ? ' from the Internet' : '';
  return `${upper(subject(rule))}${where} ${VERDICTS[rule.verdict]}.`;
}

function subject({ protocol, destinationPort, state }: Rule): string {
  const known = STATES[(state ?? []).join(' ')];
  if (known) return known;
  const traffic =
    protocol === undefined
      ? 'everything else'
      : (PORTED[`${protocol} ${destinationPort}`] ??
        `${PROTOCOLS[protocol] ?? `IP protocol ${protocol}`}${destinationPort === undefined ? '' : ` to port ${destinationPort}`}`);
  return state ? `${traffic} that is ${state.join(' or ')}` : traffic;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

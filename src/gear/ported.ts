/**
 * A router's own nature as filter rules: what it does not carry because it has no ports, and what it throws away because
 * it belongs to no flow. Every target can write rules down.
 * @module
 */
import type { ChainConfig, HelperId, NatBehaviour, Rule } from '../router/config.ts';
import type { SwitchName } from '../router/profiles/profile.ts';
import type { Maker } from './gear.ts';
import type { Order } from './order.ts';

const ESTABLISHED: Rule = { name: 'established', state: ['established', 'related'], verdict: 'accept' };
const INVALID: Rule = { name: 'invalid', out: 'wan', state: ['invalid'], verdict: 'drop' };
const NOTHING_ELSE: Rule = { name: 'nothing without ports', out: 'wan', verdict: 'drop' };

/** Protocols without ports that the ALG of a switch would carry: as rules, they are let out. */
const CARRIED: readonly {
  readonly helper: HelperId;
  readonly by: SwitchName;
  readonly protocols: readonly number[];
}[] = [
  { helper: 'l2tp', by: 'l2tp', protocols: [115] },
  { helper: 'ipsec', by: 'ipsec', protocols: [50, 51] },
];

/** Lets through what belongs to a flow that is known already. */
export function isKnown(rule: Rule): boolean {
  return rule.verdict === 'accept' && (rule.state?.includes('established') ?? false);
}

/** Drops all that comes from the Internet and was not let through before. */
export function isUnasked(rule: Rule): boolean {
  return rule.in === 'wan' && rule.verdict !== 'accept' && rule.protocol === undefined && rule.state === undefined;
}

export function asRules(order: Order, nat: NatBehaviour): Order {
  const { config } = order;
  const makers = new Map<Rule, Maker>();
  const extra: Rule[] = [];
  if (nat.portless === 'drop') {
    for (const { helper, by, protocols } of CARRIED)
      for (const rule of config.helpers.includes(helper) ? protocols.map(out) : []) {
        makers.set(rule, order.positionBy(by));
        extra.push(rule);
      }
    extra.push(out(6), out(17), out(1), NOTHING_ELSE);
  }
  return {
    ...order,
    ruleBy: (rule) => makers.get(rule) ?? order.ruleBy(rule),
    config: { ...config, forward: widened(config.forward, extra, nat.invalid === 'drop') },
  };
}

function out(protocol: number): Rule {
  return { name: `protocol ${protocol} out`, out: 'wan', protocol, verdict: 'accept' };
}

/** What belongs to a known flow stays in front, as in the firmware's own chains. */
function widened(chain: ChainConfig, extra: readonly Rule[], dropInvalid: boolean): ChainConfig {
  if (extra.length === 0 && !dropInvalid) return chain;
  const [first = ESTABLISHED, ...rest] = chain.rules;
  return { ...chain, rules: [first, ...(dropInvalid ? [INVALID] : []), ...rest, ...extra] };
}

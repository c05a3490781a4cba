/** A whole scenario from one seed: how the router is set up, and many conversations at once through it. @module */
import { Rng } from '../../../src/lib/rng.ts';
import type { ChainConfig, RouterConfig, Rule } from '../../../src/router/config.ts';
import { linuxConfig, OPEN } from '../../../src/router/profiles/linux.ts';
import { chance, pick, shuffled, weighted } from './choose.ts';
import { icmpErrors, icmpQuery, strayIcmp } from './icmp.ts';
import { hairpin, oddAddress, oddHeader, toRouter } from './oddities.ts';
import { fragmentTalk, oversize, twinFragments } from './pieces.ts';
import { greTalk, plainTalk, unsolicitedPlain } from './portless.ts';
import { pptpTalk } from './pptp.ts';
import { sctpTalk } from './sctp.ts';
import { type Conversation, newPlace, type Place, type Sight, type Step, type Talk } from './talk.ts';
import { strayTcp, tcpTalk } from './tcp.ts';
import { udpLiteTalk, udpTalk, unsolicitedUdp } from './udp.ts';

export const CONVERSATIONS = {
  udp: udpTalk,
  'udp unsolicited': unsolicitedUdp,
  'udp-lite': udpLiteTalk,
  tcp: tcpTalk,
  'tcp stray': strayTcp,
  icmp: icmpQuery,
  'icmp stray': strayIcmp,
  'icmp errors': icmpErrors,
  gre: greTalk,
  pptp: pptpTalk,
  sctp: sctpTalk,
  plain: plainTalk,
  'plain unsolicited': unsolicitedPlain,
  fragments: fragmentTalk,
  'fragment twins': twinFragments,
  oversize,
  'odd header': oddHeader,
  'odd address': oddAddress,
  'to router': toRouter,
  hairpin,
} as const satisfies Record<string, Conversation>;

export type ConversationName = keyof typeof CONVERSATIONS;

/** In a scenario of everything; the long ones are rarer, since each brings many packets. */
const WEIGHTS: Record<ConversationName, number> = {
  udp: 5,
  'udp unsolicited': 1,
  'udp-lite': 1,
  tcp: 3,
  'tcp stray': 2,
  icmp: 3,
  'icmp stray': 2,
  'icmp errors': 4,
  gre: 3,
  pptp: 2,
  sctp: 2,
  plain: 4,
  'plain unsolicited': 1,
  fragments: 2,
  'fragment twins': 1,
  oversize: 1,
  'odd header': 3,
  'odd address': 2,
  'to router': 3,
  hairpin: 1,
};

export interface Scenario {
  readonly seed: number;
  readonly config: RouterConfig;
  readonly conversations: readonly ConversationName[];
}

/** Half of the scenarios are of everything, the others of one to four kinds, which then meet more often. */
export function scenario(seed: number, only?: readonly ConversationName[]): Scenario {
  const rng = new Rng(seed).fork('scenario');
  const all = Object.keys(CONVERSATIONS) as ConversationName[];
  const some = chance(rng, 0.5) ? all : shuffled(rng, all).slice(0, 1 + rng.below(4));
  return { seed, config: setup(rng, seed), conversations: only ?? some };
}

function setup(rng: Rng, seed: number): RouterConfig {
  const firewall = weighted(rng, { none: 5, stateful: 4, switches: 2, reject: 1, invalid: 1 });
  const mtu: Record<string, number> = chance(rng, 0.8)
    ? {}
    : { lan: pick(rng, [1500, 1280]), wan: pick(rng, [1400, 576, 1500]) };
  const config = linuxConfig({ ...FIREWALLS[firewall], pptp: chance(rng, 0.6), seed });
  const interfaces = config.interfaces.map((each) => ({ ...each, mtu: mtu[each.name] ?? 1500 }));
  return { ...config, interfaces };
}

const known: Rule = { name: 'answers', in: 'wan', state: ['established', 'related'], verdict: 'accept' };
const others = (verdict: 'drop' | 'reject'): Rule => ({ name: 'unasked', in: 'wan', verdict });

const FIREWALLS: Record<string, { readonly forward: ChainConfig; readonly input: ChainConfig }> = {
  none: { forward: OPEN, input: OPEN },
  stateful: {
    forward: { rules: [known, others('drop')], policy: 'accept' },
    input: { rules: [known, others('drop')], policy: 'accept' },
  },
  reject: {
    forward: { rules: [known, others('reject')], policy: 'accept' },
    input: { rules: [known, others('reject')], policy: 'accept' },
  },
  invalid: {
    forward: { rules: [{ name: 'invalid', state: ['invalid'], verdict: 'drop' }], policy: 'accept' },
    input: { rules: [{ name: 'from the LAN', in: 'lan', verdict: 'accept' }], policy: 'drop' },
  },
  switches: {
    forward: {
      rules: [
        { name: 'known', state: ['established', 'related'], verdict: 'accept' },
        { name: 'pptp off', in: 'lan', out: 'wan', protocol: 6, destinationPort: 1723, verdict: 'drop' },
        { name: 'l2tp off', out: 'wan', protocol: 17, destinationPort: 1701, verdict: 'drop' },
        { name: 'ipsec off', out: 'wan', protocol: 50, verdict: 'drop' },
        { name: 'source port', protocol: 17, sourcePort: 5000, verdict: 'reject' },
        { name: 'new from the LAN', in: 'lan', state: ['new', 'invalid'], verdict: 'accept' },
      ],
      policy: 'drop',
    },
    input: { rules: [{ name: 'router is closed', in: 'wan', state: ['new'], verdict: 'drop' }], policy: 'accept' },
  },
};

const AT_ONCE = 5;

/** Steps without end; whoever drives it takes as many as it wants. */
export function* traffic(plan: Scenario): Talk {
  const rng = new Rng(plan.seed).fork('traffic');
  const place = newPlace();
  const weights = Object.fromEntries(plan.conversations.map((name) => [name, WEIGHTS[name]]));
  const running: { readonly talk: Talk; told: readonly Sight[] }[] = [];
  while (true) {
    if (running.length < AT_ONCE && (running.length === 0 || chance(rng, 0.3))) {
      const name = weighted(rng, weights) as ConversationName;
      running.push({ talk: CONVERSATIONS[name](new Rng(rng.u32()), place), told: [] });
    }
    const turn = running[rng.below(running.length)]!;
    const next = turn.talk.next(turn.told);
    if (next.done) running.splice(running.indexOf(turn), 1);
    else turn.told = yield next.value;
    if (chance(rng, 0.006)) yield intervention(rng, place);
  }
}

const FIRST_WAN = newPlace().wan;

function intervention(rng: Rng, place: Place): Step {
  const kind = pick(rng, ['flush', 'helper', 'address'] as const);
  if (kind === 'flush') return { do: 'flush' };
  if (kind === 'helper') return { do: 'helper', on: chance(rng, 0.5) };
  place.wan = FIRST_WAN + rng.below(4);
  return { do: 'address', wan: place.wan };
}

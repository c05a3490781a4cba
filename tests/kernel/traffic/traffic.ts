/** A whole scenario from one seed: how the router is set up, and many conversations at once through it. @module */
import { Rng } from '../../../src/lib/rng.ts';
import type { ChainConfig, RouterConfig, Rule } from '../../../src/router/config.ts';
import { LINUX_TIMEOUTS, type Timeouts } from '../../../src/router/netfilter/timeouts.ts';
import { linuxConfig } from '../../support/linux-router.ts';
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
  /** Real time passes between rounds of traffic, and the timeouts are short enough to matter. */
  readonly paced: boolean;
}

export interface Wishes {
  /** The router to drive; left out, the seed sets one up. */
  readonly config?: RouterConfig | undefined;
  readonly only?: readonly ConversationName[] | undefined;
  readonly paced?: boolean | undefined;
}

/** Half of the scenarios are of everything, the others of one to four kinds, which then meet more often. */
export function scenario(seed: number, { config: given, only, paced = false }: Wishes = {}): Scenario {
  const rng = new Rng(seed).fork('scenario');
  const all = Object.keys(CONVERSATIONS) as ConversationName[];
  const some = chance(rng, 0.5) ? all : shuffled(rng, all).slice(0, 1 + rng.below(4));
  const config = given ? { ...given, seed } : setup(rng, seed);
  return {
    seed,
    config: paced ? { ...config, timeouts: shortTimeouts(rng, config.helpers.length > 0) } : config,
    conversations: only ?? (paced ? all : some),
    paced,
  };
}

function setup(rng: Rng, seed: number): RouterConfig {
  const firewall = weighted(rng, { none: 5, stateful: 4, switches: 2, reject: 1, invalid: 1, random: 2 });
  const chains = firewall === 'random' ? { forward: randomChain(rng), input: randomChain(rng) } : FIREWALLS[firewall];
  const masquerade = weighted(rng, { wan: 20, none: 1, both: 1 });
  const mtu: Record<string, number> = chance(rng, 0.8)
    ? {}
    : { lan: pick(rng, [1500, 1280]), wan: pick(rng, [1400, 576, 1500]) };
  const config = linuxConfig({ ...chains, pptp: chance(rng, 0.6), seed });
  const interfaces = config.interfaces.map((each) => ({
    ...each,
    mtu: mtu[each.name] ?? 1500,
    masquerade: masquerade === 'both' || masquerade === each.name,
  }));
  return { ...config, interfaces };
}

const known: Rule = { name: 'answers', in: 'wan', state: ['established', 'related'], verdict: 'accept' };
const others = (verdict: 'drop' | 'reject'): Rule => ({ name: 'unasked', in: 'wan', verdict });

const FIREWALLS: Record<string, { readonly forward?: ChainConfig; readonly input?: ChainConfig }> = {
  none: {},
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

/** Rules as nobody would write them: their order and what they ask for are the point. */
function randomChain(rng: Rng): ChainConfig {
  const states = ['new', 'established', 'related', 'invalid'] as const;
  const rules = Array.from({ length: rng.below(5) }, (_, i): Rule => {
    const protocol = pick(rng, [1, 6, 17, 47, 50, 132]);
    const ported = chance(rng, 0.3) && [6, 17, 132].includes(protocol);
    return {
      name: `rule ${i}`,
      ...(chance(rng, 0.3) ? { in: pick(rng, ['lan', 'wan']) } : {}),
      ...(chance(rng, 0.5) ? { protocol } : {}),
      ...(ported ? { protocol, destinationPort: pick(rng, [500, 4500, 1723, 7, 80]) } : {}),
      ...(chance(rng, 0.4) ? { state: shuffled(rng, states).slice(0, 1 + rng.below(2)) } : {}),
      verdict: pick(rng, ['accept', 'drop', 'reject']),
    };
  });
  return { rules, policy: chance(rng, 0.7) ? 'accept' : 'drop' };
}

const AT_ONCE = 5;
/** Paced: more conversations at once, so that each has pauses of one round and more. */
const AT_ONCE_PACED = 25;
const STEPS_A_ROUND = 30;
/**
 * With timeouts of two and four seconds, and the two seconds after which a UDP flow may become a stream, no packet comes
 * within a quarter of a second of a moment that matters, as long as a round takes no longer than that.
 */
const ROUND_SECONDS = 1.2;
export const ROUND_LIMIT = 0.25;

/**
 * When the kernel notices that an entry ran out which nobody asks for is left to chance; that matters only where the
 * PPTP helper then takes the call's GRE away. With the helper, TCP therefore keeps its long times.
 */
function shortTimeouts(rng: Rng, pptpHelper: boolean): Timeouts {
  const short = () => pick(rng, [2, 4]);
  const tcp = LINUX_TIMEOUTS.tcp
    .map((_, i) => (i === 0 ? 0 : short()))
    .map((each, i, all) => (i === 9 ? all[1]! : each));
  return {
    ...LINUX_TIMEOUTS,
    fragments: short(),
    generic: short(),
    icmp: short(),
    udp: short(),
    udpStream: short(),
    gre: short(),
    greStream: short(),
    ...(pptpHelper ? {} : { tcp, tcpRetransmissions: short(), tcpUnacknowledged: short() }),
    sctp: LINUX_TIMEOUTS.sctp.map((_, i) => (i === 0 ? 0 : short())),
  };
}

/** Steps without end; whoever drives it takes as many as it wants. */
export function* traffic(plan: Scenario): Talk {
  const rng = new Rng(plan.seed).fork('traffic');
  const place = newPlace();
  const weights = Object.fromEntries(plan.conversations.map((name) => [name, WEIGHTS[name]]));
  const running: { readonly talk: Talk; told: readonly Sight[] }[] = [];
  const atOnce = plan.paced ? AT_ONCE_PACED : AT_ONCE;
  for (let step = 1; ; step++) {
    if (plan.paced && step % STEPS_A_ROUND === 0)
      yield { do: 'until', seconds: (step / STEPS_A_ROUND) * ROUND_SECONDS };
    if (running.length < atOnce && (running.length === 0 || chance(rng, 0.3))) {
      const name = weighted(rng, weights) as ConversationName;
      running.push({ talk: CONVERSATIONS[name](new Rng(rng.u32()), place), told: [] });
    }
    const turn = running[rng.below(running.length)]!;
    const next = turn.talk.next(turn.told);
    if (next.done) running.splice(running.indexOf(turn), 1);
    else turn.told = yield next.value;
    if (chance(rng, 0.006)) yield intervention(rng, place, plan.paced);
  }
}

const FIRST_WAN = newPlace().wan;

function intervention(rng: Rng, place: Place, paced: boolean): Step {
  const kind = pick(rng, paced ? (['flush', 'address'] as const) : (['flush', 'helper', 'address'] as const));
  if (kind === 'flush') return { do: 'flush' };
  if (kind === 'helper') return { do: 'helper', on: chance(rng, 0.5) };
  place.wan = FIRST_WAN + rng.below(4);
  return { do: 'address', wan: place.wan };
}

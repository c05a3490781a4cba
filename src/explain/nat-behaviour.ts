/**
 * What a NAT can be like, in the words of RFC 4787 and its sisters: each knob with its name there and a sentence of
 * what it does, and what the routers that have no knobs do in those same words.
 * @module
 */
import type { NatBehaviour, NatKind } from '../router/config.ts';
import type { TimerName } from '../router/profiles/timers.ts';

/** The range of drawn ports is no choice between words. */
export type Knob = Exclude<keyof NatBehaviour, 'portRange'>;

type Choice = readonly [value: NatBehaviour[Knob], name: string];

export interface KnobWords {
  readonly name: string;
  readonly section: string;
  /** One plain sentence. */
  readonly says: string;
  readonly choices: readonly Choice[];
}

const DEPENDENCE: readonly Choice[] = [
  ['endpoint-independent', 'endpoint-independent'],
  ['address-dependent', 'address-dependent'],
  ['address-and-port-dependent', 'address- and port-dependent'],
];
const YES_NO: readonly Choice[] = [
  [true, 'yes'],
  [false, 'no'],
];

export const KNOBS: Readonly<Record<Knob, KnobWords>> = {
  mapping: {
    name: 'Mapping behaviour',
    section: 'RFC 4787 §4.1',
    says: 'How much of the far end decides which outside port a laptop’s port is shown as.',
    choices: DEPENDENCE,
  },
  filtering: {
    name: 'Filtering behaviour',
    section: 'RFC 4787 §5',
    says: 'Who outside may send to an outside port that is in use.',
    choices: DEPENDENCE,
  },
  ports: {
    name: 'Port assignment',
    section: 'RFC 4787 §4.2.1',
    says: 'Which outside port is taken: the laptop’s own where it is free, the next in order, or one by chance.',
    choices: [
      ['preserve', 'port preservation'],
      ['sequential', 'in order'],
      ['random', 'by chance'],
    ],
  },
  parity: {
    name: 'Port parity',
    section: 'RFC 4787 §4.2.2',
    says: 'Whether an even port is replaced by an even one, and an odd by an odd one.',
    choices: YES_NO,
  },
  overloading: {
    name: 'Port overloading',
    section: 'RFC 4787 §4.2.1',
    says: 'Whether two laptops may show the same outside port at once, each to a server of its own.',
    choices: YES_NO,
  },
  refresh: {
    name: 'Mapping refresh',
    section: 'RFC 4787 §4.3',
    says: 'Which packets keep an entry alive: only what leaves, or what comes in as well.',
    choices: [
      ['outbound', 'outbound only'],
      ['both', 'outbound and inbound'],
    ],
  },
  hairpinning: {
    name: 'Hairpinning',
    section: 'RFC 4787 §6',
    says: 'Whether two laptops can reach each other by their outside addresses.',
    choices: YES_NO,
  },
  portless: {
    name: 'What has no ports',
    section: 'beyond RFC 4787',
    says: 'What becomes of ESP, AH, GRE and L2TPv3 over IP, which have nothing a NAT could tell laptops apart by.',
    choices: [
      ['drop', 'dropped'],
      ['first-owner', 'carried for its first owner'],
      ['newest-owner', 'given to whoever sent last'],
    ],
  },
  invalid: {
    name: 'What fits no flow',
    section: 'beyond RFC 4787',
    says: 'What becomes of a packet from inside that belongs to no flow and can open none.',
    choices: [
      ['forward', 'sent out as it is'],
      ['drop', 'dropped'],
    ],
  },
};

/** A router that has ways of its own: what they come to in those words, and why nobody can turn them. */
export interface OwnWays {
  readonly why: string;
  readonly source: string;
  readonly ways: Readonly<Record<Knob, string>>;
}

const LINUX_WAYS: OwnWays['ways'] = {
  mapping:
    'Looks endpoint-independent: a port is shown alike to all, as long as nobody else shows it to the same server. Where two clash, that one flow gets another port.',
  filtering: 'Address- and port-dependent: only the very end that was spoken to is let back in.',
  ports: 'Port preservation; on a clash one drawn by chance from its class: 1 to 511, 600 to 1023, or 1024 and above.',
  parity: 'Not kept.',
  overloading: 'Yes, toward different far ends.',
  refresh: 'Outbound and inbound.',
  hairpinning: 'No, unless a rule of its own is written for it.',
  portless: 'Carried for its first owner, one laptop to each server; a second one’s packets are dropped.',
  invalid: 'Sent out as it is, untranslated, unless a rule drops it.',
};

const ALIAS_WAYS: OwnWays['ways'] = {
  mapping: 'Looks endpoint-independent as long as the port can be kept; a drawn port counts for one far end.',
  filtering: 'None of its own: what fits no link reaches the router itself, unless deny_incoming is set.',
  ports: 'Port preservation; on a clash one drawn by chance from 32768 and above.',
  parity: 'Not kept.',
  overloading: 'Yes, toward different far ends.',
  refresh: 'Outbound and inbound.',
  hairpinning: 'No.',
  portless: 'Given to whoever began last: everything leaves, and the newest laptop gets all the answers.',
  invalid: 'Sent out, with the outside address where a link can be made.',
};

export const OWN_WAYS: Readonly<Record<Extract<NatKind, string>, OwnWays>> = {
  netfilter: {
    why: 'The Linux kernel tells flows apart by both ends at once. All else follows from that, and has no setting.',
    source: 'Linux net/netfilter: nf_nat_core.c, get_unique_tuple; nf_conntrack_core.c',
    ways: LINUX_WAYS,
  },
  'netfilter-legacy': {
    why: 'The Linux kernel tells flows apart by both ends at once. All else follows from that, and has no setting.',
    source: 'Linux 4.1 net/netfilter: nf_nat_core.c, nf_nat_proto_common.c',
    ways: {
      ...LINUX_WAYS,
      ports: 'Port preservation; on a clash the next in order of its class: 1 to 511, 600 to 1023, or 1024 and above.',
    },
  },
  libalias: {
    why: 'FreeBSD’s libalias keeps a link for every pair of ends. Most of this is built in; natd’s options change the rest.',
    source: 'FreeBSD sys/netinet/libalias 12.1, alias_db.c, measured; natd(8)',
    ways: ALIAS_WAYS,
  },
  'libalias-main': {
    why: 'FreeBSD’s libalias keeps a link for every pair of ends. Most of this is built in; natd’s options change the rest.',
    source: 'FreeBSD main, sys/netinet/libalias/alias_db.c, measured; natd(8)',
    ways: { ...ALIAS_WAYS, refresh: 'Outbound and inbound; PPTP’s GRE outbound only.' },
  },
};

export interface TimerWords {
  readonly name: string;
  readonly says: string;
}

export const TIMERS: Readonly<Record<TimerName, TimerWords>> = {
  udp: { name: 'UDP, unanswered', says: 'RFC 4787 §4.3: two minutes or more' },
  udpAnswered: { name: 'UDP, answered', says: 'RFC 4787 §4.3: five minutes are better' },
  tcpOpening: { name: 'TCP, opening', says: 'RFC 5382 REQ-5: four minutes or more' },
  tcpOpen: { name: 'TCP, open', says: 'RFC 5382 REQ-5: 2 h 4 min or more' },
  tcpClosing: { name: 'TCP, closing', says: 'RFC 5382 REQ-5: four minutes or more' },
  icmp: { name: 'Pings', says: 'RFC 5508 REQ-2: a minute or more' },
  gre: { name: 'GRE, unanswered', says: 'no RFC asks for any' },
  greAnswered: { name: 'GRE, answered', says: 'no RFC asks for any' },
  portless: { name: 'ESP, AH, IP 115', says: 'no RFC asks for any' },
  fragments: { name: 'Missing pieces', says: 'RFC 791 §3.2: fifteen seconds at least' },
};

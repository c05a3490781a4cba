/**
 * What a Linux router of today can do of a profile: the configuration it then has, which our own router can run too, and
 * in words what it cannot do. nftables, iptables and OpenWrt write this configuration down.
 * @module
 */

import type { HelperId, NatBehaviour } from '../router/config.ts';
import { generationOf } from '../router/libalias/generation.ts';
import type { GearNote } from './gear.ts';
import type { Order } from './order.ts';
import { asRules } from './ported.ts';

/** An order whose configuration is netfilter's own. */
export interface LinuxOrder extends Order {
  readonly notes: readonly GearNote[];
  /** Source ports are drawn from here, each time; left out, the kernel keeps the port where it can. */
  readonly ports?: readonly [low: number, high: number];
}

/** Which of our helpers the kernel's one PPTP helper stands in for, and what differs then. */
const PPTP_ALGS: Readonly<Partial<Record<HelperId, string>>> = {
  pptp: "The kernel's helper does this work, and writes the control connection's source port over every Call ID, not only over one that is taken.",
  'alias-pptp':
    "The kernel's helper does this work, and writes the control connection's source port over every Call ID, not only where two are the same.",
  'realtek-pptp': "The kernel's helper does this work; unlike this router's ALG it rewrites every Call ID.",
};

const NO_HELPER: Readonly<Partial<Record<HelperId, string>>> = {
  l2tp: 'Linux has no helper for L2TP: UDP 1701 leaves with another source port, and L2TP over IP 115 is for one laptop per server.',
  ipsec:
    'Linux has nothing that tells ESP apart by SPI or IKE by cookie: ESP and AH are for one laptop per server, IKE is ordinary UDP.',
  'broadcom-esp': "Broadcom's module for ESP is not in Linux: ESP goes by addresses alone, one laptop per server.",
  'broadcom-ike': "Broadcom's module for IKE is not in Linux: a second laptop's port 500 becomes another one.",
  'realtek-l2tp': "Realtek's ALG for L2TP is not in Linux: L2TP passes as UDP does, for any number of laptops.",
  'realtek-ipsec': "Realtek's ALG for IPsec is not in Linux: ESP goes by addresses alone, one laptop per server.",
};

export function onLinux(order: Order): LinuxOrder {
  const { config } = order;
  const bent =
    typeof config.nat === 'object' ? withBehaviour(order, config.nat) : { ...order, notes: legacyNotes(order) };
  const notes = [...bent.notes, ...helperNotes(order)];
  const attached = config.helpers.find(isPptp);
  return {
    ...bent,
    helperBy: () => (attached ? order.helperBy(attached) : 'router'),
    notes,
    config: { ...bent.config, nat: 'netfilter', greTracker: true, helpers: attached ? ['nf-pptp'] : [] },
  };
}

function helperNotes({ config, helperBy }: Order): GearNote[] {
  return config.helpers.flatMap((id): GearNote[] => {
    const by = helperBy(id);
    if (NO_HELPER[id]) return [{ kind: 'cannot', says: NO_HELPER[id], by }];
    return PPTP_ALGS[id] ? [{ kind: 'differs', says: PPTP_ALGS[id], by }] : [];
  });
}

/** What kernels up to 5.0 and FreeBSD do otherwise. */
function legacyNotes(order: Order): GearNote[] {
  const { nat, helpers } = order.config;
  if (nat === 'netfilter') return [];
  if (generationOf(nat))
    return [
      cannot('What has no ports belongs to the first laptop here, to the newest there.'),
      cannot('Pieces of a datagram are put together before they are translated; there each is passed on as it comes.'),
      ...greNote(order),
    ];
  const gre: GearNote[] = helpers.includes('nf-pptp')
    ? [
        {
          kind: 'differs',
          says: 'A silent tunnel is forgotten after three minutes; kernels up to 5.0 keep it for five hours.',
          by: order.helperBy('nf-pptp'),
        },
      ]
    : greNote(order);
  return [
    cannot('A port that is taken is replaced by one drawn at random; kernels up to 5.0 take the next free one.'),
    ...gre,
  ];
}

/** Without the helper, GRE of today's kernel is not GRE by addresses alone. */
function greNote({ config, positionBy }: Order): GearNote[] {
  const stopped = config.forward.rules.some(
    ({ verdict, protocol, destinationPort }) =>
      verdict === 'drop' && (protocol === GRE || (protocol === 6 && destinationPort === 1723)),
  );
  if (stopped || config.helpers.some(isPptp)) return [];
  const says =
    'Since 5.1 the kernel goes by the Call ID in GRE: without its helper not one PPTP laptop gets through, where this router lets at least one.';
  return [{ kind: 'cannot', says, by: positionBy('pptp') }];
}

const GRE = 47;

function isPptp(id: HelperId): boolean {
  return id === 'nf-pptp' || PPTP_ALGS[id] !== undefined;
}

function cannot(says: string): GearNote {
  return { kind: 'cannot', says, by: 'router' };
}

/** A NAT in RFC 4787's words, as far as rules of netfilter can bend it. */
function withBehaviour(order: Order, nat: NatBehaviour): LinuxOrder {
  return {
    ...asRules(order, nat),
    notes: [...behaviourNotes(nat), ...(nat.portless === 'drop' ? [] : greNote(order))],
    ...(nat.ports === 'random' ? { ports: nat.portRange ?? [1024, 65_535] } : {}),
  };
}

function behaviourNotes(nat: NatBehaviour): GearNote[] {
  const where = (applies: boolean, says: string): GearNote[] => (applies ? [cannot(says)] : []);
  return [
    ...where(
      nat.filtering !== 'address-and-port-dependent',
      'Netfilter lets answers in only from the address and port that were asked, never from others.',
    ),
    ...where(
      nat.mapping === 'endpoint-independent',
      'Netfilter keeps one outside port for all servers only as long as no other laptop has it.',
    ),
    ...where(!nat.overloading, 'Netfilter may show one outside port for two laptops that talk to different servers.'),
    ...where(
      nat.hairpinning,
      'Two laptops cannot meet by their outside addresses: netfilter would need a rule for each such port.',
    ),
    ...where(nat.refresh === 'outbound', 'Netfilter lets packets of both directions keep a flow alive.'),
    ...where(nat.parity, 'Netfilter may replace an even port by an odd one.'),
    ...where(nat.ports === 'sequential', 'Netfilter draws ports at random; it does not count them up.'),
    ...where(
      nat.portless === 'newest-owner',
      'What has no ports belongs to the first laptop that talks to a server, not to the newest.',
    ),
  ];
}

/**
 * The situations of the matrix: who dials what, apart from the router they dial through. Each makes a small experiment
 * with any router profile and any position of its switches.
 * @module
 */
import { toHex } from '../lib/bytes.ts';
import { generationOf } from '../router/libalias/generation.ts';
import type { Profile, Switches } from '../router/profiles/profile.ts';
import { ipv4 } from '../wire/address.ts';
import * as ip from '../wire/ipv4.ts';
import type { Experiment } from '../world/experiment.ts';
import type { ClientVpn, ServerVpn } from '../world/vpn.ts';
import { laptop, router, seconds, server, world } from './cast.ts';
import { knocks } from './knocks.ts';

export interface Situation {
  /** Stable: "pptp-two-same". */
  readonly id: string;
  readonly title: string;
  /** What each laptop dials, in the order in which they start. */
  readonly laptops: readonly ClientVpn[];
  /** What the servers must be told of themselves; left out, one server that serves whatever is asked. */
  readonly servers?: readonly (readonly ServerVpn[])[];
  /** Seconds until the run ends. Default: long enough for the slowest to give up on what will never come. */
  readonly duration?: number;
  /** A stranger outside sends one packet of this IP protocol, which nobody asked for. */
  readonly knock?: number;
}

const TO = { server: 'server' } as const;
const SECOND = { server: 'server-2' } as const;
const ONE_EACH = [[], []] as const;

const pptp = (callId: number, to: { readonly server: string } = TO) => ({ kind: 'pptp', callId, ...to }) as const;
const gre = { kind: 'gre', ...TO } as const;
const l2tp = { kind: 'l2tp', ...TO } as const;
const l2tpv3 = { kind: 'l2tpv3', carrier: 'ip', ...TO } as const;
const bare = (to: { readonly server: string } = TO) =>
  ({ kind: 'ikev2', natTraversal: false, pingEvery: 2, ...to }) as const;
const BARE = [{ kind: 'ikev2', natTraversal: false }] as const;
const byHand = { kind: 'esp', pingEvery: 2, ...TO } as const;
const ah = { kind: 'ah', mode: 'transport', ...TO } as const;
const natt = { kind: 'ikev2', pingEvery: 2, ...TO } as const;
const on4500 = { ...natt, startOn4500: true } as const;
const l2tpIpsec = { kind: 'l2tp-ipsec', ...TO } as const;
const openvpn = (protocol: 'udp' | 'tcp') => ({ kind: 'openvpn', protocol, localPort: 1194, ...TO }) as const;
const wireguard = { kind: 'wireguard', localPort: 51_820, ...TO } as const;
const sstp = { kind: 'sstp', ...TO } as const;

export const SITUATIONS: readonly Situation[] = [
  { id: 'pptp-one', title: 'PPTP, 1 laptop', laptops: [pptp(7)] },
  { id: 'pptp-two-distinct', title: 'PPTP, 2 laptops, Call IDs differ', laptops: [pptp(7), pptp(8)] },
  { id: 'pptp-two-same', title: 'PPTP, 2 laptops, same Call ID', laptops: [pptp(7), pptp(7)] },
  {
    id: 'pptp-two-servers',
    title: 'PPTP, 2 laptops, 2 servers',
    laptops: [pptp(7), pptp(7, SECOND)],
    servers: ONE_EACH,
  },
  {
    id: 'pptp-silent',
    title: 'PPTP, 1 laptop, silent for 4 minutes',
    laptops: [{ ...pptp(7), pingsAt: [0, 1, 240, 241, 242] }],
    servers: [[{ kind: 'pptp', lcpEcho: 600 }]],
    duration: 260,
  },
  { id: 'gre-one', title: 'Plain GRE, 1 laptop', laptops: [gre] },
  { id: 'gre-two', title: 'Plain GRE, 2 laptops', laptops: [gre, gre] },
  { id: 'l2tp-one', title: 'L2TP, 1 laptop', laptops: [l2tp] },
  { id: 'l2tp-two', title: 'L2TP, 2 laptops', laptops: [l2tp, l2tp] },
  { id: 'l2tpv3-one', title: 'L2TPv3 over IP 115, 1 laptop', laptops: [l2tpv3] },
  { id: 'l2tpv3-two', title: 'L2TPv3 over IP 115, 2 laptops', laptops: [l2tpv3, l2tpv3] },
  { id: 'esp-by-hand', title: 'ESP, keys by hand, 1 laptop', laptops: [byHand] },
  { id: 'esp-one', title: 'IKE and bare ESP, 1 laptop', laptops: [bare()], servers: [BARE] },
  { id: 'esp-two', title: 'IKE and bare ESP, 2 laptops', laptops: [bare(), bare()], servers: [BARE] },
  {
    id: 'esp-two-servers',
    title: 'IKE and bare ESP, 2 laptops, 2 servers',
    laptops: [bare(), bare(SECOND)],
    servers: [BARE, BARE],
  },
  { id: 'ah', title: 'AH, 1 laptop', laptops: [ah] },
  { id: 'natt-two', title: 'IKE and NAT-T, 2 laptops', laptops: [natt, natt] },
  { id: 'natt-on-4500', title: 'IKE begun on 4500, 2 laptops', laptops: [on4500, on4500] },
  { id: 'l2tp-ipsec-one', title: 'L2TP/IPsec, 1 laptop', laptops: [l2tpIpsec] },
  { id: 'l2tp-ipsec-two', title: 'L2TP/IPsec, 2 laptops', laptops: [l2tpIpsec, l2tpIpsec] },
  { id: 'openvpn-udp', title: 'OpenVPN on UDP, 2 laptops', laptops: [openvpn('udp'), openvpn('udp')] },
  { id: 'openvpn-tcp', title: 'OpenVPN on TCP, 2 laptops', laptops: [openvpn('tcp'), openvpn('tcp')] },
  { id: 'wireguard', title: 'WireGuard, 2 laptops', laptops: [wireguard, wireguard] },
  { id: 'sstp', title: 'SSTP, 2 laptops', laptops: [sstp, sstp] },
  { id: 'knock-gre', title: 'GRE that nobody asked for', laptops: [], knock: 47 },
  { id: 'knock-esp', title: 'ESP that nobody asked for', laptops: [], knock: 50 },
  { id: 'knock-ah', title: 'AH that nobody asked for', laptops: [], knock: 51 },
  { id: 'knock-115', title: 'IP 115 that nobody asked for', laptops: [], knock: 115 },
];

export function situationOf(id: string): Situation | undefined {
  return SITUATIONS.find((situation) => situation.id === id);
}

const STRANGER = '198.51.100.66';
const WAN = '203.0.113.1';
const DURATION = 60;

/** Linux machines come without a firewall and stand here as home routers, which have one. FreeBSD's stays as it comes. */
export function firewallOf({ core, firewall }: Profile): boolean {
  return firewall || generationOf(core.nat) === undefined;
}

/** The situation's world with this router in it. */
export function experimentOf(situation: Situation, profile: Profile, switches: Switches): Experiment {
  const { laptops, servers = [[]], duration = DURATION, knock } = situation;
  return world({
    clients: laptops.map((vpn, index) => laptop(index, vpn)),
    routers: [router(profile.id, switches, { wan: `${WAN}/24`, firewall: firewallOf(profile) })],
    servers: servers.map((serves, index) => server(index, serves)),
    duration: seconds(duration),
    ...(knock === undefined ? {} : { stranger: STRANGER, interventions: [knockAt(knock)] }),
  });
}

function knockAt(protocol: number): NonNullable<Experiment['interventions']>[number] {
  const packet = knocks(ipv4(STRANGER), ipv4(WAN)).find((each) => each.protocol === protocol);
  if (!packet) throw new Error(`nobody knocks with IP protocol ${protocol}`);
  return { at: seconds(1), do: 'packet', from: 'stranger', hex: toHex(ip.encode(packet)) };
}

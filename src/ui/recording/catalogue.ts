/**
 * The recordings that come with the page, in users' words: what a real Linux router (6.18, nftables masquerade) did
 * with real VPN software, captured on both sides at once.
 * @module
 */

export interface Recorded {
  /** Its folder. */
  readonly id: string;
  /** How it ends, in a few words. */
  readonly outcome: string;
  /** Whether it ends as its users wanted. */
  readonly works: boolean;
}

/** One situation, recorded with the PPTP helper off, on, or both. */
export interface Situation {
  readonly title: string;
  readonly story: string;
  readonly off?: Recorded;
  readonly on?: Recorded;
  /** A usual home firewall: from the Internet only what was asked for. */
  readonly firewall: boolean;
}

export type Position = 'off' | 'on';

export const situations: readonly Situation[] = [
  {
    title: 'PPTP: two laptops, one server',
    story: 'Two laptops at home dial the same PPTP server.',
    off: { id: 'pptp-2clients-nohelper', outcome: 'Neither tunnel comes up.', works: false },
    on: {
      id: 'pptp-2clients-helper-samecallid',
      outcome: 'Both tunnels come up, although both laptops chose the same Call ID.',
      works: true,
    },
    firewall: false,
  },
  {
    title: 'PPTP: one laptop',
    story: 'One laptop at home dials a PPTP server.',
    off: { id: 'pptp-1client-nohelper', outcome: 'The call is agreed, then the tunnel dies.', works: false },
    on: { id: 'pptp-1client-helper', outcome: 'The tunnel comes up.', works: true },
    firewall: false,
  },
  {
    title: 'PPTP: one laptop, router with a firewall',
    story: 'One laptop dials a PPTP server through a router that lets in only what was asked for.',
    off: {
      id: 'pptp-1client-nohelper-firewall',
      outcome: 'The server’s packets vanish in silence; the call hangs until it times out.',
      works: false,
    },
    on: { id: 'pptp-1client-helper-firewall', outcome: 'The tunnel comes up: its GRE is expected.', works: true },
    firewall: true,
  },
  {
    title: 'PPTP: two laptops, two servers',
    story: 'Two laptops at home, each with a PPTP server of its own.',
    on: { id: 'pptp-2clients-2servers-helper', outcome: 'Both tunnels come up.', works: true },
    firewall: false,
  },
  {
    title: 'PPTP: two laptops from the same port',
    story: 'Both laptops happen to dial from TCP port 40000.',
    on: {
      id: 'pptp-2clients-helper-sameport',
      outcome: 'Both come up; the second leaves by another port, and that port becomes its Call ID.',
      works: true,
    },
    firewall: false,
  },
  {
    title: 'PPTP: messages a helper trips over',
    story: 'Control messages made by a script: split, joined, refused, hung up, a second call, an incoming call.',
    off: { id: 'pptp-scripted-nohelper', outcome: 'No GRE from a server ever gets in.', works: false },
    on: { id: 'pptp-scripted-helper', outcome: 'Some calls get through, some the helper misses.', works: false },
    firewall: false,
  },
  {
    title: 'L2TP: two laptops, one server',
    story: 'Both laptops speak L2TP from UDP port 1701 to the same server.',
    off: {
      id: 'l2tp-2clients',
      outcome: 'Both come up: it is ordinary UDP, the second gets another port.',
      works: true,
    },
    firewall: false,
  },
  {
    title: 'IPsec with NAT-T: two laptops, one server',
    story: 'Both laptops start IKEv2 on port 500, notice the NAT and go on inside UDP 4500.',
    off: { id: 'ike2-2clients', outcome: 'Both tunnels come up, with no help from the router.', works: true },
    firewall: false,
  },
  {
    title: 'IPsec without NAT-T: raw ESP',
    story: 'Two laptops send bare ESP, made by hand, to the same server and to another one.',
    off: {
      id: 'raw-esp',
      outcome: 'Only the first to each server gets through; it also gets the answers for the other.',
      works: false,
    },
    firewall: false,
  },
  {
    title: 'OpenVPN over UDP',
    story: 'One laptop connects by OpenVPN.',
    off: { id: 'openvpn-udp', outcome: 'It just works: ordinary UDP needs no passthrough.', works: true },
    firewall: false,
  },
  {
    title: 'WireGuard',
    story: 'One laptop connects by WireGuard.',
    off: { id: 'wireguard-1client', outcome: 'It just works: ordinary UDP needs no passthrough.', works: true },
    firewall: false,
  },
];

export function firstPosition(situation: Situation): Position {
  return situation.off ? 'off' : 'on';
}

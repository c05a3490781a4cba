/**
 * What is said about VPN passthrough in many places and is not so, with what is. Each is tied to runs that show it: a
 * scenario by its name, or a cell of the matrix with what must be found there.
 * @module
 */
import { cell, EVERY_SWITCH, type Shown } from './shown.ts';

/** In the order in which they are told. */
export const TOPICS = {
  switches: 'What the switches do',
  pptp: 'PPTP and its GRE',
  l2tp: 'L2TP, bare and in IPsec',
  ipsec: 'IPsec',
} as const;

export type Topic = keyof typeof TOPICS;

export interface Myth {
  readonly id: string;
  readonly topic: Topic;
  /** As it is said. */
  readonly said: string;
  /** What is so, in our words. */
  readonly truth: string;
  /** Where that comes from. */
  readonly why: string;
  /** The most telling one first. */
  readonly shownBy: readonly [Shown, ...Shown[]];
  /** Where it can be looked up. */
  readonly source: string;
}

const TCP = 6;
const UDP = 17;
const GRE = 47;
const ESP = 50;

export const MYTHS: readonly Myth[] = [
  {
    id: 'passthrough-is-natt',
    topic: 'ipsec',
    said: 'IPsec passthrough is NAT traversal.',
    truth:
      'NAT traversal is the work of laptop and server, which put ESP into UDP 4500; it needs nothing from the router. A switch matters to it only where its off position drops UDP 500 or 4500.',
    why: 'Both ends send hashes of the addresses they believe in. Where these differ they know of a NAT, and move to UDP 4500.',
    shownBy: [
      { scenario: 'natt-two-laptops', sight: { from: 'a', protocol: UDP, port: 4500 } },
      cell('OK≠', 'natt-two', 'textbook', 'ipsec'),
      cell('BLK', 'natt-two', 'asuswrt', 'ipsec'),
    ],
    source: 'RFC 3947, RFC 3948; ASUSWRT rc/firewall.c',
  },
  {
    id: 'l2tp-session-ids',
    topic: 'l2tp',
    said: 'L2TP passthrough gives each laptop a session ID of its own.',
    truth:
      'No firmware that we have read rewrites an L2TP ID. On most, off drops UDP 1701 and on does nothing, and the NAT tells laptops apart by their UDP source ports.',
    why: 'Tunnel and session IDs are chosen by the two ends and lie behind the UDP header, where a NAT that renumbers ports never has to look.',
    shownBy: [cell('OK≠', 'l2tp-two', 'dd-wrt'), cell('BLK', 'l2tp-two', 'dd-wrt', 'l2tp')],
    source: 'RFC 2661 §8.1; DD-WRT firewall.c, ASUSWRT rc/firewall.c',
  },
  {
    id: 'l2tp-for-l2tp-ipsec',
    topic: 'l2tp',
    said: 'L2TP/IPsec needs L2TP passthrough.',
    truth:
      'Its L2TP is sealed inside ESP, and the router sees UDP 500 and 4500 only. One box ties the two together: D-Link’s DIR-300, whose L2TP switch drops UDP 500 too.',
    why: 'UDP 1701 is in the encrypted part: a rule about it never finds anything that fits.',
    shownBy: [
      cell('OK', 'l2tp-ipsec-one', 'asuswrt', 'l2tp'),
      cell('BLK', 'l2tp-ipsec-one', 'asuswrt', 'ipsec'),
      cell('BLK', 'l2tp-ipsec-one', 'dlink-dir300', 'l2tp'),
    ],
    source: 'RFC 3193; D-Link flush_passthrough.php',
  },
  {
    id: 'modern-vpns-need-it',
    topic: 'switches',
    said: 'OpenVPN, WireGuard and SSTP need VPN passthrough.',
    truth: 'They are ordinary UDP and TCP. No switch touches them, in any position, for any number of laptops.',
    why: 'A port is a number that a NAT may replace, so any number of laptops can be told apart by it.',
    shownBy: [
      { scenario: 'openvpn-udp' },
      cell('OK≠', 'openvpn-udp', 'asuswrt', ...EVERY_SWITCH),
      cell('OK≠', 'wireguard', 'asuswrt', ...EVERY_SWITCH),
      cell('OK', 'sstp', 'asuswrt', ...EVERY_SWITCH),
    ],
    source: 'DD-WRT firewall.c, ASUSWRT rc/firewall.c',
  },
  {
    id: 'opens-ports',
    topic: 'switches',
    said: 'Passthrough opens ports and lets VPN connections in.',
    truth:
      'It concerns what leaves the house. GRE or ESP that nobody asked for ends at the router, whatever the switches say.',
    why: 'The table holds what somebody inside has begun, and what a helper has announced. A stranger’s packet is neither.',
    shownBy: [
      { scenario: 'stranger-knocks', sight: { from: 'stranger', protocol: GRE } },
      cell('X', 'knock-gre', 'dd-wrt'),
      cell('X', 'knock-esp', 'asuswrt'),
    ],
    source: 'Linux: nf_conntrack_core.c; DD-WRT firewall.c',
  },
  {
    id: 'several-laptops',
    topic: 'switches',
    said: 'With passthrough on, several laptops can use PPTP or IPsec at once.',
    truth:
      'PPTP: only where a real helper runs. ESP: only where the router tracks SPIs. On plain Linux one laptop gets each server, and the others’ packets vanish.',
    why: 'The ESP of two laptops to one server differs in nothing that plain NAT looks at: the same address outside, and no ports.',
    shownBy: [
      { scenario: 'esp-two-laptops' },
      cell('OK≠', 'pptp-two-same', 'tomato'),
      cell('1st', 'pptp-two-same', 'linksys'),
      cell('1st', 'esp-two', 'asuswrt'),
    ],
    source: 'Linux: nf_conntrack_proto_generic.c, nf_conntrack_pptp.c',
  },
  {
    id: 'one-always-works',
    topic: 'pptp',
    said: 'One PPTP laptop always gets through, even without help.',
    truth:
      'So it was on kernels up to 5.0, and it is on pf and FreeBSD’s libalias. Newer Linux knows GRE by its Call IDs, and without the helper the answers belong to no one: not even one laptop gets through.',
    why: 'What leaves carries the server’s Call ID and what comes back the laptop’s. Only who has read the call can pair the two.',
    shownBy: [
      { scenario: 'pptp-one-laptop' },
      cell('X-in', 'pptp-one', 'openwrt'),
      cell('OK', 'pptp-one', 'padavan', 'pptp'),
      cell('OK', 'pptp-one', 'libalias', 'pptp'),
    ],
    source: 'Linux: nf_conntrack_proto_gre.c; measured on 6.18',
  },
  {
    id: 'rewritten-on-clash',
    topic: 'pptp',
    said: 'The router rewrites a Call ID only when two laptops have the same.',
    truth:
      'The Linux helper rewrites every Call ID, to the outside TCP port of the control connection. FreeBSD 12.1’s libalias and our textbook router rewrite only where two would be the same.',
    why: 'The outside port is unique already, so a router that takes it as Call ID never has to look for a clash.',
    shownBy: [
      { scenario: 'pptp-two-laptops' },
      cell('OK≠', 'pptp-one', 'linux'),
      cell('OK', 'pptp-two-distinct', 'textbook'),
      cell('OK≠', 'pptp-two-same', 'textbook'),
    ],
    source: 'Linux: nf_nat_pptp.c, pptp_outbound_pkt; FreeBSD: alias_pptp.c',
  },
  {
    id: 'both-call-ids',
    topic: 'pptp',
    said: 'The router translates both Call IDs, and the GRE that leaves.',
    truth:
      'Only the laptop’s own Call ID is replaced: in control messages, and in the GRE that comes in. GRE that leaves carries the server’s, and stays as it is.',
    why: 'A NAT has to tell its own laptops apart, nobody else. The server’s number already names one call at the server.',
    shownBy: [{ scenario: 'pptp-two-laptops', sight: { from: 'a', protocol: GRE } }],
    source: 'RFC 2637 §4.1; Linux: nf_nat_pptp.c',
  },
  {
    id: 'senders-call-id',
    topic: 'pptp',
    said: 'The GRE header carries the Call ID of the sender.',
    truth: 'It carries the receiver’s: the number that the far end gave out for itself when the call was made.',
    why: 'The receiver must find its call at once, so each end asks to be addressed by its own number.',
    shownBy: [{ scenario: 'pptp-one-laptop' }],
    source: 'RFC 2637 §4.1',
  },
  {
    id: 'just-load-the-module',
    topic: 'pptp',
    said: 'It is enough to load nf_nat_pptp.',
    truth:
      'Since Linux 4.7 a module that is loaded does nothing by itself: a rule must attach its helper to the control connection. Up to 5.19 a setting could do so for all.',
    why: 'A helper reads whatever it is given, and may open a way in by it. So somebody has to say, in a rule, what it may read.',
    shownBy: [cell('X-in', 'pptp-one', 'linux', 'pptp'), cell('OK≠', 'pptp-one', 'linux')],
    source: 'Linux: nf_conntrack_helper.c; sysctl net.netfilter.nf_conntrack_helper',
  },
  {
    id: 'gre-for-five-hours',
    topic: 'pptp',
    said: 'The PPTP helper keeps GRE alive for five hours.',
    truth:
      'So it did up to Linux 5.0. On 6.x the entry goes after 180 s of silence, and the Call ID’s mapping with it: from then on nothing comes in until the laptop dials again.',
    why: 'GRE’s own timers are what counts now: 30 s until an answer has been seen, 180 s from then on.',
    shownBy: [cell('X-in', 'pptp-silent', 'linux'), cell('OK≠', 'pptp-silent', 'linux-legacy')],
    source: 'Linux: nf_conntrack_pptp.c, nf_conntrack_proto_gre.c; measured on 6.18',
  },
  {
    id: 'switching-off-disconnects',
    topic: 'switches',
    said: 'Switching passthrough off ends the VPNs that are up.',
    truth:
      'Where what is established is let through first, a running tunnel goes on until it is idle too long or the router restarts. Only new ones are stopped.',
    why: 'The rule that lets known flows pass stands first, so what belongs to one never gets to the new rule.',
    shownBy: [{ scenario: 'switch-flipped-live', sight: { from: 'a', protocol: GRE, afterIntervention: true } }],
    source: 'ASUSWRT rc/firewall.c: the order of its chain; measured on Linux 6.18',
  },
  {
    id: 'ah-with-passthrough',
    topic: 'ipsec',
    said: 'AH works with IPsec passthrough.',
    truth:
      'AH vouches for the addresses too, and NAT changes one of them. The router may let every packet pass; the server throws every one away.',
    why: 'Its check value is computed over the source address as well, with a key that the router does not have.',
    shownBy: [{ scenario: 'ah-one-laptop' }, cell('ICV', 'ah', 'dd-wrt')],
    source: 'RFC 4302 §3.3.3; RFC 3715 §2.1',
  },
  {
    id: 'esp-cannot-pass',
    topic: 'ipsec',
    said: 'ESP has no ports, so it can never pass a NAT.',
    truth:
      'A NAT that knows ports and nothing else cannot carry it. One that also goes by addresses carries it for one laptop per server.',
    why: 'Two addresses are enough to find one laptop again, as long as no second one talks to the same server.',
    shownBy: [
      { ...cell('OK', 'esp-one', 'linux'), sight: { from: 'a', protocol: ESP } },
      { scenario: 'esp-one-laptop' },
      cell('OK', 'esp-two-servers', 'linux'),
    ],
    source: 'RFC 3022 §2.2; Linux: nf_conntrack_proto_generic.c',
  },
  {
    id: 'same-port-conflict',
    topic: 'l2tp',
    said: 'Two laptops collide because both use UDP 500 or 1701.',
    truth:
      'An ordinary NAT gives the second one another source port. The trouble is with bare ESP and GRE, or with a server that insists on a port.',
    why: 'To a NAT a source port is no more than a means to tell flows apart. Where one is taken it draws another.',
    shownBy: [
      { scenario: 'l2tp-two-laptops' },
      { scenario: 'l2tp-server-insists-on-1701' },
      cell('OK≠', 'l2tp-two', 'linux'),
      cell('OK≠', 'natt-two', 'linux'),
    ],
    source: 'RFC 3022 §2.2; Linux: get_unique_tuple',
  },
  {
    id: 'dd-wrt-blocks-esp',
    topic: 'ipsec',
    said: 'IPsec passthrough off makes DD-WRT block ESP.',
    truth: 'It drops UDP 500 and nothing else. ESP and AH still leave, and so does IKE that begins on 4500.',
    why: 'UDP 500 is where IKE usually begins. Without IKE there are no keys, so no ESP is ever sent, and it looks as if ESP were blocked.',
    shownBy: [
      cell('OK', 'esp-by-hand', 'dd-wrt', 'ipsec'),
      cell('BLK', 'esp-one', 'dd-wrt', 'ipsec'),
      cell('OK≠', 'natt-on-4500', 'dd-wrt', 'ipsec'),
    ],
    source: 'DD-WRT firewall.c',
  },
  {
    id: 'l2tp-ipsec-router-fault',
    topic: 'l2tp',
    said: 'Two Windows laptops with L2TP/IPsec fail because of the router.',
    truth:
      'The router carries both. The server sees one address with two keys for the same traffic, and most servers then forget the first.',
    why: 'In transport mode both laptops’ keys are for the same traffic: the router’s address and UDP 1701. Nothing tells the server which of them to use.',
    shownBy: [{ scenario: 'l2tp-ipsec-two-laptops' }, cell('SRV', 'l2tp-ipsec-two', 'linux')],
    source: 'RFC 3948 §5.2; libreswan issues 322 and 427',
  },
  {
    id: 'server-at-home',
    topic: 'switches',
    said: 'A VPN server at home needs passthrough as well.',
    truth:
      'It needs port forwards: TCP 1723 with GRE or a helper, UDP 500 and 4500, UDP 1701. Passthrough lets nothing in.',
    why: 'A call from outside begins with a packet that has no entry in the table. Only a forward says whom it is for.',
    shownBy: [
      { scenario: 'stranger-knocks', sight: { from: 'stranger', protocol: TCP, port: 1723 } },
      cell('X', 'knock-gre', 'asuswrt'),
    ],
    source: 'RFC 2637; RFC 3948; RFC 2661 §8.1; Linux: nf_nat_core.c',
  },
  {
    id: 'two-kinds-of-spi',
    topic: 'ipsec',
    said: 'The SPI firewall checks the SPI of IPsec.',
    truth:
      'On a router SPI is short for stateful packet inspection. In IPsec it is the Security Parameters Index, the number by which a receiver finds its keys. They share three letters.',
    why: 'A firewall goes by addresses, ports and what it remembers. Without the keys there is nothing in an ESP packet that it could check.',
    shownBy: [{ scenario: 'esp-one-laptop' }],
    source: 'RFC 4301 §4.1; RFC 4303 §2.1',
  },
];

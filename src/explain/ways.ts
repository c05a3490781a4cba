/**
 * The ways around VPN passthrough: what each is, why a router has no objection, what it asks of those who run it.
 * Figures are not here: they are read from each way's own run (`scenarios/way-figures.ts`).
 * @module
 */
import { cell, EVERY_SWITCH, type Shown } from './shown.ts';

export interface Way {
  readonly id: string;
  readonly name: string;
  /** What it is, in one sentence. */
  readonly what: string;
  /** Why the router does not mind. */
  readonly why: string;
  /** What somebody must run or trust for it. */
  readonly needs: string;
  /** Where it is weak. */
  readonly weak: string;
  /** When to choose it. */
  readonly choose: string;
  /** Where it can be looked up. */
  readonly source: string;
  /** The run through a router with every switch off. */
  readonly shown: Shown;
  /** Node at which the tunnel or the session begins. */
  readonly node: string;
  /**
   * A packet in a packet, or one session for one program. Of a session: whether it counts as up once the far end has
   * answered the first request, or as soon as a request may be sent.
   */
  readonly carries: 'packets' | 'answered' | 'ready';
}

export const WAYS: readonly Way[] = [
  {
    id: 'wireguard',
    name: 'WireGuard',
    what: 'A small VPN, part of the Linux kernel, with one set of modern ciphers and none to choose.',
    why: 'Every packet is one UDP datagram, from a port that the router may replace as it likes.',
    needs: 'A server with a UDP port that can be reached, and each other’s public keys, exchanged beforehand.',
    weak: 'No TCP: where UDP is blocked it is blocked. Without a keepalive a silent tunnel cannot be reached from outside once the router has forgotten its mapping.',
    choose: 'First choice for laptops and for joining networks, wherever UDP passes.',
    source: 'WireGuard: messages.h, timers.c; wg(8)',
    shown: cell('OK≠', 'wireguard', 'textbook', ...EVERY_SWITCH),
    node: 'a',
    carries: 'packets',
  },
  {
    id: 'openvpn',
    name: 'OpenVPN',
    what: 'A VPN as an ordinary program, with TLS for the keys and UDP or TCP for the packets.',
    why: 'It is UDP to one port, 1194 unless told otherwise, and the port in the house may be any.',
    needs: 'A server, and certificates for it and for its users, with somebody to issue and revoke them.',
    weak: 'Often slower than WireGuard, and more to set up. Over TCP it passes almost anywhere, but two layers repeat every loss.',
    choose: 'Where both UDP and TCP must be possible, or where users sign in with certificates and passwords.',
    source: 'OpenVPN: ssl_pkt.h, crypto.c',
    shown: { scenario: 'openvpn-udp' },
    node: 'a',
    carries: 'packets',
  },
  {
    id: 'ikev2-natt',
    name: 'IKEv2 with NAT-T',
    what: 'IPsec that notices a NAT on the way and puts its ESP into UDP.',
    why: 'After the first exchange on UDP 500 all is one flow to UDP 4500. There is no bare ESP that it could not tell apart.',
    needs:
      'A gateway, and for each user a key, a certificate or a password. Windows, macOS, iOS and Android bring the client along.',
    weak: 'Much to configure. Some routers’ switches drop UDP 500 or 4500 when they are off, so it is the one way here that a switch can stop.',
    choose: 'Where no software may be installed, or the other side is a company’s IPsec gateway.',
    source: 'RFC 7296 §2.23; RFC 3948',
    shown: { scenario: 'natt-two-laptops' },
    node: 'a',
    carries: 'packets',
  },
  {
    id: 'tls',
    name: 'A tunnel in TLS (SSTP)',
    what: 'PPP inside HTTPS: to everybody on the way it is a visit to a website.',
    why: 'It is one TCP connection to port 443, which the router carries all day long.',
    needs: 'A server with a certificate that the laptops trust.',
    weak: 'TCP inside TCP: on a lossy line both repeat and both wait. It begins with TCP, TLS, HTTP and all of PPP, one after the other.',
    choose: 'Behind hotel and office firewalls that let only web traffic out.',
    source: 'MS-SSTP; RFC 8446',
    shown: { scenario: 'sstp' },
    node: 'a',
    carries: 'packets',
  },
  {
    id: 'rdp',
    name: 'Remote Desktop',
    what: 'No network is joined: a screen is shown, and keys and clicks go back.',
    why: 'It is one TCP connection to port 3389 with TLS inside.',
    needs: 'A machine that stays on, patched, and never open to the Internet as it is: behind a gateway or a VPN.',
    weak: 'Open to the Internet it is among the first things attackers try. Whoever gets in has the whole desktop.',
    choose: 'Where one machine’s programs are needed rather than a network.',
    source: 'MS-RDPBCGR §2.2.1; RFC 8446',
    shown: { scenario: 'rdp' },
    node: 'a',
    carries: 'ready',
  },
  {
    id: 'vpn-router',
    name: 'A VPN router',
    what: 'The home router is the VPN client, and carries everything the laptops send through its one tunnel.',
    why: 'The tunnel begins on the router: nothing has to pass through a NAT, and the laptops send plain packets.',
    needs:
      'A router that can do it, with a processor that keeps up, and its keys on a box that anyone in the house can reach.',
    weak: 'The way from the laptop to the router is not protected by it, and every guest in the house is in the VPN too.',
    choose: 'For a home office with many devices, or devices that cannot run a VPN.',
    source: 'wg(8); WireGuard: messages.h',
    shown: { scenario: 'vpn-router' },
    node: 'router',
    carries: 'packets',
  },
  {
    id: 'site-to-site',
    name: 'Site to site',
    what: 'Two routers hold a tunnel between two offices, and each sends the other’s network through it.',
    why: 'The tunnel begins and ends on the routers. Laptops use plain private addresses and know of nothing.',
    needs: 'Routers at both ends, address ranges that do not overlap, and one end that can be reached.',
    weak: 'It joins whole networks: what is loose in one office is loose in the other, unless a firewall stands between.',
    choose: 'For offices that must reach each other all day, machines and printers included.',
    source: 'wg(8): AllowedIPs; RFC 4301 §3.1',
    shown: { scenario: 'site-to-site' },
    node: 'router',
    carries: 'packets',
  },
  {
    id: 'sd-wan',
    name: 'SD-WAN',
    what: 'Site to site over several uplinks at once, changing over by itself when one of them fails.',
    why: 'Over each uplink goes one UDP flow from the router itself.',
    needs: 'An edge at every site, and trust in whoever runs the controller and its keys.',
    weak: 'Most of it is a product: what it does inside cannot be looked up. It asks all its paths all the time, and that is traffic too.',
    choose: 'For many sites with cheap lines, where an outage costs more than the boxes.',
    source: 'MEF 70.1; WireGuard: messages.h',
    shown: { scenario: 'sd-wan' },
    node: 'router',
    carries: 'packets',
  },
  {
    id: 'identity',
    name: 'Access by identity',
    what: 'No tunnel at all: a proxy at the company asks at every request who is there, and lets in or turns away.',
    why: 'It is HTTPS to port 443, and nothing else.',
    needs: 'An identity provider, a proxy before each application, and applications that speak HTTP.',
    weak: 'All trust lies in the sign-in and the token. What does not speak HTTP stays outside.',
    choose: 'For web applications, contractors and phones, where nobody should be in the network as such.',
    source: 'NIST SP 800-207 §3; RFC 6750',
    shown: { scenario: 'identity-aware-access' },
    node: 'a',
    carries: 'answered',
  },
];

/** What this page teaches about passthrough itself. */
export interface Judgement {
  readonly says: string;
  readonly source: string;
}

export const JUDGEMENT: readonly Judgement[] = [
  {
    says: 'Passthrough is a last resort. It makes a router read or pass what it cannot tell apart, for a protocol that was never made for NAT.',
    source: 'RFC 3022 §2.2; RFC 3715 §2; RFC 4787 REQ-10',
  },
  {
    says: 'It widens what the house exposes. A helper reads what any server sends, and lets that server’s packets in because of it, in the most trusted box of the house.',
    source: 'Linux: nf_conntrack_pptp.c; sysctl net.netfilter.nf_conntrack_helper, off since 4.7',
  },
  {
    says: 'What it keeps alive is weak. PPTP signs in with MS-CHAPv2, a password’s MD4 hash cut into three DES keys, and encrypts with RC4. Plain L2TP encrypts nothing.',
    source: 'RFC 2759 §8.5; RFC 3078; RFC 3193 §2',
  },
  {
    says: 'So use what needs no help, turn the switches off that nobody uses, and where an old VPN must stay, give it an end date.',
    source: 'RFC 5382 REQ-6; RFC 4787 REQ-10a',
  },
];

/** How safe each VPN is, and what the router that carries it can read of it: what a packet filter there can act on. @module */
import type { VpnKind } from '../world/vpn.ts';

/** weak: it can be broken. open: it hides nothing. sound: nobody on the way reads or changes what it carries. */
export type Safety = 'weak' | 'open' | 'sound';

export interface VpnSafety {
  readonly safety: Safety;
  readonly why: string;
  /** What a firewall on the router can read, and so block or count. */
  readonly seen: string;
  /** What it cannot. */
  readonly hidden: string;
  readonly source: string;
}

const IKE: Pick<VpnSafety, 'seen' | 'hidden'> = {
  seen: 'That IKE is spoken, with which proposals and by which addresses; then lengths and times of packets.',
  hidden: 'Who logs in, and everything inside: addresses, ports and content of each packet.',
};
const TLS: Pick<VpnSafety, 'seen' | 'hidden'> = {
  seen: 'The server’s address, port 443 and the name in the TLS greeting; then lengths and times.',
  hidden: 'What is asked for and answered. A rule cannot tell this tunnel from any other HTTPS.',
};

export const VPN_SAFETY: Readonly<Record<VpnKind, VpnSafety>> = {
  pptp: {
    safety: 'weak',
    why: 'MS-CHAPv2 rests on DES keys that can be searched through, so whoever records one login can read the tunnel. MPPE encrypts with RC4 and does not notice changed bits.',
    seen: 'The whole set-up: user names, the login exchange, Call IDs; and which packets belong to which call.',
    hidden: 'The content of the packets inside, as long as nobody has broken the login.',
    source: 'RFC 2759 §8.5; RFC 3078; RFC 3079',
  },
  gre: {
    safety: 'open',
    why: 'It wraps packets and protects nothing.',
    seen: 'Everything: it could filter what is inside, if it looked.',
    hidden: 'Nothing.',
    source: 'RFC 2784',
  },
  l2tp: {
    safety: 'open',
    why: 'L2TP by itself does not encrypt. Who needs that puts it inside IPsec.',
    seen: 'The login and every packet inside, down to its ports.',
    hidden: 'Nothing, unless PPP inside encrypts.',
    source: 'RFC 2661; RFC 3193 §2',
  },
  l2tpv3: {
    safety: 'open',
    why: 'A cookie keeps strangers’ packets out by accident, not by force. Nothing is encrypted.',
    seen: 'Every frame inside, whole.',
    hidden: 'Nothing.',
    source: 'RFC 3931 §8',
  },
  'l2tp-ipsec': {
    safety: 'sound',
    why: 'What IPsec protects is as safe as its keys; a pre-shared key that many know lets each of them pose as the server.',
    seen: IKE.seen,
    hidden: 'That L2TP is spoken at all: its port 1701 is in the encrypted part, so a rule about it never fits.',
    source: 'RFC 3193 §5',
  },
  ikev2: {
    safety: 'sound',
    why: 'Fresh keys for each connection, every packet encrypted and checked, repeats refused.',
    ...IKE,
    source: 'RFC 7296; RFC 4303',
  },
  esp: {
    safety: 'sound',
    why: 'As good as its keys, which were placed by hand and never change: who learns them once reads everything.',
    seen: 'Addresses, SPI, sequence number, lengths and times.',
    hidden: 'What is inside: not even its protocol.',
    source: 'RFC 4303 §2; RFC 4301 §4.5',
  },
  ah: {
    safety: 'open',
    why: 'It proves who sent what, and hides none of it. Through a NAT it cannot even do that.',
    seen: 'Everything, but it may change nothing.',
    hidden: 'Nothing.',
    source: 'RFC 4302 §3.3.3',
  },
  openvpn: {
    safety: 'sound',
    why: 'TLS for the keys, every packet encrypted and checked.',
    seen: 'That it is OpenVPN, by its first byte, and the outside of the TLS handshake; then lengths and times.',
    hidden: 'Who logs in and everything inside.',
    source: 'RFC 8446; OpenVPN’s protocol description',
  },
  wireguard: {
    safety: 'sound',
    why: 'Modern ciphers only, fresh keys every two minutes, and no answer to anybody who has no key.',
    seen: 'That it is WireGuard, by its message types and lengths; then lengths and times.',
    hidden: 'Who it is and everything inside.',
    source: 'WireGuard: protocol and cryptography',
  },
  sstp: {
    safety: 'sound',
    why: 'PPP inside TLS: as safe as TLS and the server’s certificate.',
    ...TLS,
    source: 'MS-SSTP; RFC 8446',
  },
  https: { safety: 'sound', why: 'TLS: as safe as the server’s certificate.', ...TLS, source: 'RFC 8446' },
  rdp: {
    safety: 'sound',
    why: 'TLS protects the way. The service itself, where it is open to the Internet, is among the first things attackers try.',
    seen: 'Port 3389, the first message with its user name cookie, if there is one; then TLS.',
    hidden: 'What is on the screen and typed.',
    source: 'MS-RDPBCGR §5.4.5; RFC 8446',
  },
  identity: {
    safety: 'sound',
    why: 'Every request proves who asks; no network is joined to another.',
    ...TLS,
    source: 'NIST SP 800-207 §2.1',
  },
  plain: {
    safety: 'open',
    why: 'No VPN: what the programs do not encrypt themselves can be read by everybody on the way.',
    seen: 'Addresses, ports, and all that is not encrypted.',
    hidden: 'Only what the programs encrypt.',
    source: 'RFC 3552',
  },
};

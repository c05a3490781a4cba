/** Which hue and which short label a protocol has: the same on the stage, in the ladder, the lists and the bytes. @module */
import type { Layer } from '../../wire/layer.ts';

export type Family = 'ip' | 'tcp' | 'udp' | 'pptp' | 'l2tp' | 'ipsec' | 'ppp' | 'app';

export interface Look {
  readonly family: Family;
  /** What a header segment says: at most six letters. */
  readonly label: string;
}

const looks: Readonly<Record<string, Look>> = {
  ethernet: { family: 'ip', label: 'ETH' },
  vlan: { family: 'ip', label: 'VLAN' },
  ipv4: { family: 'ip', label: 'IP' },
  ipv6: { family: 'ip', label: 'IPv6' },
  icmp: { family: 'ip', label: 'ICMP' },
  icmpv6: { family: 'ip', label: 'ICMPv6' },
  tcp: { family: 'tcp', label: 'TCP' },
  udp: { family: 'udp', label: 'UDP' },
  udplite: { family: 'udp', label: 'UDPL' },
  sctp: { family: 'udp', label: 'SCTP' },
  gre: { family: 'pptp', label: 'GRE' },
  pptp: { family: 'pptp', label: 'PPTP' },
  'pptp-continuation': { family: 'pptp', label: 'PPTP' },
  l2tp: { family: 'l2tp', label: 'L2TP' },
  'l2tpv3-ip': { family: 'l2tp', label: 'L2TPv3' },
  esp: { family: 'ipsec', label: 'ESP' },
  ah: { family: 'ipsec', label: 'AH' },
  isakmp: { family: 'ipsec', label: 'IKE' },
  natt: { family: 'ipsec', label: 'NAT-T' },
  ppp: { family: 'ppp', label: 'PPP' },
  lcp: { family: 'ppp', label: 'LCP' },
  ipcp: { family: 'ppp', label: 'IPCP' },
  ipv6cp: { family: 'ppp', label: 'IPv6CP' },
  ccp: { family: 'ppp', label: 'CCP' },
  pap: { family: 'ppp', label: 'PAP' },
  chap: { family: 'ppp', label: 'CHAP' },
  mppe: { family: 'ppp', label: 'MPPE' },
  'openvpn-udp': { family: 'app', label: 'OVPN' },
  'openvpn-tcp': { family: 'app', label: 'OVPN' },
  'openvpn-continuation': { family: 'app', label: 'OVPN' },
  wireguard: { family: 'app', label: 'WG' },
  tls: { family: 'app', label: 'TLS' },
  'tls-continuation': { family: 'app', label: 'TLS' },
  dtls: { family: 'app', label: 'DTLS' },
  sstp: { family: 'app', label: 'SSTP' },
  tpkt: { family: 'app', label: 'RDP' },
};

/** What is no protocol of its own: it takes the hue of what it lies in. */
const insides: Readonly<Record<string, string>> = {
  encrypted: 'sealed',
  data: 'data',
  fragment: 'piece',
  padding: 'pad',
  'icmp-extensions': 'more',
};

export function lookOf(protocol: string): Look {
  return looks[protocol] ?? { family: 'app', label: protocol.toUpperCase().slice(0, 6) };
}

/** One look for each of the layers of a packet, outermost first. */
export function looksOf(layers: readonly Pick<Layer, 'protocol'>[]): readonly Look[] {
  const found: Look[] = [];
  for (const { protocol } of layers) {
    const label = insides[protocol];
    found.push(label ? { family: found.at(-1)?.family ?? 'ip', label } : lookOf(protocol));
  }
  return found;
}

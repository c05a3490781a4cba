/** Which hue and which short label a protocol has: the same on the stage, in the ladder, the lists and the bytes. @module */

export type Family = 'ip' | 'tcp' | 'udp' | 'pptp' | 'l2tp' | 'ipsec' | 'ppp' | 'app';

interface Look {
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
  tcp: { family: 'tcp', label: 'TCP' },
  udp: { family: 'udp', label: 'UDP' },
  udplite: { family: 'udp', label: 'UDPL' },
  sctp: { family: 'udp', label: 'SCTP' },
  gre: { family: 'pptp', label: 'GRE' },
  pptp: { family: 'pptp', label: 'PPTP' },
  l2tp: { family: 'l2tp', label: 'L2TP' },
  l2tpv3: { family: 'l2tp', label: 'L2TPv3' },
  esp: { family: 'ipsec', label: 'ESP' },
  ah: { family: 'ipsec', label: 'AH' },
  isakmp: { family: 'ipsec', label: 'IKE' },
  ikev1: { family: 'ipsec', label: 'IKEv1' },
  ikev2: { family: 'ipsec', label: 'IKEv2' },
  udpencap: { family: 'ipsec', label: 'NAT-T' },
  'non-esp': { family: 'ipsec', label: 'NAT-T' },
  keepalive: { family: 'ipsec', label: 'KEEP' },
  ppp: { family: 'ppp', label: 'PPP' },
  lcp: { family: 'ppp', label: 'LCP' },
  ipcp: { family: 'ppp', label: 'IPCP' },
  ccp: { family: 'ppp', label: 'CCP' },
  pap: { family: 'ppp', label: 'PAP' },
  chap: { family: 'ppp', label: 'CHAP' },
  mppe: { family: 'ppp', label: 'MPPE' },
  openvpn: { family: 'app', label: 'OVPN' },
  wireguard: { family: 'app', label: 'WG' },
  tls: { family: 'app', label: 'TLS' },
  dtls: { family: 'app', label: 'DTLS' },
  data: { family: 'ip', label: 'DATA' },
};

export function lookOf(protocol: string): Look {
  return looks[protocol] ?? { family: 'app', label: protocol.toUpperCase().slice(0, 6) };
}

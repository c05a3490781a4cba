/** IP protocol numbers (IANA): what they are called and who reads them. The one list for IPv4 and IPv6. @module */

export const NAMES: Readonly<Record<number, string>> = {
  0: 'IPv6 Hop-by-Hop Option',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  43: 'Routing Header for IPv6',
  44: 'Fragment Header for IPv6',
  47: 'Generic Routing Encapsulation',
  50: 'Encap Security Payload',
  51: 'Authentication Header',
  58: 'ICMPv6',
  59: 'IPv6 no next header',
  60: 'Destination Options for IPv6',
  88: 'EIGRP',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  115: 'Layer 2 Tunneling',
  132: 'SCTP',
  136: 'UDPlite',
};

const READERS: Readonly<Record<number, string>> = {
  1: 'icmp',
  4: 'ipv4',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmpv6',
  115: 'l2tpv3-ip',
  132: 'sctp',
  136: 'udplite',
};

/** The id of the dissector for an IP protocol number. */
export function readerOf(protocol: number): string {
  return READERS[protocol] ?? 'data';
}

export function nameOf(protocol: number): string {
  return NAMES[protocol] ?? 'Unknown';
}

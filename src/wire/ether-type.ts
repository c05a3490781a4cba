/** EtherTypes (IEEE registry): what they are called and who reads them. The one list for Ethernet, VLAN, SLL and GRE. @module */

const NAMES: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  25944: 'Transparent Ethernet bridging',
  33024: '802.1Q Virtual LAN',
  34525: 'IPv6',
  34827: 'PPP',
  34887: 'MPLS label switched packet',
  34915: 'PPPoE Discovery',
  34916: 'PPPoE Session',
  34984: '802.1ad Provider Bridge (Q-in-Q)',
  35006: 'Encapsulated Remote Switch Packet ANalysis (ERSPAN)',
  35020: '802.1 Link Layer Discovery Protocol (LLDP)',
  37120: 'QinQ (old style)',
  8939: 'Encapsulated Remote Switch Packet ANalysis type III',
};

const READERS: Readonly<Record<number, string>> = {
  2048: 'ipv4',
  2054: 'arp',
  25944: 'ethernet',
  33024: 'vlan',
  34525: 'ipv6',
  34827: 'ppp',
  34915: 'pppoe',
  34916: 'pppoe',
  34984: 'service-vlan',
  35006: 'erspan',
  37120: 'vlan',
  8939: 'erspan',
};

export const IPV4 = 0x0800;
export const ARP = 0x0806;
export const IPV6 = 0x86dd;
export const PPP = 0x880b;

/** The id of the dissector for an EtherType. */
export function readerOf(type: number): string {
  return READERS[type] ?? 'data';
}

export function nameOf(type: number): string {
  return NAMES[type] ?? 'Unknown';
}

/** Which dissector reads which protocol. Adding a protocol is one module and one line here. @module */
import * as ah from './ah.ts';
import * as arp from './arp.ts';
import * as ccp from './ccp.ts';
import * as chap from './chap.ts';
import * as dtls from './dtls.ts';
import * as esp from './esp.ts';
import * as ethernet from './ethernet.ts';
import * as gre from './gre.ts';
import * as icmp from './icmp.ts';
import * as icmpv6 from './icmpv6.ts';
import * as ipcp from './ipcp.ts';
import * as ipv4 from './ipv4.ts';
import * as ipv6 from './ipv6.ts';
import * as ipv6cp from './ipv6cp.ts';
import * as isakmp from './isakmp.ts';
import * as l2tp from './l2tp.ts';
import * as l2tpv3 from './l2tpv3.ts';
import type { Dissector } from './layer-reader.ts';
import * as lcp from './lcp.ts';
import * as mppe from './mppe.ts';
import * as natt from './natt.ts';
import * as nullLayer from './null.ts';
import { opaque } from './opaque.ts';
import * as openvpn from './openvpn.ts';
import * as pap from './pap.ts';
import * as ppp from './ppp.ts';
import * as pppoe from './pppoe.ts';
import * as pptp from './pptp.ts';
import * as sctp from './sctp.ts';
import * as sll from './sll.ts';
import * as sstp from './sstp.ts';
import * as tcp from './tcp.ts';
import * as tls from './tls.ts';
import * as tpkt from './tpkt.ts';
import * as udp from './udp.ts';
import * as udplite from './udplite.ts';
import * as vlan from './vlan.ts';
import * as wireguard from './wireguard.ts';

export const dissectors: Readonly<Record<string, Dissector>> = {
  ah: ah.dissect,
  arp: arp.dissect,
  ccp: ccp.dissect,
  chap: chap.dissect,
  dtls: dtls.dissect,
  esp: esp.dissect,
  ethernet: ethernet.dissect,
  gre: gre.dissect,
  icmp: icmp.dissect,
  icmpv6: icmpv6.dissect,
  ipcp: ipcp.dissect,
  ipv4: ipv4.dissect,
  ipv6: ipv6.dissect,
  ipv6cp: ipv6cp.dissect,
  isakmp: isakmp.dissect,
  l2tp: l2tp.dissect,
  'l2tpv3-ip': l2tpv3.dissectIp,
  lcp: lcp.dissect,
  loop: nullLayer.dissect,
  mppe: mppe.dissect,
  natt: natt.dissect,
  null: nullLayer.dissect,
  'openvpn-tcp': openvpn.dissectTcp,
  'openvpn-udp': openvpn.dissectUdp,
  pap: pap.dissect,
  ppp: ppp.dissect,
  pppoe: pppoe.dissect,
  pptp: pptp.dissect,
  'pptp-continuation': pptp.dissectContinuation,
  sctp: sctp.dissect,
  'service-vlan': vlan.dissectServiceTag,
  sll: sll.dissect,
  sll2: sll.dissect2,
  sstp: sstp.dissect,
  tcp: tcp.dissect,
  tls: tls.dissect,
  tpkt: tpkt.dissect,
  udp: udp.dissect,
  udplite: udplite.dissect,
  vlan: vlan.dissect,
  wireguard: wireguard.dissect,

  // Not read further.
  data: opaque('Data', 'bytes of no protocol known here'),
  dhcp: opaque('Dynamic Host Configuration Protocol', 'DHCP is not taken apart here'),
  dns: opaque('Domain Name System', 'DNS is not taken apart here'),
  encrypted: opaque('Encrypted data', 'encrypted'),
  erspan: opaque('Encapsulated Remote Switch Packet Analysis', 'ERSPAN is not taken apart here'),
  fragment: opaque('IP fragment', 'a later fragment: the header of its payload is in the first one'),
  'icmp-extensions': opaque('ICMP Multi-Part Extensions', 'ICMP extensions are not taken apart here'),
  llc: opaque('Logical-Link Control', 'LLC and what it carries are not taken apart here'),
  'openvpn-continuation': opaque('OpenVPN (continued)', 'this continues an OpenVPN packet begun in an earlier segment'),
  padding: opaque('Padding', 'bytes after the end of the packet'),
  'pppoe-tags': opaque('PPPoE tags', 'PPPoE discovery is not taken apart here'),
  'tls-continuation': opaque('TLS (continued)', 'this continues a record begun in an earlier segment'),
};

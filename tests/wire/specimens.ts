/** Whole packets of every kind that the lower half of src/wire writes, each made by its encoder. */
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as arp from '../../src/wire/arp.ts';
import * as ccp from '../../src/wire/ccp.ts';
import * as chap from '../../src/wire/chap.ts';
import * as etherType from '../../src/wire/ether-type.ts';
import * as ethernet from '../../src/wire/ethernet.ts';
import * as gre from '../../src/wire/gre.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as icmpv6 from '../../src/wire/icmpv6.ts';
import * as ipcp from '../../src/wire/ipcp.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as ipv6 from '../../src/wire/ipv6.ts';
import * as ipv6cp from '../../src/wire/ipv6cp.ts';
import * as lcp from '../../src/wire/lcp.ts';
import * as mppe from '../../src/wire/mppe.ts';
import * as nullLayer from '../../src/wire/null.ts';
import * as pap from '../../src/wire/pap.ts';
import * as ppp from '../../src/wire/ppp.ts';
import * as pppoe from '../../src/wire/pppoe.ts';
import * as pptp from '../../src/wire/pptp.ts';
import * as sctp from '../../src/wire/sctp.ts';
import * as sll from '../../src/wire/sll.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';
import * as udplite from '../../src/wire/udplite.ts';
import * as vlan from '../../src/wire/vlan.ts';
import * as specimens from './specimens-ppp.ts';

export interface Specimen {
  readonly name: string;
  /** What `dissect` starts with. */
  readonly first: 'raw-ip' | 'ethernet' | 'null' | 'loop' | 'sll' | 'sll2';
  readonly bytes: Uint8Array;
}

const ends = { source: address('192.168.1.10'), destination: address('198.51.100.10') };
const ports = { sourcePort: 42340, destinationPort: 1723 };

const ip = (protocol: number, payload: Uint8Array, more: Partial<ipv4.Fields> = {}) =>
  ipv4.encode({ ...ends, protocol, payload, id: 0x1234, dontFragment: true, ...more });
const segment = (given: Partial<tcp.Fields>) =>
  ip(tcp.PROTOCOL, tcp.encode({ ...ports, sequence: 1000, flags: tcp.ACK, ...given }, ends));
const raw = (name: string, bytes: Uint8Array): Specimen => ({ name, first: 'raw-ip', bytes });
const inTunnel = (name: string, protocol: number, payload: Uint8Array): Specimen => {
  const frame = ppp.encode({ protocol, payload });
  return raw(name, ip(gre.PROTOCOL, gre.encode({ version: 1, callId: 0x0200, sequence: 3, payload: frame })));
};

export const ping = ip(
  icmp.PROTOCOL,
  icmp.encode({ kind: 'echo-request', identifier: 0x1234, sequence: 1, data: hex('00 01 02 03 04 05 06 07') }),
);
const datagram = ip(
  udp.PROTOCOL,
  udp.encode({ sourcePort: 40001, destinationPort: 40002, payload: hex('68656c6c6f') }, ends),
);

export const tcpOptions: readonly tcp.Fields['options'][] = [
  [],
  [
    { kind: 'mss', value: 1460 },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 0xfffffffe, echo: 0 },
    { kind: 'nop' },
    { kind: 'window-scale', shift: 7 },
  ],
  [
    { kind: 'nop' },
    { kind: 'nop' },
    {
      kind: 'sack',
      blocks: [
        { left: 1, right: 2 },
        { left: 0xfffffff0, right: 3 },
      ],
    },
  ],
  [
    { kind: 'mss', value: 536 },
    { kind: 'window-scale', shift: 14 },
  ],
  [{ kind: 'other', type: 254, data: hex('f989 0102') }],
];

export const icmpMessages: readonly icmp.Message[] = [
  { kind: 'echo-request', identifier: 1, sequence: 2, data: hex('0102030405') },
  { kind: 'echo-reply', identifier: 0xffff, sequence: 0xffff, data: hex('') },
  { kind: 'timestamp-request', identifier: 3, sequence: 4, originate: 1, receive: 0, transmit: 0 },
  { kind: 'timestamp-reply', identifier: 3, sequence: 4, originate: 1, receive: 86_399_999, transmit: 3 },
  { kind: 'unreachable', code: 3, mtu: 0, quote: datagram.subarray(0, 28) },
  { kind: 'unreachable', code: 4, mtu: 1400, quote: datagram },
  { kind: 'source-quench', quote: datagram.subarray(0, 28) },
  { kind: 'redirect', code: 1, gateway: address('192.168.1.254'), quote: ping.subarray(0, 28) },
  { kind: 'time-exceeded', code: 0, quote: segment({ flags: tcp.SYN }).subarray(0, 28) },
  { kind: 'time-exceeded', code: 1, quote: datagram },
  { kind: 'parameter-problem', code: 0, pointer: 20, quote: datagram },
];

export const greVariants: readonly gre.Fields[] = [
  { version: 0, protocol: etherType.IPV4, checksum: false, payload: ping },
  { version: 0, protocol: etherType.IPV4, checksum: true, payload: ping },
  { version: 0, protocol: etherType.IPV4, checksum: false, key: 42, payload: ping },
  { version: 0, protocol: etherType.IPV4, checksum: true, key: 0xffffffff, sequence: 7, payload: ping },
  { version: 0, protocol: etherType.IPV4, checksum: false, sequence: 0, payload: datagram },
  {
    version: 0,
    protocol: etherType.IPV4,
    checksum: true,
    routing: hex('0800 0004 c0a80101 0000 0000'),
    payload: ping,
  },
  { version: 1, callId: 7, sequence: 0, payload: ppp.encode({ protocol: ppp.IPV4, payload: ping }) },
  { version: 1, callId: 7, sequence: 1, acknowledgment: 9, payload: ppp.encode({ protocol: ppp.IPV4, payload: ping }) },
  { version: 1, callId: 0xffff, acknowledgment: 0xffffffff, payload: hex('') },
];

export const sctpPackets: readonly sctp.Fields[] = [
  {
    sourcePort: 7000,
    destinationPort: 5060,
    verificationTag: 0,
    chunks: [{ type: sctp.INIT, flags: 0, value: hex('11111111 0000ffff 000a 000a 00000001 0005 0008 c0a8010a') }],
  },
  {
    sourcePort: 5060,
    destinationPort: 7000,
    verificationTag: 0x11111111,
    chunks: [
      { type: sctp.INIT_ACK, flags: 0, value: hex('22222222 0000ffff 000a 000a 00000001 0007 0009 636f6f6b69') },
    ],
  },
  {
    sourcePort: 7000,
    destinationPort: 5060,
    verificationTag: 0x22222222,
    chunks: [
      { type: sctp.COOKIE_ECHO, flags: 0, value: hex('636f6f6b69') },
      { type: sctp.DATA, flags: 3, value: hex('00000001 0000 0000 00000000 68656c6c6f') },
    ],
  },
  {
    sourcePort: 5060,
    destinationPort: 7000,
    verificationTag: 0x11111111,
    chunks: [
      { type: sctp.COOKIE_ACK, flags: 0, value: hex('') },
      { type: sctp.SACK, flags: 0, value: hex('00000001 0000ffff 0001 0000 0002 0003') },
      { type: sctp.HEARTBEAT, flags: 0, value: hex('0001 0008 01020304') },
    ],
  },
  {
    sourcePort: 7000,
    destinationPort: 5060,
    verificationTag: 0x22222222,
    chunks: [{ type: sctp.ABORT, flags: 0, value: hex('000c 0008 62796521') }],
  },
  {
    sourcePort: 7000,
    destinationPort: 5060,
    verificationTag: 0x22222222,
    chunks: [{ type: sctp.SHUTDOWN, flags: 0, value: hex('00000009') }],
  },
];

const six = {
  source: hex('20010db8 00000000 00000000 00000010'),
  destination: hex('20010db8 00000001 00000000 00000001'),
};
const pingSix = icmpv6.encode({ type: 128, code: 0, body: hex('1234 0001 61626364') }, six);
const tooBigSix = ipv6.encode({ ...six, nextHeader: icmpv6.PROTOCOL, payload: pingSix });

const macs = { destination: hex('020000000101'), source: hex('020000000110') };
const inEthernet = (name: string, type: number, payload: Uint8Array): Specimen => ({
  name,
  first: 'ethernet',
  bytes: ethernet.encode({ ...macs, type, payload }),
});
const tagged = (id: number, type: number, payload: Uint8Array) =>
  vlan.encode({ priority: 5, dropEligible: false, id, type, payload });

const link: readonly Specimen[] = [
  inEthernet('IPv4 in Ethernet', etherType.IPV4, ping),
  inEthernet(
    'IPv4 in Ethernet, padded',
    etherType.IPV4,
    Uint8Array.from([...ping.subarray(0, 36), ...new Uint8Array(10)]),
  ),
  inEthernet('VLAN', 0x8100, tagged(100, etherType.IPV4, ping)),
  inEthernet('QinQ', 0x88a8, tagged(200, 0x8100, tagged(100, etherType.IPV4, ping))),
  inEthernet(
    'ARP request',
    etherType.ARP,
    arp.encode({
      operation: 'request',
      senderMac: macs.source,
      sender: ends.source,
      targetMac: hex('000000000000'),
      target: address('192.168.1.1'),
    }),
  ),
  inEthernet(
    'PPPoE',
    0x8864,
    pppoe.encode({
      code: 0,
      sessionId: 0x17,
      payload: ppp.encode({ protocol: ppp.IPV4, addressControl: false, payload: ping }),
    }),
  ),
  { name: 'null', first: 'null', bytes: nullLayer.encode({ family: 2, littleEndian: true, payload: ping }) },
  { name: 'loop', first: 'loop', bytes: nullLayer.encode({ family: 2, littleEndian: false, payload: ping }) },
  ...([1, 2] as const).map(
    (version): Specimen => ({
      name: `cooked v${version}`,
      first: version === 1 ? 'sll' : 'sll2',
      bytes: sll.encode({
        version,
        packetType: 4,
        hardwareType: 1,
        address: macs.source,
        protocol: etherType.IPV4,
        interfaceIndex: version === 1 ? 0 : 3,
        payload: ping,
      }),
    }),
  ),
];

const transport: readonly Specimen[] = [
  raw('UDP', datagram),
  raw(
    'UDP without checksum',
    ip(udp.PROTOCOL, udp.encode({ sourcePort: 40001, destinationPort: 40002, payload: hex('00') })),
  ),
  raw(
    'UDP-Lite',
    ip(
      udplite.PROTOCOL,
      udplite.encode({ sourcePort: 1, destinationPort: 2, coverage: 8, payload: hex('0102') }, ends),
    ),
  ),
  raw(
    'UDP-Lite, all covered',
    ip(
      udplite.PROTOCOL,
      udplite.encode({ sourcePort: 1, destinationPort: 2, coverage: 0, payload: hex('010203') }, ends),
    ),
  ),
  raw(
    'first fragment',
    ip(udp.PROTOCOL, hex('1388 1389 0bb8 0000 6162636465666768'), { dontFragment: false, moreFragments: true }),
  ),
  raw('last fragment', ip(udp.PROTOCOL, hex('6162636465666768'), { dontFragment: false, fragmentOffset: 1480 })),
  raw('IPv4 options', ip(icmp.PROTOCOL, ping.subarray(20), { options: hex('94 04 0000 07 07 08 c0a80101 00') })),
  raw('IPv4 in IPv4', ip(4, ping)),
  raw('ICMPv6 in IPv6', ipv6.encode({ ...six, nextHeader: 58, payload: pingSix })),
  raw(
    'IPv6 extensions',
    ipv6.encode({ ...six, nextHeader: 0, payload: concat(hex('3c 00 0104 00000000 3a 00 0104 00000000'), pingSix) }),
  ),
  raw('IPv6 fragment', ipv6.encode({ ...six, nextHeader: 44, payload: hex('11 00 0011 00000001 6162636465666768') })),
  raw(
    'ICMPv6 error',
    ipv6.encode({
      ...six,
      nextHeader: 58,
      payload: icmpv6.encode({ type: 2, code: 0, body: concat(hex('00000500'), tooBigSix) }, six),
    }),
  ),
  raw('IPv6 in IPv4', ip(ipv6.PROTOCOL, ipv6.encode({ ...six, nextHeader: 58, payload: pingSix }))),
  ...tcpOptions.map((options, index) =>
    raw(`TCP options ${index}`, segment({ options, flags: tcp.SYN, acknowledgment: 0 })),
  ),
  ...icmpMessages.map((message) => raw(`ICMP ${message.kind}`, ip(icmp.PROTOCOL, icmp.encode(message)))),
  ...greVariants.map((fields, index) => raw(`GRE ${index}`, ip(gre.PROTOCOL, gre.encode(fields)))),
  ...sctpPackets.map((fields, index) => raw(`SCTP ${index}`, ip(sctp.PROTOCOL, sctp.encode(fields)))),
];

const tunnel: readonly Specimen[] = [
  ...specimens.pptpMessages.map((message, index) =>
    raw(`PPTP ${message.kind}`, segment({ sourcePort: 42340 + index, payload: pptp.encode(message) })),
  ),
  ...specimens.lcpPackets.map((packet) => inTunnel(`LCP ${packet.kind}`, ppp.LCP, lcp.encode(packet))),
  ...specimens.ipcpPackets.map((packet) => inTunnel(`IPCP ${packet.kind}`, ppp.IPCP, ipcp.encode(packet))),
  ...specimens.ccpPackets.map((packet) => inTunnel(`CCP ${packet.kind}`, ppp.CCP, ccp.encode(packet))),
  ...specimens.ipv6cpPackets.map((packet) => inTunnel(`IPV6CP ${packet.kind}`, ppp.IPV6CP, ipv6cp.encode(packet))),
  ...specimens.papPackets.map((packet) => inTunnel(`PAP ${packet.kind}`, ppp.PAP, pap.encode(packet))),
  ...specimens.chapPackets.map((packet) => inTunnel(`CHAP ${packet.kind}`, ppp.CHAP, chap.encode(packet))),
  ...specimens.mppePackets.map((packet) => inTunnel('MPPE', ppp.COMPRESSED, mppe.encode(packet))),
];

export const packets: readonly Specimen[] = [...link, ...transport, ...tunnel];

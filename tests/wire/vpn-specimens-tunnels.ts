/** L2TP, OpenVPN and WireGuard. */
import { hex } from '../../src/lib/bytes.ts';
import * as l2tp from '../../src/wire/l2tp.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import * as openvpn from '../../src/wire/openvpn.ts';
import * as wireguard from '../../src/wire/wireguard.ts';
import { CLIENT, NONE, noise, overIp, overTcp, overUdp, type Specimen } from './vpn-specimen.ts';
import { CLIENT_HELLO } from './vpn-specimens-tls.ts';

const LCP = hex('ff03 c021 09010008 00000000');

const L2TP: readonly (readonly [string, Uint8Array])[] = [
  [
    'SCCRQ',
    l2tp.encodeControl({
      tunnelId: 0,
      sessionId: 0,
      ns: 0,
      nr: 0,
      avps: [
        avp(0, 1),
        avp(2, hex('0100')),
        avp(3, 3),
        avp(4, 0),
        avp(5, 0x0102030405060708n),
        avp(6, 0x0690),
        avp(7, 'laptop'),
        avp(8, 'Passthrough Lab'),
        avp(9, 4887),
        avp(10, 4),
        avp(11, noise(16)),
      ],
    }),
  ],
  [
    'StopCCN',
    l2tp.encodeControl({
      tunnelId: 7,
      sessionId: 0,
      ns: 3,
      nr: 2,
      avps: [avp(0, 4), avp(1, hex('0001')), avp(9, 4887)],
    }),
  ],
  [
    'ICRQ and a hidden AVP',
    l2tp.encodeControl({
      tunnelId: 7,
      sessionId: 0,
      ns: 2,
      nr: 1,
      avps: [
        avp(0, 10),
        avp(14, 39170),
        avp(15, 1),
        avp(18, 0),
        avp(36, noise(16)),
        { ...avp(22, noise(18)), hidden: true },
      ],
    }),
  ],
  [
    'ICCN',
    l2tp.encodeControl({
      tunnelId: 7,
      sessionId: 9,
      ns: 3,
      nr: 2,
      avps: [avp(0, 12), avp(24, 10_000_000), avp(19, 1), avp(38, 1000)],
    }),
  ],
  ['WEN', l2tp.encodeControl({ tunnelId: 7, sessionId: 9, ns: 4, nr: 2, avps: [avp(0, 15), avp(34, noise(26))] })],
  ['SLI', l2tp.encodeControl({ tunnelId: 7, sessionId: 9, ns: 5, nr: 2, avps: [avp(0, 16), avp(35, noise(10))] })],
  ['a ZLB', l2tp.encodeControl({ tunnelId: 7, sessionId: 0, ns: 6, nr: 2, avps: [] })],
  ['data', l2tp.encodeData({ tunnelId: 7, sessionId: 9, payload: LCP })],
  [
    'data with every option',
    l2tp.encodeData({
      tunnelId: 7,
      sessionId: 9,
      payload: LCP,
      withLength: true,
      sequence: { ns: 1, nr: 0 },
      priority: true,
      padding: 4,
    }),
  ],
  [
    'version 3 control',
    l2tpv3.encodeControl(
      {
        connectionId: 0,
        ns: 0,
        nr: 0,
        avps: [avp(0, 1), avp(7, 'lac'), avp(60, CLIENT), avp(61, 0xa01), avp(62, hex('0005 0007')), avp(63, 0xb01)],
      },
      'udp',
    ),
  ],
];

const L2TPV3: readonly (readonly [string, Uint8Array])[] = [
  ['control', l2tpv3.encodeControl({ connectionId: 0xa01, ns: 1, nr: 2, avps: [avp(0, 6)] }, 'ip')],
  [
    'ICRQ',
    l2tpv3.encodeControl(
      {
        connectionId: 0xa01,
        ns: 2,
        nr: 2,
        avps: [
          avp(0, 10),
          avp(63, 0xa11),
          avp(64, 0),
          avp(15, 1),
          avp(68, 5),
          avp(66, 'eth0'),
          avp(71, 3),
          avp(65, noise(8)),
        ],
      },
      'ip',
    ),
  ],
];

const SESSION = hex('8803c8a9d7f1eb2b');
const PEER = hex('28e03f2c9d0a7e74');
const RESET: openvpn.Packet = {
  kind: 'control',
  opcode: 7,
  keyId: 0,
  sessionId: SESSION,
  acks: [],
  messageId: 0,
  payload: NONE,
};
const ANSWER: openvpn.Packet = { ...RESET, opcode: 8, acks: [0], remoteSessionId: PEER };

const ACKNOWLEDGEMENT: openvpn.Packet = {
  kind: 'control',
  opcode: 5,
  keyId: 0,
  sessionId: SESSION,
  acks: [0],
  remoteSessionId: PEER,
  payload: NONE,
};

const OPENVPN: readonly (readonly [string, openvpn.Packet])[] = [
  ['a hard reset', RESET],
  ['its answer', ANSWER],
  ['TLS', { ...ANSWER, opcode: 4, messageId: 1, payload: CLIENT_HELLO }],
  ['an acknowledgement', ACKNOWLEDGEMENT],
  ['data V1', { kind: 'data-v1', keyId: 1, body: noise(60) }],
  ['data V2', { kind: 'data-v2', keyId: 1, peerId: 5, body: noise(60) }],
];

const WIREGUARD: readonly wireguard.Message[] = [
  {
    type: 'initiation',
    sender: 0x01020304,
    ephemeral: noise(32),
    encryptedStatic: noise(48),
    encryptedTimestamp: noise(28),
    mac1: noise(16),
    mac2: new Uint8Array(16),
  },
  {
    type: 'response',
    sender: 0x05060708,
    receiver: 0x01020304,
    ephemeral: noise(32),
    encryptedNothing: noise(16),
    mac1: noise(16),
    mac2: new Uint8Array(16),
  },
  { type: 'cookie', receiver: 0x01020304, nonce: noise(24), encryptedCookie: noise(32) },
  { type: 'data', receiver: 0x05060708, counter: 5n, body: noise(96) },
];

export const tunnels: readonly Specimen[] = [
  ...L2TP.map(([name, bytes]) => ({ name: `L2TP ${name}`, protocol: 'l2tp', packet: overUdp(1701, 1701, bytes) })),
  ...L2TPV3.map(([name, bytes]) => ({
    name: `L2TPv3 ${name}`,
    protocol: 'l2tp',
    packet: overIp(l2tpv3.PROTOCOL, bytes),
  })),
  ...OPENVPN.flatMap(([name, packet]) => [
    { name: `OpenVPN over UDP ${name}`, protocol: 'openvpn', packet: overUdp(50_000, 1194, openvpn.encode(packet)) },
    { name: `OpenVPN over TCP ${name}`, protocol: 'openvpn', packet: overTcp(1194, openvpn.encodeTcp(packet)) },
  ]),
  ...WIREGUARD.map((message) => ({
    name: `WireGuard ${message.type}`,
    protocol: 'wg',
    packet: overUdp(50_000, 51_820, wireguard.encode(message)),
  })),
];

/** One packet of every kind that the VPN encoders write, for outside judges. */
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ah from '../../src/wire/ah.ts';
import * as dtls from '../../src/wire/dtls.ts';
import * as esp from '../../src/wire/esp.ts';
import * as ikev1 from '../../src/wire/ikev1.ts';
import * as ikev2 from '../../src/wire/ikev2.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as isakmp from '../../src/wire/isakmp.ts';
import * as l2tp from '../../src/wire/l2tp.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import * as natt from '../../src/wire/natt.ts';
import * as openvpn from '../../src/wire/openvpn.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as tls from '../../src/wire/tls.ts';
import { type ClientHello, serverName, writeHandshake } from '../../src/wire/tls-handshake.ts';
import * as tpkt from '../../src/wire/tpkt.ts';
import * as udp from '../../src/wire/udp.ts';
import * as wireguard from '../../src/wire/wireguard.ts';

export interface Specimen {
  readonly name: string;
  /** What tshark calls it. */
  readonly protocol: string;
  /** A whole IPv4 packet. */
  readonly packet: Uint8Array;
}

const CLIENT = ipv4('192.168.1.10');
const SERVER = ipv4('198.51.100.10');

function overIp(protocol: number, payload: Uint8Array): Uint8Array {
  return ip.encode({ source: CLIENT, destination: SERVER, protocol, payload });
}

function overUdp(sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array {
  const pseudo = { source: CLIENT, destination: SERVER };
  return overIp(udp.PROTOCOL, udp.encode({ sourcePort, destinationPort, payload }, pseudo));
}

/** `n` bytes that look like nothing in particular. */
function noise(n: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, at) => (at * 151 + 77) & 255);
}

let lastPort = 50_000;

/** Each from a port of its own, or they would all be one stream. */
function overTcp(destinationPort: number, payload: Uint8Array): Uint8Array {
  const sourcePort = ++lastPort;
  const pseudo = { source: CLIENT, destination: SERVER };
  const flags = tcp.ACK | tcp.PSH;
  return overIp(tcp.PROTOCOL, tcp.encode({ sourcePort, destinationPort, sequence: 1, flags, payload }, pseudo));
}

const NONE = new Uint8Array(0);
const INITIATOR_SPI = hex('05ac0f4d122013f4');
const RESPONDER_SPI = hex('5f46ee70bc4c5d0d');

function ike2(exchange: number, ...payloads: readonly ikev2.Payload[]): Uint8Array {
  const { first, bytes } = ikev2.encodePayloads(payloads);
  const spis = { initiatorSpi: INITIATOR_SPI, responderSpi: RESPONDER_SPI };
  return isakmp.encode({ ...spis, first, version: 0x20, exchange, flags: isakmp.INITIATOR, messageId: 1 }, bytes);
}

function ike1(exchange: number, ...payloads: readonly ikev1.Payload[]): Uint8Array {
  const { first, bytes } = ikev1.encodePayloads(payloads);
  const spis = { initiatorSpi: INITIATOR_SPI, responderSpi: RESPONDER_SPI };
  return isakmp.encode({ ...spis, first, version: 0x10, exchange, flags: 0, messageId: 0 }, bytes);
}

function transform(type: number, id: number, bits?: number) {
  return { type, id, attributes: bits === undefined ? [] : [{ type: 14, value: bits }] };
}

const IKE_PROPOSAL = {
  number: 1,
  protocol: 1,
  spi: NONE,
  transforms: [transform(1, 20, 256), transform(2, 5), transform(4, 31), transform(4, 14)],
};
const ESP_PROPOSAL = {
  number: 2,
  protocol: 3,
  spi: hex('c1010001'),
  transforms: [transform(1, 12, 128), transform(3, 12), transform(5, 0)],
};
const SELECTOR = {
  type: 7,
  protocol: 0,
  firstPort: 0,
  lastPort: 0xffff,
  firstAddress: hex('0a000000'),
  lastAddress: hex('0a0000ff'),
};
const SELECTOR6 = { ...SELECTOR, type: 8, firstAddress: noise(16), lastAddress: noise(16).fill(255, 8) };

const IKEV2: readonly (readonly [string, Uint8Array])[] = [
  [
    'IKE_SA_INIT',
    ike2(
      34,
      { type: 'sa', proposals: [IKE_PROPOSAL, { ...IKE_PROPOSAL, number: 2 }] },
      { type: 'ke', group: 31, data: noise(32) },
      { type: 'nonce', data: noise(32) },
      { type: 'notify', protocol: 0, spi: NONE, notify: 16388, data: noise(20) },
      { type: 'notify', protocol: 0, spi: NONE, notify: 16389, data: noise(20) },
      { type: 'vendor', data: hex('882fe56d6fd20dbc2251613b2ebe5beb') },
    ),
  ],
  [
    'the payloads of IKE_AUTH in the open',
    ike2(
      35,
      { type: 'idi', idType: 2, data: hex('6c6170746f70') },
      { type: 'idr', idType: 1, data: hex('c633640a') },
      { type: 'certreq', encoding: 4, data: noise(20) },
      { type: 'auth', method: 2, data: noise(32) },
      {
        type: 'cp',
        kind: 1,
        attributes: [
          { type: 1, value: NONE },
          { type: 3, value: hex('0a000001') },
        ],
      },
      { type: 'sa', proposals: [ESP_PROPOSAL] },
      { type: 'tsi', selectors: [SELECTOR] },
      { type: 'tsr', selectors: [SELECTOR, SELECTOR6] },
      { type: 'eap', data: hex('01 07 0005 01') },
    ),
  ],
  [
    'deletions and rekeying',
    ike2(
      37,
      { type: 'delete', protocol: 3, spis: [hex('c1010001'), hex('c1010002')] },
      { type: 'delete', protocol: 1, spis: [] },
      { type: 'notify', protocol: 3, spi: hex('c1010001'), notify: 16393, data: NONE },
    ),
  ],
  ['an encrypted payload', ike2(35, { type: 'sk', inner: 35, body: noise(64) })],
  ['an encrypted fragment', ike2(35, { type: 'skf', inner: 35, number: 1, total: 2, body: noise(64) })],
];

const PHASE_1 = [
  { type: 1, value: 7 },
  { type: 14, value: 256 },
  { type: 2, value: 4 },
  { type: 3, value: 1 },
  { type: 4, value: 14 },
  { type: 11, value: 1 },
  { type: 12, value: hex('00015180') },
];
const PHASE_2 = [
  { type: 4, value: 3 },
  { type: 1, value: 1 },
  { type: 2, value: hex('00000e10') },
  { type: 5, value: 5 },
  { type: 6, value: 128 },
];

const IKEV1: readonly (readonly [string, Uint8Array])[] = [
  [
    'main mode 1',
    ike1(
      2,
      {
        type: 'sa',
        doi: 1,
        situation: 1,
        proposals: [
          {
            number: 1,
            protocol: 1,
            spi: NONE,
            transforms: [
              { number: 1, id: 1, attributes: PHASE_1 },
              { number: 2, id: 1, attributes: PHASE_1.slice(2) },
            ],
          },
        ],
      },
      { type: 'vendor', data: hex('4a131c81070358455c5728f20e95452f') },
      { type: 'vendor', data: hex('afcad71368a1f1c96b8696fc77570100') },
    ),
  ],
  [
    'main mode 3',
    ike1(
      2,
      { type: 'ke', data: noise(256) },
      { type: 'nonce', data: noise(32) },
      { type: 'nat-d', draft: false, hash: noise(20) },
      { type: 'nat-d', draft: true, hash: noise(20) },
    ),
  ],
  [
    'the payloads of quick mode in the open',
    ike1(
      32,
      { type: 'hash', data: noise(20) },
      {
        type: 'sa',
        doi: 1,
        situation: 1,
        proposals: [
          {
            number: 1,
            protocol: 3,
            spi: hex('c1010001'),
            transforms: [{ number: 1, id: 12, attributes: PHASE_2 }],
          },
        ],
      },
      { type: 'nonce', data: noise(16) },
      { type: 'id', idType: 1, protocol: 17, port: 1701, data: hex('c0a8010a') },
      { type: 'id', idType: 4, protocol: 0, port: 0, data: hex('0a000000 ffffff00') },
      { type: 'nat-oa', draft: false, idType: 1, address: hex('c0a8010a') },
      { type: 'nat-oa', draft: true, idType: 1, address: hex('c633640a') },
    ),
  ],
  [
    'informational: dead peer detection and a deletion',
    ike1(
      5,
      {
        type: 'notify',
        doi: 1,
        protocol: 1,
        spi: concat(INITIATOR_SPI, RESPONDER_SPI),
        notify: 36136,
        data: hex('00000001'),
      },
      { type: 'delete', doi: 1, protocol: 3, spis: [hex('c1010001')] },
    ),
  ],
];

const PING = ip.encode({
  source: ipv4('10.0.0.1'),
  destination: ipv4('10.0.0.2'),
  protocol: 1,
  payload: hex('0800 f7ff 0000 0000'),
});
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

const HELLO: ClientHello = {
  type: 'client-hello',
  version: 0x0303,
  random: noise(32),
  sessionId: noise(32),
  cipherSuites: [0x1301, 0x1302, 0xc02f],
  compression: hex('00'),
  extensions: [
    serverName('vpn.example.com'),
    { type: 10, data: hex('0004 001d 0017') },
    { type: 16, data: hex('0009 08 687474702f312e31') },
    { type: 43, data: hex('04 0304 0303') },
  ],
};
const CLIENT_HELLO = tls.encodeRecord({ type: 22, version: 0x0301, fragment: tls.encodeHandshake(HELLO) });

const OPENVPN: readonly (readonly [string, openvpn.Packet])[] = [
  ['a hard reset', RESET],
  ['its answer', ANSWER],
  ['TLS', { ...ANSWER, opcode: 4, messageId: 1, payload: CLIENT_HELLO }],
  ['an acknowledgement', ACKNOWLEDGEMENT],
  ['data V1', { kind: 'data-v1', keyId: 1, body: noise(60) }],
  ['data V2', { kind: 'data-v2', keyId: 1, peerId: 5, body: noise(60) }],
];

/** The least that is a certificate: version 1, no names, an Ed25519 key. */
const CERTIFICATE = certificate();

function certificate(): Uint8Array {
  const der = (tag: number, ...parts: readonly Uint8Array[]) => {
    const body = concat(...parts);
    return concat(body.length < 128 ? Uint8Array.of(tag, body.length) : Uint8Array.of(tag, 0x81, body.length), body);
  };
  const algorithm = hex('30 05 06 03 2b6570');
  const validity = der(0x30, hex('170d 3233303130313030303030305a'), hex('170d 3333303130313030303030305a'));
  const key = der(0x30, algorithm, der(0x03, Uint8Array.of(0), noise(32)));
  const body = der(0x30, hex('020101'), algorithm, hex('3000'), validity, hex('3000'), key);
  return der(0x30, body, algorithm, der(0x03, Uint8Array.of(0), noise(64)));
}

const TLS: readonly (readonly [string, Uint8Array])[] = [
  ['a client hello', CLIENT_HELLO],
  [
    'server hello, certificate and done',
    tls.encodeRecord({
      type: 22,
      version: 0x0303,
      fragment: concat(
        tls.encodeHandshake({
          type: 'server-hello',
          version: 0x0303,
          random: noise(32),
          sessionId: NONE,
          cipherSuite: 0xc02f,
          compression: 0,
          extensions: [{ type: 23, data: NONE }],
        }),
        tls.encodeHandshake({ type: 'certificate', certificates: [CERTIFICATE] }),
        tls.encodeHandshake({ type: 'other', number: 14, body: NONE }),
      ),
    }),
  ],
  ['an alert', tls.encodeRecord({ type: 21, version: 0x0303, fragment: hex('0100') })],
];

const DTLS_HELLO = writeHandshake({ ...HELLO, version: 0xfefd, cookie: noise(20) });

const FIXED: readonly Specimen[] = [
  {
    name: 'ESP',
    protocol: 'esp',
    packet: overIp(esp.PROTOCOL, esp.encode({ spi: 0xc1010001, sequence: 7, body: noise(64) })),
  },
  {
    name: 'ESP in UDP',
    protocol: 'esp',
    packet: overUdp(
      4500,
      4500,
      natt.encode({ kind: 'esp', packet: esp.encode({ spi: 0xc1010001, sequence: 7, body: noise(64) }) }),
    ),
  },
  { name: 'a NAT keepalive', protocol: 'udpencap', packet: overUdp(4500, 4500, natt.encode({ kind: 'keepalive' })) },
  {
    name: 'IKE behind the non-ESP marker',
    protocol: 'isakmp',
    packet: overUdp(4500, 4500, natt.encode({ kind: 'ike', message: IKEV2[3]![1] })),
  },
  {
    name: 'AH in tunnel mode',
    protocol: 'ah',
    packet: overIp(ah.PROTOCOL, ah.encode({ nextHeader: 4, spi: 0xa001, sequence: 1, icv: noise(12), payload: PING })),
  },
  {
    name: 'DTLS client hello',
    protocol: 'dtls',
    packet: overUdp(
      50_000,
      4433,
      dtls.encodeRecord({
        type: 22,
        version: 0xfefd,
        epoch: 0,
        sequence: 1,
        fragment: dtls.encodeHandshakePart({
          type: DTLS_HELLO.type,
          length: DTLS_HELLO.body.length,
          messageSequence: 1,
          offset: 0,
          fragment: DTLS_HELLO.body,
        }),
      }),
    ),
  },
  {
    name: 'RDP connection request',
    protocol: 'tpkt',
    packet: overTcp(
      3389,
      tpkt.encode({
        confirm: false,
        destination: 0,
        source: 0,
        cookie: 'Cookie: mstshash=alice',
        negotiation: { type: 1, flags: 0, value: 3 },
      }),
    ),
  },
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

export const specimens: readonly Specimen[] = [
  ...FIXED,
  ...IKEV2.map(([name, bytes]) => ({ name: `IKEv2 ${name}`, protocol: 'isakmp', packet: overUdp(500, 500, bytes) })),
  ...IKEV1.map(([name, bytes]) => ({ name: `IKEv1 ${name}`, protocol: 'isakmp', packet: overUdp(500, 500, bytes) })),
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
  ...TLS.map(([name, bytes]) => ({ name: `TLS ${name}`, protocol: 'tls', packet: overTcp(443, bytes) })),
  ...WIREGUARD.map((message) => ({
    name: `WireGuard ${message.type}`,
    protocol: 'wg',
    packet: overUdp(50_000, 51_820, wireguard.encode(message)),
  })),
];

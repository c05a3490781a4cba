/** Every IKE payload, ESP, AH and what shares port 4500 with them. */
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ah from '../../src/wire/ah.ts';
import * as esp from '../../src/wire/esp.ts';
import * as ikev1 from '../../src/wire/ikev1.ts';
import * as ikev2 from '../../src/wire/ikev2.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as isakmp from '../../src/wire/isakmp.ts';
import * as natt from '../../src/wire/natt.ts';
import { NONE, noise, overIp, overUdp, type Specimen } from './vpn-specimen.ts';

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
export const ipsec: readonly Specimen[] = [
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
  ...IKEV2.map(([name, bytes]) => ({ name: `IKEv2 ${name}`, protocol: 'isakmp', packet: overUdp(500, 500, bytes) })),
  ...IKEV1.map(([name, bytes]) => ({ name: `IKEv1 ${name}`, protocol: 'isakmp', packet: overUdp(500, 500, bytes) })),
];

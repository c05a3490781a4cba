import { expect, test } from 'vitest';
import { detectNats, natDetection, natHash } from '../../src/endpoints/ike-nat.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';

const none = new Uint8Array(8);
const spis = (initiator: string, responder = '') => ({
  initiatorSpi: hex(initiator),
  responderSpi: responder === '' ? none : hex(responder),
});
const socket = (address: string, port: number) => ({ address: ipv4(address), port });

/** Hashes that real IKEv2 implementations sent, from captures in the test suites of nDPI and corelight's Zeek parser. */
const seen = [
  ['05ac0f4d122013f4', '', '10.2.3.2', 500, '4fbeaa57ffae70cc08776899742185b6c2bbb55d'],
  ['05ac0f4d122013f4', '', '10.3.4.4', 500, 'b16f1538b2b4d28d6f1aa6e8f79d9e92ca33d409'],
  ['05ac0f4d122013f4', '5f46ee70bc4c5d0d', '10.3.4.4', 500, 'cf73f6965980a0fef59cdd6a6944b18aca914785'],
  ['05ac0f4d122013f4', '5f46ee70bc4c5d0d', '10.2.3.2', 500, 'b5bf51e2925a867c96f0013bda4ce526d85f36a6'],
  ['238671c80375a0fb', '73d16a42f60ef7f0', '144.76.154.114', 500, '3d40f7d9409d85f141669ecab3f340d0147945a4'],
  ['46fd10006d11e258', '', '172.16.158.142', 500, '9c1d7fb983423f62f8ef5806916604e3da683d96'],
] as const;

test.each(seen)(
  'the hash over %s %s and %s port %i is the one on the wire',
  (initiator, responder, address, port, hash) => {
    expect(toHex(natHash(spis(initiator, responder), socket(address, port)))).toBe(hash);
  },
);

const client = socket('192.168.1.10', 500);
const server = socket('203.0.113.10', 500);
const wan = socket('203.0.113.1', 500);
const pair = spis('05ac0f4d122013f4');
const sent = natDetection(pair, client, server);

test('with nothing in between, neither end is behind a NAT', () => {
  expect(detectNats(sent, pair, client, server)).toEqual({ here: false, there: false });
});

test('a source that does not fit is the peer behind a NAT, a destination that does not fit is us', () => {
  expect(detectNats(sent, pair, wan, server)).toEqual({ here: false, there: true });
  expect(detectNats(sent, pair, client, socket('10.0.0.2', 500))).toEqual({ here: true, there: false });
});

test('a port that was changed is enough', () => {
  expect(detectNats(sent, pair, { ...client, port: 311 }, server)).toEqual({ here: false, there: true });
});

test('of several sources one that fits is enough', () => {
  const [source, destination] = natDetection(pair, wan, server);
  expect(detectNats([source!, ...sent, destination!], pair, client, server)).toEqual({ here: false, there: false });
});

test('a peer that sends no hashes does not do NAT traversal', () => {
  expect(detectNats([], pair, client, server)).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { recognise } from '../../src/wire/pseudowire.ts';

const PING = encodeIpv4({
  source: ipv4('10.0.0.1'),
  destination: ipv4('10.0.0.2'),
  protocol: 1,
  payload: hex('0800 f7ff 0000 0000'),
});
/** A header and nothing behind it: the shortest there is. */
const BARE = encodeIpv4({ source: 1, destination: 2, protocol: 59, payload: new Uint8Array(0) });
const MACS = hex('020000000001 020000000002');
const ARP = concat(MACS, hex('0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002'));
const IPV6 = hex('60000000 0004 3b 40 fd000000000000000000000000000001 fd000000000000000000000000000002 01020304');

function at(bytes: Uint8Array) {
  return recognise(bytes, 0, bytes.length);
}

describe('what proves a frame inside a session', () => {
  test.each([
    ['an IPv4 packet', PING, { protocol: 'ipv4', offset: 0 }],
    ['the shortest IPv4 packet', BARE, { protocol: 'ipv4', offset: 0 }],
    ['IPv4 in Ethernet', concat(MACS, hex('0800'), PING), { protocol: 'ethernet', offset: 0 }],
    [
      'IPv4 in Ethernet with a VLAN tag',
      concat(MACS, hex('8100 0005 0800'), PING),
      { protocol: 'ethernet', offset: 0 },
    ],
    [
      'IPv4 in Ethernet, padded',
      concat(MACS, hex('0800'), PING, new Uint8Array(18)),
      { protocol: 'ethernet', offset: 0 },
    ],
    ['ARP', ARP, { protocol: 'ethernet', offset: 0 }],
    ['IPv6 in Ethernet', concat(MACS, hex('86dd'), IPV6), { protocol: 'ethernet', offset: 0 }],
    ['IPv4 in PPP', concat(hex('0021'), PING), { protocol: 'ppp', offset: 0 }],
    ['an LCP echo', hex('ff03 c021 09010008 00000000'), { protocol: 'ppp', offset: 0 }],
    ['the shortest LCP packet', hex('c021 05020004'), { protocol: 'ppp', offset: 0 }],
    ['a CCP reset', hex('80fd 0f070004'), { protocol: 'ppp', offset: 0 }],
    ['IPv4 behind twelve bytes', concat(hex('0102030405060708 40000001'), PING), { protocol: 'ipv4', offset: 12 }],
  ])('%s', (_, bytes, expected) => {
    expect(at(bytes)).toEqual(expected);
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['a wrong IPv4 checksum', PING.map((byte, index) => (index === 10 ? byte ^ 1 : byte))],
    ['an IPv4 packet with bytes behind it', concat(PING, hex('00'))],
    ['an IPv4 packet cut short', PING.subarray(0, -1)],
    ['an IPv4 header cut short', PING.subarray(0, 19)],
    ['ARP for something else', ARP.map((byte, index) => (index === 15 ? 6 : byte))],
    ['ARP with other address lengths', ARP.map((byte, index) => (index === 18 ? 8 : byte))],
    ['IPv6 of another length', concat(MACS, hex('86dd'), IPV6, hex('00'))],
    [
      'another version in place of IPv6',
      concat(
        MACS,
        hex('86dd'),
        IPV6.map((byte, index) => (index === 0 ? 0x40 : byte)),
      ),
    ],
    ['an unknown EtherType', concat(MACS, hex('88cc'), PING.subarray(0, 10))],
    ['LCP of another length', hex('ff03 c021 09010009 00000000')],
    ['LCP with a code that does not exist', hex('ff03 c021 10010008 00000000')],
    ['LCP with code 0', hex('ff03 c021 00010008 00000000')],
    ['an unknown PPP protocol', hex('ff03 c123 09010008 00000000')],
    ['IPv4 behind two bytes, which no cookie has', concat(hex('0102'), PING)],
  ])('%s proves nothing', (_, bytes) => {
    expect(at(bytes)).toBeUndefined();
  });

  test('bytes outside the range given do not count', () => {
    const bytes = concat(hex('ffff'), PING, hex('ffff'));
    expect(recognise(bytes, 2, 2 + PING.length)).toEqual({ protocol: 'ipv4', offset: 2 });
    expect(recognise(bytes, 2, 1 + PING.length)).toBeUndefined();
  });
});

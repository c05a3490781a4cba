import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as icmpv6 from '../../src/wire/icmpv6.ts';
import * as ipv6 from '../../src/wire/ipv6.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';

const ends = {
  source: hex('20010db8 00000000 00000000 00000010'),
  destination: hex('20010db8 00000000 00000000 00000001'),
};
const echo = icmpv6.encode({ type: 128, code: 0, body: hex('1234 0001') }, ends);
const PACKET = ipv6.encode({ ...ends, nextHeader: icmpv6.PROTOCOL, payload: echo });
/** Hop-by-hop options with a router alert and padding, then a fragment header that says nothing, then the echo. */
const CHAIN = ipv6.encode({
  ...ends,
  nextHeader: 0,
  payload: concat(hex('2c 00 0502 0000 0100'), hex('3a 00 0000 00000007'), echo),
});
const protocols = (bytes: Uint8Array) => dissect(bytes, 'ipv6').layers.map((layer) => layer.protocol);

describe('IPv6, RFC 8200', () => {
  test('what was encoded is read back', () => {
    const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
    comesBack(
      fc.record({
        source: address,
        destination: address,
        nextHeader: fc.nat({ max: 255 }),
        hopLimit: fc.nat({ max: 255 }),
        trafficClass: fc.nat({ max: 255 }),
        flowLabel: fc.nat({ max: 0xfffff }),
        payload: fc.uint8Array({ maxLength: 32 }),
      }),
      ipv6.encode,
      ipv6.parse,
    );
  });

  test.each([
    ['39 bytes', PACKET.subarray(0, 39), { kind: 'truncated', need: 40 }],
    ['version 4', PACKET.with(0, 0x40), { field: 'version', found: 4 }],
    ['a payload that is not all there', PACKET.subarray(0, 44), { kind: 'truncated', need: 48 }],
  ])('%s is refused', (_, bytes, error) => {
    expect(ipv6.parse(bytes)).toMatchObject({ ok: false, error });
  });

  test('the header leads to its payload', () => {
    const [layer] = layersOf(PACKET, 'ipv6');
    expect(layer).toMatchObject({ length: 40, summary: '2001:db8::10 → 2001:db8::1' });
    expect(protocols(PACKET)).toEqual(['ipv6', 'icmpv6']);
  });

  test('extension headers belong to the layer, and what follows the last is read', () => {
    const [layer, next] = layersOf(CHAIN, 'ipv6');
    expect(layer).toMatchObject({ kind: 'decoded', length: 56 });
    expect(displays(layer, 'ipv6.opt.type')).toEqual(['Router Alert (5)', 'PadN (1)']);
    expect(next).toMatchObject({ protocol: 'icmpv6', offset: 56, kind: 'decoded' });
  });

  test('fragments: the first shows its header, a later one does not', () => {
    const fragment = (offsetAndMore: string) =>
      ipv6.encode({
        ...ends,
        nextHeader: 44,
        payload: concat(hex(`11 00 ${offsetAndMore} 00000001`), hex('1388 1389 0bb8 beef 00')),
      });
    expect(protocols(fragment('0001'))).toEqual(['ipv6', 'udp', 'data']);
    expect(dissect(fragment('0001'), 'ipv6').layers[1]).toMatchObject({ kind: 'decoded' });
    expect(protocols(fragment('05a9'))).toEqual(['ipv6', 'fragment']);
  });

  test('a routing header with hops left makes the checksum unverifiable: its address is not the last', () => {
    const routed = (left: number) =>
      ipv6.encode({
        ...ends,
        nextHeader: 43,
        payload: concat(hex('3a 00 00'), Uint8Array.of(left), hex('00000000'), echo),
      });
    const check = (bytes: Uint8Array) => dissect(bytes, 'ipv6').layers[1]?.fields[2]?.check;
    expect([check(routed(0)), check(routed(1))]).toEqual(['right', 'unverifiable']);
  });

  test('a chain of headers without end is cut off', () => {
    const endless = ipv6.encode({ ...ends, nextHeader: 60, payload: hex('3c 00 0104 00000000'.repeat(500)) });
    expect(layersOf(endless, 'ipv6')[0]).toMatchObject({ kind: 'malformed', why: 'more than 16 extension headers' });
  });

  test('a jumbogram says length 0 and reaches to the end', () => {
    const jumbo = ipv6.encode({ ...ends, nextHeader: 0, payload: concat(hex('3a 00 c204 00000010'), echo) });
    jumbo[4] = 0;
    jumbo[5] = 0;
    expect(protocols(jumbo)).toEqual(['ipv6', 'icmpv6']);
  });

  survivesAnything('ipv6', [PACKET, CHAIN], ipv6.parse);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as ccp from '../../src/wire/ccp.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipcp from '../../src/wire/ipcp.ts';
import * as ipv6cp from '../../src/wire/ipv6cp.ts';
import * as lcp from '../../src/wire/lcp.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { ccpPackets, ipcpPackets, ipv6cpPackets, lcpPackets } from './specimens-ppp.ts';

/** tests/recordings/pptp-1client-helper/lan.pcap, packet 11, inside PPP: MRU, ACCM, magic number, PFC, ACFC. */
const REQUEST = hex('01 01 0018 0104 0578 0206 00000000 0506 1297d971 0702 0802');

describe('LCP, RFC 1661', () => {
  test('a real Configure-Request becomes a record and that the same bytes', () => {
    const expected: lcp.Packet = {
      kind: 'configure-request',
      identifier: 1,
      options: [
        { kind: 'mru', value: 1400 },
        { kind: 'accm', map: 0 },
        { kind: 'magic', value: 0x1297d971 },
        { kind: 'pfc' },
        { kind: 'acfc' },
      ],
    };
    expect(lcp.parse(REQUEST)).toEqual({ ok: true, value: expected });
    expect(lcp.encode(expected)).toEqual(REQUEST);
  });

  test('the authentication option has an algorithm for CHAP and none for PAP', () => {
    const ask = (option: lcp.Option) =>
      lcp.encode({ kind: 'configure-nak', identifier: 2, options: [option] }).subarray(4);
    expect(ask({ kind: 'authentication-chap', protocol: 0xc223, algorithm: lcp.MS_CHAP_V2 })).toEqual(
      hex('03 05 c223 81'),
    );
    expect(ask({ kind: 'authentication', protocol: 0xc023 })).toEqual(hex('03 04 c023'));
  });

  test('a Protocol-Reject quotes the packet that it refuses', () => {
    const rejected = hex('01 01 000a 1206 01000060');
    const bytes = lcp.encode({ kind: 'protocol-reject', identifier: 7, protocol: 0x80fd, data: rejected });
    expect(bytes).toEqual(concat(hex('08 07 0010 80fd'), rejected));
    const [layer] = layersOf(bytes, 'lcp');
    expect(layer.quoted?.map((each) => each.protocol)).toEqual(['ccp']);
    expect(layer).toMatchObject({ length: 16, summary: expect.stringContaining('Compression Control Protocol') });
  });

  test.each(lcpPackets.map((packet) => [packet.kind, packet] as const))(
    '%s is read back and shown without fault',
    (_, packet) => {
      expect(lcp.parse(lcp.encode(packet))).toEqual({ ok: true, value: packet });
      expect(layersOf(lcp.encode(packet), 'lcp')[0].kind).toBe('decoded');
    },
  );

  test('any request is read back', () => {
    const u16 = fc.nat({ max: 0xffff });
    const u32 = fc.nat({ max: 0xffffffff });
    const option: fc.Arbitrary<lcp.Option> = fc.oneof(
      u16.map((value): lcp.Option => ({ kind: 'mru', value })),
      u32.map((map): lcp.Option => ({ kind: 'accm', map })),
      u32.map((value): lcp.Option => ({ kind: 'magic', value })),
      u16.map((protocol): lcp.Option => ({ kind: 'authentication', protocol })),
      fc
        .tuple(u16, fc.uint8Array({ maxLength: 8 }))
        .map(([protocol, data]): lcp.Option => ({ kind: 'quality', protocol, data })),
      fc.uint8Array({ maxLength: 8 }).map((data): lcp.Option => ({ kind: 'other', type: 200, data })),
    );
    const packet = fc.record({
      kind: fc.constantFrom('configure-request', 'configure-ack', 'configure-nak', 'configure-reject'),
      identifier: fc.nat({ max: 255 }),
      options: fc.array(option, { maxLength: 8 }),
    });
    comesBack<lcp.Packet>(packet, lcp.encode, lcp.parse);
  });

  test('an option of a known type but another length is kept as it is', () => {
    const packet: lcp.Packet = {
      kind: 'configure-reject',
      identifier: 1,
      options: [{ kind: 'other', type: 1, data: hex('01') }],
    };
    expect(lcp.parse(lcp.encode(packet))).toEqual({ ok: true, value: packet });
    expect(displays(layersOf(lcp.encode(packet), 'lcp')[0], 'lcp.opt.type')).toEqual(['Maximum Receive Unit (1)']);
  });

  test('an unknown code is kept, its data with it', () => {
    const packet: lcp.Packet = { kind: 'other', code: 200, identifier: 3, data: hex('0102') };
    expect(lcp.parse(lcp.encode(packet))).toEqual({ ok: true, value: packet });
  });

  test('bytes behind the length are padding', () => {
    expect(lcp.parse(concat(REQUEST, hex('0000')))).toEqual(lcp.parse(REQUEST));
    expect(dissect(concat(REQUEST, hex('0000')), 'lcp').layers.map((layer) => layer.protocol)).toEqual([
      'lcp',
      'padding',
    ]);
  });

  test.each([
    ['three bytes', hex('010100'), { kind: 'truncated', need: 4 }],
    ['a length below the header', hex('01 01 0003'), { field: 'length', found: 3 }],
    ['a length beyond the bytes', hex('01 01 0018 0104'), { kind: 'truncated', need: 24 }],
    ['an option of length 1', hex('01 01 0006 01 01'), { field: 'option length', found: 1 }],
    ['an option beyond the end', hex('01 01 0006 01 04'), { field: 'option length', found: 4 }],
    ['an echo without a magic number', hex('09 01 0006 0000'), { kind: 'truncated', need: 8 }],
    ['a Protocol-Reject of nothing', hex('08 01 0005 c0'), { kind: 'truncated', need: 6 }],
  ])('%s is refused, and malformed to look at', (_, bytes, error) => {
    expect(lcp.parse(bytes)).toMatchObject({ ok: false, error });
    expect(layersOf(bytes, 'lcp')[0].kind).toBe('malformed');
  });

  survivesAnything('lcp', [REQUEST, lcp.encode(lcpPackets[8]!), lcp.encode(lcpPackets[9]!)], lcp.parse);
});

describe('IPCP, RFC 1332 and 1877', () => {
  /** tests/recordings/pptp-1client-helper/lan.pcap, packet 17, inside PPP. */
  const NAK = hex('03 02 000a 0306 0a090064');

  test('a Configure-Nak offers an address', () => {
    const expected: ipcp.Packet = {
      kind: 'configure-nak',
      identifier: 2,
      options: [{ kind: 'address', value: address('10.9.0.100') }],
    };
    expect(ipcp.parse(NAK)).toEqual({ ok: true, value: expected });
    expect(ipcp.encode(expected)).toEqual(NAK);
    expect(layersOf(NAK, 'ipcp')[0].summary).toBe('Configuration Nak, id 2: IP Address 10.9.0.100');
  });

  test.each(ipcpPackets.map((packet) => [packet.kind, packet] as const))('%s is read back', (_, packet) => {
    expect(ipcp.parse(ipcp.encode(packet))).toEqual({ ok: true, value: packet });
  });

  survivesAnything('ipcp', [NAK, ipcp.encode(ipcpPackets[0]!)], ipcp.parse);
});

describe('CCP, RFC 1962 and 3078', () => {
  test('the MPPE option is four bytes of flags, each with a name', () => {
    const packet: ccp.Packet = {
      kind: 'configure-request',
      identifier: 4,
      options: [{ kind: 'mppe', bits: ccp.STATELESS | ccp.MPPE_128 }],
    };
    const bytes = hex('01 04 000a 12 06 01000040');
    expect(ccp.encode(packet)).toEqual(bytes);
    expect(ccp.parse(bytes)).toEqual({ ok: true, value: packet });
    const [layer] = layersOf(bytes, 'ccp');
    expect(displays(layer, 'ccp.opt.supported_bits.h')).toEqual(['Set']);
    expect(displays(layer, 'ccp.opt.supported_bits.s')).toEqual(['Set']);
    expect(displays(layer, 'ccp.opt.supported_bits.l')).toEqual(['Not set']);
  });

  test.each(ccpPackets.map((packet) => [packet.kind, packet] as const))('%s is read back', (_, packet) => {
    expect(ccp.parse(ccp.encode(packet))).toEqual({ ok: true, value: packet });
  });

  survivesAnything('ccp', [ccp.encode(ccpPackets[0]!), ccp.encode(ccpPackets[1]!)], ccp.parse);
});

describe('IPV6CP, RFC 5072', () => {
  test('the interface identifier is read back', () => {
    const bytes = ipv6cp.encode(ipv6cpPackets[0]!);
    expect(bytes).toEqual(hex('01 01 000e 01 0a 020000fffe000110'));
    expect(ipv6cp.parse(bytes)).toEqual({ ok: true, value: ipv6cpPackets[0] });
  });

  survivesAnything('ipv6cp', [ipv6cp.encode(ipv6cpPackets[0]!)], ipv6cp.parse);
});

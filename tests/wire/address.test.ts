import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { formatIpv4, inPrefix, ipv4, netmask, parseIpv4, parsePrefix } from '../../src/wire/address.ts';
import { formatIpv6 } from '../../src/wire/ipv6-address.ts';

describe('IPv4 addresses', () => {
  test('every address comes back from its text', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
    );
  });

  test.each(['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.-4', '1.2.3.4 ', '0x1.2.3.4', '1..2.3', '1.2.3.0004'])(
    '%j is no address',
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
      expect(() => ipv4(text)).toThrow('not an IPv4 address');
    },
  );

  test('a prefix keeps the host bits it was written with', () => {
    expect(parsePrefix('192.168.1.1/24')).toEqual({ address: ipv4('192.168.1.1'), length: 24 });
  });

  test.each(['192.168.1.1', '192.168.1.1/33', '192.168.1.1/', '192.168.1/24', '192.168.1.1/24/1', '192.168.1.1/-1'])(
    '%j is no prefix',
    (text) => {
      expect(parsePrefix(text)).toBeUndefined();
    },
  );

  test('the network of /0 is everything and that of /32 one address', () => {
    expect([netmask(0), netmask(24), netmask(32)]).toEqual([0, 0xffffff00, 0xffffffff]);
    expect(inPrefix(ipv4('203.0.113.7'), { address: 0, length: 0 })).toBe(true);
    expect(inPrefix(ipv4('192.168.1.9'), { address: ipv4('192.168.1.1'), length: 24 })).toBe(true);
    expect(inPrefix(ipv4('192.168.2.9'), { address: ipv4('192.168.1.1'), length: 24 })).toBe(false);
    expect(inPrefix(ipv4('192.168.1.2'), { address: ipv4('192.168.1.1'), length: 32 })).toBe(false);
  });
});

describe('IPv6 addresses as text, RFC 5952', () => {
  test.each([
    ['00000000 00000000 00000000 00000000', '::'],
    ['00000000 00000000 00000000 00000001', '::1'],
    ['20010db8 00000000 00000000 00000001', '2001:db8::1'],
    ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
    ['20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
    ['fe800000 00000000 00000000 00000000', 'fe80::'],
  ])('%s is %s', (bytes, text) => {
    expect(formatIpv6(hex(bytes))).toBe(text);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AH_TRANSFORMS, type AhTransformName, icvOf } from '../../src/endpoints/ah-packet.ts';
import { hex, putU16, toHex } from '../../src/lib/bytes.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';

const key = (length: number) => Uint8Array.from({ length }, (_, index) => index + 1);
const keying = (transform: AhTransformName) => ({
  spi: 0x1001,
  transform,
  key: key(AH_TRANSFORMS[transform].keyLength),
});

/** Made with scapy 2.7.0 (scapy.layers.ipsec), keys 01 02 03 …, from 192.168.1.10 to 203.0.113.10. */
const vectors = [
  {
    name: 'transport mode, a UDP datagram',
    transform: 'hmac-sha1-96',
    packet: `4500004b1234400040332a8fc0a8010acb00710a 110400000000100100000001 edeb3b5dbfc578becceab245
      9c400007001fd0bd414820636f766572732074686520616464726573736573`,
  },
  {
    name: 'tunnel mode, an ICMP echo',
    transform: 'hmac-sha1-96',
    packet: `4500004c432140004033f9a0c0a8010acb00710a 040400000000100100000001 369bec6bdb80251648de7388
      4500002000070000400166c20a0900020a0900010800192f0000000070696e67`,
  },
  {
    name: 'transport mode, a UDP datagram',
    transform: 'hmac-sha2-256-128',
    packet: `4500004f1234400040332a8bc0a8010acb00710a 110500000000100100000001 4a7d12d1b570c4d8e6dc78fd70d8154d
      9c400007001fd0bd414820636f766572732074686520616464726573736573`,
  },
  {
    name: 'tunnel mode, an ICMP echo',
    transform: 'hmac-sha2-256-128',
    packet: `45000050432140004033f99cc0a8010acb00710a 040500000000100100000001 1189bdf28a6222986c962da02355c2e8
      4500002000070000400166c20a0900020a0900010800192f0000000070696e67`,
  },
] as const;

test.each(vectors)('the ICV of $name with $transform is the one scapy makes', ({ transform, packet }) => {
  const bytes = hex(packet);
  const { icvLength } = AH_TRANSFORMS[transform];
  expect(toHex(icvOf(keying(transform), bytes))).toBe(toHex(bytes.slice(32, 32 + icvLength)));
});

const sample = hex(vectors[0].packet);
const icv = toHex(icvOf(keying('hmac-sha1-96'), sample));

/** Bytes of the IPv4 header and what RFC 4302 §3.3.3.1.1 says of each. */
const mutable = new Set([1, 6, 7, 8, 10, 11]);

test('of the IPv4 header exactly the mutable fields may change, and nothing of what follows but the ICV', () => {
  // Not byte 0: another header length would move everything that is looked at.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: sample.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = sample.slice();
      changed[at] = changed[at]! ^ change;
      const isIcv = at >= 32 && at < 44;
      expect(toHex(icvOf(keying('hmac-sha1-96'), changed)) === icv).toBe(mutable.has(at) || isIcv);
    }),
  );
});

test('what a NAT does is seen, what a router does is not', () => {
  const parsed = ipv4.parse(sample);
  if (!parsed.ok) throw new Error('no packet');
  const routed = ipv4.encode({ ...parsed.value, ttl: 63, tos: 0xb8 });
  const translated = ipv4.encode({ ...parsed.value, source: 0xcb007101, ttl: 63 });
  expect(toHex(icvOf(keying('hmac-sha1-96'), routed))).toBe(icv);
  expect(toHex(icvOf(keying('hmac-sha1-96'), translated))).not.toBe(icv);
});

test('a route record may fill on the way, a router alert may not change', () => {
  const parsed = ipv4.parse(sample);
  if (!parsed.ok) throw new Error('no packet');
  const withOptions = (options: string) => ipv4.encode({ ...parsed.value, options: hex(options) });
  const of = (packet: Uint8Array) => toHex(icvOf(keying('hmac-sha1-96'), packet));
  expect(of(withOptions('07070400000000 00'))).toBe(of(withOptions('070708c0a80101 00')));
  expect(of(withOptions('94040000'))).not.toBe(of(withOptions('94040001')));
});

test('options that make no sense are still read to their end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (options) => {
      const packet = new Uint8Array(100);
      packet[0] = 0x4f;
      packet.set(options, 20);
      putU16(packet, 2, 100);
      expect(icvOf(keying('hmac-sha1-96'), packet)).toHaveLength(12);
    }),
  );
});

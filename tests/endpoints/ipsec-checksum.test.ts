import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mended } from '../../src/endpoints/ipsec-checksum.ts';
import { hex, putU16, toHex, u16 } from '../../src/lib/bytes.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';

const address = fc.nat(0xffffffff);
const ends = fc.record({ source: address, destination: address });
const payload = fc.uint8Array({ maxLength: 40 });

const datagram = (data: Uint8Array, pseudo?: udp.Pseudo) =>
  udp.encode({ sourcePort: 1701, destinationPort: 1701, payload: data }, pseudo);
const segment = (data: Uint8Array, pseudo: udp.Pseudo) =>
  tcp.encode(
    {
      sourcePort: 40000,
      destinationPort: 80,
      sequence: 1,
      acknowledgment: 2,
      flags: tcp.ACK,
      window: 100,
      payload: data,
    },
    pseudo,
  );

const builders = [
  [17, datagram],
  [6, segment],
] as const;

test.each(builders)(
  'protocol %i: with the original addresses known, the checksum comes out right',
  (protocol, build) => {
    fc.assert(
      fc.property(payload, ends, ends, (data, original, seen) => {
        const expected = build(data, seen);
        expect(toHex(mended('nat-oa', protocol, build(data, original), seen, original)!)).toBe(toHex(expected));
        expect(toHex(mended('recompute', protocol, build(data, original), seen, original)!)).toBe(toHex(expected));
      }),
    );
  },
);

test.each(builders)('protocol %i: left alone, it is wrong as soon as an address changed', (protocol, build) => {
  const [original, seen] = [
    { source: 0xc0a8010a, destination: 0xcb00710a },
    { source: 0xcb007101, destination: 0xcb00710a },
  ];
  const bytes = build(hex('0102'), original);
  expect(mended('none', protocol, bytes, original, original)).toBe(bytes);
  expect(mended('none', protocol, bytes, seen, original)).toBeUndefined();
  // Not knowing better, the receiver takes the addresses it sees for the original ones.
  expect(mended('nat-oa', protocol, bytes, seen, seen)).toBeUndefined();
});

test('damage that the NAT did not do is still found by the address way', () => {
  const original = { source: 1, destination: 2 };
  const seen = { source: 3, destination: 2 };
  const bytes = datagram(hex('0102'), original);
  bytes[9] = bytes[9]! ^ 1;
  expect(mended('nat-oa', 17, bytes, seen, original)).toBeUndefined();
});

test('a UDP checksum of zero means there is none, and stays', () => {
  const bytes = datagram(hex('0102'));
  for (const rule of ['nat-oa', 'recompute', 'none'] as const)
    expect(mended(rule, 17, bytes, { source: 1, destination: 2 }, { source: 3, destination: 4 })).toBe(bytes);
});

test('a UDP checksum that comes out as zero is written as ffff', () => {
  fc.assert(
    fc.property(ends, ends, (original, seen) => {
      // Chosen so that the right checksum for the addresses seen is 0, which the wire writes as ffff.
      const bare = datagram(hex('0000'), seen);
      const filled = datagram(hex('0000'));
      putU16(filled, 8, u16(bare, 6) === 0xffff ? 0 : u16(bare, 6));
      const sent = datagram(filled.subarray(8), original);
      const fixed = mended('nat-oa', 17, sent, seen, original)!;
      expect(u16(fixed, 6)).toBe(0xffff);
    }),
  );
});

test('protocols without such a checksum go through untouched', () => {
  const bytes = hex('0800f7ff0000 0000');
  expect(mended('nat-oa', 1, bytes, { source: 1, destination: 2 }, { source: 3, destination: 4 })).toBe(bytes);
  expect(mended('nat-oa', 17, hex('0102'), { source: 1, destination: 2 }, { source: 3, destination: 4 })).toHaveLength(
    2,
  );
});

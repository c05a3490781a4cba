import { expect, test } from 'vitest';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp } from '../../src/wire/udp.ts';
import { differenceBetween } from '../../src/world/difference.ts';

function datagram(sourcePort: number, payload: Uint8Array, ttl = 64): Uint8Array {
  const pair = { source: 0xc0a8010a, destination: 0xc6336401 };
  const inner = encodeUdp({ sourcePort, destinationPort: 9, payload });
  return encodeIpv4({ ...pair, protocol: 17, payload: inner, ttl });
}

const data = Uint8Array.of(1, 2, 3, 4);

test('equal packets have no difference', () => {
  expect(differenceBetween(datagram(5000, data), datagram(5000, data))).toBeUndefined();
});

test('differing fields are named once each, with both values', () => {
  expect(differenceBetween(datagram(5000, data), datagram(4999, data))).toBe('Source Port: recorded 5000, here 4999');
  expect(differenceBetween(datagram(5000, data, 63), datagram(5000, data, 64))).toMatch(
    /^Time to Live: recorded 63, here 64; Header Checksum: recorded 0x[0-9a-f]{4}.*, here 0x/,
  );
});

test('a field too long to be shown whole is given by the place of its first byte that differs', () => {
  const long = new Uint8Array(40);
  const other = long.slice();
  other[38] = 5;
  other[39] = 6;
  expect(differenceBetween(datagram(5000, long), datagram(5000, other))).toBe('byte 66: recorded 0x00, here 0x05');
});

test('many differences are counted after the first four', () => {
  const recorded = datagram(5000, data);
  const here = recorded.map((byte, at) => (at > 0 && at < 20 ? byte ^ 0x40 : byte));
  expect(differenceBetween(recorded, here)).toMatch(/^[^;]+;[^;]+;[^;]+;[^;]+; and \d+ more$/);
});

test('another length is said first', () => {
  expect(differenceBetween(datagram(5000, data), datagram(5000, data.subarray(2)))).toMatch(
    /^length: recorded 32, here 30; Total Length: recorded 32, here 30; /,
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putU16, u16 } from '../../src/lib/bytes.ts';
import { patch } from '../../src/router/patch.ts';
import { checksum } from '../../src/wire/checksum.ts';

const CHECKSUM = 6;

test('a checksum that was right is right after a change at any place, even or odd', () => {
  const cases = fc.record({
    data: fc.uint8Array({ minLength: 12, maxLength: 31 }),
    place: fc.nat(30),
    width: fc.constantFrom(1, 2, 4),
    value: fc.nat(0xffffffff),
  });
  fc.assert(
    fc.property(cases, ({ data, place, width, value }) => {
      const at = 8 + (place % (data.length - 8));
      fc.pre(at + width <= data.length);
      putU16(data, CHECKSUM, 0);
      putU16(data, CHECKSUM, checksum(data, 0, data.length));
      patch({ bytes: data, from: 0, to: data.length, checksum: CHECKSUM }, at, value, width);
      expect(checksum(data, 0, data.length)).toBe(0);
      expect(data[at + width - 1]).toBe(value & 0xff);
    }),
  );
});

test('a UDP checksum never becomes 0, which would mean that there is none (RFC 768)', () => {
  const bytes = new Uint8Array(12);
  putU16(bytes, 8, 0x1234);
  putU16(bytes, CHECKSUM, checksum(bytes, 0, bytes.length));
  patch({ bytes, from: 0, to: 12, checksum: CHECKSUM, neverZero: true }, 8, 0xffff, 2);
  expect(u16(bytes, CHECKSUM)).toBe(0xffff);
});

test('where nothing changes, and where there is no checksum, nothing else is touched', () => {
  const bytes = new Uint8Array(12);
  patch({ bytes, from: 0, to: 12, checksum: CHECKSUM }, 8, 0, 4);
  expect(bytes).toEqual(new Uint8Array(12));
  patch({ bytes, from: 0, to: 12, checksum: -1 }, 8, 7, 1);
  expect([...bytes.subarray(0, 9)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 7]);
});

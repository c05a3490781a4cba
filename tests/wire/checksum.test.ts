import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { checksum, crc32c, fold, pseudoSum, sum16, update16, update32 } from '../../src/wire/checksum.ts';

const word = fc.nat({ max: 0xffff });
const wide = fc.nat({ max: 0xffffffff });

describe('the Internet checksum, RFC 1071', () => {
  test('the sum of the example in section 3 is ddf2', () => {
    expect(fold(sum16(hex('0001 f203 f4f5 f6f7'), 0, 8))).toBe(0xddf2);
  });

  test('an odd last byte counts as the high half of a word', () => {
    expect(sum16(hex('0102 03'), 0, 3)).toBe(0x0102 + 0x0300);
  });

  test('bytes together with their checksum come to zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 200 }), (bytes) => {
        bytes[0] = 0;
        bytes[1] = 0;
        const sum = checksum(bytes, 0, bytes.length);
        bytes[0] = sum >>> 8;
        bytes[1] = sum;
        expect(checksum(bytes, 0, bytes.length)).toBe(0);
      }),
    );
  });

  test('the pseudo-header counts both addresses, the protocol and the length', () => {
    const header = hex('c0a8010a c6336401 0011 0008');
    expect(pseudoSum(ipv4('192.168.1.10'), ipv4('198.51.100.1'), 17, 8)).toBe(sum16(header, 0, header.length));
  });
});

describe('the incremental update, RFC 1624', () => {
  test('the example of section 4 gives 0000 and not ffff', () => {
    expect(update16(0xdd2f, 0x5555, 0x3285)).toBe(0);
  });

  test('it is the checksum of the changed bytes, whatever word changes', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 20 }), fc.nat(), word, (words, index, after) => {
        const at = index % words.length;
        const before = words[at]!;
        fc.pre(before !== after && words.some((value, i) => i !== at && value !== 0));
        const bytes = (values: readonly number[]) =>
          Uint8Array.from(values.flatMap((value) => [value >>> 8, value & 255]));
        const changed = words.with(at, after);
        const old = checksum(bytes(words), 0, 2 * words.length);
        expect(update16(old, before, after)).toBe(checksum(bytes(changed), 0, 2 * words.length));
      }),
    );
  });

  test('a 32-bit value is two words', () => {
    fc.assert(
      fc.property(word, wide, wide, (old, before, after) => {
        const high = update16(old, before >>> 16, after >>> 16);
        expect(update32(old, before, after)).toBe(update16(high, before & 0xffff, after & 0xffff));
      }),
    );
  });
});

describe('CRC32c', () => {
  test.each([
    ['32 bytes of zero', '00'.repeat(32), 0x8a9136aa],
    ['32 bytes of ones', 'ff'.repeat(32), 0x62a8ab43],
    ['32 bytes rising', Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0')).join(''), 0x46dd794e],
    [
      '32 bytes falling',
      Array.from({ length: 32 }, (_, i) => (31 - i).toString(16).padStart(2, '0')).join(''),
      0x113fdb5c,
    ],
    ['the digits 1 to 9', '313233343536373839', 0xe3069283],
  ])('%s, RFC 3720 B.4', (_, text, crc) => {
    expect(crc32c(hex(text))).toBe(crc);
  });
});

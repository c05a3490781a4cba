import { blake2s as noble } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blake2s, hmacBlake2s } from '../../../src/endpoints/crypto/blake2s.ts';
import { toHex } from '../../../src/lib/bytes.ts';

const data = fc.uint8Array({ maxLength: 200 });
const key = fc.uint8Array({ minLength: 1, maxLength: 32 });

describe('BLAKE2s', () => {
  test('is that of RFC 7693 appendix B', () => {
    expect(toHex(blake2s(utf8ToBytes('abc')))).toBe('508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982');
  });

  test('agrees with another implementation, with a key and without, at every length', () => {
    fc.assert(
      fc.property(data, key, fc.integer({ min: 1, max: 32 }), (text, secret, length) => {
        expect(toHex(blake2s(text))).toBe(toHex(noble(text)));
        expect(toHex(blake2s(text, secret, length))).toBe(toHex(noble(text, { key: secret, dkLen: length })));
        expect(toHex(hmacBlake2s(secret, text))).toBe(toHex(hmac(noble, secret, text)));
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, 63, 64, 65, 128, 129])('knows where a block ends, after %i bytes', (length) => {
    const text = new Uint8Array(length).fill(7);
    expect(toHex(blake2s(text))).toBe(toHex(noble(text)));
  });
});

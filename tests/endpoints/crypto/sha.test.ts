import { hmac } from '@noble/hashes/hmac.js';
import * as legacy from '@noble/hashes/legacy.js';
import * as sha2 from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacSha1, hmacSha256, sha1, sha256 } from '../../../src/endpoints/crypto/sha.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const TWO_BLOCKS = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';

describe('SHA', () => {
  // NIST, Cryptographic Standards and Guidelines, examples with intermediate values.
  test.each([
    ['SHA-1', sha1, 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['SHA-1', sha1, TWO_BLOCKS, '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
    ['SHA-256', sha256, 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['SHA-256', sha256, TWO_BLOCKS, '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
  ])('%s is that of its examples: %s, %s', (_, hash, text, digest) => {
    expect(toHex(hash(utf8ToBytes(text)))).toBe(digest);
  });

  test.each([0, 55, 56, 63, 64, 65, 119, 120, 128])('knows where a block ends, after %i bytes', (length) => {
    const data = new Uint8Array(length).fill(7);
    expect(toHex(sha1(data))).toBe(toHex(legacy.sha1(data)));
    expect(toHex(sha256(data))).toBe(toHex(sha2.sha256(data)));
  });

  test('agrees with another implementation, and leaves what it is given as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const before = data.slice();
        expect(toHex(sha1(data))).toBe(toHex(legacy.sha1(data)));
        expect(toHex(sha256(data))).toBe(toHex(sha2.sha256(data)));
        expect(data).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('HMAC', () => {
  test('is that of RFC 4231 §4.3 and RFC 2202 §3, test case 2', () => {
    const [key, data] = [utf8ToBytes('Jefe'), utf8ToBytes('what do ya want for nothing?')];
    expect(toHex(hmacSha256(key, data))).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(toHex(hmacSha1(key, data))).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
  });

  test('agrees with another implementation, for keys longer than a block too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), fc.uint8Array({ maxLength: 200 }), (key, data) => {
        expect(toHex(hmacSha1(key, data))).toBe(toHex(hmac(legacy.sha1, key, data)));
        expect(toHex(hmacSha256(key, data))).toBe(toHex(hmac(sha2.sha256, key, data)));
      }),
      { numRuns: 300 },
    );
    expect(toHex(hmacSha256(hex('00'.repeat(65)), hex('')))).toBe(
      toHex(hmac(sha2.sha256, new Uint8Array(65), hex(''))),
    );
  });
});

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacSha1, hmacSha256, prfPlus } from '../../../src/endpoints/crypto/prf.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

test('PRF_HMAC_SHA2_256 gives the values of RFC 4231 §4.2 and §4.3', () => {
  expect(toHex(hmacSha256(new Uint8Array(20).fill(0x0b), ascii('Hi There')))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(toHex(hmacSha256(ascii('Jefe'), ascii('what do ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('PRF_HMAC_SHA1 gives the value of RFC 2202 §3, case 2', () => {
  expect(toHex(hmacSha1(ascii('Jefe'), ascii('what do ya want for nothing?')))).toBe(
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  );
});

test('prf+ chains its blocks as RFC 7296 §2.13 writes them, checked against another HMAC', () => {
  const bytes = fc.uint8Array({ maxLength: 80 });
  fc.assert(
    fc.property(bytes, bytes, fc.nat(400), (key, seed, length) => {
      let block = Buffer.alloc(0);
      let expected = Buffer.alloc(0);
      for (let n = 1; expected.length < length; n++) {
        block = createHmac('sha256', key)
          .update(Buffer.concat([block, seed, Buffer.of(n)]))
          .digest();
        expected = Buffer.concat([expected, block]);
      }
      expect(toHex(prfPlus(hmacSha256, key, seed, length))).toBe(expected.subarray(0, length).toString('hex'));
    }),
  );
});

test('prf+ refuses to make more than its one-byte counter can number', () => {
  expect(prfPlus(hmacSha256, hex('01'), hex('02'), 255 * 32)).toHaveLength(255 * 32);
  expect(() => prfPlus(hmacSha256, hex('01'), hex('02'), 255 * 32 + 1)).toThrow(/prf\+/);
});

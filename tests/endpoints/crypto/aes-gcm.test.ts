import { gcm } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { open, seal } from '../../../src/endpoints/crypto/aes-gcm.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anything = {
  key: fc.constantFrom(16, 24, 32).chain(bytes),
  nonce: bytes(12),
  associated: fc.uint8Array({ maxLength: 50 }),
  text: fc.uint8Array({ maxLength: 200 }),
};

describe('AES-GCM', () => {
  test.each([
    ['1', '00000000000000000000000000000000', '000000000000000000000000', '', '', '58e2fccefa7e3061367f1d57a4e7455a'],
    [
      '4',
      'feffe9928665731c6d6a8f9467308308',
      'cafebabefacedbaddecaf888',
      'feedfacedeadbeeffeedfacedeadbeefabaddad2',
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
    ],
  ])(
    'is that of test case %s of its authors (McGrew and Viega, appendix B)',
    (_, key, nonce, associated, plain, sealed) => {
      expect(toHex(seal(hex(key), hex(nonce), hex(associated), hex(plain)))).toBe(sealed);
      expect(toHex(open(hex(key), hex(nonce), hex(associated), hex(sealed))!)).toBe(plain);
    },
  );

  test('agrees with another implementation', () => {
    fc.assert(
      fc.property(fc.record(anything), ({ key, nonce, associated, text }) => {
        const sealed = seal(key, nonce, associated, text);
        expect(toHex(sealed)).toBe(toHex(gcm(key, nonce, associated).encrypt(text)));
        expect(toHex(open(key, nonce, associated, sealed)!)).toBe(toHex(text));
      }),
      { numRuns: 300 },
    );
  });

  test('opens nothing of which a bit was changed, nor what is shorter than a tag', () => {
    fc.assert(
      fc.property(fc.record(anything), fc.nat(), ({ key, nonce, associated, text }, place) => {
        const sealed = seal(key, nonce, associated, text);
        sealed[(place >> 3) % sealed.length]! ^= 1 << (place & 7);
        expect(open(key, nonce, associated, sealed)).toBeUndefined();
      }),
    );
    expect(open(new Uint8Array(16), new Uint8Array(12), new Uint8Array(0), new Uint8Array(15))).toBeUndefined();
  });

  test('leaves what it is given as it is', () => {
    const [key, nonce, text] = [new Uint8Array(16).fill(1), new Uint8Array(12).fill(2), new Uint8Array(40).fill(3)];
    open(key, nonce, text, seal(key, nonce, text, text));
    expect([...key, ...nonce, ...text]).toEqual([...Array(16).fill(1), ...Array(12).fill(2), ...Array(40).fill(3)]);
  });
});

import { poly1305 as noblePoly } from '@noble/ciphers/_poly1305.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { open, seal } from '../../../src/endpoints/crypto/chacha-poly.ts';
import { poly1305 } from '../../../src/endpoints/crypto/poly1305.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anything = {
  key: bytes(32),
  nonce: bytes(12),
  associated: fc.uint8Array({ maxLength: 50 }),
  text: fc.uint8Array({ maxLength: 200 }),
};

describe('ChaCha20-Poly1305', () => {
  test('is that of RFC 8439 §2.8.2', () => {
    const key = hex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f');
    const associated = hex('50515253c0c1c2c3c4c5c6c7');
    const plain =
      hex(`4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64
      206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e`);
    const sealed = `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e
      060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116
      1ae10b594f09e26a7e902ecbd0600691`;
    expect(toHex(seal(key, hex('070000004041424344454647'), associated, plain))).toBe(toHex(hex(sealed)));
  });

  test('agrees with another implementation', () => {
    fc.assert(
      fc.property(fc.record(anything), ({ key, nonce, associated, text }) => {
        const sealed = seal(key, nonce, associated, text);
        expect(toHex(sealed)).toBe(toHex(chacha20poly1305(key, nonce, associated).encrypt(text)));
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
    expect(open(new Uint8Array(32), new Uint8Array(12), new Uint8Array(0), new Uint8Array(15))).toBeUndefined();
  });

  test('leaves what it is given as it is', () => {
    const [key, nonce, text] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2), new Uint8Array(40).fill(3)];
    open(key, nonce, text, seal(key, nonce, text, text));
    expect([...key, ...nonce, ...text]).toEqual([...Array(32).fill(1), ...Array(12).fill(2), ...Array(40).fill(3)]);
  });
});

describe('Poly1305', () => {
  const tagOf = (key: string, ...blocks: readonly string[]) => toHex(poly1305(hex(key), hex(blocks.join(''))));
  const ONES = 'ffffffffffffffffffffffffffffffff';
  const ZEROS = '00000000000000000000000000000000';
  const TWO = '02000000000000000000000000000000';
  const ONE = '01000000000000000000000000000000';

  // RFC 8439 appendix A.3, test vectors 7 to 11: sums at the prime, at 2^128, at 2^130 and next to them.
  test.each([
    ['2^130 - 5 + 3', TWO + ZEROS, [ONES], '03000000000000000000000000000000'],
    ['a key half that overflows', TWO + ONES, [TWO], '03000000000000000000000000000000'],
    [
      'a sum of 2^130',
      ONE + ZEROS,
      [ONES, 'f0ffffffffffffffffffffffffffffff', '11000000000000000000000000000000'],
      '05000000000000000000000000000000',
    ],
    [
      'a sum that is the prime',
      ONE + ZEROS,
      [ONES, 'fbfefefefefefefefefefefefefefefe', '0101'.padEnd(32, '01')],
      ZEROS,
    ],
    [
      'a sum below the prime by 1',
      TWO + ZEROS,
      ['fdffffffffffffffffffffffffffffff'],
      'faffffffffffffffffffffffffffffff',
    ],
  ])('is right where sums are hard: %s', (_, key, blocks, tag) => {
    expect(tagOf(key, ...blocks)).toBe(tag);
  });

  test('agrees with another implementation on the largest numbers and on any', () => {
    const byte = fc.oneof(fc.constantFrom(0, 255), fc.nat(255));
    const of = (length: number) =>
      fc.array(byte, { minLength: length, maxLength: length }).map((all) => Uint8Array.from(all));
    const blocks = fc.nat(6).chain((count) => of(16 * count));
    fc.assert(
      fc.property(of(32), blocks, (key, text) => {
        expect(toHex(poly1305(key, text))).toBe(toHex(noblePoly(text, key)));
      }),
      { numRuns: 500 },
    );
  });
});

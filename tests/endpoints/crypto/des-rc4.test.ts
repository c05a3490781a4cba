import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { desEncrypt } from '../../../src/endpoints/crypto/des.ts';
import { ascii } from '../../../src/endpoints/crypto/mschap.ts';
import { Rc4 } from '../../../src/endpoints/crypto/rc4.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

/** NBS Special Publication 500-20, from its variable plaintext, substitution table and permutation tests. */
const DES_VECTORS = [
  ['0101010101010101', '8000000000000000', '95f8a5e5dd31d900'],
  ['7ca110454a1a6e57', '01a1d6d039776742', '690f5b0d9a26939b'],
  ['0131d9619dc1376e', '5cd54ca83def57da', '7a389d10354bd271'],
  ['1046913489980131', '0000000000000000', '88d55e54f54c97b4'],
] as const;

test.each(DES_VECTORS)('DES with key %s turns %s into %s', (key, plain, cipher) => {
  expect(toHex(desEncrypt(hex(key), hex(plain)))).toBe(cipher);
});

test('DES agrees with the triple DES of Node, all three keys alike', () => {
  const eight = () => fc.uint8Array({ minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(eight(), eight(), (key, block) => {
      const node = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false);
      expect(toHex(desEncrypt(key, block))).toBe(node.update(block).toString('hex'));
    }),
    { numRuns: 50 },
  );
});

/** RFC 6229 prints keystreams; these are the first bytes of its 40-bit and 128-bit keys. */
const RC4_VECTORS = [
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
] as const;

test.each(RC4_VECTORS)('RC4 with key %s gives the keystream of RFC 6229', (key, stream) => {
  expect(toHex(new Rc4(hex(key)).apply(new Uint8Array(16)))).toBe(stream);
});

test('RC4 goes on in its keystream from call to call', () => {
  const text = ascii('one keystream, cut anywhere');
  fc.assert(
    fc.property(fc.nat({ max: text.length }), (cut) => {
      const parts = new Rc4(hex('0102030405'));
      const whole = new Rc4(hex('0102030405')).apply(text);
      expect([...parts.apply(text.subarray(0, cut)), ...parts.apply(text.subarray(cut))]).toEqual([...whole]);
    }),
  );
});

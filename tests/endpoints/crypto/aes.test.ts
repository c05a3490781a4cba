import { expect, test } from 'vitest';
import { encryptBlock, expandKey } from '../../../src/endpoints/crypto/aes.ts';
import { hex, i32 } from '../../../src/lib/bytes.ts';

const words = (text: string) => Int32Array.from({ length: 4 }, (_, index) => i32(hex(text), 4 * index));

test.each([
  ['128', '000102030405060708090a0b0c0d0e0f', '69c4e0d86a7b0430d8cdb78070b4c55a'],
  ['192', '000102030405060708090a0b0c0d0e0f1011121314151617', 'dda97ca4864cdfe06eaf70a0ec0d7191'],
  ['256', '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', '8ea2b7ca516745bfeafc49904b496089'],
])('AES-%s is that of FIPS 197, appendix C', (_, key, encrypted) => {
  const block = words('00112233445566778899aabbccddeeff');
  encryptBlock(expandKey(hex(key)), block);
  expect([...block]).toEqual([...words(encrypted)]);
});

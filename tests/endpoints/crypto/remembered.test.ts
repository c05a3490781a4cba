/** The curves, and the memory in front of them. */
import { describe, expect, test } from 'vitest';
import { publicKeyOf, sign, verify } from '../../../src/endpoints/crypto/ed25519.ts';
import { Memory } from '../../../src/endpoints/crypto/memory.ts';
import { keyPair, sharedSecret } from '../../../src/endpoints/crypto/x25519.ts';
import { concat, hex, toHex } from '../../../src/lib/bytes.ts';

describe('X25519', () => {
  const alice = keyPair(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  const bob = keyPair(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));

  test('agrees with RFC 7748 §6.1 on both sides, the second time from memory too', () => {
    for (let round = 0; round < 2; round++) {
      for (const secret of [sharedSecret(alice.secret, bob.public), sharedSecret(bob.secret, alice.public)])
        expect(toHex(secret!)).toBe('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
    }
  });

  test('a point of low order and a key of the wrong length lead to no secret', () => {
    expect(sharedSecret(bob.secret, new Uint8Array(32))).toBeUndefined();
    expect(sharedSecret(bob.secret, concat(Uint8Array.of(1), new Uint8Array(31)))).toBeUndefined();
    expect(sharedSecret(bob.secret, new Uint8Array(31))).toBeUndefined();
  });
});

describe('Ed25519', () => {
  const secret = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const content = hex('72');
  const signature =
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

  test('signs as RFC 8032 §7.1, test 2, the second time from memory too', () => {
    expect(toHex(publicKeyOf(secret))).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    for (let round = 0; round < 2; round++) expect(toHex(sign(content, secret))).toBe(signature);
  });

  test('believes the right signature and no other, however often it is asked', () => {
    const wrong = hex(signature);
    wrong[5]! ^= 1;
    for (let round = 0; round < 2; round++) {
      expect(verify(hex(signature), content, publicKeyOf(secret))).toBe(true);
      expect(verify(wrong, content, publicKeyOf(secret))).toBe(false);
      expect(verify(hex(signature), hex('73'), publicKeyOf(secret))).toBe(false);
      expect(verify(hex(signature).subarray(1), content, publicKeyOf(secret))).toBe(false);
      expect(verify(hex(signature), content, new Uint8Array(31))).toBe(false);
    }
  });
});

test('a memory computes each name once, and forgets the oldest of too many', () => {
  const memory = new Memory<number>();
  let computed = 0;
  const ask = (name: number) => memory.get(String(name), () => ++computed);
  for (let name = 0; name < 1024; name++) ask(name);
  ask(1);
  expect(computed).toBe(1024);
  ask(1024);
  ask(0);
  expect(computed).toBe(1026);
});

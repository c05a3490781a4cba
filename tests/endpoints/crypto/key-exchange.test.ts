import { getDiffieHellman } from 'node:crypto';
import { expect, test } from 'vitest';
import { curve25519, ecp256, GROUP, keyPair, modp2048 } from '../../../src/endpoints/crypto/key-exchange.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';
import { Rng } from '../../../src/lib/rng.ts';

test('group 31 agrees with RFC 7748 §6.1', () => {
  const alice = curve25519(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  const bob = curve25519(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
  const secret = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
  expect(toHex(alice.publicValue)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
  expect(toHex(alice.shared(bob.publicValue)!)).toBe(secret);
  expect(toHex(bob.shared(alice.publicValue)!)).toBe(secret);
});

test('group 19 agrees with RFC 5903 §8.1', () => {
  const i = ecp256(hex('c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433'));
  const r = ecp256(hex('c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53'));
  expect(toHex(i.publicValue)).toBe(
    'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180' +
      '5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
  );
  const secret = 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de';
  expect(toHex(i.shared(r.publicValue)!)).toBe(secret);
  expect(toHex(r.shared(i.publicValue)!)).toBe(secret);
});

test('group 14 agrees with the modp14 of node:crypto', () => {
  const ours = modp2048(hex('a7'.repeat(32)));
  const theirs = getDiffieHellman('modp14');
  theirs.generateKeys();
  const theirValue = Uint8Array.from(theirs.getPublicKey());
  const padded = new Uint8Array(256);
  padded.set(theirValue, 256 - theirValue.length);
  expect(toHex(ours.shared(padded)!)).toBe(theirs.computeSecret(ours.publicValue).toString('hex').padStart(512, '0'));
});

test.each(Object.entries(GROUP))(
  'two ends of %s find one secret, and a seed finds the same keys again',
  (_name, group) => {
    const rng = new Rng(7);
    const a = keyPair(group, rng)!;
    const b = keyPair(group, rng)!;
    expect(toHex(a.shared(b.publicValue)!)).toBe(toHex(b.shared(a.publicValue)!));
    expect(toHex(keyPair(group, new Rng(7))!.publicValue)).toBe(toHex(a.publicValue));
  },
);

test('values that are no public keys are refused, not thrown over', () => {
  const modp = (value: number) => {
    const bytes = new Uint8Array(256);
    bytes[255] = value;
    return bytes;
  };
  for (const group of Object.values(GROUP)) {
    const pair = keyPair(group, new Rng(1))!;
    expect(pair.shared(new Uint8Array(0))).toBeUndefined();
    expect(pair.shared(new Uint8Array(pair.publicValue.length))).toBeUndefined();
    expect(pair.shared(new Uint8Array(pair.publicValue.length + 1).fill(3))).toBeUndefined();
  }
  expect(modp2048(hex('05')).shared(modp(1))).toBeUndefined();
  expect(modp2048(hex('05')).shared(modp(2))).toBeDefined();
});

test('a group nobody here speaks answers undefined', () => {
  expect(keyPair(2, new Rng(1))).toBeUndefined();
});

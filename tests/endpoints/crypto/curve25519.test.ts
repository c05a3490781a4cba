import { ed25519, x25519 as noble } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, sign, verify } from '../../../src/endpoints/crypto/ed25519.ts';
import { decodePoint, encodePoint, ORDER } from '../../../src/endpoints/crypto/edwards25519.ts';
import {
  add,
  bytesOf,
  type Element,
  element,
  elementOf,
  integerOf,
  invert,
  multiply,
  PRIME,
  scale,
  square,
  subtract,
  toInteger,
} from '../../../src/endpoints/crypto/field25519.ts';
import { keyPair, sharedSecret, x25519 } from '../../../src/endpoints/crypto/x25519.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const thirtyTwo = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** With long runs of ones and zeros, which reach the largest limbs. */
const number = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 64 })), { maxLength: 20 })
  .map((runs) => runs.reduce((sum, [one, bits]) => (sum << BigInt(bits)) | (one ? (1n << BigInt(bits)) - 1n : 0n), 0n))
  .map((value) => value % PRIME);

const made = (operation: (out: Element) => void): bigint => {
  const out = element();
  operation(out);
  return toInteger(out);
};
/** The number, carried. */
const carried = (value: bigint): Element => {
  const out = elementOf(value);
  scale(out, out, 1);
  return out;
};
const times = (a: Element, count: number): Element => {
  const out = element();
  for (let i = 0; i < count; i++) add(out, out, a);
  return out;
};

describe('arithmetic modulo 2^255 - 19', () => {
  test('is that of whole numbers', () => {
    fc.assert(
      fc.property(number, number, fc.nat(2 ** 18 - 1), (x, y, small) => {
        const [a, b] = [elementOf(x), elementOf(y)];
        expect(made((out) => add(out, a, b))).toBe((x + y) % PRIME);
        expect(made((out) => subtract(out, a, b))).toBe((PRIME + x - y) % PRIME);
        expect(made((out) => multiply(out, a, b))).toBe((x * y) % PRIME);
        expect(made((out) => square(out, a))).toBe((x * x) % PRIME);
        expect(made((out) => scale(out, a, small))).toBe((x * BigInt(small)) % PRIME);
      }),
      { numRuns: 1000 },
    );
  });

  test('loses nothing where three carried numbers are multiplied by four', () => {
    fc.assert(
      fc.property(number, number, (x, y) => {
        const [a, b] = [times(carried(x), 3), times(carried(y), 4)];
        expect(made((out) => multiply(out, a, b))).toBe((12n * x * y) % PRIME);
        expect(made((out) => square(out, a))).toBe((9n * x * x) % PRIME);
      }),
      { numRuns: 1000 },
    );
  });

  test('divides: a number times its inverse is one', () => {
    fc.assert(
      fc.property(
        number.filter((value) => value !== 0n),
        (x) => {
          expect(made((out) => multiply(out, elementOf(x), invert(elementOf(x))))).toBe(1n);
        },
      ),
    );
  });
});

describe('X25519', () => {
  test.each([
    [
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ],
    [
      '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
      'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    ],
  ])('is that of RFC 7748 §5.2: scalar %s', (scalar, point, result) => {
    expect(toHex(x25519(hex(scalar), hex(point)))).toBe(result);
  });

  test('run on its own results a thousand times, gives what RFC 7748 §5.2 says', () => {
    let [scalar, point] = [hex(`09${'00'.repeat(31)}`), hex(`09${'00'.repeat(31)}`)];
    for (let round = 1; round <= 1000; round++) {
      [scalar, point] = [x25519(scalar, point), scalar];
      if (round === 1) expect(toHex(scalar)).toBe('422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079');
    }
    expect(toHex(scalar)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
  });

  test('agrees with another implementation, for keys and points that nobody chose well too', () => {
    fc.assert(
      fc.property(thirtyTwo, thirtyTwo, (secret, point) => {
        expect(toHex(keyPair(secret).public)).toBe(toHex(noble.getPublicKey(secret)));
        expect(toHex(sharedSecret(secret, point)!)).toBe(toHex(noble.getSharedSecret(secret, point)));
      }),
      { numRuns: 200 },
    );
  });

  test('two ends of any two secrets come to one, whoever asks first, and it is what each would compute alone', () => {
    fc.assert(
      fc.property(thirtyTwo, thirtyTwo, (a, b) => {
        const [first, second] = [keyPair(a), keyPair(b)];
        const alone = toHex(x25519(b, first.public));
        expect(toHex(sharedSecret(a, second.public)!)).toBe(alone);
        expect(toHex(sharedSecret(b, first.public)!)).toBe(alone);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['0', 0n],
    ['1', 1n],
    ['p - 1', PRIME - 1n],
    ['p', PRIME],
    ['p + 1', PRIME + 1n],
  ])('a point of low order gives no secret: %s', (_, u) => {
    expect(sharedSecret(new Uint8Array(32).fill(7), bytesOf(u))).toBeUndefined();
  });
});

describe('Ed25519', () => {
  test.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('is that of RFC 8032 §7.1: key %s', (secret, publicKey, content, signature) => {
    // Verified first: what was signed here is known to be right.
    expect(verify(hex(signature), hex(content), hex(publicKey))).toBe(true);
    expect(toHex(publicKeyOf(hex(secret)))).toBe(publicKey);
    expect(toHex(sign(hex(content), hex(secret)))).toBe(signature);
  });

  test('signs as another implementation does, and believes no signature of which a bit was changed', () => {
    fc.assert(
      fc.property(thirtyTwo, fc.uint8Array({ maxLength: 200 }), fc.nat(511), (secret, content, bit) => {
        const publicKey = publicKeyOf(secret);
        const signature = ed25519.sign(content, secret);
        expect(verify(signature, content, publicKey)).toBe(true);
        expect(toHex(sign(content, secret))).toBe(toHex(signature));
        const spoilt = signature.slice();
        spoilt[bit >> 3]! ^= 1 << (bit & 7);
        expect(verify(spoilt, content, publicKey)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('a second name for the same signature is none: S is below the order', () => {
    const secret = new Uint8Array(32).fill(5);
    const signature = sign(secret, secret);
    signature.set(bytesOf(integerOf(signature.subarray(32)) + ORDER), 32);
    expect(verify(signature, secret, publicKeyOf(secret))).toBe(false);
  });

  test('bytes are a point of the curve or they are not, and a point has one encoding', () => {
    let points = 0;
    fc.assert(
      fc.property(thirtyTwo, (bytes) => {
        const point = decodePoint(bytes);
        if (point) expect(toHex(encodePoint(point))).toBe(toHex(bytes));
        points += point ? 1 : 0;
      }),
    );
    expect(points).toBeGreaterThan(20);
    expect(decodePoint(bytesOf(PRIME + 1n))).toBeUndefined();
    // x = 0 has no sign.
    expect(decodePoint(bytesOf(1n | (1n << 255n)))).toBeUndefined();
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TransformName, transforms } from '../../../src/endpoints/crypto/esp-transforms.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';
import { Rng } from '../../../src/lib/rng.ts';

const none = new Uint8Array(0);

interface Vector {
  readonly name: string;
  readonly from: string;
  readonly transform: TransformName;
  readonly encryption: string;
  readonly before: string;
  readonly iv: string;
  readonly plain: string;
  readonly sealed: string;
}

const vectors: readonly Vector[] = [
  {
    name: 'AES-GCM over an ESP packet with a DNS query in it',
    from: 'draft-mcgrew-gcm-test-01 §4, first case (its associated data carries a 64-bit sequence number)',
    transform: 'aes-gcm-16',
    encryption: '4c80cdefbb5d10da906ac73c3613a634 2e443b68',
    before: '000043218765432100000000',
    iv: '4956ed7e3b244cfe',
    plain: `45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000
      00000000045f736970045f756470037369700963796265726369747902646b000021000101020201`,
    sealed: `fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34
      cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce
      61bc17d768fd9732 459018148f6cbe722fd04796562dfdb4`,
  },
  {
    name: 'AES-GCM over nothing',
    from: 'McGrew and Viega, The Galois/Counter Mode of Operation, appendix B, case 1',
    transform: 'aes-gcm-16',
    encryption: '00000000000000000000000000000000 00000000',
    before: '',
    iv: '0000000000000000',
    plain: '',
    sealed: '58e2fccefa7e3061367f1d57a4e7455a',
  },
  {
    name: 'AES-GCM over a block of zeros',
    from: 'McGrew and Viega, appendix B, case 2',
    transform: 'aes-gcm-16',
    encryption: '00000000000000000000000000000000 00000000',
    before: '',
    iv: '0000000000000000',
    plain: '00000000000000000000000000000000',
    sealed: '0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf',
  },
  {
    name: 'ChaCha20-Poly1305 over an ESP packet',
    from: 'RFC 7634 appendix A',
    transform: 'chacha20-poly1305',
    encryption: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3',
    before: '0102030400000005',
    iv: '1011121314151617',
    plain: `45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10
      0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223
      2425262728292a2b2c2d2e2f303132333435363701020204`,
    sealed: `24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6
      14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3
      cbec163fac469b502773f6fb94e664da9165b82829f641e0 76aaa8266b7fb0f7b11b369907e1ad43`,
  },
  {
    name: 'ChaCha20-Poly1305 over the payloads of an IKE message',
    from: 'RFC 7634 appendix B',
    transform: 'chacha20-poly1305',
    encryption: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3',
    before: 'c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029',
    iv: '1011121314151617',
    plain: '0000000c000040010000000a00',
    sealed: '610394701f8d017f7c129248 89 6b71bfe25236efd7cdc67066906315b2',
  },
];

test.each(vectors)('$name ($from)', ({ transform, encryption, before, iv, plain, sealed }) => {
  const keys = { encryption: hex(encryption), integrity: none };
  const cipher = transforms[transform];
  expect(toHex(cipher.seal(keys, hex(before), hex(iv), hex(plain)))).toBe(toHex(hex(sealed)));
  expect(toHex(cipher.open(keys, hex(before), hex(iv), hex(sealed))!)).toBe(toHex(hex(plain)));
});

const names = Object.keys(transforms) as TransformName[];
const keysOf = (name: TransformName, seed: number) => {
  const rng = new Rng(seed);
  const { encryption, integrity } = transforms[name].keyLengths;
  return { encryption: rng.bytes(encryption), integrity: rng.bytes(integrity) };
};

test.each(names)('%s opens what it sealed, and nothing with one bit changed', (name) => {
  const transform = transforms[name];
  const keys = keysOf(name, 5);
  const blocks = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => {
    const plain = new Uint8Array(bytes.length * 16);
    plain.set(bytes);
    return plain;
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), blocks, fc.nat(), fc.nat(7), (before, plain, place, bit) => {
      const iv = transform.iv(place, new Rng(place));
      const sealed = transform.seal(keys, before, iv, plain);
      expect(sealed).toHaveLength(plain.length + transform.icvLength);
      expect(toHex(transform.open(keys, before, iv, sealed)!)).toBe(toHex(plain));
      const parts = [before, iv, sealed].map((part) => part.slice());
      const whole = parts.filter((part) => part.length > 0);
      const part = whole[place % whole.length]!;
      const at = place % part.length;
      part[at] = part[at]! ^ (1 << bit);
      expect(transform.open(keys, parts[0]!, parts[1]!, parts[2]!)).toBeUndefined();
    }),
  );
});

test.each(names)('%s answers undefined to bytes too few to hold an ICV', (name) => {
  const keys = keysOf(name, 5);
  const iv = transforms[name].iv(1, new Rng(1));
  for (let length = 0; length < 33; length++)
    expect(transforms[name].open(keys, none, iv, new Uint8Array(length))).toBeUndefined();
});

test('an AEAD counts its IVs, a CBC cipher draws them', () => {
  expect(toHex(transforms['aes-gcm-16'].iv(0x1_0000_0002, new Rng(1)))).toBe('0000000100000002');
  const drawn = transforms['aes-cbc-sha2-256-128'].iv(1, new Rng(1));
  expect(drawn).toHaveLength(16);
  expect(toHex(drawn)).not.toBe(toHex(transforms['aes-cbc-sha2-256-128'].iv(1, new Rng(2))));
});

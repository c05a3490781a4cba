import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TransformName, transforms } from '../../src/endpoints/crypto/esp-transforms.ts';
import { type Keying, openPacket, sealPacket } from '../../src/endpoints/esp-packet.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import * as esp from '../../src/wire/esp.ts';
import { mustRead } from '../support/must-read.ts';

function keying(name: TransformName, seed = 1): Keying {
  const rng = new Rng(seed);
  const { encryption, integrity } = transforms[name].keyLengths;
  return {
    spi: 0xc0ffee01,
    transform: transforms[name],
    keys: { encryption: rng.bytes(encryption), integrity: rng.bytes(integrity) },
  };
}

const read = (bytes: Uint8Array) => mustRead(esp.parse(bytes));

/** RFC 3602 §4, case 5: an ICMP echo in transport mode. The RFC has no ICV; its SHA-1 one was computed with openssl. */
const rfc3602 = {
  keying: {
    spi: 0x4321,
    transform: transforms['aes-cbc-sha1-96'],
    keys: {
      encryption: hex('90d382b410eeba7ad938c46cec1a82bf'),
      integrity: hex('112233445566778899aabbccddeeff1122334455'),
    },
  },
  iv: hex('e96e8c08ab465763fd098d45dd3ff893'),
  inside: {
    nextHeader: 1,
    payload: hex(`08000ebda70a0000 8e9c083db95b0700
      08090a0b0c0d0e0f 1011121314151617 18191a1b1c1d1e1f 2021222324252627 28292a2b2c2d2e2f 3031323334353637`),
  },
  packet: `00004321 00000001 e96e8c08ab465763fd098d45dd3ff893
    f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856
    a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a
    a269add047ad2d5913ac19b7cfbad4a6 58c68475e4e96b0ce1c50b73`,
};

test('a transport-mode packet is that of RFC 3602 §4, case 5, byte for byte', () => {
  expect(toHex(sealPacket(rfc3602.keying, 1, rfc3602.iv, rfc3602.inside))).toBe(toHex(hex(rfc3602.packet)));
  expect(openPacket(rfc3602.keying, read(hex(rfc3602.packet)))).toEqual({ ok: true, inside: rfc3602.inside });
});

test.each(Object.keys(transforms) as TransformName[])('%s: whatever is sealed comes out again', (name) => {
  const key = keying(name);
  const inside = fc.record({ nextHeader: fc.nat(255), payload: fc.uint8Array({ maxLength: 90 }) });
  fc.assert(
    fc.property(inside, fc.integer({ min: 1, max: 0xffffffff }), (what, sequence) => {
      const bytes = sealPacket(key, sequence, key.transform.iv(sequence, new Rng(sequence)), what);
      const { blockLength, ivLength, icvLength } = key.transform;
      expect((bytes.length - 8 - ivLength - icvLength) % Math.max(4, blockLength)).toBe(0);
      expect(read(bytes)).toMatchObject({ spi: 0xc0ffee01, sequence });
      expect(openPacket(key, read(bytes))).toEqual({ ok: true, inside: what });
    }),
  );
});

test('a packet sealed with other keys, cut short or renumbered has a bad ICV', () => {
  const key = keying('aes-gcm-16');
  const bytes = sealPacket(key, 9, key.transform.iv(9, new Rng(1)), { nextHeader: 4, payload: hex('45000014') });
  const bad = { ok: false, why: 'bad-icv' };
  expect(openPacket(keying('aes-gcm-16', 2), read(bytes))).toEqual(bad);
  expect(openPacket(key, read(bytes.slice(0, -1)))).toEqual(bad);
  expect(openPacket(key, { ...read(bytes), sequence: 10 })).toEqual(bad);
  expect(openPacket(key, { ...read(bytes), spi: 1 })).toEqual(bad);
  expect(openPacket(key, read(bytes.slice(0, 12)))).toEqual({ ok: false, why: 'malformed' });
});

test('a pad length that reaches in front of the packet is malformed, though its ICV is right', () => {
  const key = keying('aes-gcm-16');
  const header = esp.encodeHeader(key.spi, 1);
  const iv = key.transform.iv(1, new Rng(1));
  const body = key.transform.seal(key.keys, header, iv, hex('0102ff04'));
  expect(openPacket(key, { spi: key.spi, sequence: 1, body: new Uint8Array([...iv, ...body]) })).toEqual({
    ok: false,
    why: 'malformed',
  });
});

test('opening never throws, whatever arrives', () => {
  const key = keying('aes-cbc-sha2-256-128');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 120 }), (bytes) => {
      expect(openPacket(key, read(bytes)).ok).toBe(false);
    }),
  );
});

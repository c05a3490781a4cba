import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { encode, parse } from '../../src/wire/esp.ts';
import { comesBack, layersOf, survivesAnything } from '../support/hostile.ts';

/** RFC 3602 §4 case 5: AES-CBC, a transport-mode ping. */
const PACKET = hex(`
  00004321 00000001 e96e8c08ab465763fd098d45dd3ff893 f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856
  a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6`);

describe('ESP, RFC 4303', () => {
  test('SPI and sequence number are read, the rest is kept as it is', () => {
    expect(parse(PACKET)).toEqual({ ok: true, value: { spi: 0x4321, sequence: 1, body: PACKET.subarray(8) } });
  });

  test('what was encoded is read back', () => {
    const packet = fc.record({
      spi: fc.nat({ max: 0xffffffff }),
      sequence: fc.nat({ max: 0xffffffff }),
      body: fc.uint8Array({ maxLength: 64 }),
    });
    comesBack(packet, encode, parse);
  });

  test('the header is a layer of eight bytes and all behind it is encrypted', () => {
    const [esp, encrypted] = layersOf(PACKET, 'esp');
    expect(esp).toMatchObject({ kind: 'decoded', protocol: 'esp', offset: 0, length: 8 });
    expect(esp.fields.map((field) => field.display)).toEqual(['0x00004321', '1']);
    expect(encrypted).toMatchObject({ kind: 'opaque', why: 'encrypted', offset: 8, length: PACKET.length - 8 });
  });

  test('a header cut short is malformed and says where', () => {
    expect(parse(PACKET.subarray(0, 6))).toEqual({
      ok: false,
      error: { kind: 'truncated', protocol: 'esp', need: 8, have: 6 },
    });
    expect(layersOf(PACKET.subarray(0, 6), 'esp')[0]).toMatchObject({
      kind: 'malformed',
      why: 'ESP Sequence needs 4 bytes, 2 are left',
    });
  });

  survivesAnything('esp', [PACKET], parse);
});

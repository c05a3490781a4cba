import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { encode, parse } from '../../src/wire/ah.ts';
import { comesBack, layersOf, survivesAnything } from '../support/hostile.ts';

/** RFC 4302 §2 with a 96-bit ICV, so 24 bytes and a length of 4, in front of a UDP datagram. */
const PACKET = hex('11 04 0000 0000a001 00000007 0102030405060708090a0b0c  0001 0002 000c 0000 41484148');

describe('AH, RFC 4302', () => {
  test('the length counts 32-bit words and leaves out two of them', () => {
    const parsed = parse(PACKET);
    expect(parsed).toEqual({
      ok: true,
      value: {
        nextHeader: 17,
        spi: 0xa001,
        sequence: 7,
        icv: hex('0102030405060708090a0b0c'),
        payload: PACKET.subarray(24),
      },
    });
    expect(parsed.ok && encode(parsed.value)).toEqual(PACKET);
  });

  test('what was encoded is read back', () => {
    const packet = fc.record({
      nextHeader: fc.nat({ max: 255 }),
      spi: fc.nat({ max: 0xffffffff }),
      sequence: fc.nat({ max: 0xffffffff }),
      icv: fc.nat({ max: 16 }).chain((words) => fc.uint8Array({ minLength: 4 * words, maxLength: 4 * words })),
      payload: fc.uint8Array({ maxLength: 64 }),
    });
    comesBack(packet, encode, parse);
  });

  test('the next header says who reads on', () => {
    const layers = layersOf(PACKET, 'ah');
    expect(layers.map((layer) => layer.protocol)).toEqual(['ah', 'udp', 'data']);
    expect(layers[0].fields.at(-1)).toMatchObject({ key: 'ah.icv', offset: 12, length: 12, check: 'unverifiable' });
  });

  test('a length that leaves no room for the fixed fields is malformed', () => {
    const packet = PACKET.slice();
    packet[1] = 0;
    expect(layersOf(packet, 'ah')[0]).toMatchObject({
      kind: 'malformed',
      why: "length 0 is less than the header's 12 bytes",
    });
    expect(parse(packet)).toEqual({
      ok: false,
      error: { kind: 'bad-field', protocol: 'ah', field: 'Length', found: 0 },
    });
  });

  test('a length beyond the end is malformed', () => {
    const packet = PACKET.slice();
    packet[1] = 200;
    expect(layersOf(packet, 'ah')[0].kind).toBe('malformed');
  });

  survivesAnything('ah', [PACKET], parse);
});

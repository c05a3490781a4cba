import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { encode, parse } from '../../src/wire/natt.ts';
import { layersOf, survivesAnything } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

const RECORDED = datagramsOf('ike2-1client')
  .filter(({ sourcePort, destinationPort }) => sourcePort === 4500 || destinationPort === 4500)
  .map(({ payload }) => payload);

describe('UDP port 4500, RFC 3948 §2', () => {
  test('one byte ff alone is a keepalive', () => {
    expect(parse(hex('ff'))).toEqual({ ok: true, value: { kind: 'keepalive' } });
    expect(layersOf(hex('ff'), 'natt')).toMatchObject([{ protocol: 'natt', summary: 'NAT-keepalive', length: 1 }]);
  });

  test('four zero bytes announce an IKE message', () => {
    expect(parse(hex('00000000 0102'))).toEqual({ ok: true, value: { kind: 'ike', message: hex('0102') } });
    const layers = layersOf(hex('00000000 0102'), 'natt');
    expect(layers.map(({ protocol, offset }) => [protocol, offset])).toEqual([
      ['natt', 0],
      ['isakmp', 4],
    ]);
  });

  test('anything else is ESP, whose SPI is never 0; the encapsulation itself has no bytes', () => {
    const packet = hex('00000001 00000001 aabbccdd');
    expect(parse(packet)).toEqual({ ok: true, value: { kind: 'esp', packet } });
    const layers = layersOf(packet, 'natt');
    expect(layers.map(({ protocol, offset, length }) => [protocol, offset, length])).toEqual([
      ['natt', 0, 0],
      ['esp', 0, 8],
      ['encrypted', 8, 4],
    ]);
  });

  test('two bytes are none of the three', () => {
    expect(parse(hex('ffff')).ok).toBe(false);
    expect(layersOf(hex('ffff'), 'natt')[0].kind).toBe('malformed');
  });

  test('all that a real gateway and its client sent is read and written back', () => {
    const kinds = RECORDED.map((payload) => {
      const parsed = parse(payload);
      if (!parsed.ok) throw new Error('not understood');
      expect(encode(parsed.value)).toEqual(payload);
      return parsed.value.kind;
    });
    expect(new Set(kinds)).toEqual(new Set(['ike', 'esp', 'keepalive']));
  });

  survivesAnything('natt', RECORDED.slice(0, 4), parse);
});

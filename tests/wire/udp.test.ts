import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import type { Layer } from '../../src/wire/layer.ts';
import * as udp from '../../src/wire/udp.ts';
import * as udplite from '../../src/wire/udplite.ts';
import { comesBack, survivesAnything } from '../support/hostile.ts';

const ends = { source: address('192.168.1.10'), destination: address('203.0.113.10') };
const port = fc.nat({ max: 0xffff });
const payload = fc.uint8Array({ maxLength: 64 });

/** The datagram as IPv4 carries it, dissected: its own layer. */
function within(protocol: number, bytes: Uint8Array): Layer {
  return dissect(ipv4.encode({ ...ends, protocol, payload: bytes })).layers[1]!;
}
const checkOf = (layer: Layer) => layer.fields.find((field) => field.key === 'udp.checksum')?.check;

describe('UDP, RFC 768', () => {
  const DATAGRAM = hex('1388 1389 000d 0000 68656c6c6f');

  test('a datagram becomes a record and that the same datagram', () => {
    const fields = { sourcePort: 5000, destinationPort: 5001, payload: hex('68656c6c6f') };
    expect(udp.parse(DATAGRAM)).toEqual({ ok: true, value: fields });
    expect(udp.encode(fields)).toEqual(DATAGRAM);
  });

  test('what was encoded with a checksum is read back with it', () => {
    const records = fc.record({ sourcePort: port, destinationPort: port, payload });
    comesBack(
      records,
      (fields) => udp.encode(fields, ends),
      (bytes) => udp.parse(bytes, ends),
    );
  });

  test('a checksum that comes to 0 is sent as ffff, since 0 says there is none', () => {
    // The payload brings the sum of everything else to ffff.
    const plain = { sourcePort: 1, destinationPort: 2, payload: hex('0000') };
    const [high, low] = udp.encode(plain, ends).subarray(6, 8);
    const bytes = udp.encode({ ...plain, payload: Uint8Array.of(high!, low!) }, ends);
    expect(bytes.subarray(6, 8)).toEqual(hex('ffff'));
    expect(udp.parse(bytes, ends).ok).toBe(true);
    expect(checkOf(within(udp.PROTOCOL, bytes))).toBe('right');
  });

  test('a wrong checksum is refused, a missing one is not', () => {
    const bytes = udp.encode({ sourcePort: 1, destinationPort: 2, payload: hex('00') }, ends);
    const wrong = bytes.with(8, 1);
    expect(udp.parse(wrong, ends)).toMatchObject({ ok: false, error: { field: 'checksum' } });
    expect(checkOf(within(udp.PROTOCOL, wrong))).toBe('wrong');
    expect(udp.parse(DATAGRAM, ends).ok).toBe(true);
    expect(checkOf(within(udp.PROTOCOL, DATAGRAM))).toBe('absent');
  });

  test.each([
    ['seven bytes', hex('00010002000800'), { kind: 'truncated', need: 8 }],
    ['a length below the header', hex('0001 0002 0007 0000'), { field: 'length', found: 7 }],
    ['a length beyond the bytes', hex('0001 0002 0009 0000'), { field: 'length', found: 9 }],
  ])('%s are refused', (_, bytes, error) => {
    expect(udp.parse(bytes)).toMatchObject({ ok: false, error });
    expect(within(udp.PROTOCOL, bytes).kind).toBe('malformed');
  });

  test('bytes behind the length are padding, not payload', () => {
    const { layers } = dissect(ipv4.encode({ ...ends, protocol: 17, payload: Uint8Array.of(...DATAGRAM, 9, 9) }));
    expect(layers.map((layer) => layer.protocol)).toEqual(['ipv4', 'udp', 'data', 'padding']);
  });

  survivesAnything('udp', [DATAGRAM], udp.parse);
});

describe('UDP-Lite, RFC 3828', () => {
  /** tests/recordings/raw-udplite/lan.pcap, packet 1: eight bytes covered. */
  const DATAGRAM = hex('0fa0 1388 0008 de72 7564706c697465207061796c6f6164');

  test('a checksum over the header alone is right whatever the payload', () => {
    expect(udplite.parse(DATAGRAM, ends)).toMatchObject({ ok: true, value: { sourcePort: 4000, coverage: 8 } });
    expect(udplite.parse(DATAGRAM.with(9, 0), ends).ok).toBe(true);
    expect(udplite.parse(DATAGRAM.with(0, 0), ends)).toMatchObject({ ok: false, error: { field: 'checksum' } });
    expect(checkOf(within(udplite.PROTOCOL, DATAGRAM))).toBe('right');
    expect(checkOf(within(udplite.PROTOCOL, DATAGRAM.with(0, 0)))).toBe('wrong');
  });

  test('what was encoded is read back, whatever part is covered', () => {
    const records = fc
      .record({ sourcePort: port, destinationPort: port, payload })
      .chain((fields) => fc.constantFrom(0, 8, 8 + fields.payload.length).map((coverage) => ({ ...fields, coverage })));
    comesBack(
      records,
      (fields) => udplite.encode(fields, ends),
      (bytes) => udplite.parse(bytes, ends),
    );
  });

  test.each([
    ['a coverage of 7', DATAGRAM.with(5, 7), 'coverage 7 does not cover the header'],
    ['a coverage beyond the datagram', DATAGRAM.with(5, 200), 'coverage is 200 bytes, 23 are there'],
    ['no checksum', DATAGRAM.with(6, 0).with(7, 0), 'UDP-Lite must have a checksum'],
  ])('%s is malformed', (_, bytes, why) => {
    expect(udplite.parse(bytes).ok).toBe(false);
    expect(within(udplite.PROTOCOL, bytes)).toMatchObject({ kind: 'malformed', why });
  });

  survivesAnything('udplite', [DATAGRAM], udplite.parse);
});

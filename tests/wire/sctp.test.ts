import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as sctp from '../../src/wire/sctp.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { sctpPackets } from './specimens.ts';

/** tests/recordings/raw-sctp/lan.pcap, packets 1 (INIT) and 2 (INIT ACK with a cookie). */
const INIT = hex('1b58 13c4 00000000 145196f0 01000014 11111111 0000ffff 000a 000a 00000001');
const INIT_ACK = hex('13c4 1b58 11111111 b82bf080 0200001c 1111eeee 0000ffff 000a 000a 00000001 0007 0008 636f6f6b');

const checkOf = (bytes: Uint8Array) =>
  layersOf(bytes, 'sctp')[0].fields.find((field) => field.key === 'sctp.checksum')?.check;

describe('SCTP, RFC 9260', () => {
  test('an INIT becomes a record and that the same bytes, CRC32c included', () => {
    const fields = {
      sourcePort: 7000,
      destinationPort: 5060,
      verificationTag: 0,
      chunks: [{ type: sctp.INIT, flags: 0, value: INIT.subarray(16) }],
    };
    expect(sctp.parse(INIT)).toEqual({ ok: true, value: fields });
    expect(sctp.encode(fields)).toEqual(INIT);
  });

  test('what was encoded is read back, chunks of odd length filled up to four', () => {
    const chunk = fc.record({
      type: fc.nat({ max: 255 }),
      flags: fc.nat({ max: 255 }),
      value: fc.uint8Array({ maxLength: 20 }),
    });
    const packet = fc.record({
      sourcePort: fc.nat({ max: 0xffff }),
      destinationPort: fc.nat({ max: 0xffff }),
      verificationTag: fc.nat({ max: 0xffffffff }),
      chunks: fc.array(chunk, { maxLength: 5 }),
    });
    comesBack(packet, sctp.encode, sctp.parse);
  });

  test('the CRC tells right from wrong', () => {
    expect([checkOf(INIT), checkOf(INIT.with(1, 0)), checkOf(INIT.with(31, 9))]).toEqual(['right', 'wrong', 'wrong']);
    expect(sctp.parse(INIT.with(1, 0))).toMatchObject({ ok: false, error: { field: 'checksum' } });
  });

  test('chunks, parameters and causes are trees', () => {
    const [layer] = layersOf(INIT_ACK, 'sctp');
    expect(layer.summary).toBe('5060 → 7000 INIT_ACK');
    expect(displays(layer, 'sctp.initack_initiate_tag')).toEqual(['0x1111eeee']);
    expect(displays(layer, 'sctp.parameter_state_cookie')).toEqual(['636f6f6b']);
    const [abort] = layersOf(sctp.encode(sctpPackets[4]!), 'sctp');
    expect(displays(abort, 'sctp.cause_code')).toEqual(['User initiated ABORT (12)']);
  });

  test.each(sctpPackets.map((packet, index) => [index, packet] as const))(
    'packet %i is shown without fault',
    (_, packet) => {
      expect(layersOf(sctp.encode(packet), 'sctp')[0].kind).toBe('decoded');
    },
  );

  test('a chunk that says no length ends the layer', () => {
    const bytes = INIT.with(15, 0);
    expect(layersOf(bytes, 'sctp')[0]).toMatchObject({
      kind: 'malformed',
      why: expect.stringContaining('chunk length 0'),
    });
  });

  test('64 kilobytes of the smallest chunks make no more fields than a packet may have', () => {
    const bytes = new Uint8Array(65_000);
    for (let at = 12; at < bytes.length; at += 4) bytes.set(hex('0b 00 0004'), at);
    const { layers } = dissect(bytes, 'sctp');
    expect(layers[0]).toMatchObject({ kind: 'malformed', why: 'more than 4096 fields in one packet' });
    expect(layers[0]!.fields.length).toBeLessThan(1100);
  });

  survivesAnything('sctp', [INIT, INIT_ACK, sctp.encode(sctpPackets[3]!)], sctp.parse);
});

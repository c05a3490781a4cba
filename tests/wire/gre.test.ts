import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as gre from '../../src/wire/gre.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { greVariants } from './specimens.ts';

/** tests/recordings/pptp-1client-helper/lan.pcap, packets 13 (data with acknowledgment) and 21 (acknowledgment alone). */
const DATA = hex('3081 880b 001c d79a 00000001 00000001 ff03c021020100180104057802060000000005061297d97107020802');
const ACK = hex('2081 880b 0000 0000 00000004');
/** tests/recordings/raw-gre0/lan.pcap, packet 1: version 0, nothing but the protocol. */
const PLAIN = hex('0000 0800 4500002200010000400166d80a0000010a000002 0800fbbd00070000696e20677265');

const u32 = fc.nat({ max: 0xffffffff });
const payload = fc.uint8Array({ maxLength: 48 });

/** Source route entries with the one of zeros behind them. */
const routing = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 3 })
  .map((entries) => Uint8Array.from([...entries.flatMap((data) => [8, 0, 0, data.length, ...data]), 0, 0, 0, 0]));
const plain: fc.Arbitrary<gre.Fields> = fc.record(
  {
    version: fc.constant(0),
    protocol: fc.nat({ max: 0xffff }),
    checksum: fc.boolean(),
    key: u32,
    sequence: u32,
    routing,
    payload,
  },
  { requiredKeys: ['version', 'protocol', 'checksum', 'payload'] },
);
const enhanced: fc.Arbitrary<gre.Fields> = fc.record(
  { version: fc.constant(1), callId: fc.nat({ max: 0xffff }), sequence: u32, acknowledgment: u32, payload },
  { requiredKeys: ['version', 'callId', 'payload'] },
);

describe('GRE version 0, RFC 2784 and 2890', () => {
  test('a bare header is four bytes', () => {
    const fields = { version: 0, protocol: 0x0800, checksum: false, payload: PLAIN.subarray(4) } as const;
    expect(gre.parse(PLAIN)).toEqual({ ok: true, value: fields });
    expect(gre.encode(fields)).toEqual(PLAIN);
  });

  test('checksum, key, sequence number and routing come in this order', () => {
    const bytes = gre.encode({
      version: 0,
      protocol: 0x0800,
      checksum: false,
      key: 0x01020304,
      sequence: 0x05060708,
      routing: hex('00000000'),
      payload: hex('aa'),
    });
    expect(bytes).toEqual(hex('7000 0800 0000 0000 01020304 05060708 00000000 aa'));
  });

  test('what was encoded is read back', () => {
    comesBack(plain, gre.encode, gre.parse);
  });

  test('a wrong checksum is refused', () => {
    const bytes = gre.encode({ version: 0, protocol: 0x0800, checksum: true, payload: hex('0102') });
    expect(gre.parse(bytes.with(8, 9))).toMatchObject({ ok: false, error: { field: 'checksum' } });
    expect(layersOf(bytes.with(8, 9), 'gre')[0].fields.find((field) => field.key === 'gre.checksum')?.check).toBe(
      'wrong',
    );
    expect(layersOf(bytes, 'gre')[0].fields.find((field) => field.key === 'gre.checksum')?.check).toBe('right');
  });
});

describe('GRE version 1, RFC 2637 §4.1', () => {
  test('the key is the payload length and the call id of the receiver', () => {
    expect(gre.parse(DATA)).toEqual({
      ok: true,
      value: { version: 1, callId: 0xd79a, sequence: 1, acknowledgment: 1, payload: DATA.subarray(16) },
    });
    expect(gre.parse(ACK)).toEqual({ ok: true, value: { version: 1, callId: 0, acknowledgment: 4, payload: hex('') } });
  });

  test('records become those bytes again, and any other record comes back', () => {
    for (const bytes of [DATA, ACK]) {
      const parsed = gre.parse(bytes);
      expect(parsed.ok && gre.encode(parsed.value)).toEqual(bytes);
    }
    comesBack(enhanced, gre.encode, gre.parse);
  });

  test('bytes behind the payload length are not payload', () => {
    const parsed = gre.parse(Uint8Array.of(...DATA, 0, 0));
    expect(parsed.ok && parsed.value.payload).toEqual(DATA.subarray(16));
    const { layers } = dissect(Uint8Array.of(...DATA, 0, 0), 'gre');
    expect(layers.map((layer) => layer.protocol)).toEqual(['gre', 'ppp', 'lcp', 'padding']);
  });

  test.each([
    ['three bytes', hex('300188'), { kind: 'truncated' }],
    ['version 2', hex('3002 880b 0000 0000 00000000'), { field: 'version', found: 2 }],
    ['no key', hex('1001 880b 00000000'), { field: 'flags' }],
    ['a checksum', hex('b001 880b 0000 0000 00000000'), { field: 'flags' }],
    ['another protocol than PPP', hex('2001 0800 0000 0000'), { field: 'protocol', found: 0x0800 }],
    ['a payload longer than the packet', hex('3001 880b 0005 0000 00000000 ff03'), { kind: 'truncated', need: 17 }],
    ['a header cut in the sequence number', hex('3001 880b 0000 0000 0000'), { kind: 'truncated', need: 12 }],
    ['routing without end', hex('4000 0800 0000 0000 0800 0004 01020304'), { kind: 'truncated' }],
  ])('%s is refused', (_, bytes, error) => {
    expect(gre.parse(bytes)).toMatchObject({ ok: false, error });
  });

  test('it is shown as PPTP’s, with its call id', () => {
    const [layer] = layersOf(DATA, 'gre');
    expect(layer).toMatchObject({ length: 16, summary: 'Call ID 55194, Seq=1, Ack=1' });
    expect(displays(layer, 'gre.key.call_id')).toEqual(['55194']);
    expect(layersOf(hex('1001 880b 00000000'), 'gre')[0]).toMatchObject({
      kind: 'malformed',
      why: 'enhanced GRE without a key has no call id',
    });
  });
});

describe('dissection of what GRE carries', () => {
  test.each(greVariants.map((fields, index) => [index, fields] as const))(
    'variant %i leads to the packet inside',
    (_, fields) => {
      const { layers } = dissect(gre.encode(fields), 'gre');
      expect(layers.every((layer) => layer.kind !== 'malformed')).toBe(true);
      if (fields.payload.length > 0) expect(layers.map((layer) => layer.protocol)).toContain('ipv4');
    },
  );

  test('a nest of tunnels ends in a layer that says there are too many', () => {
    let nest = hex('00');
    for (let depth = 0; depth < 1000; depth++) {
      const payload = ipv4.encode({ source: 1, destination: 2, protocol: gre.PROTOCOL, payload: nest });
      nest = gre.encode({ version: 0, protocol: 0x0800, checksum: false, payload });
    }
    const { layers } = dissect(nest, 'gre');
    expect(layers.length).toBe(33);
    expect(layers.at(-1)).toMatchObject({ kind: 'opaque', why: 'too many layers' });
  });

  survivesAnything('gre', [DATA, ACK, PLAIN], gre.parse);
});

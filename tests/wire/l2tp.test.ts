import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { type Control, encodeControl, encodeData, looksLike, type Packet, parse } from '../../src/wire/l2tp.ts';
import { type Avp, avp } from '../../src/wire/l2tp-avp.ts';
import { AVPS } from '../../src/wire/l2tp-names.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

const RECORDED = ['l2tp-1client', 'l2tp-2clients', 'l2tp-1client-hello']
  .flatMap((name) => datagramsOf(name))
  .map(({ payload }) => payload);
/** The first message of xl2tpd. */
const SCCRQ = RECORDED[0]!;

function encode(packet: Packet): Uint8Array {
  return packet.kind === 'control' ? encodeControl(packet) : encodeData(packet);
}

const word = fc.nat({ max: 0xffff });
const bytes = fc.uint8Array({ maxLength: 30 });
/** One byte a character, as AVP text is. */
const text = fc.array(fc.nat({ max: 255 }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes));

const VALUES: Record<string, fc.Arbitrary<Avp['value']>> = {
  u16: word,
  u32: fc.nat({ max: 0xffffffff }),
  ipv4: fc.nat({ max: 0xffffffff }),
  u64: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
  text,
  bytes,
};
const known = fc
  .constantFrom(...Object.keys(AVPS).map(Number))
  .chain((type) => VALUES[AVPS[type]!.form]!.map((value) => avp(type, value)));
const foreign = fc.record({
  mandatory: fc.boolean(),
  hidden: fc.boolean(),
  vendor: fc.integer({ min: 1, max: 0xffff }),
  type: word,
  value: bytes,
});
const hidden = known.chain((one) => bytes.map((value) => ({ ...one, hidden: true, value })));
const control = fc.record({
  kind: fc.constant('control' as const),
  tunnelId: word,
  sessionId: word,
  ns: word,
  nr: word,
  avps: fc.array(fc.oneof(known, foreign, hidden), { maxLength: 6 }),
});
const data = fc.record(
  {
    kind: fc.constant('data' as const),
    tunnelId: word,
    sessionId: word,
    payload: bytes,
    withLength: fc.boolean(),
    priority: fc.boolean(),
    sequence: fc.record({ ns: word, nr: word }),
    padding: fc.nat({ max: 20 }),
  },
  { requiredKeys: ['kind', 'tunnelId', 'sessionId', 'payload', 'withLength', 'priority'] },
);

describe('L2TPv2, RFC 2661', () => {
  test('every control and data message comes back from its bytes as it went in', () => {
    comesBack<Packet>(fc.oneof(control, data), encode, parse);
  });

  test('everything xl2tpd and the kernel sent is written again byte for byte', () => {
    for (const payload of RECORDED) {
      const parsed = parse(payload);
      if (!parsed.ok) throw new Error('not understood');
      expect(encode(parsed.value)).toEqual(payload);
    }
    expect(RECORDED.length).toBeGreaterThan(60);
  });

  test('the first message of a tunnel names its parts', () => {
    const [layer] = layersOf(SCCRQ, 'l2tp');
    expect(layer.summary).toBe('Control Message - SCCRQ (tunnel id=0, session id=0)');
    expect(displays(layer, 'l2tp.avp')).toEqual([
      'Message Type: SCCRQ (1)',
      'Protocol Version: 1, 0',
      expect.stringMatching(/^Framing Capabilities: 3/),
      expect.stringMatching(/^Bearer Capabilities: 0/),
      'Firmware Revision: 1680',
      'Host Name: vm',
      'Vendor Name: xelerance.com',
      expect.stringMatching(/^Assigned Tunnel ID: \d+$/),
      'Receive Window Size: 4',
    ]);
    expect(displays(layer, 'l2tp.avp.sync_framing_supported')).toEqual(['Set']);
    expect(displays(layer, 'l2tp.avp.length')).toEqual(['8', '8', '10', '10', '8', '8', '19', '8', '8']);
  });

  test('a message without any AVP is an acknowledgement', () => {
    const zlb = encodeControl({ tunnelId: 7, sessionId: 0, ns: 2, nr: 3, avps: [] });
    expect(zlb).toEqual(hex('c802 000c 0007 0000 0002 0003'));
    expect(layersOf(zlb, 'l2tp')[0].summary).toBe('Control Message - ZLB (tunnel id=7, session id=0)');
  });

  test('data hands its PPP frame on, whatever its optional fields', () => {
    const frame = hex('ff03 c021 09010008 00000000');
    const packet = {
      tunnelId: 1,
      sessionId: 2,
      payload: frame,
      withLength: true,
      sequence: { ns: 5, nr: 0 },
      padding: 3,
    };
    const layers = layersOf(encodeData(packet), 'l2tp');
    expect(layers.slice(0, 3).map(({ protocol, offset }) => [protocol, offset])).toEqual([
      ['l2tp', 0],
      ['ppp', 17],
      ['lcp', 21],
    ]);
  });

  test('a hidden AVP stays bytes and is shown as hidden', () => {
    const message: Control = {
      tunnelId: 1,
      sessionId: 0,
      ns: 0,
      nr: 0,
      avps: [avp(0, 10), { mandatory: true, hidden: true, vendor: 0, type: 22, value: hex('0102030405060708') }],
    };
    const [layer] = layersOf(encodeControl(message), 'l2tp');
    expect(displays(layer, 'l2tp.avp')).toEqual(['Message Type: ICRQ (10)', 'Calling Number: hidden']);
    expect(displays(layer, 'l2tp.avp.hidden_value')).toEqual(["hidden with the tunnel's secret (8 bytes)"]);
  });

  test('a result code may stop after each of its parts', () => {
    for (const [value, fields] of [
      ['0001', { 'l2tp.result_code': ['1'], 'l2tp.avp.error_code': [] }],
      ['00020006', { 'l2tp.result_code': ['2'], 'l2tp.avp.error_code': ['6'] }],
      ['00020006 6279 65', { 'l2tp.avp.error_code': ['6'], 'l2tp.avp.error_message': ['bye'] }],
    ] as const) {
      const bytes = encodeControl({ tunnelId: 1, sessionId: 0, ns: 0, nr: 0, avps: [avp(0, 4), avp(1, hex(value))] });
      const [layer] = layersOf(bytes, 'l2tp');
      for (const [key, shown] of Object.entries(fields)) expect(displays(layer, key)).toEqual(shown);
    }
  });

  test('version 1 is another protocol, L2F, and is not read', () => {
    expect(layersOf(hex('0001 0000 0000 0000'), 'l2tp')[0]).toMatchObject({
      kind: 'opaque',
      why: 'version 1 is neither L2TPv2 nor L2TPv3',
    });
  });

  test('control messages are recognised on any port; data is not, because nothing marks it', () => {
    const control = RECORDED.filter((payload) => payload[0] === 0xc8);
    for (const payload of control) expect(looksLike(payload, 0, payload.length)).toBe(true);
    for (const payload of RECORDED.filter((each) => each[0] !== 0xc8))
      expect(looksLike(payload, 0, payload.length)).toBe(false);
    expect(control.length).toBeGreaterThan(20);
    for (const text of [
      'c802 0014 0001 0000 0000 0000 8008 0001 0000 0001', // the first AVP is a vendor's
      'c802 0014 0001 0000 0000 0000 8008 0000 0009 0001', // or not the message type
      'c802 0014 0001 0000 0000 0000 c008 0000 0000 0001', // or hidden
      'c802 0013 0001 0000 0000 0000 8008 0000 0000 0001', // another length
      'c801 000c 0001 0000 0000 0000',
    ])
      expect(looksLike(hex(text), 0, hex(text).length)).toBe(false);
  });
});

describe('hostile L2TP', () => {
  test.each([
    ['an AVP of length 0', 'c802 0014 0001 0000 0000 0000 8000 0000 0000 0001', 'AVP length 0 is less than'],
    [
      'an AVP that reaches beyond the message',
      'c802 0014 0001 0000 0000 0000 83ff 0000 0000 0001',
      'AVP says 1021 bytes',
    ],
    [
      'a stray byte behind the AVPs',
      'c802 0015 0001 0000 0000 0000 8008 0000 0000 0006 80',
      'AVP header needs 2 bytes',
    ],
    ['a length beyond the datagram', 'c802 00ff 0001 0000 0000 0000', 'message says 243 bytes, 0 are left'],
    ['a length shorter than the header', 'c802 0004 0001 0000 0000 0000', "length 4 is less than the header's 12"],
    ['an offset beyond the datagram', '0202 0001 0002 ffff', 'Offset Padding needs 65535 bytes'],
    [
      'a number of the wrong size',
      'c802 0015 0001 0000 0000 0000 8009 0000 0009 000102',
      'Assigned Tunnel ID has 3 bytes',
    ],
    ['a control message without its length bit', '8802 0001 0000 0000 0000', 'a control message without length'],
  ])('%s is malformed and says why', (_, text, why) => {
    expect(layersOf(hex(text), 'l2tp')[0]).toMatchObject({ kind: 'malformed', why: expect.stringContaining(why) });
    expect(parse(hex(text)).ok).toBe(false);
  });

  survivesAnything('l2tp', [SCCRQ, RECORDED[3]!, RECORDED[10]!], parse);
});

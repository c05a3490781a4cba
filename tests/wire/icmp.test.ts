import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as icmpv6 from '../../src/wire/icmpv6.ts';
import * as ipv6 from '../../src/wire/ipv6.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { icmpMessages, ping } from './specimens.ts';

/** tests/recordings/raw-icmp-errors/lan.pcap, packet 4: an MTU for a datagram to port 4500, of which 8 bytes are quoted. */
const TOO_BIG = hex('03 04 80dd 0000 0578 4500 004c 1301 0000 3f 11 6ae3 c0a8010a cb00710a 1194 1194 0038 5346');
const ECHO = hex('08 00 e5ca 1234 0001');

const u16 = fc.nat({ max: 0xffff });
const u32 = fc.nat({ max: 0xffffffff });
const code = fc.nat({ max: 15 });
const bytes = fc.uint8Array({ maxLength: 64 });
const message: fc.Arbitrary<icmp.Message> = fc.oneof(
  fc.record({ kind: fc.constantFrom('echo-request', 'echo-reply'), identifier: u16, sequence: u16, data: bytes }),
  fc.record({
    kind: fc.constantFrom('timestamp-request', 'timestamp-reply'),
    identifier: u16,
    sequence: u16,
    originate: u32,
    receive: u32,
    transmit: u32,
  }),
  fc.record({ kind: fc.constant('unreachable'), code, mtu: u16, quote: bytes }),
  fc.record({ kind: fc.constant('source-quench'), quote: bytes }),
  fc.record({ kind: fc.constant('redirect'), code, gateway: u32, quote: bytes }),
  fc.record({ kind: fc.constant('time-exceeded'), code, quote: bytes }),
  fc.record({ kind: fc.constant('parameter-problem'), code, pointer: fc.nat({ max: 255 }), quote: bytes }),
  fc.record({
    kind: fc.constant('other'),
    type: fc.constantFrom(9, 10, 17, 40, 255),
    code,
    rest: fc.uint8Array({ minLength: 4, maxLength: 16 }),
  }),
);

describe('ICMP, RFC 792', () => {
  test('a too-big error becomes a record and that the same bytes', () => {
    const expected = { kind: 'unreachable', code: 4, mtu: 1400, quote: TOO_BIG.subarray(8) } as const;
    expect(icmp.parse(TOO_BIG)).toEqual({ ok: true, value: expected });
    expect(icmp.encode(expected)).toEqual(TOO_BIG);
  });

  test('what was encoded is read back', () => {
    comesBack(message, icmp.encode, icmp.parse);
  });

  test('an echo with a code, or a timestamp of odd length, is kept as it is', () => {
    const odd = { kind: 'other', type: 8, code: 1, rest: hex('0001 0002') } as const;
    expect(icmp.parse(icmp.encode(odd))).toEqual({ ok: true, value: odd });
    const short = { kind: 'other', type: 13, code: 0, rest: hex('0001 0002 00000000') } as const;
    expect(icmp.parse(icmp.encode(short))).toEqual({ ok: true, value: short });
  });

  test('a wrong checksum and too few bytes are refused', () => {
    expect(icmp.parse(ECHO.with(7, 2))).toMatchObject({ ok: false, error: { field: 'checksum' } });
    expect(icmp.parse(ECHO.subarray(0, 7))).toMatchObject({ ok: false, error: { kind: 'truncated' } });
  });
});

describe('dissection of ICMP', () => {
  test('an echo shows its identifier and its checksum', () => {
    const [layer] = layersOf(ECHO, 'icmp');
    expect(layer.summary).toBe('Echo (ping) request id=0x1234, seq=1');
    expect(layer.fields.find((field) => field.key === 'icmp.checksum')?.check).toBe('right');
    const [broken] = layersOf(ECHO.with(7, 2), 'icmp');
    expect(broken.fields.find((field) => field.key === 'icmp.checksum')?.check).toBe('wrong');
  });

  test('the packet of an error is quoted, not carried: it lies inside the layer', () => {
    const { layers } = dissect(TOO_BIG, 'icmp');
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({ offset: 0, length: TOO_BIG.length, kind: 'decoded' });
    expect(layers[0]?.summary).toBe('Destination unreachable (Fragmentation needed)');
    expect(displays(layers[0]!, 'icmp.mtu')).toEqual(['1400']);
    expect(layers[0]?.quoted?.map((layer) => [layer.protocol, layer.kind, layer.offset])).toEqual([
      ['ipv4', 'decoded', 8],
      ['udp', 'decoded', 28],
    ]);
  });

  test('a quotation that holds the whole packet has its checksums judged', () => {
    const whole = icmp.encode({ kind: 'time-exceeded', code: 0, quote: ping });
    const quoted = dissect(whole, 'icmp').layers[0]?.quoted;
    expect(quoted?.[1]?.fields.find((field) => field.key === 'icmp.checksum')?.check).toBe('right');
    expect(quoted?.[1]).not.toHaveProperty('why');
  });

  test('extensions behind a padded quotation, RFC 4884, are not taken for a part of it', () => {
    const quote = new Uint8Array(128);
    quote.set(ping);
    const bytes = Uint8Array.of(
      ...icmp.encode({ kind: 'time-exceeded', code: 0, quote }),
      ...hex('2000 0000 0008 0101 00001001'),
    );
    bytes[5] = 32;
    const { layers } = dissect(bytes, 'icmp');
    expect(layers.map((layer) => layer.protocol)).toEqual(['icmp', 'icmp-extensions']);
    expect(layers[1]).toMatchObject({ offset: 136, length: 12 });
    expect(layers[0]?.quoted?.map((layer) => layer.protocol)).toEqual(['ipv4', 'icmp', 'padding']);
  });

  test.each(icmpMessages.map((each) => [each.kind, each] as const))('%s is read without fault', (_, each) => {
    expect(layersOf(icmp.encode(each), 'icmp')[0].kind).toBe('decoded');
  });

  survivesAnything('icmp', [TOO_BIG, ECHO, icmp.encode(icmpMessages[3]!)], icmp.parse);
});

describe('ICMPv6, RFC 4443', () => {
  const ends = {
    source: hex('20010db8 00000000 00000000 00000010'),
    destination: hex('20010db8 00000000 00000000 00000001'),
  };
  const inSix = (payload: Uint8Array) => ipv6.encode({ ...ends, nextHeader: icmpv6.PROTOCOL, payload });

  test('what was encoded is read back, and the checksum covers the addresses', () => {
    const records = fc.record({ type: fc.nat({ max: 255 }), code, body: bytes });
    comesBack(
      records,
      (fields) => icmpv6.encode(fields, ends),
      (packet) => icmpv6.parse(packet, ends),
    );
    const echo = icmpv6.encode({ type: 128, code: 0, body: hex('1234 0001') }, ends);
    const other = { ...ends, source: ends.destination };
    expect(icmpv6.parse(echo, other)).toMatchObject({ ok: false, error: { field: 'checksum' } });
    expect(dissect(inSix(echo), 'ipv6').layers[1]?.fields[2]?.check).toBe('right');
  });

  test('the checksum is that of RFC 4443 §2.3, worked out by hand', () => {
    const echo = icmpv6.encode({ type: 128, code: 0, body: hex('1234 0001') }, ends);
    expect(echo).toEqual(hex('8000 1205 1234 0001'));
  });

  test('an error quotes the packet it is about', () => {
    const echo = icmpv6.encode({ type: 128, code: 0, body: hex('1234 0001') }, ends);
    const error = icmpv6.encode({ type: 2, code: 0, body: Uint8Array.of(0, 0, 5, 0, ...inSix(echo)) }, ends);
    const layer = dissect(inSix(error), 'ipv6').layers[1]!;
    expect(displays(layer, 'icmpv6.mtu')).toEqual(['1280']);
    expect(layer.quoted?.map((each) => each.protocol)).toEqual(['ipv6', 'icmpv6']);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { encodeOptions, type Option, parseOptions } from '../../src/wire/tcp-options.ts';
import { comesBack, displays, survivesAnything } from '../support/hostile.ts';

const ends = { source: address('192.168.1.10'), destination: address('203.0.113.10') };
/** tests/recordings/pptp-1client-helper/lan.pcap, packet 1: the SYN of a real client. */
const SYN = hex('a564 06bb 14790ceb 00000000 a002 faf0 91f4 0000 020405b4 0402 080a 18ccd70a 00000000 01 03030a');

const ports = { sourcePort: 1, destinationPort: 2, sequence: 3, flags: tcp.ACK };
const wide = fc.nat({ max: 0xffffffff });
const option: fc.Arbitrary<Option> = fc.oneof(
  fc.constant<Option>({ kind: 'nop' }),
  fc.nat({ max: 0xffff }).map((value): Option => ({ kind: 'mss', value })),
  fc.nat({ max: 255 }).map((shift): Option => ({ kind: 'window-scale', shift })),
  fc.constant<Option>({ kind: 'sack-permitted' }),
  fc
    .array(fc.record({ left: wide, right: wide }), { maxLength: 2 })
    .map((blocks): Option => ({ kind: 'sack', blocks })),
  fc.tuple(wide, wide).map(([value, echo]): Option => ({ kind: 'timestamps', value, echo })),
  fc.uint8Array({ maxLength: 4 }).map((data): Option => ({ kind: 'other', type: 254, data })),
);
const options = fc.array(option, { maxLength: 4 }).filter((list) => encodeOptions(list).length <= 40);
const segment = fc.record({
  sourcePort: fc.nat({ max: 0xffff }),
  destinationPort: fc.nat({ max: 0xffff }),
  sequence: wide,
  acknowledgment: wide,
  flags: fc.nat({ max: 255 }),
  window: fc.nat({ max: 0xffff }),
  urgentPointer: fc.nat({ max: 0xffff }),
  options,
  payload: fc.uint8Array({ maxLength: 64 }),
});

const layerOf = (bytes: Uint8Array) =>
  dissect(ipv4.encode({ ...ends, protocol: tcp.PROTOCOL, payload: bytes })).layers[1]!;
const checkOf = (bytes: Uint8Array) => layerOf(bytes).fields.find((field) => field.key === 'tcp.checksum')?.check;

describe('TCP, RFC 9293', () => {
  test('a SYN becomes a record and that the same bytes', () => {
    const parsed = tcp.parse(SYN, ends);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        sourcePort: 42340,
        destinationPort: 1723,
        sequence: 0x14790ceb,
        acknowledgment: 0,
        flags: tcp.SYN,
        window: 64240,
        options: [
          { kind: 'mss', value: 1460 },
          { kind: 'sack-permitted' },
          { kind: 'timestamps', value: 0x18ccd70a, echo: 0 },
          { kind: 'nop' },
          { kind: 'window-scale', shift: 10 },
        ],
      },
    });
    expect(parsed.ok && tcp.encode(parsed.value, ends)).toEqual(SYN);
  });

  test('what was encoded is read back', () => {
    comesBack(
      segment,
      (fields) => tcp.encode(fields, ends),
      (bytes) => tcp.parse(bytes, ends),
    );
  });

  test('the checksum covers the addresses', () => {
    expect(checkOf(SYN)).toBe('right');
    expect(tcp.parse(SYN, { ...ends, source: ends.source + 1 })).toMatchObject({
      ok: false,
      error: { field: 'checksum' },
    });
    expect(checkOf(SYN.with(15, 0))).toBe('wrong');
  });

  test.each([
    ['nineteen bytes', SYN.subarray(0, 19), { kind: 'truncated', need: 20, have: 19 }],
    ['a header of 16 bytes', SYN.with(12, 0x40), { field: 'header length', found: 16 }],
    ['a header longer than the segment', SYN.with(12, 0xf0), { kind: 'truncated', need: 60, have: 40 }],
    ['an option without end', SYN.with(21, 30), { field: 'option length', found: 30 }],
    ['an option of length 1', SYN.with(21, 1), { field: 'option length', found: 1 }],
  ])('%s is refused', (_, bytes, error) => {
    expect(tcp.parse(bytes)).toMatchObject({ ok: false, error });
    expect(layerOf(bytes).kind).toBe('malformed');
  });

  test('options end at an end-of-list, whatever follows', () => {
    expect(parseOptions(hex('01 00 02 04'))).toEqual({ ok: true, value: [{ kind: 'nop' }] });
  });

  test('an option of a known kind and an odd length is kept as it is', () => {
    const odd: Option[] = [{ kind: 'other', type: 2, data: hex('010203') }];
    expect(parseOptions(encodeOptions(odd))).toEqual({ ok: true, value: odd });
  });
});

describe('dissection of TCP', () => {
  test('flags are said in words, and each is a bit of its byte', () => {
    const layer = layerOf(SYN.with(13, tcp.SYN | tcp.ACK));
    expect(layer.summary).toBe('42340 → 1723 [SYN, ACK] Seq=343477483 Ack=0 Win=64240 Len=0');
    expect(displays(layer, 'tcp.flags.syn')).toEqual(['Set']);
    expect(displays(layer, 'tcp.flags.fin')).toEqual(['Not set']);
    const flags = layer.fields.find((field) => field.key === 'tcp.flags');
    expect(flags?.children?.find((child) => child.key === 'tcp.flags.syn')).toMatchObject({
      offset: 33,
      length: 1,
      mask: 2,
    });
  });

  test('each option is a tree', () => {
    const layer = layerOf(SYN);
    expect(displays(layer, 'tcp.options.mss_val')).toEqual(['1460']);
    expect(displays(layer, 'tcp.options.wscale.shift')).toEqual(['10']);
    expect(displays(layer, 'tcp.options.timestamp.tsval')).toEqual([String(0x18ccd70a)]);
  });

  test('an option of a known kind and an odd length is shown as bytes', () => {
    const layer = layerOf(tcp.encode({ ...ports, options: [{ kind: 'other', type: 8, data: hex('07') }] }, ends));
    expect(displays(layer, 'tcp.options.data')).toEqual(['07']);
    expect(displays(layer, 'tcp.options.wscale.shift')).toEqual([]);
  });

  test('the beginning of a header, quoted in an ICMP error, is no fault', () => {
    const quoted = ipv4.encode({ ...ends, protocol: tcp.PROTOCOL, payload: SYN }).subarray(0, 28);
    const error = Uint8Array.of(11, 0, 0xd3, 0x9b, 0, 0, 0, 0, ...quoted);
    const layer = dissect(error, 'icmp').layers[0]?.quoted?.[1];
    expect(layer).toMatchObject({
      kind: 'decoded',
      protocol: 'tcp',
      summary: '42340 → 1723',
      why: expect.stringContaining('quotes no more'),
    });
    expect(layer?.fields.map((field) => field.key)).toEqual(['tcp.srcport', 'tcp.dstport', 'tcp.seq_raw']);
  });

  survivesAnything('tcp', [SYN], tcp.parse, parseOptions);
});

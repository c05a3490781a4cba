import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';

/** tests/recordings/pptp-1client-helper/lan.pcap, packet 21: a GRE acknowledgment. */
const PACKET = hex('4500 0020 debe 4000 40 2f 5e33 c0a8010a cb00710a 2081880b00000000 00000004');
const OPTIONS = hex('4700 001c 0001 0000 40 fd 5589 c0a80101 c0a80102 94040000 07 03 04 00');

const anyPacket = fc.record({
  source: fc.nat({ max: 0xffffffff }),
  destination: fc.nat({ max: 0xffffffff }),
  protocol: fc.nat({ max: 255 }),
  ttl: fc.nat({ max: 255 }),
  id: fc.nat({ max: 0xffff }),
  tos: fc.nat({ max: 255 }),
  dontFragment: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.nat({ max: 0x1fff }).map((units) => units * 8),
  options: fc.uint8Array({ maxLength: 10 }).map((bytes) => new Uint8Array(bytes.length * 4)),
  payload: fc.uint8Array({ maxLength: 64 }),
});

describe('IPv4, RFC 791', () => {
  test('a packet becomes a record', () => {
    expect(ipv4.parse(PACKET)).toEqual({
      ok: true,
      value: {
        source: address('192.168.1.10'),
        destination: address('203.0.113.10'),
        protocol: 47,
        ttl: 64,
        id: 0xdebe,
        tos: 0,
        dontFragment: true,
        moreFragments: false,
        fragmentOffset: 0,
        options: hex(''),
        payload: PACKET.subarray(20),
      },
    });
  });

  test('the record becomes that packet again, checksum included', () => {
    const parsed = ipv4.parse(PACKET);
    expect(parsed.ok && ipv4.encode(parsed.value)).toEqual(PACKET);
  });

  test('what was encoded is read back', () => {
    comesBack(anyPacket, ipv4.encode, ipv4.parse);
  });

  test('what a sender leaves out has the usual values', () => {
    const bytes = ipv4.encode({ source: 1, destination: 2, protocol: 17, payload: hex('') });
    const parsed = ipv4.parse(bytes);
    expect(parsed.ok && parsed.value).toMatchObject({ ttl: 64, id: 0, tos: 0, dontFragment: false, fragmentOffset: 0 });
  });

  test('bytes behind the total length belong to no packet', () => {
    const parsed = ipv4.parse(hex('4500 0015 0000 0000 40 fd 79ed 00000000 00000000 61 ff ff'));
    expect(parsed.ok && parsed.value.payload).toEqual(hex('61'));
  });

  test.each([
    ['too few bytes', hex('4500'), { kind: 'truncated', need: 20, have: 2 }],
    ['version 6', Uint8Array.of(0x65, ...PACKET.subarray(1)), { kind: 'bad-field', field: 'version', found: 6 }],
    ['a header of 16 bytes', Uint8Array.of(0x44, ...PACKET.subarray(1)), { field: 'header length', found: 16 }],
    [
      'a total length of 16',
      hex('4500 0010 0000 0000 40 2f 0000 00000000 00000000'),
      { field: 'total length', found: 16 },
    ],
    ['a packet cut short', PACKET.subarray(0, 31), { kind: 'truncated', need: 32, have: 31 }],
    ['a wrong header checksum', PACKET.with(8, 63), { field: 'header checksum', found: 0x5e33 }],
  ])('%s is refused and says why', (_, bytes, error) => {
    expect(ipv4.parse(bytes)).toMatchObject({ ok: false, error: { protocol: 'ipv4', ...error } });
  });
});

describe('dissection of IPv4', () => {
  test('the header is shown with its checksum judged', () => {
    const [layer] = layersOf(PACKET, 'ipv4');
    expect(layer).toMatchObject({ kind: 'decoded', offset: 0, length: 20, summary: '192.168.1.10 → 203.0.113.10' });
    expect(displays(layer, 'ip.flags.df')).toEqual(['Set']);
    expect(displays(layer, 'ip.proto')).toEqual(['Generic Routing Encapsulation (47)']);
    expect(layer.fields.find((field) => field.key === 'ip.checksum')?.check).toBe('right');
    const [broken] = layersOf(PACKET.with(8, 63), 'ipv4');
    expect(broken.fields.find((field) => field.key === 'ip.checksum')?.check).toBe('wrong');
  });

  test('options are a list: a single byte, or type, length and data', () => {
    const [layer] = layersOf(OPTIONS, 'ipv4');
    expect(layer).toMatchObject({ kind: 'decoded', length: 28 });
    expect(displays(layer, 'ip.opt.type')).toEqual([
      'Router Alert (148)',
      'Record Route (7)',
      'End of Options List (0)',
    ]);
  });

  test('an option that says more bytes than there are breaks the layer, not the packet around it', () => {
    const layers = dissect(
      hex('4600 0020 0001 0000 40 11 0000 c0a80101 c0a80102 07 09 04 00 0001 0002 0008 0000'),
    ).layers;
    expect(layers[0]).toMatchObject({ kind: 'malformed', why: 'option Record Route (7) says 9 bytes, 4 are left' });
    expect(layers[1]).toMatchObject({ protocol: 'udp', offset: 24 });
  });

  test('a later fragment is not taken for a transport header', () => {
    const { layers } = dissect(
      ipv4.encode({ source: 1, destination: 2, protocol: 17, fragmentOffset: 1480, payload: hex('0102030405060708') }),
    );
    expect(layers.map((layer) => layer.protocol)).toEqual(['ipv4', 'fragment']);
    expect(layers[0]?.summary).toContain('Fragment off=1480');
    expect(layers[1]).toMatchObject({ kind: 'opaque', why: expect.stringContaining('first one') });
  });

  test('the first fragment shows its transport header without complaint, and no verdict on its checksum', () => {
    const payload = hex('1388 1389 0bb8 beef 6162636465666768');
    const { layers } = dissect(ipv4.encode({ source: 1, destination: 2, protocol: 17, moreFragments: true, payload }));
    expect(layers[1]).toMatchObject({
      protocol: 'udp',
      kind: 'decoded',
      why: expect.stringContaining('first fragment'),
    });
    expect(layers[1]?.fields.find((field) => field.key === 'udp.checksum')?.check).toBe('unverifiable');
  });

  test('what lies behind the packet is padding', () => {
    const { layers } = dissect(Uint8Array.of(...PACKET, 0, 0, 0));
    expect(layers.map((layer) => layer.protocol)).toEqual(['ipv4', 'gre', 'padding']);
    expect(layers[2]).toMatchObject({ offset: 32, length: 3 });
  });

  test('a packet that the capture cut is not malformed, one that lies about its length is', () => {
    const [cut] = dissect(PACKET.subarray(0, 28), 'ipv4', 32).layers;
    expect(cut).toMatchObject({ kind: 'decoded', why: 'the capture keeps 28 of 32 bytes' });
    const [lie] = dissect(PACKET.subarray(0, 28)).layers;
    expect(lie).toMatchObject({ kind: 'malformed', why: 'total length says 32 bytes, 28 are there' });
  });
});

describe('hostile IPv4', () => {
  survivesAnything('ipv4', [PACKET, OPTIONS], ipv4.parse);
});

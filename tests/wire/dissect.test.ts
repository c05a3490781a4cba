/** What holds of every dissection: it answers, keeps to its bytes, and costs no more than the bytes deserve. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex, toHex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import type { Field, Layer } from '../../src/wire/layer.ts';
import { dissectors } from '../../src/wire/protocols.ts';
import { faultsOf } from '../support/hostile.ts';
import { packets, ping } from './specimens.ts';

const protocols = Object.keys(dissectors);

const everyLayer = (layers: readonly Layer[]): readonly Layer[] =>
  layers.flatMap((layer) => [layer, ...everyLayer(layer.quoted ?? [])]);
const everyField = (fields: readonly Field[]): readonly Field[] =>
  fields.flatMap((field) => [field, ...everyField(field.children ?? [])]);

function check(bytes: Uint8Array, first: string): void {
  const faults = faultsOf(bytes, first);
  const layers = everyLayer(dissect(bytes, first).layers);
  for (const layer of layers) {
    const end = layer.offset + layer.length;
    const inner = everyLayer(layer.quoted ?? []);
    if (inner.some((each) => each.offset < layer.offset || each.offset + each.length > end))
      faults.push(`a quotation leaves ${layer.protocol}`);
    if (everyField(layer.fields).some((field) => field.offset < layer.offset || field.offset + field.length > end))
      faults.push(`a field leaves ${layer.protocol}`);
  }
  const fields = layers.reduce((sum, layer) => sum + everyField(layer.fields).length, 0);
  if (layers.length > 40 || fields > 4200) faults.push(`${layers.length} layers, ${fields} fields`);
  if (faults.length > 0) expect.fail(`${first}: ${toHex(bytes)}: ${faults.join('; ')}`);
}

describe('any bytes', () => {
  test('whatever the first layer is, every layer and field keeps to its bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...protocols, 'raw-ip'), check), {
      numRuns: 3000,
    });
  });

  test('a packet read as if it were another protocol does so too', () => {
    for (const { bytes } of packets) for (const first of protocols) check(bytes, first);
  });
});

describe('good packets', () => {
  test.each(packets.map((packet) => [packet.name, packet] as const))(
    '%s: layers follow each other without a gap',
    (_, { bytes, first }) => {
      const { layers } = dissect(bytes, first);
      let at = 0;
      for (const layer of layers) {
        expect(layer.offset).toBe(at);
        expect(layer.kind).not.toBe('malformed');
        at += layer.length;
      }
      expect(at).toBe(bytes.length);
    },
  );

  test.each(packets.map((packet) => [packet.name, packet] as const))(
    '%s: cut at every length, it is read as far as it goes',
    (_, { bytes, first }) => {
      for (let end = 0; end < bytes.length; end++) check(bytes.subarray(0, end), first);
    },
  );

  test.each(packets.map((packet) => [packet.name, packet] as const))(
    '%s: cut by the capture, no layer is blamed',
    (_, { bytes, first }) => {
      for (let end = 1; end < bytes.length; end++) {
        const { layers } = dissect(bytes.subarray(0, end), first, bytes.length);
        const blamed = layers.filter((layer) => layer.kind === 'malformed');
        if (blamed.length > 0) expect.fail(`${end} of ${bytes.length}: ${blamed[0]!.protocol} ${blamed[0]!.why}`);
      }
    },
  );

  test.each(packets.map((packet) => [packet.name, packet] as const))(
    '%s: with any one bit flipped',
    (_, { bytes, first }) => {
      const spoiled = bytes.slice();
      for (let bit = 0; bit < Math.min(bytes.length * 8, 800); bit++) {
        spoiled[bit >>> 3] = spoiled[bit >>> 3]! ^ (1 << (bit & 7));
        check(spoiled, first);
        spoiled[bit >>> 3] = bytes[bit >>> 3]!;
      }
    },
  );
});

describe('names that are no protocol', () => {
  test.each(['nonsense', 'constructor', '__proto__', 'toString', ''])('"%s" leads to an opaque layer', (first) => {
    expect(dissect(ping, first).layers).toMatchObject([
      { kind: 'opaque', why: 'no dissector for this protocol', length: ping.length },
    ]);
  });
});

describe('hostile nests and lists', () => {
  const most = 65_535;
  const repeated = (text: string) => {
    const unit = hex(text);
    return Uint8Array.from({ length: most - (most % unit.length) }, (_, index) => unit[index % unit.length]!);
  };
  /** Written to make as many objects, or as deep a nest, as 64 kilobytes can. */
  const bombs: readonly [name: string, first: string, bytes: Uint8Array][] = [
    ['VLAN tags in VLAN tags', 'vlan', repeated('0001 8100')],
    ['service tags in service tags', 'service-vlan', repeated('0001 88a8')],
    [
      'frames in frames',
      'gre',
      concat(hex('0000 6558'), repeated('020000000001 020000000002 8100 0001 88a8 0001 6558')),
    ],
    ['PPTP echoes', 'pptp', repeated('0010 0001 1a2b3c4d 0005 0000 00000001')],
    ['PPTP headers without messages', 'pptp', repeated('000c 0001 1a2b3c4d 0063 0000')],
    ['nothing but the PPTP cookie', 'pptp-continuation', repeated('1a2b3c4d')],
    ['SCTP chunks of four bytes', 'sctp', concat(hex('0001 0002 00000000 00000000'), repeated('0b 00 0004'))],
    [
      'SCTP parameters of four bytes',
      'sctp',
      concat(hex('0001 0002 00000000 00000000 04 00 fff0'), repeated('0009 0004')),
    ],
    [
      'SACK gap blocks',
      'sctp',
      concat(hex('0001 0002 00000000 00000000 03 00 fff0 00000000 00000000 3fff 0000'), repeated('0001 0002')),
    ],
    ['LCP options of two bytes', 'lcp', concat(hex('01 01 fff0'), repeated('0702'))],
    ['GRE routing entries', 'gre', concat(hex('4000 0800 0000 0000'), repeated('0800 0000'))],
    [
      'IPv6 options of one byte',
      'ipv6',
      concat(hex('60000000 fff0 00 40'), new Uint8Array(32), hex('3a ff'), new Uint8Array(65_000)),
    ],
    [
      'IPv6 headers in a chain',
      'ipv6',
      concat(hex('60000000 fff0 3c 40'), new Uint8Array(32), repeated('3c 00 0104 00000000')),
    ],
  ];

  test.each(bombs)('%s: bounded layers and fields', (_, first, bytes) => {
    check(bytes, first);
  });

  test.each(bombs)('%s: twice the bytes take no more than about twice the time', (_, first, bytes) => {
    const time = (part: Uint8Array) => {
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 5; run++) {
        const begin = performance.now();
        dissect(part, first);
        best = Math.min(best, performance.now() - begin);
      }
      return best;
    };
    time(bytes);
    const half = time(bytes.subarray(0, bytes.length / 2));
    // Generous: the machine may be busy. Quadratic work would take four times as long, and far longer than this floor.
    expect(time(bytes)).toBeLessThan(Math.max(60, 8 * half));
  });

  test('an ICMP error that quotes an ICMP error that quotes … ends', () => {
    let packet = ping;
    for (let depth = 0; depth < 100; depth++) {
      const error = concat(hex('03 03 0000 00000000'), packet);
      packet = concat(
        hex('4500'),
        Uint8Array.of((error.length + 20) >>> 8, error.length + 20),
        hex('0000 0000 40 01 0000 00000001 00000002'),
        error,
      );
    }
    const layers = everyLayer(dissect(packet).layers);
    expect(layers.length).toBeLessThan(40);
    check(packet, 'ipv4');
  });
});

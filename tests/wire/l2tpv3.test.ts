import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import { type Carrier, encodeControl, encodeData, type Packet, parse } from '../../src/wire/l2tpv3.ts';
import { comesBack, layersOf, survivesAnything } from '../support/hostile.ts';
import { packetsOf } from '../support/recorded.ts';

const word = fc.nat({ max: 0xffff });
const long = fc.nat({ max: 0xffffffff });
const packets: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    kind: fc.constant('control' as const),
    connectionId: long,
    ns: word,
    nr: word,
    avps: fc.array(
      fc.oneof(
        word.map((value) => avp(0, value)),
        long.map((value) => avp(61, value)),
      ),
    ),
  }),
  fc.record({
    kind: fc.constant('data' as const),
    sessionId: fc.integer({ min: 1, max: 0xffffffff }),
    body: fc.uint8Array({ maxLength: 60 }),
  }),
);

function encode(packet: Packet, carrier: Carrier): Uint8Array {
  return packet.kind === 'control' ? encodeControl(packet, carrier) : encodeData(packet, carrier);
}

const SCCRQ = { connectionId: 0, ns: 0, nr: 0, avps: [avp(0, 1), avp(7, 'lac'), avp(61, 0xa01)] };
const PING = encodeIpv4({
  source: ipv4('10.0.0.1'),
  destination: ipv4('10.0.0.2'),
  protocol: 1,
  payload: hex('0800 f7ff 0000 0000'),
});
const ETHERNET = concat(hex('020000000001 020000000002 0800'), PING);

describe('L2TPv3, RFC 3931', () => {
  test.each(['ip', 'udp'] as const)('over %s every packet comes back from its bytes as it went in', (carrier) => {
    comesBack(
      packets,
      (packet) => encode(packet, carrier),
      (bytes) => parse(bytes, carrier),
    );
  });

  test('over IP four zero bytes mark a control message, and its length does not count them (§3.2.1)', () => {
    const bytes = encodeControl({ connectionId: 0xa01, ns: 1, nr: 2, avps: [avp(0, 6)] }, 'ip');
    expect(bytes).toEqual(hex('00000000 c803 0014 00000a01 0001 0002 8008 0000 0000 0006'));
    expect(layersOf(bytes, 'l2tpv3-ip')[0].summary).toBe('Control Message - HELLO (control connection id=0x00000a01)');
  });

  test('over UDP it shares the port and the version field with L2TPv2', () => {
    const [layer] = layersOf(encodeControl(SCCRQ, 'udp'), 'l2tp');
    expect(layer.name).toBe('Layer 2 Tunneling Protocol version 3');
    expect(layer.summary).toBe('Control Message - SCCRQ (control connection id=0x00000000)');
  });

  test('session 0 followed by anything but a control message is malformed', () => {
    expect(layersOf(hex('00000000 0003 0000 00000001'), 'l2tpv3-ip')[0].kind).toBe('malformed');
    expect(layersOf(hex('00000000 c802 000c 00000001 00000000'), 'l2tpv3-ip')[0]).toMatchObject({
      kind: 'malformed',
      why: 'version 2 is not 3',
    });
  });
});

describe('what a session carries is not marked', () => {
  test.each([
    ['Ethernet at once', '', ETHERNET, ['ethernet', 'ipv4']],
    ['Ethernet behind a cookie of 8 bytes', '0102030405060708', ETHERNET, ['ethernet', 'ipv4']],
    ['Ethernet behind a cookie and a sublayer', '0102030405060708 40000001', ETHERNET, ['ethernet', 'ipv4']],
    ['PPP behind a cookie of 4 bytes', 'aabbccdd', hex('ff03 c021 09010008 00000000'), ['ppp', 'lcp']],
    ['an IP packet behind a sublayer', '40000001', PING, ['ipv4', 'icmp']],
  ])('%s is found by what is inside', (_, before, frame, expected) => {
    const bytes = encodeData({ sessionId: 0xb02, body: concat(hex(before), frame) }, 'ip');
    const layers = layersOf(bytes, 'l2tpv3-ip');
    expect(layers.slice(1, 3).map(({ protocol }) => protocol)).toEqual(expected);
    expect(layers[1]!.offset).toBe(4 + hex(before).length);
  });

  test('a frame without anything provable in it is left closed', () => {
    for (const packet of packetsOf('raw-l2tpv3').filter((bytes) => bytes[9] === 115)) {
      const layers = layersOf(packet, 'ipv4');
      expect(layers).toHaveLength(2);
      expect(layers[1]).toMatchObject({ protocol: 'l2tpv3-ip', kind: 'opaque' });
    }
  });

  test('a wrong header checksum is no proof', () => {
    const broken = PING.slice();
    broken[8] = broken[8]! ^ 1;
    expect(layersOf(encodeData({ sessionId: 1, body: broken }, 'udp'), 'l2tp')).toHaveLength(1);
  });

  survivesAnything(
    'l2tpv3-ip',
    [encodeControl(SCCRQ, 'ip'), encodeData({ sessionId: 1, body: ETHERNET }, 'ip')],
    (bytes) => parse(bytes, 'ip'),
    (bytes) => parse(bytes, 'udp'),
  );
});

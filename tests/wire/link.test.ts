/** What captures begin with: Ethernet, VLAN tags, ARP, PPPoE, loopback, Linux cooked, raw IP. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as arp from '../../src/wire/arp.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ethernet from '../../src/wire/ethernet.ts';
import * as nullLayer from '../../src/wire/null.ts';
import * as pppoe from '../../src/wire/pppoe.ts';
import * as sll from '../../src/wire/sll.ts';
import * as vlan from '../../src/wire/vlan.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { packets, ping } from './specimens.ts';

const mac = fc.uint8Array({ minLength: 6, maxLength: 6 });
const u16 = fc.nat({ max: 0xffff });
const payload = fc.uint8Array({ maxLength: 32 });
const protocols = (bytes: Uint8Array, first: string) => dissect(bytes, first).layers.map((layer) => layer.protocol);

describe('Ethernet', () => {
  const FRAME = concat(hex('020000000101 020000000110 0800'), ping);

  test('a frame becomes a record and that the same bytes', () => {
    const fields = { destination: hex('020000000101'), source: hex('020000000110'), type: 0x0800, payload: ping };
    expect(ethernet.parse(FRAME)).toEqual({ ok: true, value: fields });
    expect(ethernet.encode(fields)).toEqual(FRAME);
  });

  test('what was encoded is read back', () => {
    const type = fc.integer({ min: 1501, max: 0xffff });
    comesBack(fc.record({ destination: mac, source: mac, type, payload }), ethernet.encode, ethernet.parse);
  });

  test('addresses are shown with colons', () => {
    expect(layersOf(FRAME, 'ethernet')[0].summary).toBe('02:00:00:00:01:10 → 02:00:00:00:01:01');
  });

  test('a length in place of the type is IEEE 802.3: LLC, then padding', () => {
    const frame = hex('0180c2000000 020000000110 0003 424203 000000');
    expect(ethernet.parse(frame)).toMatchObject({ ok: false, error: { field: 'type', found: 3 } });
    expect(dissect(frame, 'ethernet').layers.map((layer) => [layer.protocol, layer.length])).toEqual([
      ['ethernet', 14],
      ['llc', 3],
      ['padding', 3],
    ]);
  });

  test('padding up to 60 bytes is a layer of its own behind the packet', () => {
    const frame = new Uint8Array(60);
    frame.set(FRAME);
    const { layers } = dissect(frame, 'ethernet');
    expect(layers.map((layer) => layer.protocol)).toEqual(['ethernet', 'ipv4', 'icmp', 'padding']);
    expect(layers[3]).toMatchObject({ offset: 50, length: 10 });
  });

  survivesAnything('ethernet', [FRAME.subarray(0, 40)], ethernet.parse);
});

describe('VLAN tags, IEEE 802.1Q and 802.1ad', () => {
  test('priority, drop eligibility and id share two bytes', () => {
    const fields = { priority: 5, dropEligible: true, id: 0xabc, type: 0x0800, payload: hex('45') };
    expect(vlan.encode(fields)).toEqual(hex('babc 0800 45'));
    expect(vlan.parse(hex('babc 0800 45'))).toEqual({ ok: true, value: fields });
  });

  test('what was encoded is read back', () => {
    const records = fc.record({
      priority: fc.nat({ max: 7 }),
      dropEligible: fc.boolean(),
      id: fc.nat({ max: 0xfff }),
      type: u16,
      payload,
    });
    comesBack(records, vlan.encode, vlan.parse);
  });

  test('a service tag around a customer tag is told from two customer tags', () => {
    const { bytes } = packets.find(({ name }) => name === 'QinQ')!;
    expect(protocols(bytes, 'ethernet')).toEqual(['ethernet', 'service-vlan', 'vlan', 'ipv4', 'icmp']);
    const [outer, inner] = dissect(bytes, 'ethernet').layers.slice(1);
    expect([outer?.summary, inner?.summary]).toEqual(['PRI: 5, ID: 200', 'PRI: 5, ID: 100']);
  });

  survivesAnything('vlan', [concat(hex('0064 0800'), ping)], vlan.parse);
});

describe('ARP, RFC 826', () => {
  const REQUEST = hex('0001 0800 06 04 0001 020000000110 c0a8010a 000000000000 c0a80101');

  test('a request asks for an address', () => {
    const fields = {
      operation: 'request',
      senderMac: hex('020000000110'),
      sender: address('192.168.1.10'),
      targetMac: hex('000000000000'),
      target: address('192.168.1.1'),
    } as const;
    expect(arp.parse(REQUEST)).toEqual({ ok: true, value: fields });
    expect(arp.encode(fields)).toEqual(REQUEST);
    expect(layersOf(REQUEST, 'arp')[0].summary).toBe('Who has 192.168.1.1? Tell 192.168.1.10');
    expect(layersOf(arp.encode({ ...fields, operation: 'reply' }), 'arp')[0].summary).toBe(
      '192.168.1.10 is at 02:00:00:00:01:10',
    );
  });

  test('other address types are shown as bytes and not parsed', () => {
    const bytes = REQUEST.with(1, 6);
    expect(arp.parse(bytes).ok).toBe(false);
    expect(displays(layersOf(bytes, 'arp')[0], 'arp.src.proto_ipv4')).toEqual([]);
  });

  survivesAnything('arp', [REQUEST], arp.parse);
});

describe('PPPoE, RFC 2516', () => {
  test('a session carries PPP', () => {
    const fields = { code: 0, sessionId: 0x17, payload: concat(hex('0021'), ping) };
    const bytes = pppoe.encode(fields);
    expect(bytes.subarray(0, 8)).toEqual(hex('11 00 0017 0026 0021'));
    expect(pppoe.parse(bytes)).toEqual({ ok: true, value: fields });
    expect(protocols(bytes, 'pppoe')).toEqual(['pppoe', 'ppp', 'ipv4', 'icmp']);
  });

  test('discovery is named and stays closed', () => {
    const { layers } = dissect(hex('11 09 0000 0004 01010000'), 'pppoe');
    expect(layers[0]?.summary).toBe('Active Discovery Initiation (PADI)');
    expect(layers[1]).toMatchObject({ protocol: 'pppoe-tags', kind: 'opaque' });
  });

  test.each([
    ['version 2', hex('21 00 0000 0000'), { field: 'version and type' }],
    ['a payload that is not there', hex('11 00 0000 0002 00'), { kind: 'truncated', need: 8 }],
    ['five bytes', hex('11 00 0000 00'), { kind: 'truncated', need: 6 }],
  ])('%s is refused', (_, bytes, error) => {
    expect(pppoe.parse(bytes)).toMatchObject({ ok: false, error });
  });

  survivesAnything('pppoe', [pppoe.encode({ code: 0, sessionId: 1, payload: concat(hex('0021'), ping) })], pppoe.parse);
});

describe('BSD loopback', () => {
  test('the family is read in either byte order, and written back in it', () => {
    const records = fc.record({ family: fc.constantFrom(2, 24, 28, 30), littleEndian: fc.boolean(), payload });
    comesBack(records, nullLayer.encode, nullLayer.parse);
    expect(protocols(concat(hex('02000000'), ping), 'null')).toEqual(['null', 'ipv4', 'icmp']);
    expect(protocols(concat(hex('00000002'), ping), 'loop')).toEqual(['loop', 'ipv4', 'icmp']);
    expect(protocols(concat(hex('1e000000'), hex('60')), 'null')).toEqual(['null', 'ipv6']);
  });

  test('a family that is no kind of IP stays closed', () => {
    expect(nullLayer.parse(hex('07000000 00'))).toMatchObject({ ok: false, error: { field: 'family', found: 7 } });
    expect(protocols(hex('07000000 00'), 'null')).toEqual(['null', 'data']);
  });

  survivesAnything('null', [concat(hex('02000000'), ping)], nullLayer.parse);
});

describe('Linux cooked capture', () => {
  test('both versions are read back', () => {
    const common = {
      packetType: fc.nat({ max: 4 }),
      hardwareType: u16,
      address: fc.uint8Array({ maxLength: 8 }),
      protocol: u16,
      payload,
    };
    const first = fc.record({ version: fc.constant(1 as const), interfaceIndex: fc.constant(0), ...common });
    const second = fc.record({
      version: fc.constant(2 as const),
      interfaceIndex: fc.nat({ max: 0xffffffff }),
      ...common,
    });
    comesBack<sll.Fields>(first, sll.encode, (bytes) => sll.parse(bytes, 1));
    comesBack<sll.Fields>(second, sll.encode, (bytes) => sll.parse(bytes, 2));
  });

  test('both lead to the packet inside', () => {
    expect(protocols(concat(hex('0004 0001 0006 0200000001100000 0800'), ping), 'sll')).toEqual([
      'sll',
      'ipv4',
      'icmp',
    ]);
    expect(protocols(concat(hex('0800 0000 00000003 0001 04 06 0200000001100000'), ping), 'sll2')).toEqual([
      'sll2',
      'ipv4',
      'icmp',
    ]);
  });

  test('what is no EtherType is not taken for one', () => {
    expect(protocols(concat(hex('0004 0338 0000 0000000000000000 0800'), ping), 'sll')).toEqual(['sll', 'data']);
  });

  survivesAnything('sll', [concat(hex('0004 0001 0006 0200000001100000 0800'), ping)]);
  survivesAnything('sll2', [concat(hex('0800 0000 00000003 0001 04 06 0200000001100000'), ping)]);
});

describe('raw IP', () => {
  test('the version tells which IP it is', () => {
    expect(protocols(ping, 'raw-ip')).toEqual(['ipv4', 'icmp']);
    expect(protocols(packets.find(({ name }) => name === 'ICMPv6 in IPv6')!.bytes, 'raw-ip')).toEqual([
      'ipv6',
      'icmpv6',
    ]);
    expect(protocols(hex(''), 'raw-ip')).toEqual([]);
  });
});

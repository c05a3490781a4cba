import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../src/endpoints/endpoint.ts';
import { Sorter } from '../../src/endpoints/ipsec-overlap.ts';
import { Path } from '../../src/endpoints/ipsec-path.ts';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';

const WAN = address('203.0.113.1');
const SERVER = address('203.0.113.10');
/** Only told apart here, never sent upon. */
const path = () => new Path({ address: SERVER } as Host, { address: WAN, port: 4500, localPort: 4500 });

function datagram(from: number, to: number, sourcePort: number, destinationPort: number, checked = true): Uint8Array {
  const fields = { sourcePort, destinationPort, payload: hex('010203') };
  const payload = checked ? udp.encode(fields, { source: from, destination: to }) : udp.encode(fields);
  return ipv4.encode({ source: from, destination: to, protocol: 17, payload });
}

function portsOf(packet: Uint8Array) {
  const outer = ipv4.parse(packet);
  const inner = outer.ok ? udp.parse(outer.value.payload, outer.value) : outer;
  if (!inner.ok) throw new Error('damaged');
  return [inner.value.sourcePort, inner.value.destinationPort];
}

test('left alone, packets pass as they are and nobody is preferred', () => {
  for (const rule of ['newest', 'refuse'] as const) {
    const sorter = new Sorter(rule);
    const packet = datagram(WAN, SERVER, 1701, 1701);
    expect(sorter.inbound(packet, path())).toBe(packet);
    const back = datagram(SERVER, WAN, 1701, 1701);
    expect(sorter.outbound(back)).toEqual({ packet: back });
  }
});

test('connmark sends a conversation back where it last came from', () => {
  const sorter = new Sorter('connmark');
  const [a, b] = [path(), path()];
  sorter.inbound(datagram(WAN, SERVER, 40001, 1701), a);
  sorter.inbound(datagram(WAN, SERVER, 40002, 1701), b);
  expect(sorter.outbound(datagram(SERVER, WAN, 1701, 40001)).through).toBe(a);
  expect(sorter.outbound(datagram(SERVER, WAN, 1701, 40002)).through).toBe(b);
  expect(sorter.outbound(datagram(SERVER, WAN, 1701, 40003)).through).toBeUndefined();
  sorter.inbound(datagram(WAN, SERVER, 40001, 1701), b);
  expect(sorter.outbound(datagram(SERVER, WAN, 1701, 40001)).through).toBe(b);
});

test('translate gives the second conversation a port of its own, and takes it back on the way out', () => {
  const sorter = new Sorter('translate');
  const [a, b] = [path(), path()];
  expect(portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1701), a))).toEqual([1701, 1701]);
  const [shown] = portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1701), b));
  expect(shown).not.toBe(1701);
  const again = portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1701), b));
  expect(again[0]).toBe(shown);
  const toA = sorter.outbound(datagram(SERVER, WAN, 1701, 1701));
  const toB = sorter.outbound(datagram(SERVER, WAN, 1701, shown!));
  expect([toA.through, portsOf(toA.packet)]).toEqual([a, [1701, 1701]]);
  expect([toB.through, portsOf(toB.packet)]).toEqual([b, [1701, 1701]]);
});

test('translate keeps the conversations of one client apart', () => {
  const sorter = new Sorter('translate');
  const a = path();
  expect(portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1701), a))).toEqual([1701, 1701]);
  expect(portsOf(sorter.inbound(datagram(WAN, SERVER, 1702, 1701), a))).toEqual([1702, 1701]);
  expect(portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1702), a))).toEqual([1701, 1702]);
  expect(portsOf(sorter.outbound(datagram(SERVER, WAN, 1701, 1702)).packet)).toEqual([1701, 1702]);
});

test('whoever leaves gives its port back', () => {
  const sorter = new Sorter('translate');
  const [a, b] = [path(), path()];
  sorter.inbound(datagram(WAN, SERVER, 1701, 1701), a);
  sorter.forget(a);
  expect(portsOf(sorter.inbound(datagram(WAN, SERVER, 1701, 1701), b))[0]).toBe(1701);
});

test('checksums stay right, and absent ones absent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff }), fc.nat(0xffffffff), (port, from) => {
      const sorter = new Sorter('translate');
      sorter.inbound(datagram(from, SERVER, port, 1701), path());
      expect(portsOf(sorter.inbound(datagram(from, SERVER, port, 1701), path()))[1]).toBe(1701);
    }),
  );
  const sorter = new Sorter('translate');
  sorter.inbound(datagram(WAN, SERVER, 1701, 1701, false), path());
  const bare = ipv4.parse(sorter.inbound(datagram(WAN, SERVER, 1701, 1701, false), path()));
  expect(bare.ok && bare.value.payload.slice(6, 8)).toEqual(hex('0000'));
});

test('TCP is translated alike, other protocols not at all', () => {
  const sorter = new Sorter('translate');
  const pseudo = { source: WAN, destination: SERVER };
  const payload = tcp.encode(
    { sourcePort: 5000, destinationPort: 80, sequence: 1, acknowledgment: 0, flags: tcp.SYN, window: 1 },
    pseudo,
  );
  const packet = ipv4.encode({ ...pseudo, protocol: 6, payload });
  expect(sorter.inbound(packet, path())).toBe(packet);
  const changed = ipv4.parse(sorter.inbound(packet, path()));
  const inner = changed.ok ? tcp.parse(changed.value.payload, pseudo) : changed;
  expect(inner.ok && inner.value.sourcePort !== 5000).toBe(true);
  const ping = ipv4.encode({ ...pseudo, protocol: 1, payload: hex('0800f7ff00000000') });
  expect(sorter.inbound(ping, path())).toBe(ping);
  expect(sorter.outbound(hex('00'))).toEqual({ packet: hex('00') });
});

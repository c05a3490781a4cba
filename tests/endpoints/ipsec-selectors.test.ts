import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ANYWHERE,
  covers,
  destinationOf,
  fromWire,
  moved,
  narrow,
  overlap,
  type Selector,
  single,
  sourceOf,
  subnet,
  toWire,
} from '../../src/endpoints/ipsec-selectors.ts';
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address, type Prefix, parsePrefix } from '../../src/wire/address.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import { mustRead } from '../support/must-read.ts';

const net = (text: string) => subnet(parsePrefix(text) as Prefix);
const at = (text: string, protocol = 17, port = 0) => ({ protocol, address: address(text), port });

const range = (limit: number) =>
  fc.tuple(fc.nat(limit), fc.nat(limit)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const selectors: fc.Arbitrary<Selector> = fc
  .record({ protocol: fc.constantFrom(0, 6, 17), addresses: range(20), ports: range(20) })
  .map(({ protocol, addresses, ports }) => ({
    protocol,
    firstAddress: addresses[0],
    lastAddress: addresses[1],
    firstPort: ports[0],
    lastPort: ports[1],
  }));
const ends = fc.record({ protocol: fc.constantFrom(1, 6, 17), address: fc.nat(20), port: fc.nat(20) });
const list = fc.array(selectors, { maxLength: 3 });

test('a subnet covers its addresses and no others', () => {
  expect(covers([net('10.9.0.0/24')], at('10.9.0.255'))).toBe(true);
  expect(covers([net('10.9.0.0/24')], at('10.9.1.0'))).toBe(false);
  expect(covers([ANYWHERE], at('255.255.255.255'))).toBe(true);
  expect(covers([], at('10.9.0.1'))).toBe(false);
});

test('protocol and port count where they are given', () => {
  const service = [single(address('203.0.113.10'), 17, 1701)];
  expect(covers(service, at('203.0.113.10', 17, 1701))).toBe(true);
  expect(covers(service, at('203.0.113.10', 17, 1702))).toBe(false);
  expect(covers(service, at('203.0.113.10', 6, 1701))).toBe(false);
});

test('what is narrowed covers exactly what both sides cover', () => {
  fc.assert(
    fc.property(list, list, ends, (a, b, end) => {
      expect(covers(narrow(a, b), end)).toBe(covers(a, end) && covers(b, end));
    }),
  );
});

test('lists overlap exactly if some packet belongs to both', () => {
  expect(overlap([net('10.0.0.0/8')], [net('10.9.0.0/24')])).toBe(true);
  expect(overlap([net('10.8.0.0/24')], [net('10.9.0.0/24')])).toBe(false);
  expect(overlap([single(1, 17, 1701)], [single(1, 17, 1702)])).toBe(false);
});

test('the ends of a packet are its addresses, with ports where the protocol has them', () => {
  const packet = (protocol: number) => {
    const bytes = ipv4.encode({ source: 1, destination: 2, protocol, payload: hex('06a5 1194 0008 0000') });
    return mustRead(ipv4.parse(bytes));
  };
  expect(sourceOf(packet(17))).toEqual({ protocol: 17, address: 1, port: 1701 });
  expect(destinationOf(packet(17))).toEqual({ protocol: 17, address: 2, port: 4500 });
  expect(destinationOf(packet(1))).toEqual({ protocol: 1, address: 2, port: 0 });
});

test('selectors survive the wire, and other address families are left out', () => {
  fc.assert(
    fc.property(list, (some) => {
      expect(fromWire(toWire(some))).toEqual(some);
    }),
  );
  const six = {
    type: 8,
    protocol: 0,
    firstPort: 0,
    lastPort: 1,
    firstAddress: new Uint8Array(16),
    lastAddress: new Uint8Array(16),
  };
  expect(fromWire([six])).toEqual([]);
});

test('moving keeps protocol and ports', () => {
  expect(moved([single(1, 17, 1701)], 2)).toEqual([single(2, 17, 1701)]);
});

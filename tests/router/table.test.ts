import { expect, test } from 'vitest';
import { CONFIRMED } from '../../src/router/netfilter/record.ts';
import { ConnectionTable } from '../../src/router/netfilter/table.ts';
import { Tuple } from '../../src/router/netfilter/tuple.ts';
import { Router } from '../../src/router/router.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { linuxConfig } from '../support/linux-router.ts';

const flow = (index: number) => new Tuple().set(0xc0a80000 + index, 0xc6336409, 17, (1000 << 16) | 53);
const answer = (index: number) => new Tuple().set(0xc6336409, 0xcb007101, 17, (53 << 16) | (index & 0xffff));

function filled(count: number): ConnectionTable {
  const table = new ConnectionTable(4);
  for (let i = 0; i < count; i++) {
    const entry = table.allocate(flow(i), answer(i));
    table.setExpires(entry, 100 + i);
    table.insert(entry);
  }
  return table;
}

test('every entry is found by both of its tuples, also after the table has grown many times', () => {
  const table = filled(3000);
  for (let i = 0; i < 3000; i++) {
    expect(table.find(flow(i), 0) & 1).toBe(0);
    expect(table.find(answer(i), 0) >> 1).toBe(table.find(flow(i), 0) >> 1);
  }
});

test('an entry that ran out is gone for whoever asks, and its record is used again', () => {
  const table = filled(10);
  expect(table.find(flow(3), 103)).toBe(-1);
  expect(table.count).toBe(9);
  const again = table.allocate(flow(3), answer(3));
  expect(table.has(again, CONFIRMED)).toBe(false);
});

test('what nobody asks for is swept away little by little', () => {
  const table = filled(100);
  for (let i = 0; i < 50; i++) table.sweep(1000);
  expect(table.count).toBe(0);
});

test('a reset by the router itself ends an entry once, not twice', () => {
  const router = new Router(linuxConfig());
  const [source, destination] = [ipv4('198.51.100.10'), ipv4('203.0.113.1')];
  const stray = (port: number) => {
    const fields = { sourcePort: port, destinationPort: 80, sequence: 5, acknowledgment: 9, flags: 0x10, window: 100 };
    const payload = tcp.encode({ ...fields, payload: new Uint8Array(8) }, { source, destination });
    return ip.encode({ source, destination, protocol: 6, payload });
  };
  const esp = (from: string) =>
    ip.encode({ source: ipv4(from), destination: source, protocol: 50, payload: new Uint8Array(16) });
  expect(router.receive('wan', stray(1000), 0).verdict).toBe('answered');
  for (const [index, client] of ['192.168.1.10', '192.168.1.11', '192.168.1.12'].entries())
    router.receive(
      'lan',
      ip.encode({
        source: ipv4(client),
        destination: ipv4(`198.51.100.${20 + index}`),
        protocol: 50,
        payload: new Uint8Array(16),
      }),
      1,
    );
  expect(router.receive('lan', esp('192.168.1.10'), 1).verdict).toBe('forwarded');
  expect(router.entries(1).map((each) => each.original.protocol)).toEqual([50, 50, 50, 50]);
});

import { describe, expect, test } from 'vitest';
import { laptop, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import type { LinkSetup } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';
import type { ClientVpn } from '../../src/world/vpn.ts';
import { kindsOf, statusesOf } from './support.ts';

const over = (internet: LinkSetup, vpn: ClientVpn, seed = 1) =>
  run(
    world({
      seed,
      clients: [laptop(0, vpn)],
      routers: [router('linux', ON)],
      servers: [server(0, [])],
      internet,
      duration: seconds(60),
    }),
  );

const RELIABLE: readonly ClientVpn[] = [
  { kind: 'pptp', server: 'server' },
  { kind: 'l2tp', server: 'server' },
  { kind: 'ikev2', server: 'server' },
  { kind: 'openvpn', server: 'server', protocol: 'udp' },
  { kind: 'openvpn', server: 'server', protocol: 'tcp' },
  { kind: 'wireguard', server: 'server' },
  { kind: 'sstp', server: 'server' },
];

describe.each([
  ['loses one packet in ten', { delay: 10_000, loss: 0.1 }],
  ['doubles every second packet', { delay: 10_000, duplicate: 0.5 }],
  ['lets one packet in four be overtaken', { delay: 10_000, reorder: 0.25 }],
] as const)('a link that %s', (_, link) => {
  test.each(RELIABLE.map((vpn) => [JSON.stringify(vpn), vpn] as const))('%s comes up over it', (_, vpn) => {
    for (const seed of [1, 2, 3]) expect(statusesOf(over(link, vpn, seed), 'a')).toContain('up');
  });
});

const https: ClientVpn = { kind: 'https', server: 'server' };

test('lost means lost: it is told where, and never arrives', () => {
  const trace = over({ delay: 10_000, loss: 0.3 }, https, 3);
  const lost = kindsOf(trace, 'lost');
  expect(lost.length).toBeGreaterThan(2);
  expect(new Set(lost.map(({ why }) => why))).toEqual(new Set(['loss']));
  const arrived = new Set([...kindsOf(trace, 'received'), ...kindsOf(trace, 'routed')].map(({ frame }) => frame.id));
  expect(lost.filter(({ frame }) => arrived.has(frame.id))).toEqual([]);
});

test('a doubled packet arrives twice, byte for byte the same', () => {
  const trace = over({ delay: 10_000, duplicate: 1 }, https);
  const ids = kindsOf(trace, 'received').flatMap(({ node, frame }) => (node === 'server' ? [frame.id] : []));
  expect(ids.length).toBe(2 * new Set(ids).size);
});

test('an overtaken packet arrives after one that was sent later', () => {
  const trace = over({ delay: 10_000, reorder: 0.3 }, { kind: 'sstp', server: 'server' });
  const ids = kindsOf(trace, 'received').flatMap(({ node, frame }) => (node === 'server' ? [frame.id] : []));
  expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
});

test('delay is what the link says: a round trip through the router takes its four parts', () => {
  const trace = run(
    world({
      clients: [laptop(0, https)],
      routers: [router('linux', ON)],
      servers: [server(0, [])],
      lan: { delay: 2_000 },
      internet: { delay: 30_000 },
      duration: seconds(1),
    }),
  );
  const times = trace.occurrences.flatMap((each) => ('frame' in each && each.node === 'a' ? [each.time] : []));
  expect(times.slice(0, 2)).toEqual([0, 64_000]);
});

test('nobody there: a packet to an address that no node has', () => {
  const trace = run(
    world({
      clients: [laptop(0, { kind: 'plain', server: 'server', to: '198.51.100.99' })],
      routers: [router('linux', ON)],
      servers: [server(0, [])],
      duration: seconds(10),
    }),
  );
  expect(kindsOf(trace, 'lost')[0]).toMatchObject({ node: 'router', why: 'nobody-there' });
  expect(statusesOf(trace, 'a')).toEqual(['connecting', 'failed']);
});

import { describe, expect, test } from 'vitest';
import { laptop, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { statusAt } from '../../src/scenarios/claim.ts';
import { run } from '../../src/world/run.ts';
import type { ClientVpn } from '../../src/world/vpn.ts';

/** Every kind that ordinary NAT carries comes up through the kernel's router, for two laptops at once. */
const ORDINARY: readonly ClientVpn[] = [
  { kind: 'pptp', server: 'server' },
  { kind: 'l2tp', server: 'server' },
  { kind: 'l2tpv3', server: 'server', carrier: 'udp' },
  { kind: 'ikev2', server: 'server' },
  { kind: 'openvpn', server: 'server', protocol: 'udp' },
  { kind: 'openvpn', server: 'server', protocol: 'tcp' },
  { kind: 'wireguard', server: 'server' },
  { kind: 'https', server: 'server' },
  { kind: 'sstp', server: 'server' },
  { kind: 'rdp', server: 'server' },
  { kind: 'identity', server: 'server', token: true },
];

const statuses = (vpn: ClientVpn, clients: number, profile = 'linux') => {
  const trace = run(
    world({
      clients: Array.from({ length: clients }, (_, index) => laptop(index, vpn)),
      routers: [router(profile, ON)],
      servers: [server(0, [])],
      duration: seconds(40),
    }),
  );
  const all = Array.from({ length: clients }, (_, index) => 'ab'[index]!);
  const upAtSomeTime = (node: string) =>
    trace.occurrences.some((each) => each.kind === 'phase' && each.node === node && each.status === 'up');
  return all.map((node) => (upAtSomeTime(node) ? 'up' : statusAt(trace, node, trace.occurrences.length)));
};

describe('through the kernel’s router, two laptops at once', () => {
  test.each(ORDINARY.map((vpn) => [JSON.stringify(vpn), vpn] as const))('%s', (_, vpn) => {
    expect(statuses(vpn, 2)).toEqual(['up', 'up']);
  });
});

test('one IKE server serves tunnels and L2TP/IPsec, whoever comes first', () => {
  const vpns: readonly ClientVpn[] = [
    { kind: 'ikev2', server: 'server' },
    { kind: 'l2tp-ipsec', server: 'server' },
  ];
  for (const order of [vpns, [...vpns].reverse()]) {
    const trace = run(
      world({
        clients: order.map((vpn, index) => laptop(index, vpn, seconds(3 * index))),
        routers: [router('linux', ON)],
        servers: [server(0, [{ kind: 'ikev2' }, { kind: 'l2tp-ipsec' }])],
        duration: seconds(30),
      }),
    );
    const end = trace.occurrences.length;
    expect([statusAt(trace, 'a', end), statusAt(trace, 'b', end)]).toEqual(['up', 'up']);
    const listening = trace.occurrences.filter((each) => each.kind === 'phase' && each.phase === 'waiting for clients');
    expect(listening).toHaveLength(1);
  }
});

describe('what has no ports', () => {
  test('ESP: the first laptop owns the server, the second gets nothing', () => {
    expect(statuses({ kind: 'esp', server: 'server' }, 1)).toEqual(['up']);
    expect(statuses({ kind: 'esp', server: 'server' }, 2)[0]).toBe('up');
    expect(statuses({ kind: 'esp', server: 'server' }, 2)[1]).not.toBe('up');
  });

  test('L2TPv3 over IP 115 likewise', () => {
    const [first, second] = statuses({ kind: 'l2tpv3', server: 'server', carrier: 'ip' }, 2);
    expect([first, second === 'up']).toEqual(['up', false]);
  });

  test('AH never survives translation', () => {
    expect(statuses({ kind: 'ah', server: 'server', mode: 'transport' }, 1)[0]).not.toBe('up');
    expect(statuses({ kind: 'ah', server: 'server', mode: 'tunnel' }, 1)[0]).not.toBe('up');
  });

  test('L2TP/IPsec: one laptop is fine, with two the server loses the first', () => {
    expect(statuses({ kind: 'l2tp-ipsec', server: 'server' }, 1)).toEqual(['up']);
  });
});

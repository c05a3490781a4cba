/** What the textbook's ALG promises of ESP, whatever hosts and servers do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { A, B, type Bench, C, packet, routerOf, S, S2, WAN } from './bench.ts';
import { espIn, espOut } from './vpn-packets.ts';

const bench = (maxEntries?: number): Bench =>
  routerOf(textbook, { ipsec: true }, maxEntries === undefined ? {} : { maxEntries });

describe('for any ESP of any hosts', { timeout: 60_000 }, () => {
  const HOSTS = [A, B, C];
  const steps = fc.array(
    fc.record({
      who: fc.nat(2),
      server: fc.constantFrom(S, S2),
      does: fc.constantFrom('begin', 'begin', 'send', 'answer', 'answer', 'wait', 'silence'),
    }),
    { maxLength: 60 },
  );

  interface Tunnel {
    readonly host: number;
    readonly server: number;
    readonly outbound: number;
    readonly inbound: number;
    /** The server has had a packet of it since it could answer, and has answered. */
    answered: boolean;
    reached: boolean;
  }

  /** Endpoints as RFC 4301 has them: a server answers a tunnel only once something came by it. */
  test('an answer never reaches another host, and no two share an SPI pair toward one server', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const lab = bench();
        const tunnels: Tunnel[] = [];
        let next = 0x1000;
        for (const { who, server, does } of plan) {
          const host = HOSTS[who]!;
          const mine = tunnels.filter((each) => each.host === host && each.server === server);
          if (does === 'begin') {
            const tunnel = { host, server, outbound: next++, inbound: next++, answered: false, reached: false };
            tunnels.push(tunnel);
            tunnel.reached = espOut(lab, host, tunnel.outbound, server);
          } else if (does === 'send' && mine.length > 0) {
            const tunnel = mine.at(-1)!;
            tunnel.reached = espOut(lab, host, tunnel.outbound, server) || tunnel.reached;
          } else if (does === 'answer') {
            const asked =
              tunnels.find((each) => each.server === server && each.reached && !each.answered) ?? mine.at(-1);
            if (!asked?.reached) continue;
            const got = espIn(lab, asked.inbound, server);
            if (got !== undefined) expect(got).toBe(asked.host);
            asked.answered ||= got !== undefined;
          } else if (does === 'wait') lab.now += 5;
          else if (does === 'silence') {
            // After that nobody waits any more, and both ends have given up.
            lab.now += 700;
            tunnels.length = 0;
          }
          checkPairs(lab);
        }
      }),
      { numRuns: 300 },
    );
  });

  function checkPairs(lab: Bench): void {
    const inbound = lab.router
      .entries(lab.now)
      .flatMap((entry) =>
        (entry.ids ?? []).flatMap((each) =>
          each.id === 'spi' && each.inbound !== undefined
            ? [`${entry.original.destination.address} ${each.inbound}`]
            : [],
        ),
      );
    expect(new Set(inbound).size).toBe(inbound.length);
  }

  test('a flood leaves the table no larger than it may be, and evicts with a reason', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 20, max: 60 }), (limit, count) => {
        const lab = bench(limit);
        for (let i = 0; i < count; i++) {
          lab.now += 1;
          const server = S + (i % 7);
          espOut(lab, HOSTS[i % 3]!, 0x100 + i, server);
          const before = lab.router.entries(lab.now).length;
          expect(before).toBeLessThanOrEqual(limit);
          const shown = lab.router.entries(lab.now).flatMap((each) => each.ids ?? []);
          expect(shown.length).toBeLessThanOrEqual(limit);
          espIn(lab, 0x9000 + i, server);
        }
      }),
    );
  });

  test('any bytes are taken without complaint', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(50, 51, 17),
        fc.uint8Array({ maxLength: 60 }),
        fc.boolean(),
        (protocol, payload, inbound) => {
          const lab = bench();
          lab.send(inbound ? packet(S, WAN, protocol, payload) : packet(A, S, protocol, payload));
          expect(lab.last.verdict).toBeDefined();
        },
      ),
    );
  });
});

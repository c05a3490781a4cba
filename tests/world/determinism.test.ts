import { expect, test } from 'vitest';
import { laptop, OFF, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';
import { digestOf } from './support.ts';

/** Cheap, and yet with chance in it: drawn numbers, and a link that loses, doubles and reorders. */
const cheap = (seed: number): Experiment =>
  world({
    seed,
    clients: [laptop(0, { kind: 'plain', server: 'server' }), laptop(1, { kind: 'gre', server: 'server' })],
    routers: [router('linux', ON)],
    servers: [server(0, [])],
    internet: { delay: 10_000, loss: 0.1, duplicate: 0.1, reorder: 0.1 },
    duration: seconds(2),
  });

test('for a thousand seeds: the same seed gives the same trace, another seed another', () => {
  const digests = new Set<string>();
  for (let seed = 0; seed < 1000; seed++) {
    const digest = digestOf(run(cheap(seed)));
    expect(digestOf(run(cheap(seed)))).toBe(digest);
    digests.add(digest);
  }
  expect(digests.size).toBe(1000);
}, 120_000);

test.each(SCENARIOS.map(({ id, experiment }) => [id, experiment] as const))(
  '%s runs twice alike, after other runs',
  (_, experiment) => {
    const first = digestOf(run(experiment));
    run(cheap(1));
    expect(digestOf(run(experiment))).toBe(first);
  },
);

test('what one node draws moves no draw of another', () => {
  const alone = run(
    world({
      clients: [laptop(0, { kind: 'pptp', server: 'server' })],
      routers: [router('textbook', OFF)],
      servers: [server(0, [])],
      duration: seconds(1),
    }),
  );
  const together = run(
    world({
      clients: [
        laptop(0, { kind: 'pptp', server: 'server' }),
        laptop(1, { kind: 'openvpn', server: 'server', protocol: 'udp' }),
      ],
      routers: [router('textbook', OFF)],
      servers: [server(0, [])],
      duration: seconds(1),
    }),
  );
  const sentBy = (node: string, trace: typeof alone) =>
    trace.occurrences.flatMap((each) => (each.kind === 'sent' && each.node === node ? [[...each.frame.bytes]] : []));
  expect(sentBy('a', together)).toEqual(sentBy('a', alone));
});

import { expect, test } from 'vitest';
import { LONGEST_RUN, MOST_WORK, SECRET_COSTS } from '../../src/world/bounds.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { type Run, run, runInParts } from '../../src/world/run.ts';

const pptp = (pptpOn: boolean): Experiment => ({
  seed: 1,
  duration: 60_000_000,
  clients: [
    {
      id: 'a',
      name: 'Laptop A',
      address: '192.168.1.10',
      vpn: { kind: 'pptp', server: 'server', callId: 7 },
      startAt: 0,
    },
    {
      id: 'b',
      name: 'Laptop B',
      address: '192.168.1.11',
      vpn: { kind: 'pptp', server: 'server', callId: 7 },
      startAt: 500_000,
    },
  ],
  routers: [
    {
      id: 'router',
      name: 'Router',
      profile: 'linux',
      switches: { pptp: pptpOn, l2tp: true, ipsec: true },
      lan: '192.168.1.1/24',
      wan: '203.0.113.1/24',
    },
  ],
  servers: [{ id: 'server', name: 'VPN server', address: '198.51.100.10', serves: [{ kind: 'pptp' }] }],
});

const finalStatus = (experiment: Experiment) => {
  const last = new Map<string, string>();
  for (const each of run(experiment).occurrences) if (each.kind === 'phase') last.set(each.node, each.status);
  return [last.get('a'), last.get('b')];
};

test('with the helper both laptops get through, though they chose the same Call ID', () => {
  expect(finalStatus(pptp(true))).toEqual(['up', 'up']);
});

test('without the helper on a modern Linux router neither gets through, and Windows says 806', () => {
  expect(finalStatus(pptp(false))).toEqual(['failed', 'failed']);
  const symptoms = run(pptp(false))
    .occurrences.filter((each) => each.kind === 'symptom')
    .filter((each) => each.node !== 'server');
  expect(symptoms.map((each) => [each.node, each.system, each.code])).toEqual([
    ['a', 'windows', '806'],
    ['b', 'windows', '806'],
  ]);
});

test('the same experiment gives the same trace', () => {
  expect(run(pptp(true))).toEqual(run(pptp(true)));
});

/** Eight laptops that dial anew every second, for an hour, a server that is off. */
const storm = (kind: 'sstp' | 'wireguard'): Experiment => ({
  ...pptp(true),
  duration: LONGEST_RUN,
  clients: [...'abcdefgh'].map((id, i) => ({
    id,
    name: `Laptop ${id}`,
    address: `192.168.1.${10 + i}`,
    vpn: { kind, server: 'server' },
    startAt: 0,
    redial: 1,
  })),
  interventions: [{ at: 0, do: 'stop', node: 'server' }],
});

test.each(['sstp', 'wireguard'] as const)(
  'a run of %s in which too much happens ends before its time, and says so',
  (kind) => {
    const { occurrences, secrets, end, cutShort } = run(storm(kind));
    expect(cutShort).toBe(true);
    expect(end).toBeLessThan(LONGEST_RUN / 2);
    const work = occurrences.length + SECRET_COSTS * secrets.length;
    expect(work).toBeGreaterThanOrEqual(MOST_WORK);
    expect(work).toBeLessThan(MOST_WORK + 20);
  },
);

test('a run that ends by itself does not say that it was cut short', () => {
  expect(run(pptp(true)).cutShort).toBeUndefined();
});

test.each([
  ['that ends by itself', pptp(true)],
  ['that is cut short', storm('sstp')],
])('a run %s is the same made a part at a time, and no part does more than it was given', (_, experiment) => {
  const part = 250;
  const parts = runInParts(experiment, part);
  let before = 0;
  let next = parts.next();
  for (; !next.done; next = parts.next()) {
    // The last event of a part may do a little more than was left of it.
    expect(next.value - before).toBeLessThan(part + 20);
    before = next.value;
  }
  const whole = run(experiment);
  const told = ({ occurrences, ...rest }: Run) => [occurrences.length, occurrences.slice(-100), rest];
  expect(told(next.value)).toEqual(told(whole));
});

import { describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { SWITCHES } from '../../src/router/profiles/profile.ts';
import { adviceFor } from '../../src/scenarios/advice.ts';
import { laptop } from '../../src/scenarios/cast.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { type Probed, probe } from '../../src/scenarios/probe.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { LONGEST_RUN } from '../../src/world/bounds.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';
import { tableAt } from '../../src/world/tables.ts';

const SECOND = 1_000_000;
const experiment = (id: string) => scenarioOf(id)!.experiment;

function probedAt(given: Experiment, seconds: number): readonly Probed[] {
  const trace = run(given);
  const cursor = trace.occurrences.findLastIndex(({ time }) => time <= seconds * SECOND);
  return probe(given, seconds * SECOND, tableAt(trace)(given.routers.at(-1)!.id, cursor));
}

const fates = (probed: readonly Probed[], way: Probed['way']) =>
  Object.fromEntries(probed.flatMap((each) => (each.way === way ? [[each.name, each.fate]] : [])));

describe('what a passthrough switch lets in', () => {
  test.each(PROFILES.map(({ id }) => id))('nothing, at %s, in any position', (profile) => {
    const told = experiment('pptp-one-laptop');
    const home = { ...told.routers[0], firewall: true };
    const base: Experiment = { ...told, routers: [home] };
    for (const on of [[], ...SWITCHES.map((name) => [name]), SWITCHES]) {
      const switches = Object.fromEntries(SWITCHES.map((name) => [name, on.includes(name)]));
      const found = probedAt(vary(base, { profile, switches }), 5);
      expect(found.filter(({ way, fate }) => way === 'in' && fate === 'through')).toEqual([]);
      expect(found.filter(({ way }) => way === 'in').length).toBeGreaterThanOrEqual(9);
    }
  });
});

test('a router that filters by nobody’s address lets a stranger in through a port that is in use; Linux does not', () => {
  const told = experiment('wireguard-roaming');
  const inUse = (profile: string) =>
    probedAt(vary(told, { profile }), 3).filter(({ name }) => name.startsWith('UDP to a port in use'));
  expect(inUse('textbook')).toMatchObject([{ fate: 'through', to: 'a' }]);
  expect(inUse('linux')).toMatchObject([{ fate: 'router' }]);
});

test('what has no ports leaves the textbook router only where its switch is on', () => {
  const told = experiment('pptp-one-laptop');
  const off = fates(
    probedAt(vary(told, { profile: 'textbook', switches: { pptp: false, l2tp: false, ipsec: false } }), 5),
    'out',
  );
  expect(off).toMatchObject({ GRE: 'stopped', ESP: 'stopped', AH: 'stopped', 'L2TPv3, IP 115': 'stopped' });
  expect(off).toMatchObject({ Ping: 'through', 'PPTP, TCP 1723': 'through', 'IKE, UDP 500': 'through' });
  const on = fates(probedAt(vary(told, { profile: 'textbook', switches: { ipsec: true } }), 5), 'out');
  expect(on).toMatchObject({ ESP: 'through', AH: 'through' });
});

test('an ASUS with IPsec passthrough off stops four ways of IPsec, each by its rule', () => {
  const found = probedAt(
    vary(experiment('pptp-one-laptop'), { profile: 'asuswrt', switches: { pptp: true, l2tp: true, ipsec: false } }),
    5,
  );
  const stopped = found.filter(({ way, fate }) => way === 'out' && fate === 'stopped');
  expect(stopped.map(({ name }) => name)).toEqual(['ESP', 'AH', 'IKE, UDP 500', 'IPsec NAT-T, UDP 4500']);
  for (const { reason } of stopped) expect(reason?.code).toBe('blocked-by-rule');
});

test('trying changes nothing: asked twice, the same is found, and the run itself never hears of it', () => {
  const told = experiment('esp-two-laptops');
  const before = run(told).occurrences.length;
  expect(probedAt(told, 4)).toEqual(probedAt(told, 4));
  expect(run(told).occurrences.length).toBe(before);
});

describe('advice', () => {
  const stateOf = (id: string, profile: string, switches = {}) => {
    const told = vary(experiment(id), { profile, switches });
    return Object.fromEntries(adviceFor(told, probedAt(told, 3)).map((each) => [each.id, each.state]));
  };

  test('whoever uses PPTP is told to leave it', () => {
    expect(stateOf('pptp-one-laptop', 'textbook').old).toBe('todo');
    expect(stateOf('wireguard-roaming', 'textbook').old).toBe('done');
  });

  test('a switch that is on for nobody should go off again', () => {
    expect(stateOf('wireguard-roaming', 'textbook', { pptp: true }).unused).toBe('todo');
    expect(stateOf('pptp-one-laptop', 'textbook', { pptp: true, l2tp: false, ipsec: false }).unused).toBe('done');
    // At Linux these two switch nothing.
    expect(stateOf('wireguard-roaming', 'linux', { pptp: false, l2tp: true, ipsec: true }).unused).toBe('done');
  });

  test('what leaves and nobody uses should be blocked', () => {
    expect(stateOf('wireguard-roaming', 'linux').block).toBe('todo');
    const told = vary(experiment('l2tp-ipsec-two-laptops'), {
      profile: 'asuswrt',
      switches: { pptp: false, l2tp: false, ipsec: true },
    });
    const block = adviceFor(told, probedAt(told, 3)).find(({ id }) => id === 'block');
    expect(block?.says).toBe(
      'A new device could send ESP, AH and L2TPv3, IP 115 out, which nobody here uses. A rule that drops it costs nothing.',
    );
  });
});

test('at the end of a run that was cut short, what a stranger and a new laptop send is tried all the same', () => {
  const told = experiment('pptp-one-laptop');
  const storm: Experiment = {
    ...told,
    duration: LONGEST_RUN,
    clients: Array.from({ length: 8 }, (_, i) => ({
      ...laptop(i, { kind: 'sstp', server: told.servers[0]!.id }, 0),
      redial: 1,
    })),
    interventions: [{ at: 0, do: 'stop', node: told.servers[0]!.id }],
  };
  const { end, cutShort } = run(storm);
  expect(cutShort).toBe(true);
  expect(fates(probe(storm, end, []), 'in')).toEqual(fates(probe(storm, SECOND, []), 'in'));
});

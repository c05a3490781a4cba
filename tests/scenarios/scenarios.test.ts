import { describe, expect, test } from 'vitest';
import { type Claim, describeClaim, holds } from '../../src/scenarios/claim.ts';
import { SCENARIOS, scenarioOf } from '../../src/scenarios/index.ts';
import { vary } from '../../src/scenarios/vary.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';
import { heldAt } from '../../src/world/tables.ts';

/** What does not hold, in words: a failure that can be read. */
function broken(experiment: Experiment, claims: readonly Claim[]): readonly string[] {
  const trace = run(experiment);
  return claims.filter((claim) => !holds(claim, trace)).map(describeClaim);
}

describe.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))('%s', (_, scenario) => {
  test('all that it claims is so', () => {
    expect(broken(scenario.experiment, scenario.claims)).toEqual([]);
  });

  test.each((scenario.variants ?? []).map((variant) => [variant.says, variant] as const))('%s', (_, variant) => {
    expect(broken(vary(scenario.experiment, variant), variant.claims)).toEqual([]);
  });

  test('before its first occurrence no tunnel is up', () => {
    const trace = run(scenario.experiment);
    for (const { id } of trace.nodes) expect(holds({ that: 'status', node: id, is: 'up' }, trace, -1)).toBe(false);
  });
});

test('every scenario has an id of its own, a title and a story of two sentences', () => {
  expect(new Set(SCENARIOS.map((each) => each.id)).size).toBe(SCENARIOS.length);
  for (const { id, title, story, claims } of SCENARIOS) {
    expect([id, story.match(/[.?!](\s|$)/g)?.length]).toEqual([id, 2]);
    expect(title).not.toMatch(/[.!?]$/);
    expect(claims.length).toBeGreaterThan(0);
  }
});

test('every variant changes something', () => {
  const same = SCENARIOS.flatMap(({ id, experiment, variants = [] }) =>
    variants
      .filter((variant) => JSON.stringify(vary(experiment, variant)) === JSON.stringify(experiment))
      .map(() => id),
  );
  expect(same).toEqual([]);
});

test.each([
  ['linux', 30],
  ['pf', 60],
  ['linux-legacy', 180],
  ['textbook', 300],
])('a tunnel that falls silent within its first two seconds is remembered at %s for %i seconds', (profile, seconds) => {
  const { experiment } = scenarioOf('natt-without-keepalives')!;
  const trace = run(vary(experiment, { profile }));
  const last = trace.occurrences.findLast(({ kind, time }) => kind === 'routed' && time < 10_000_000)!;
  const newest = heldAt(trace)('router', last.index).at(-1)!;
  expect(newest.expiresAt - last.time / 1_000_000).toBeCloseTo(seconds);
});

test('a scenario is found by its id', () => {
  expect(scenarioOf('ah-one-laptop')?.family).toBe('ipsec');
  expect(scenarioOf('constructor')).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { describeClaim, holds } from '../../src/scenarios/claim.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { run } from '../../src/world/run.ts';

describe.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))('%s', (_, scenario) => {
  const trace = run(scenario.experiment);

  test.each(scenario.claims.map((claim) => [describeClaim(claim), claim] as const))('%s', (_, claim) => {
    expect(holds(claim, trace)).toBe(true);
  });

  test('before its first occurrence no claim about a status holds', () => {
    for (const claim of scenario.claims) if (claim.that === 'status') expect(holds(claim, trace, -1)).toBe(false);
  });
});

test('every scenario has an id of its own, a title and a story of two sentences', () => {
  expect(new Set(SCENARIOS.map((each) => each.id)).size).toBe(SCENARIOS.length);
  for (const { story, claims } of SCENARIOS) {
    expect(story.match(/[.?!](\s|$)/g)?.length).toBe(2);
    expect(claims.length).toBeGreaterThan(0);
  }
});

import { expect, test } from 'vitest';
import { partingSentence } from '../../src/explain/parting.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { compare } from '../../src/world/compare.ts';
import { run } from '../../src/world/run.ts';

const scenario = scenarioOf('pptp-one-laptop')!.experiment;
const between = (other: Parameters<typeof vary>[1]) => compare(run(scenario), run(vary(scenario, other)))!;

test('the same packet treated differently is the router’s doing', () => {
  expect(partingSentence(between({ switches: { pptp: true } }), '1.000 s')).toBe(
    'Up to 1.000 s both runs are the same, byte for byte. Then the router does two different things with the same packet.',
  );
});

test('other packets are nobody’s in particular', () => {
  expect(partingSentence(between({ seed: 77 }), '0.000 s')).toMatch(/ Then they go different ways\.$/);
});

test('a packet that came to the router with other bytes is not the same', () => {
  const trace = run(scenario);
  const routed = trace.occurrences.find((each) => each.kind === 'routed');
  const bytes = { where: 'arrived', packet: 0, offset: 4, a: 1, b: 2 } as const;
  expect(partingSentence({ index: 0, a: routed, b: routed, bytes }, '0.000 s')).toMatch(/ they go different ways\.$/);
});

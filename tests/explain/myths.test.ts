import { describe, expect, test } from 'vitest';
import { MYTHS, TOPICS } from '../../src/explain/myths.ts';
import { profileOf } from '../../src/router/profiles/index.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { experimentOf, situationOf } from '../../src/scenarios/matrix-situations.ts';
import { judge } from '../../src/scenarios/matrix-verdict.ts';
import { run } from '../../src/world/run.ts';

describe.each(MYTHS.map((myth) => [myth.said, myth] as const))(
  '“%s”',
  (_, { said, topic, truth, why, source, shownBy }) => {
    test('is one sentence, and its correction a few that do not repeat it', () => {
      expect(said).toMatch(/^[A-Z][^.?!]*\.$/);
      expect(truth).toMatch(/^[A-Z].{30,260}\.$/);
      expect(truth).not.toContain(said);
      expect(why).toMatch(/^[A-Z].{30,200}\.$/);
      expect(TOPICS[topic]).toBeDefined();
      expect(source).not.toBe('');
    });

    test.each(shownBy.map((shown) => [JSON.stringify(shown), shown] as const))('is refuted by %s', (_, shown) => {
      if ('scenario' in shown) {
        expect(scenarioOf(shown.scenario)?.id).toBe(shown.scenario);
        return;
      }
      const off = Object.fromEntries((shown.off ?? []).map((name) => [name, false]));
      const switches = { pptp: true, l2tp: true, ipsec: true, ...off };
      const [situation, profile] = [situationOf(shown.situation)!, profileOf(shown.profile)!];
      expect(judge(run(experimentOf(situation, profile, switches))).code).toBe(shown.finds);
    });
  },
);

test('each has an id of its own', () => {
  expect(new Set(MYTHS.map(({ id }) => id)).size).toBe(MYTHS.length);
});

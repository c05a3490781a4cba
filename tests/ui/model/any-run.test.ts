/** No run that a visitor can bring about has a step of which the page cannot say something. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROFILES } from '../../../src/router/profiles/index.ts';
import { seconds } from '../../../src/scenarios/cast.ts';
import { probe } from '../../../src/scenarios/probe.ts';
import { vary } from '../../../src/scenarios/vary.ts';
import { engine } from '../../../src/ui/lab/engine.ts';
import { linesOf as ladderLines, ladderRow, lifelinesOf } from '../../../src/ui/ladder/rows.ts';
import { linesOf as logLines } from '../../../src/ui/log/lines.ts';
import { authorsOf } from '../../../src/ui/model/authors.ts';
import { guardsOf } from '../../../src/ui/model/coverage.ts';
import { type Run, type Step, stepAt } from '../../../src/ui/model/run.ts';
import { labelOf, sentenceOf } from '../../../src/ui/model/sentence.ts';
import { viewOf } from '../../../src/ui/model/step-view.ts';
import { tableAt } from '../../../src/ui/model/table.ts';
import { filtered } from '../../../src/ui/packets/filter.ts';
import { edited } from '../../world/edited.ts';

/** Everything that is said of one step, as one text. */
function saidOf(run: Run, step: Step): string {
  const view = viewOf(run, step);
  const reasons = view?.reasons.map(({ words }) => `${words.short} ${words.student}`) ?? [];
  const guards = view ? guardsOf(view.layers).length : 0;
  const authors = view ? new Set(authorsOf(run, view.incoming.frame)).size : 0;
  return [labelOf(run, step), sentenceOf(run, step), ...reasons, guards, authors].join('\n');
}

const anywhere = fc.tuple(edited, fc.constantFrom(...PROFILES.map(({ id }) => id)), fc.boolean(), fc.nat());

test('whatever is done to a scenario, at any router, each step has its words and each moment its tables', () => {
  fc.assert(
    fc.property(anywhere, ([experiment, profile, on, at]) => {
      const switches = { pptp: on, l2tp: !on, ipsec: on };
      const changed = vary({ ...experiment, duration: seconds(20) }, { profile, switches });
      const { run, world } = engine.play({ origin: { kind: 'own' }, experiment: changed });
      for (const step of run.steps) {
        const said = saidOf(run, step);
        expect(said).not.toMatch(/undefined|NaN|\[object/);
        expect(labelOf(run, step)).not.toBe('');
      }
      const lifelines = lifelinesOf(world.nodes);
      for (const line of ladderLines(run)) expect(ladderRow(run, lifelines, line)).toBeDefined();
      for (const line of logLines(run)) expect(JSON.stringify(line)).not.toMatch(/undefined|NaN/);
      const cursor = at % Math.max(1, world.occurrences.length);
      const table = tableAt(world, 'router', cursor);
      expect(run.steps[stepAt(run, cursor)]?.index ?? 0).toBeLessThanOrEqual(
        Math.max(cursor, run.steps[0]?.index ?? 0),
      );
      expect(probe(changed, world.occurrences[cursor]?.time ?? 0, table).length).toBeGreaterThan(0);
      expect(filtered(run, { words: 'ip and not gre', only: 'all' }).positions.length).toBeLessThanOrEqual(
        run.steps.length,
      );
    }),
    { numRuns: 12 },
  );
});

import { expect, test } from 'vitest';
import { whyChanged } from '../../src/explain/changes.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { runOf } from '../../src/ui/model/run.ts';
import { viewOf } from '../../src/ui/model/step-view.ts';
import { run } from '../../src/world/run.ts';

const GENERAL = whyChanged('no such field', new Set());

test('every field that a router of each kind changes in any scenario has a sentence of its own, with its source', () => {
  const explained = new Set<string>();
  for (const { experiment } of SCENARIOS)
    for (const profile of ['textbook', 'linux']) {
      const each = runOf(run(vary(experiment, { profile, switches: { pptp: true, l2tp: true, ipsec: true } })));
      for (const step of each.steps) {
        const view = viewOf(each, step);
        if (!view || view.outgoing.length === 0) continue;
        const did = new Set(view.reasons.map(({ reason }) => reason.code));
        for (const { rows } of view.layers)
          for (const row of rows) {
            if (!row.changed || row.before?.children?.length || row.id.includes('q')) continue;
            const { says, source } = whyChanged(row.key, did);
            expect(says, `${row.key} at ${profile}`).not.toBe(GENERAL.says);
            expect(says).toMatch(/^[A-Z].*\.$/);
            expect(source).toMatch(/RFC \d+/);
            explained.add(row.key);
          }
      }
    }
  expect(explained.size).toBeGreaterThan(8);
});

test('the words follow what the router did', () => {
  expect(whyChanged('pptp.call_id', new Set(['call-id-rewritten'])).says).toContain('no other laptop has');
  expect(whyChanged('pptp.peer_call_id', new Set(['call-id-restored'])).says).toContain('put back');
  expect(whyChanged('udp.srcport', new Set(['port-drawn'])).says).toContain('drew another');
});

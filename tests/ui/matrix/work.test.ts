import { describe, expect, test } from 'vitest';
import { PROFILES, profileOf } from '../../../src/router/profiles/index.ts';
import { positionAt, positionsOf } from '../../../src/scenarios/matrix.ts';
import { experimentOf, SITUATIONS, situationOf } from '../../../src/scenarios/matrix-situations.ts';
import { judge } from '../../../src/scenarios/matrix-verdict.ts';
import { cellKey, VIEWS } from '../../../src/ui/matrix/layout.ts';
import { CELLS, MatrixWork } from '../../../src/ui/matrix/work.ts';
import { run } from '../../../src/world/run.ts';

/** All keys but those of these situations: the work that is left is short. */
function allBut(...situations: readonly string[]): readonly string[] {
  return SITUATIONS.filter(({ id }) => !situations.includes(id)).flatMap(({ id }) =>
    PROFILES.flatMap((profile) => VIEWS.map(({ switches }) => cellKey(id, profile, switches))),
  );
}

function rows(work: MatrixWork) {
  const found = [];
  for (let row = work.next(); row; row = work.next()) found.push(row);
  return found;
}

test('every cell is run once', () => {
  const cells = rows(new MatrixWork('all-on', allBut('gre-one', 'knock-gre'))).flat();
  const keys = cells.map(({ situation, profile, switches }) => cellKey(situation, profileOf(profile)!, switches));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength((CELLS / SITUATIONS.length) * 2);
  expect(CELLS).toBe(PROFILES.reduce((sum, profile) => sum + positionsOf(profile).length, 0) * SITUATIONS.length);
});

test('what is looked at comes first, from top to bottom, and then what is looked at next', () => {
  const work = new MatrixWork('all-off', allBut('gre-one', 'gre-two', 'knock-gre'));
  const [off, l2tp] = [VIEWS.at(-1)!.switches, VIEWS.find(({ id }) => id === 'l2tp-off')!.switches];
  const first = work.next()!;
  expect(first.map(({ situation }) => situation)).toEqual(PROFILES.map(() => 'gre-one'));
  for (const { profile, switches } of first) expect(switches).toEqual(positionAt(profileOf(profile)!, off));
  expect(work.next()![0]!.situation).toBe('gre-two');
  work.prefer('l2tp-off');
  const next = work.next()!;
  for (const { profile, switches } of next) expect(switches).toEqual(positionAt(profileOf(profile)!, l2tp));
});

describe('a cell that another run stands for is what its own run comes to', () => {
  const cells = rows(new MatrixWork('all-on', allBut('esp-by-hand', 'l2tp-two'))).flat();
  test.each(['dd-wrt', 'asuswrt', 'dlink-dir300', 'linksys'])('%s', (id) => {
    const own = cells.filter(({ profile }) => profile === id);
    expect(own.length).toBeGreaterThan(8);
    for (const { situation, switches, verdict } of own) {
      const trace = run(experimentOf(situationOf(situation)!, profileOf(id)!, switches));
      expect([situation, switches, judge(trace)]).toEqual([situation, switches, verdict]);
    }
  });
});

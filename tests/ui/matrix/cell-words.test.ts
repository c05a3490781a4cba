import { expect, test } from 'vitest';
import { OUTCOMES } from '../../../src/explain/outcomes.ts';
import { profileOf } from '../../../src/router/profiles/index.ts';
import { experimentOf, situationOf } from '../../../src/scenarios/matrix-situations.ts';
import { judge } from '../../../src/scenarios/matrix-verdict.ts';
import { exceptionText, fateText, whereOf } from '../../../src/ui/matrix/cell-words.ts';
import { VIEWS } from '../../../src/ui/matrix/layout.ts';
import { run } from '../../../src/world/run.ts';

const viewOf = (id: string) => VIEWS.find((view) => view.id === id)!;
const at = (situation: string, profile: string, view: string) => ({
  situation: situationOf(situation)!,
  profile: profileOf(profile)!,
  view: viewOf(view),
});
const verdict = (situation: string, profile: string, view: string) => {
  const cell = at(situation, profile, view);
  return judge(run(experimentOf(cell.situation, cell.profile, cell.view.switches)));
};

test('no two outcomes share their words, and none is longer than a cell is wide', () => {
  const words = Object.values(OUTCOMES).map(({ short }) => short);
  expect(new Set(words).size).toBe(words.length);
  for (const word of words) expect(word.length, word).toBeLessThanOrEqual(15);
});

test('a cell is a sentence: who, where, in which position, what became of it', () => {
  const cell = at('pptp-one', 'dd-wrt', 'pptp-off');
  expect(`${whereOf(cell)}: ${fateText(verdict('pptp-one', 'dd-wrt', 'pptp-off'))}`).toBe(
    'PPTP, 1 laptop, at DD-WRT, PPTP off: blocked. The rule of a switch drops it.',
  );
  expect(fateText(undefined)).toBe('not run yet');
});

test('a router is said to be an exception where the position says nothing of it', () => {
  const text = (profile: string, view: string) => exceptionText(profileOf(profile)!, viewOf(view));
  expect(text('openwrt', 'all-off')).toBe('switches do nothing');
  expect(text('tomato', 'ipsec-off')).toBe('as all on');
  expect([text('tomato', 'pptp-off'), text('tomato', 'all-on')]).toEqual(['', '']);
});

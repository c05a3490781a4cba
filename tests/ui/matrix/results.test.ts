import { expect, test } from 'vitest';
import { profileOf } from '../../../src/router/profiles/index.ts';
import type { Cell } from '../../../src/scenarios/matrix.ts';
import { cellKey } from '../../../src/ui/matrix/layout.ts';
import type { MatrixAnswer, MatrixRequest } from '../../../src/ui/matrix/messages.ts';
import { createMatrix } from '../../../src/ui/matrix/results.ts';

const ON = { pptp: true, l2tp: true, ipsec: true };
const cell = (situation: string): Cell => ({
  situation,
  profile: 'linux',
  switches: ON,
  verdict: { code: 'OK', step: 3, laptops: [] },
});
const key = (situation: string) => cellKey(situation, profileOf('linux')!, ON);

/** A runner in the test's own hands: what it was asked, and what it answers. */
function byHand() {
  const asked: MatrixRequest[] = [];
  const hands = { answer: (_: MatrixAnswer) => {}, breakDown: () => {}, running: 0 };
  const matrix = createMatrix((onAnswer, onBroken) => {
    hands.running++;
    hands.answer = onAnswer;
    hands.breakDown = onBroken;
    return { post: (request) => asked.push(request), stop: () => hands.running-- };
  });
  return { asked, hands, matrix, state: () => matrix.store.getState() };
}

test('cells come in one row after the other, until all are run', () => {
  const { hands, matrix, state } = byHand();
  matrix.enter();
  hands.answer([cell('ah')]);
  hands.answer([cell('gre-one')]);
  expect([...state().verdicts.keys()]).toEqual([key('ah'), key('gre-one')]);
  expect(state().state).toBe('running');
  hands.answer([]);
  expect([state().state, hands.running]).toEqual(['done', 0]);
});

test('leaving stops the work and keeps what was found; coming back goes on from there', () => {
  const { asked, hands, matrix, state } = byHand();
  const leave = matrix.enter();
  hands.answer([cell('ah')]);
  leave();
  expect([state().state, hands.running]).toEqual(['waiting', 0]);
  matrix.enter();
  expect(asked.at(-1)).toEqual({ do: 'begin', view: 'all-on', known: [key('ah')] });
  expect(hands.running).toBe(1);
});

test('once all is known nobody is set to work again', () => {
  const { asked, hands, matrix } = byHand();
  const leave = matrix.enter();
  hands.answer([]);
  leave();
  matrix.enter();
  expect(asked).toHaveLength(1);
});

test('the runner hears at once what is looked at, and a later one begins with it', () => {
  const { asked, matrix } = byHand();
  const leave = matrix.enter();
  matrix.look('pptp-off');
  expect(asked.at(-1)).toEqual({ do: 'prefer', view: 'pptp-off' });
  leave();
  matrix.look('all-off');
  matrix.enter();
  expect(asked.at(-1)).toMatchObject({ do: 'begin', view: 'all-off' });
});

test('a run that breaks down is said to have, and what was found stays', () => {
  const { hands, matrix, state } = byHand();
  matrix.enter();
  hands.answer([cell('ah')]);
  hands.breakDown();
  expect([state().state, state().verdicts.size]).toEqual(['broken', 1]);
});

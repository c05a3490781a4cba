import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { holdsOf, stepAt } from '../../../src/ui/model/run.ts';
import * as session from '../../../src/ui/session/session.ts';
import { twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

let store = session.createSession();
const position = () => stepAt(store.getState().run!, store.getState().cursor);

beforeEach(() => {
  store = session.createSession();
  session.openRun(store, twoLaptopsOff());
});

test('a run opens before its first packet, at rest', () => {
  expect(store.getState()).toMatchObject({ cursor: -1, playing: false, selection: undefined });
});

test('no way of stepping leaves the run', () => {
  const acts = fc.constantFrom('forward', 'back', 'drop', 'start', 'end', 'play');
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 60 }), (list) => {
      session.openRun(store, twoLaptopsOff());
      for (const act of list) {
        const before = position();
        if (act === 'forward') session.stepBy(store, 1);
        if (act === 'back') session.stepBy(store, -1);
        if (act === 'drop') session.nextDrop(store);
        if (act === 'start') session.toStart(store);
        if (act === 'end') session.toEnd(store);
        if (act === 'play') session.togglePlay(store);
        const after = position();
        expect(after).toBeGreaterThanOrEqual(-1);
        expect(after).toBeLessThan(30);
        if (act === 'forward') expect(after).toBe(Math.min(before + 1, 29));
        if (act === 'back') expect(after).toBe(Math.max(before - 1, -1));
        if (act !== 'play') expect(store.getState().playing).toBe(false);
      }
    }),
  );
});

test('the next drop comes round to the first again', () => {
  const seen = [1, 2, 3].map(() => {
    expect(session.nextDrop(store)).toBe(true);
    return position() + 1;
  });
  expect(seen).toEqual([12, 27, 12]);
});

test('in a run without drops the next one is the next place at which playing holds, round and round', () => {
  const run = twoLaptopsOn();
  session.openRun(store, run);
  const places = [...holdsOf(run)].map((index) => stepAt(run, index));
  expect(places.length).toBeGreaterThan(0);
  for (const place of [...places, ...places]) {
    expect(session.nextDrop(store)).toBe(true);
    expect(position()).toBe(place);
  }
});

test('playing from the end begins again', () => {
  session.toEnd(store);
  session.togglePlay(store);
  expect([position(), store.getState().playing]).toEqual([-1, true]);
});

test('going elsewhere lets go of what was selected', () => {
  session.goToStep(store, 3);
  session.select(store, { kind: 'field', id: '0.4' });
  session.goToStep(store, 3);
  expect(store.getState().selection).toEqual({ kind: 'field', id: '0.4' });
  session.stepBy(store, 1);
  expect(store.getState().selection).toBeUndefined();
});

test('without a run nothing happens and nothing breaks', () => {
  const empty = session.createSession();
  session.stepBy(empty, 1);
  session.toEnd(empty);
  session.togglePlay(empty);
  expect(session.nextDrop(empty)).toBe(false);
  expect(empty.getState()).toMatchObject({ cursor: -1, playing: false });
});

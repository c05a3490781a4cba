import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { nextStopOf, nextStopText } from '../../../src/ui/transport/next-stop.ts';
import { run as play } from '../../../src/world/run.ts';
import { twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const textAt = (run: Run, number: number) => nextStopText(nextStopOf(run, number - 1));

test('what comes next is named so, and at the last one the first, to which it goes round', () => {
  const run = twoLaptopsOff();
  expect([0, 11, 12, 26].map((number) => textAt(run, number))).toEqual(Array(4).fill('Next drop'));
  expect([27, 30].map((number) => textAt(run, number))).toEqual(Array(2).fill('First drop'));
});

test('where nothing is dropped it is the steps at which playing holds', () => {
  const run = twoLaptopsOn();
  expect(textAt(run, 0)).toBe('Next key step');
  expect(textAt(run, run.steps.length)).toBe('First key step');
});

test('at the only one there is nowhere to go', () => {
  const run = twoLaptopsOff();
  const [drop] = run.steps.filter(({ fate }) => fate === 'stopped');
  const one: Run = { ...run, steps: run.steps.map((each) => (each === drop ? each : { ...each, fate: 'through' })) };
  expect(nextStopOf(one, drop!.number - 1)).toEqual({ of: 'drop', which: 'only' });
  expect(textAt(one, drop!.number)).toBe('At the drop');
  expect(textAt(one, drop!.number + 1)).toBe('First drop');
});

test('without either there is nothing to lead to', () => {
  expect(nextStopText(nextStopOf(undefined, -1))).toBe('No drops');
  expect(textAt(runOf(play(scenarioOf('openvpn-udp')!.experiment)), 0)).toBe('No drops');
});

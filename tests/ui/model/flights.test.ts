import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { eachInFlight, flightsOf, stepOfFrame } from '../../../src/ui/model/flights.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { run as play } from '../../../src/world/run.ts';
import { twoLaptopsOff } from '../support/runs.ts';

const all: Run = runOf(play(scenarioOf('all-kinds-at-once')!.experiment));

/** Told from the trace alone: from the moment a frame sets out to the moment something is said of it at its end. */
function onTheWay({ trace: { occurrences } }: Run, time: number): number[] {
  const found: number[] = [];
  const starts = occurrences.flatMap((each) => {
    if (each.kind === 'sent') return [{ id: each.frame.id, at: each.time }];
    return each.kind === 'routed' ? each.out.map(({ id }) => ({ id, at: each.time })) : [];
  });
  for (const { id, at } of starts) {
    const end = occurrences.find(
      (each) => (each.kind === 'received' || each.kind === 'routed' || each.kind === 'lost') && each.frame.id === id,
    );
    if (end && at <= time && end.time > time) found.push(id);
  }
  return found.sort((a, b) => a - b);
}

test('what is on its way at a moment is what has been sent and has not landed', () => {
  const flights = flightsOf(all);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: all.trace.end }), (time) => {
      const seen: number[] = [];
      eachInFlight(flights, time, (place) => seen.push(flights.frames[place]!.id));
      expect(seen.sort((a, b) => a - b)).toEqual(onTheWay(all, time));
    }),
    { numRuns: 60 },
  );
});

test('each step knows how many packets are on their way', () => {
  const { crowd } = flightsOf(all);
  expect(crowd).toHaveLength(all.steps.length);
  expect(Math.max(...crowd)).toBeGreaterThan(1);
  all.steps.forEach(({ occurrence: { time } }, i) => {
    expect(crowd[i]).toBe(onTheWay(all, time).length);
  });
});

test('a recording says of no packet how it travels, and so none is on its way', () => {
  expect(flightsOf(twoLaptopsOff()).frames).toEqual([]);
});

test('every packet that a step is about leads to that step, the one before the router and the one behind it', () => {
  const steps = stepOfFrame(all);
  all.steps.forEach(({ occurrence }, position) => {
    if (occurrence.kind !== 'routed') return;
    expect(steps.get(occurrence.frame.id)).toBe(position);
    for (const { id } of occurrence.out) expect(steps.get(id)).toBe(position);
  });
});

import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { flightsOf } from '../../../src/ui/model/flights.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { cableOf } from '../../../src/ui/stage/cables.ts';
import { Crowd } from '../../../src/ui/stage/crowd.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { run as play } from '../../../src/world/run.ts';

const runs = ['all-kinds-at-once', 'sd-wan', 'carrier-grade-nat'].map((id) => runOf(play(scenarioOf(id)!.experiment)));

test('every packet on its way has its place on its own cable, between the two ends', () => {
  for (const run of runs) {
    const flights = flightsOf(run);
    const layout = layoutOf(run.trace.nodes, 742, 360);
    const crowd = new Crowd(flights, layout);
    let seen = 0;
    for (let i = 0; i < flights.frames.length; i += 3) {
      crowd.moveTo((flights.sent[i]! + flights.lands[i]!) / 2);
      for (let each = 0; each < crowd.count; each++) {
        const { from, to } = cableOf(layout, flights.frames[crowd.place[each]!]!)!;
        expect(crowd.x[each]).toBeGreaterThanOrEqual(Math.min(from.x, to.x) - 0.01);
        expect(crowd.x[each]).toBeLessThanOrEqual(Math.max(from.x, to.x) + 0.01);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(10);
  }
});

test('a packet goes from its sender to its receiver', () => {
  const [run] = runs;
  const flights = flightsOf(run!);
  const layout = layoutOf(run!.trace.nodes, 742, 360);
  const crowd = new Crowd(flights, layout);
  const outbound = flights.frames.findIndex(({ from, to }) => from === 'router' && to === 'server');
  const placeAt = (part: number) => {
    crowd.moveTo(flights.sent[outbound]! + (flights.lands[outbound]! - flights.sent[outbound]!) * part);
    return crowd.x[crowd.place.indexOf(outbound)]!;
  };
  expect(placeAt(0.1)).toBeLessThan(placeAt(0.5));
  expect(placeAt(0.5)).toBeLessThan(placeAt(0.9));
});

test('the nearest packet is found, and none where none is near', () => {
  const [run] = runs;
  const flights = flightsOf(run!);
  const crowd = new Crowd(flights, layoutOf(run!.trace.nodes, 742, 360));
  crowd.moveTo((flights.sent[40]! + flights.lands[40]!) / 2);
  expect(crowd.nearest(crowd.x[0]! + 2, crowd.y[0]!, 9)).toBeDefined();
  expect(crowd.nearest(-500, -500, 9)).toBeUndefined();
});

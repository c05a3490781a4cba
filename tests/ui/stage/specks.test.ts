import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { flightsOf } from '../../../src/ui/model/flights.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { Crowd } from '../../../src/ui/stage/crowd.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import type { Context } from '../../../src/ui/stage/paint.ts';
import type { Palette } from '../../../src/ui/stage/palette.ts';
import { Specks } from '../../../src/ui/stage/specks.ts';
import { run as play } from '../../../src/world/run.ts';

const run = runOf(play(scenarioOf('all-kinds-at-once')!.experiment));
const flights = flightsOf(run);
const crowd = new Crowd(flights, layoutOf(run.trace.nodes, 742, 360));
const busiest = flights.frames.findIndex((_, i) => {
  crowd.moveTo((flights.sent[i]! + flights.lands[i]!) / 2);
  return crowd.count > 1;
});

/** What is painted, as middles of squares, on a stage seen twice as large and moved. */
function painted(palette: Palette, hidden: ReadonlySet<number> = new Set()) {
  const squares: { readonly x: number; readonly y: number; readonly colour: string }[] = [];
  const context = {
    fillStyle: '',
    setTransform: () => {},
    fillRect: (x: number, y: number, width: number, height: number) =>
      squares.push({ x: x + width / 2, y: y + height / 2, colour: context.fillStyle }),
  };
  const frame = { width: 742, height: 360, ratio: 2, x: 10, y: 20, k: 1 };
  new Specks().paint(context as unknown as Context, frame, palette, flights, crowd, hidden);
  return squares;
}

test('of a large crowd each packet is a square at its place, in the hue of its protocol', () => {
  expect(busiest).toBeGreaterThanOrEqual(0);
  const squares = painted((ink) => `the hue of ${ink}`);
  expect(squares.length).toBe(crowd.count);
  for (const [i, { x, y, colour }] of squares.entries()) {
    expect(Math.abs(x - (crowd.x[i]! + 10) * 2)).toBeLessThanOrEqual(1);
    expect(Math.abs(y - (crowd.y[i]! + 20) * 2)).toBeLessThanOrEqual(1);
    expect(colour).toMatch(/^the hue of [a-z]/);
  }
});

test('a packet that is drawn otherwise is left out', () => {
  const { id } = flights.frames[crowd.place[0]!]!;
  expect(painted(() => 'dark', new Set([id])).map(({ colour }) => colour)).toEqual(
    new Array(crowd.count - 1).fill('dark'),
  );
});

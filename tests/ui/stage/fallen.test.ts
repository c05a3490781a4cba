import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { Fallen } from '../../../src/ui/stage/fallen.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { run as play } from '../../../src/world/run.ts';

const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
const layout = layoutOf(run.trace.nodes, 742, 333);
const stopped = run.steps.filter(({ fate }) => fate === 'stopped').map(({ number }) => number - 1);

function marks(fallen: Fallen, now: number) {
  const found: { x: number; y: number; alpha: number }[] = [];
  fallen.each(now, (x, y, alpha) => found.push({ x, y, alpha }));
  return found;
}

test('while all flows a stopped packet leaves a mark at the router, that fades', () => {
  const fallen = new Fallen(run, layout);
  const [first] = stopped;
  fallen.follow(first! - 1, 0);
  expect(marks(fallen, 0)).toEqual([]);
  fallen.follow(first!, 16);
  const [mark, ...more] = marks(fallen, 16);
  expect(more).toEqual([]);
  const router = layout.nodes.get('router')!;
  expect(Math.abs(mark!.x - (router.x + router.width))).toBeLessThan(20);
  expect(mark!.y).toBeGreaterThan(router.y);
  expect(mark!.y).toBeLessThan(router.y + router.height);
  expect(mark!.alpha).toBe(1);
  expect(marks(fallen, 900)[0]!.alpha).toBeLessThan(0.5);
  expect(marks(fallen, 2000)).toEqual([]);
});

test('steps that pass within one frame are not overlooked, and two marks are seen as two', () => {
  const fallen = new Fallen(run, layout);
  fallen.follow(0, 0);
  fallen.follow(run.steps.length - 1, 16);
  const places = marks(fallen, 16);
  expect(places).toHaveLength(stopped.length);
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBeGreaterThan(10);
});

test('nothing is left of them once the flow has ended, or for whoever goes back', () => {
  const fallen = new Fallen(run, layout);
  fallen.follow(0, 0);
  fallen.follow(20, 16);
  expect(marks(fallen, 16).length).toBeGreaterThan(0);
  fallen.follow(3, 32);
  expect(marks(fallen, 32)).toEqual([]);
  fallen.follow(20, 48);
  fallen.forget();
  expect(marks(fallen, 48)).toEqual([]);
});

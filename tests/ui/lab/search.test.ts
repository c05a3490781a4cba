import { expect, test } from 'vitest';
import { laptop, ON, router, server, world } from '../../../src/scenarios/cast.ts';
import { cureOf } from '../../../src/ui/lab/cure.ts';
import { type Engine, engine, type Trial } from '../../../src/ui/lab/engine.ts';
import { type Search, searchOn } from '../../../src/ui/lab/search.ts';
import { foundBy } from './found-by.ts';

/** One laptop whose GRE is stopped, beside seven that dial anew every second, for an hour, a server that is off. */
const storm = engine.play({
  origin: { kind: 'own' },
  experiment: world({
    clients: Array.from({ length: 8 }, (_, i) =>
      i === 0
        ? laptop(i, { kind: 'pptp', server: 'server' })
        : { ...laptop(i, { kind: 'sstp', server: 'server-2' }), redial: 1 },
    ),
    routers: [router('linksys', { ...ON, pptp: false })],
    servers: [server(0, [{ kind: 'pptp' }]), server(1, [{ kind: 'sstp' }])],
    interventions: [{ at: 0, do: 'stop', node: 'server-2' }],
    duration: 3_600_000_000,
  }),
});

/** Counts the parts that are run, and how many are run without a pause. */
function counted(): { readonly engine: Engine; readonly counts: { parts: number; inOneTask: number; most: number } } {
  const counts = { parts: 0, inOneTask: 0, most: 0 };
  const watch = (trial: Trial): Trial => ({
    get world() {
      return trial.world;
    },
    goOn: () => {
      counts.parts++;
      counts.most = Math.max(counts.most, ++counts.inOneTask);
      trial.goOn();
    },
  });
  return { engine: { ...engine, tryOut: (chosen) => watch(engine.tryOut(chosen)) }, counts };
}

test('what would help in an experiment in which very much happens is looked for in many short tasks', () => {
  expect(storm.world.cutShort).toBe(true);
  const stopped = storm.run.steps.find(({ fate }) => fate === 'stopped');
  const { engine: watched, counts } = counted();
  const tasks: (() => void)[] = [];
  let found: unknown = 'nothing yet';
  searchOn(
    cureOf(watched, storm, stopped),
    (cure) => {
      found = cure;
    },
    (call) => {
      tasks.push(call);
      return () => {};
    },
  );
  while (tasks.length > 0) {
    expect(tasks.length).toBe(1);
    counts.inOneTask = 0;
    tasks.shift()!();
  }
  expect(counts.parts).toBeGreaterThan(100);
  expect(counts.most).toBe(1);
  expect(found).toEqual(foundBy(cureOf(engine, storm, stopped)));
});

test('a search that is given up does nothing more', () => {
  let parts = 0;
  function* search(): Search<string> {
    for (; ; yield) parts++;
  }
  const tasks: (() => void)[] = [];
  const giveUp = searchOn(
    search(),
    () => {},
    (call) => {
      tasks.push(call);
      return () => tasks.splice(tasks.indexOf(call), 1);
    },
  );
  tasks.shift()!();
  giveUp();
  expect([parts, tasks.length]).toEqual([2, 0]);
});

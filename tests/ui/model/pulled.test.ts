import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { pulledAt } from '../../../src/ui/model/pulled.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { labelOf } from '../../../src/ui/model/sentence.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { layersOf } from '../../../src/ui/stage/scene.ts';
import type { Intervention } from '../../../src/world/experiment.ts';
import { run as play } from '../../../src/world/run.ts';

const SECOND = 1_000_000;

function played(scenario: string, ...interventions: readonly Intervention[]) {
  return runOf(play({ ...scenarioOf(scenario)!.experiment, interventions }));
}

type Played = ReturnType<typeof played>;

/** The cursor at somebody's deeds, in order. */
const deeds = ({ trace }: Played) => trace.occurrences.filter(({ kind }) => kind === 'intervention');

/** Two bars with nothing between them, across a cable that lies or stands: one such mark for each gap. */
function gapsAt({ trace, ...run }: Played, cursor: number, [width, height]: readonly [number, number]) {
  const layout = layoutOf(trace.nodes, width, height);
  const { under } = layersOf({ run: { trace, ...run }, cursor, progress: 1, layout, selection: undefined });
  return under.flatMap((shape) => (shape.kind === 'box' && shape.fill === 'card' && shape.width === 12 ? [shape] : []));
}

const cable = { at: 2 * SECOND, do: 'cable', node: 'a' } as const;
const laptop = () =>
  played('pptp-one-laptop', { ...cable, plugged: false }, { ...cable, at: 3 * SECOND, plugged: true });

test('a laptop’s cable is pulled from the moment on at which somebody does so, until it is plugged in again', () => {
  const run = laptop();
  const [pull, plug] = deeds(run);
  expect(
    [-1, pull!.index - 1, pull!.index, plug!.index - 1, plug!.index].map((at) => [...pulledAt(run.trace, at)]),
  ).toEqual([[], [], ['a'], ['a'], []]);
  const said = run.steps
    .filter(({ occurrence }) => occurrence.kind === 'intervention')
    .map((step) => labelOf(run, step));
  expect(said).toEqual(['Laptop A: its cable is pulled.', 'Laptop A: its cable is plugged in again.']);
});

test('the stage shows the gap in the cable, near the laptop, lying down and standing up, and only as long as there is one', () => {
  const run = laptop();
  const [pull, plug] = deeds(run);
  for (const size of [
    [742, 333],
    [390, 430],
  ] as const) {
    expect(gapsAt(run, pull!.index - 1, size)).toEqual([]);
    expect(gapsAt(run, plug!.index, size)).toEqual([]);
    const [gap, ...others] = gapsAt(run, pull!.index, size);
    expect(others).toEqual([]);
    const { from, to } = layoutOf(run.trace.nodes, size[0], size[1]).cables.get('a–router')!;
    const far = (end: typeof from) => Math.hypot(end.x - gap!.x - 6, end.y - gap!.y - 6);
    expect(far(from)).toBeLessThan(far(to) / 2);
  }
});

test('of a router with two uplinks the one is shown pulled that is, beside the router', () => {
  const size = [742, 333] as const;
  const gapOf = (uplink: string) => {
    const run = played('sd-wan', { at: 10 * SECOND, do: 'cable', node: 'router', uplink, plugged: false });
    const [pull] = deeds(run);
    expect([...pulledAt(run.trace, pull!.index)]).toEqual([`router/${uplink}`]);
    const gaps = gapsAt(run, pull!.index, size);
    expect(gaps).toHaveLength(1);
    return { gap: gaps[0]!, cables: layoutOf(run.trace.nodes, size[0], size[1]).cables };
  };
  const [fibre, mobile] = [gapOf('fibre'), gapOf('mobile')];
  const { to } = fibre.cables.get('router–server')!;
  expect(Math.abs(fibre.gap.y + 6 - to.y)).toBeLessThan(12);
  expect(mobile.gap.y).toBeGreaterThan(fibre.gap.y + 20);
});

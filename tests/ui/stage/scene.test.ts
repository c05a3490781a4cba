import { expect, test } from 'vitest';
import { SCENARIOS, scenarioOf } from '../../../src/scenarios/index.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { titleOf } from '../../../src/ui/model/title.ts';
import { targetAt } from '../../../src/ui/stage/hit-test.ts';
import { statusSign } from '../../../src/ui/stage/hosts.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { layersOf, scene } from '../../../src/ui/stage/scene.ts';
import type { Shape } from '../../../src/ui/stage/shapes.ts';
import { run as play } from '../../../src/world/run.ts';
import { everyRun, fragments, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const WIDE = [742, 333] as const;
/** Of a projector. */
const NARROW = [622, 293] as const;
const TALL = [390, 430] as const;

function shapesAt(run: Run, step: number, progress = 1, [width, height] = WIDE as readonly [number, number]) {
  const layout = layoutOf(run.trace.nodes, width, height);
  const cursor = step === 0 ? -1 : run.steps[step - 1]!.index;
  return scene({ run, cursor, progress, layout, selection: undefined });
}

const texts = (shapes: readonly Shape[]) => shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
const marks = (shapes: readonly Shape[]) =>
  shapes.filter((shape) => shape.kind === 'box' && shape.fill === 'mark-line' && shape.height === 3);

test('before anything has happened the first packet waits at its sender, pale', () => {
  const shapes = shapesAt(twoLaptopsOff(), 0);
  expect(texts(shapes)).toContain('The table is empty.');
  const inks = shapes.flatMap((shape) => (shape.kind === 'text' && /^(ip|tcp)$/.test(shape.ink) ? [shape.ink] : []));
  expect(inks).toEqual(['ip', 'tcp']);
  expect(shapes.filter((shape) => shape.kind === 'text' && shape.ink === 'on-family')).toEqual([]);
});

test('a stopped packet is crossed out in the router’s door, with the reason in words', () => {
  const shapes = shapesAt(twoLaptopsOff(), 12);
  expect(texts(shapes).join(' ')).toContain('Stopped: no entry fits');
  expect(texts(shapes).join(' ')).toContain('the router’s answer');
  expect(texts(shapes)).toContain('? GRE Call ID 27183');
  const drops = shapes.filter((shape) => shape.kind === 'box' && shape.fill === 'drop');
  // The cross in the door, and the stage at which the way ended.
  expect(drops).toHaveLength(2);
  expect(texts(shapes)).toContain('✕ for me');
});

test('the reason over a stopped packet leaves the router’s table to be read, also where there is little room', () => {
  const run = twoLaptopsOff();
  for (const [width, height] of [WIDE, NARROW]) {
    const router = layoutOf(run.trace.nodes, width, height).nodes.get('router')!;
    const plate = shapesAt(run, 12, 1, [width, height]).findLast(
      (shape) => shape.kind === 'box' && shape.fill === 'drop-tint',
    );
    expect(plate).toMatchObject({ x: expect.toSatisfy((x: number) => x > router.x + router.width) });
  }
});

test('on a telephone the router’s stages keep to their card, and no address stands under them', () => {
  const run = twoLaptopsOn();
  const [width, height] = [390, 372];
  const card = layoutOf(run.trace.nodes, width, height).nodes.get('router')!;
  for (const { number } of run.steps) {
    const shapes = shapesAt(run, number, 1, [width, height]);
    const ends = shapes.flatMap((shape) =>
      shape.kind === 'box' && shape.target?.kind === 'stage' ? [shape.y + shape.height] : [],
    );
    const addresses = shapes.flatMap((shape) =>
      shape.kind === 'text' && /^(LAN|WAN) /.test(shape.text) ? [shape] : [],
    );
    expect(Math.max(...ends), `step ${number}`).toBeLessThan(card.y + card.height);
    for (const { y, size } of addresses) expect(Math.max(...ends), `step ${number}`).toBeLessThanOrEqual(y - size);
  }
});

test('vermilion stands for what was stopped and for nothing else', () => {
  for (const [name, make] of everyRun) {
    const run = make();
    for (const step of run.steps) {
      const drops = shapesAt(run, step.number).filter((shape) => JSON.stringify(shape).includes('"drop'));
      if (step.fate !== 'stopped') expect(drops, `${name}, step ${step.number}`).toEqual([]);
      else expect(drops.length, `${name}, step ${step.number}`).toBeGreaterThan(2);
    }
  }
});

test('the call request shows both Call IDs and both addresses, and the two segments that were rewritten', () => {
  const shapes = shapesAt(twoLaptopsOn(), 8);
  expect(texts(shapes)).toEqual(
    expect.arrayContaining(['Call ID 13330', 'Call ID 35752', 'from 192.168.1.10', 'from 203.0.113.1']),
  );
  expect(marks(shapes)).toHaveLength(2);
});

test('the same moment gives the same picture, however one gets there', () => {
  const run = twoLaptopsOn();
  const there = run.steps.map((step) => shapesAt(run, step.number));
  const back = [...run.steps]
    .reverse()
    .map((step) => shapesAt(run, step.number))
    .reverse();
  expect(back).toEqual(there);
});

test('a packet moves: no two moments of its way look alike, and it is at the router in the middle', () => {
  const run = twoLaptopsOn();
  const moments = [0, 0.2, 0.5, 0.8, 1].map((progress) => JSON.stringify(shapesAt(run, 8, progress)));
  expect(new Set(moments).size).toBe(moments.length);
});

test('the new entry appears only once the packet is inside', () => {
  const run = twoLaptopsOn();
  expect(texts(shapesAt(run, 1, 0.1))).toContain('The table is empty.');
  expect(texts(shapesAt(run, 1, 1))).not.toContain('The table is empty.');
});

test('a packet in pieces leaves as several trains', () => {
  const run = fragments();
  const many = run.steps.find(({ occurrence }) => occurrence.kind === 'routed' && occurrence.out.length > 1)!;
  const plates = shapesAt(run, many.number).filter((shape) => shape.kind === 'box' && shape.round === 8);
  expect(plates.length).toBeGreaterThan(2);
});

test('every number of every shape is a number, on wide and on narrow stages', () => {
  for (const [name, make] of everyRun) {
    const run = make();
    for (const size of [WIDE, TALL])
      for (const step of run.steps)
        for (const shape of shapesAt(run, step.number, 0.7, size)) {
          const text = JSON.stringify(shape, (_, value: unknown) =>
            typeof value === 'number' && !Number.isFinite(value) ? 'not a number' : value,
          );
          expect(text, name).not.toMatch(/not a number|NaN|undefined/);
        }
  }
});

test('a click on an entry, on a laptop and on nothing is told apart', () => {
  const run = twoLaptopsOn();
  const shapes = shapesAt(run, 8);
  const layout = layoutOf(run.trace.nodes, ...WIDE);
  const laptop = layout.nodes.get('a')!;
  expect(targetAt(shapes, { x: laptop.x + 20, y: laptop.y + 10 })).toEqual({ kind: 'node', id: 'a' });
  const entry = shapes.find((shape) => shape.kind === 'box' && shape.target?.kind === 'entry');
  const { x, y } = entry as { x: number; y: number };
  expect(targetAt(shapes, { x: x + 5, y: y + 5 })).toMatchObject({ kind: 'entry' });
  expect(targetAt(shapes, { x: 2, y: 2 })).toBeUndefined();
});

test('whatever can be clicked is ringed once it is selected, and nothing else is', () => {
  const run = twoLaptopsOn();
  const layout = layoutOf(run.trace.nodes, ...WIDE);
  const state = { run, cursor: run.steps[7]!.index, progress: 1, layout };
  const targets = scene({ ...state, selection: undefined }).flatMap((shape) =>
    shape.kind === 'box' && shape.target ? [shape.target] : [],
  );
  expect(new Set(targets.map(({ kind }) => kind))).toEqual(new Set(['node', 'stage', 'entry', 'frame']));
  for (const selection of targets) {
    const ringed = scene({ ...state, selection }).filter((shape) => shape.kind === 'box' && shape.stroke === 'focus');
    expect(ringed, JSON.stringify(selection)).toHaveLength(1);
  }
});

test('what stands still is the same from frame to frame, so that it need not be painted anew', () => {
  const run = twoLaptopsOn();
  const layout = layoutOf(run.trace.nodes, ...WIDE);
  const at = (progress: number) =>
    layersOf({ run, cursor: run.steps[7]!.index, progress, layout, selection: undefined });
  const [first, next] = [at(0.1), at(0.2)];
  expect(next.under).toBe(first.under);
  expect(next.over).toBe(first.over);
  expect(next.trains).not.toEqual(first.trains);
});

test('every scenario stands on every stage, each host and address in full, nothing beyond the edge', () => {
  for (const { experiment, title } of SCENARIOS) {
    const run = runOf(play(experiment));
    for (const size of [WIDE, [690, 300], [820, 330], [390, 460]] as const) {
      const [width, height] = [
        size[0],
        run.trace.nodes.filter(({ kind }) => kind === 'router').length > 1 && size[0] < 560 ? 640 : size[1],
      ];
      for (const step of [0, run.steps.length]) {
        const shapes = shapesAt(run, step, 1, [width, height]);
        for (const shape of shapes)
          if (shape.kind === 'box') {
            const inside =
              shape.x >= -1 &&
              shape.y >= -1 &&
              shape.x + shape.width <= width + 1 &&
              shape.y + shape.height <= height + 1;
            expect(inside, `${title}, ${width} × ${height}, step ${step}: ${JSON.stringify(shape)}`).toBe(true);
          }
      }
    }
  }
});

test('how a tunnel stands is told by a sign, not by colour alone', () => {
  const signs = (['idle', 'connecting', 'up', 'failed', 'closed'] as const).map((status) =>
    JSON.stringify(
      statusSign({ x: 0, y: 0 }, status).map((shape) => ({
        ...shape,
        fill: shape.kind !== 'text' && shape.fill !== undefined,
        stroke: shape.kind !== 'text' && shape.stroke !== undefined,
      })),
    ),
  );
  expect(new Set(signs).size).toBe(signs.length);
});

test('two routers in a row show the packet inside the card of the one that has it', () => {
  const run = runOf(play(scenarioOf('carrier-grade-nat')!.experiment));
  for (const step of run.steps) {
    if (step.occurrence.kind !== 'routed') continue;
    const layout = layoutOf(run.trace.nodes, ...WIDE);
    const card = layout.nodes.get(step.occurrence.node)!;
    const trains = shapesAt(run, step.number).filter((shape) => shape.kind === 'box' && shape.target?.kind === 'frame');
    expect(trains.length).toBeGreaterThan(0);
    for (const train of trains)
      if (train.kind === 'box') {
        expect(train.x, `step ${step.number}`).toBeGreaterThanOrEqual(card.x);
        expect(train.x + train.width, `step ${step.number}`).toBeLessThanOrEqual(card.x + card.width);
      }
  }
});

test('a packet of four headers is shown with all of them, stopped or not, also on a projector', () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const lcp = run.steps.filter(
    ({ occurrence }) => occurrence.kind === 'routed' && titleOf(occurrence.frame.bytes).includes('LCP'),
  );
  expect(new Set(lcp.map(({ fate }) => fate))).toEqual(new Set(['stopped']));
  const fromServer = lcp.filter(({ occurrence }) => occurrence.kind === 'routed' && occurrence.on === 'wan');
  for (const [width, height] of [WIDE, NARROW])
    for (const { number } of fromServer)
      expect(texts(shapesAt(run, number, 1, [width, height]))).toEqual(
        expect.arrayContaining(['IP', 'GRE', 'PPP', 'LCP']),
      );
  const call = run.steps.find(
    ({ occurrence }) =>
      occurrence.kind === 'routed' && titleOf(occurrence.frame.bytes).includes('Outgoing-Call-Request'),
  )!;
  expect(texts(shapesAt(run, call.number, 1, NARROW)).filter((text) => text === 'PPTP')).toHaveLength(4);
});

test('where two routers stand in a row, a packet shows all its headers as it comes', () => {
  const run = runOf(play(scenarioOf('carrier-grade-nat')!.experiment));
  const passing = run.steps.filter(
    ({ occurrence, fate }) =>
      occurrence.kind === 'routed' && fate === 'through' && titleOf(occurrence.frame.bytes).includes('LCP'),
  );
  expect(passing.length).toBeGreaterThan(0);
  for (const { number } of passing)
    expect(texts(shapesAt(run, number, 1, NARROW))).toEqual(expect.arrayContaining(['IP', 'GRE', 'PPP', 'LCP']));
});

test('a gateway shows what it does itself, and lights it at the packet it does it with', () => {
  for (const id of ['vpn-router', 'site-to-site', 'sd-wan']) {
    const run = runOf(play(scenarioOf(id)!.experiment));
    const lit = run.steps.flatMap(({ number }) => {
      const shapes = shapesAt(run, number);
      expect(texts(shapes), id).not.toContain('look up');
      return shapes.flatMap((shape) =>
        shape.kind === 'text' && shape.strong && DEEDS.has(shape.text) ? [shape.text] : [],
      );
    });
    expect(new Set(lit), id).toEqual(DEEDS);
  }
});

const DEEDS: ReadonlySet<string> = new Set(['into tunnel', 'out of tunnel', 'sends its own', 'for me']);

test('what a server says of itself keeps off the router’s table, in two lines if need be', () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const step = run.steps.find(
    ({ occurrence }) => occurrence.kind === 'symptom' && run.nodes.get(occurrence.node)?.kind === 'server',
  )!;
  for (const [width, height] of [WIDE, NARROW]) {
    const router = layoutOf(run.trace.nodes, width, height).nodes.get('router')!;
    const plate = shapesAt(run, step.number, 1, [width, height]).findLast(
      (shape) => shape.kind === 'box' && shape.fill === 'drop-tint',
    );
    expect(plate).toMatchObject({ x: expect.toSatisfy((x: number) => x > router.x + router.width) });
  }
});

test('on a telephone the router’s stages stand in one line, and what the table lacks is still seen', () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const router = layoutOf(run.trace.nodes, 390, 364).nodes.get('router')!;
  for (const { number } of run.steps)
    for (const shape of shapesAt(run, number, 1, [390, 364]))
      if (shape.kind === 'box' && (shape.target?.kind === 'stage' || shape.target?.kind === 'entry'))
        expect(shape.y + shape.height, `step ${number}`).toBeLessThanOrEqual(router.y + router.height);
  expect(texts(shapesAt(run, 8, 1, [390, 364]))).toEqual(expect.arrayContaining(['? GRE Call ID 7', 'nobody']));
});

test('on a narrow stage a packet at rest touches neither box, and a sign keeps off the edge of its card', () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const { nodes } = layoutOf(run.trace.nodes, ...NARROW);
  const router = nodes.get('router')!;
  const servers = run.trace.nodes.filter(({ kind }) => kind === 'server').map(({ id }) => nodes.get(id)!.x);
  for (const { number } of run.steps)
    for (const shape of shapesAt(run, number, 1, NARROW)) {
      if (shape.kind !== 'box' || shape.target?.kind !== 'frame' || shape.round !== 8) continue;
      const outside = shape.x > router.x;
      if (outside) expect(shape.x + shape.width, `step ${number}`).toBeLessThan(Math.min(...servers));
      else expect(shape.x + shape.width, `step ${number}`).toBeLessThan(router.x);
    }
  const laptop = nodes.get(run.trace.nodes.find(({ kind }) => kind === 'client')!.id)!;
  const ring = shapesAt(run, 0, 1, NARROW).find((shape) => shape.kind === 'box' && shape.width === 9);
  expect(ring).toMatchObject({ x: expect.toSatisfy((x: number) => x >= laptop.x + 8) });
});

test('on a telephone captions of a laptop stand away from the other laptop’s cable', () => {
  const run = twoLaptopsOn();
  const laptop = layoutOf(run.trace.nodes, ...TALL).nodes.get('b')!;
  const other = layoutOf(run.trace.nodes, ...TALL).nodes.get('a')!;
  expect(other.x).toBeLessThan(laptop.x);
  const fromB = run.steps.filter(
    ({ occurrence }) => occurrence.kind === 'routed' && occurrence.frame.from === 'b' && occurrence.out.length === 1,
  );
  expect(fromB.length).toBeGreaterThan(0);
  for (const { number } of fromB.slice(0, 3))
    for (const shape of shapesAt(run, number, 1, TALL))
      if (
        shape.kind === 'text' &&
        shape.text.includes('192.168.1.11') &&
        shape.ink === 'soft' &&
        shape.align === 'center'
      )
        expect(shape.x, `step ${number}`).toBeGreaterThan(TALL[0] / 2 + 40);
});

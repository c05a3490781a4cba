import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { ladderRow, lifelinesOf, linesOf } from '../../../src/ui/ladder/rows.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { run as play } from '../../../src/world/run.ts';
import type { TraceNode } from '../../../src/world/trace.ts';
import { everyRun, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

test('lifelines stand from home to the Internet, the router with two sides', () => {
  const lines = lifelinesOf(twoLaptopsOff().trace.nodes);
  expect(lines.map(({ node }) => node.id)).toEqual(['a', 'b', 'router', 'server']);
  const places = lines.flatMap(({ at, to }) => (to === undefined ? [at] : [at, to]));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(lines.filter(({ to }) => to !== undefined).map(({ node }) => node.id)).toEqual(['router']);
});

test('however many are at home and outside, nobody stands in a router or too close to the next', () => {
  const node = (kind: TraceNode['kind'], i: number): TraceNode => ({
    id: `${kind}${i}`,
    kind,
    name: '',
    addresses: [],
  });
  const some = (kind: TraceNode['kind'], count: number) => Array.from({ length: count }, (_, i) => node(kind, i));
  for (let clients = 1; clients <= 8; clients++)
    for (let servers = 1; servers <= 3; servers++)
      for (const routers of clients > 3 || servers > 2 ? [1] : [1, 2]) {
        const nodes = [...some('client', clients), ...some('router', routers), ...some('server', servers)];
        const places = lifelinesOf(nodes).flatMap(({ at, to }) => (to === undefined ? [at] : [at, to]));
        for (const [i, place] of places.entries()) {
          expect(place).toBeGreaterThan(0);
          expect(place).toBeLessThan(1);
          if (i > 0) expect(place - places[i - 1]!, `${clients}, ${routers}, ${servers}`).toBeGreaterThan(0.04);
        }
      }
});

test('a step that the router answers has a second line', () => {
  const run = twoLaptopsOff();
  const lines = linesOf(run);
  expect(lines).toHaveLength(32);
  expect(lines.filter(({ answer }) => answer).map(({ position }) => position + 1)).toEqual([12, 27]);
});

test('a stopped packet has one arrow and a cross in the door it came to', () => {
  const run = twoLaptopsOff();
  const lifelines = lifelinesOf(run.trace.nodes);
  const router = lifelines.find(({ node }) => node.kind === 'router')!;
  const { arrows, stoppedAt } = ladderRow(run, lifelines, { position: 11, answer: false });
  expect(arrows).toHaveLength(1);
  expect(stoppedAt).toBe(router.to);
  expect(arrows[0]!.to).toBe(router.to);
  const answer = ladderRow(run, lifelines, { position: 11, answer: true });
  expect(answer.arrows.map(({ own }) => own)).toEqual([true]);
  expect(answer.words).toEqual({
    name: 'the router: ICMP unreachable',
    numbers: 'Protocol unreachable',
    changed: '',
  });
});

test('the far side says only what the router made different', () => {
  const run = twoLaptopsOn();
  const words = (position: number) => ladderRow(run, lifelinesOf(run.trace.nodes), { position, answer: false }).words;
  expect(words(0)).toEqual({ name: 'TCP SYN', numbers: '35752 → 1723', changed: '' });
  expect(words(7)).toEqual({
    name: 'PPTP Outgoing-Call-Request',
    numbers: 'Call ID 13330',
    changed: 'Call ID 35752',
  });
});

test('every arrow of every run begins and ends on the ladder', () => {
  for (const [name, make] of everyRun) {
    const run = make();
    const lifelines = lifelinesOf(run.trace.nodes);
    for (const line of linesOf(run))
      for (const { from, to } of ladderRow(run, lifelines, line).arrows)
        for (const place of [from, to]) {
          expect(place, name).toBeGreaterThanOrEqual(0);
          expect(place, name).toBeLessThanOrEqual(1);
        }
  }
});

test('a packet to or from a gateway has an arrow from its sender to the door of the router', () => {
  const run = runOf(play(scenarioOf('vpn-router')!.experiment));
  const lifelines = lifelinesOf(run.trace.nodes);
  const router = lifelines.find(({ node }) => node.kind === 'router')!;
  const arrowOf = (from: string) => {
    const position = run.steps.findIndex(
      ({ occurrence }) => occurrence.kind === 'received' && occurrence.frame.from === from,
    );
    return ladderRow(run, lifelines, { position, answer: false });
  };
  expect([arrowOf('a'), arrowOf('server')].map(({ arrows }) => arrows[0]!.to)).toEqual([router.at, router.to]);
  expect(arrowOf('server').words.name).toMatch(/^WG /);
});

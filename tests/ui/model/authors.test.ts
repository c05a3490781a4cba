import { expect, test } from 'vitest';
import { SCENARIOS, scenarioOf } from '../../../src/scenarios/index.ts';
import { authorsOf, sharesOf } from '../../../src/ui/model/authors.ts';
import { findField } from '../../../src/ui/model/packet.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { type StepView, viewOf } from '../../../src/ui/model/step-view.ts';
import { run } from '../../../src/world/run.ts';
import { everyRun } from '../support/runs.ts';

const scenario = (id: string): Run => runOf(run(scenarioOf(id)!.experiment));
const runs = (): readonly (readonly [string, Run])[] => [
  ...everyRun.map(([name, make]) => [name, make()] as const),
  ...SCENARIOS.map(({ id }) => [id, scenario(id)] as const),
];
const views = (of: Run): readonly StepView[] => of.steps.flatMap((step) => viewOf(of, step) ?? []);

test('a packet fresh from its sender is all its sender’s', () => {
  for (const [name, each] of runs())
    for (const { incoming } of views(each)) {
      if (incoming.frame.parent !== undefined) continue;
      expect(sharesOf(authorsOf(each, incoming.frame)), name).toEqual([
        [incoming.frame.from, incoming.frame.bytes.length],
      ]);
    }
});

test('a router is the author of those bytes that it changed, and leaves all others to whoever wrote them', () => {
  let changed = 0;
  for (const [name, each] of runs())
    for (const { incoming, outgoing } of views(each)) {
      const [leg] = outgoing;
      if (!leg || leg.frame.bytes.length !== incoming.frame.bytes.length) continue;
      const [before, after] = [authorsOf(each, incoming.frame), authorsOf(each, leg.frame)];
      const wanted = [...leg.frame.bytes].map((byte, at) =>
        byte === incoming.frame.bytes[at] ? before[at] : leg.frame.from,
      );
      expect(after, name).toEqual(wanted);
      changed += wanted.filter((node) => node === leg.frame.from).length;
    }
  expect(changed).toBeGreaterThan(1000);
});

test('behind two routers a packet has three authors: the inner one wrote the Call ID, the outer one the address', () => {
  const each = scenario('carrier-grade-nat');
  const wrote = views(each)
    .filter(({ routed }) => routed.node === 'cgnat')
    .flatMap(({ outgoing }) => outgoing.map(({ frame }) => ({ frame, wrote: authorsOf(each, frame) })))
    .find(({ wrote: by }) => new Set(by).size === 3)!;
  const callId = findField(wrote.frame.bytes, 'pptp.call_id')!;
  expect(wrote.wrote.slice(callId.offset, callId.offset + callId.length)).toEqual(['router', 'router']);
  expect(wrote.wrote.slice(12, 20)).toEqual([...Array(4).fill('cgnat'), ...Array(4).fill('a')]);
});

test('what the router answers by itself it has written alone', () => {
  let answers = 0;
  for (const [name, each] of runs())
    for (const view of views(each))
      for (const { frame } of view.answers) {
        expect(sharesOf(authorsOf(each, frame)), name).toEqual([[view.routed.node, frame.bytes.length]]);
        answers++;
      }
  expect(answers).toBeGreaterThan(0);
});

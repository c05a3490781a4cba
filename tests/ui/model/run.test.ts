import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { findField } from '../../../src/ui/model/packet.ts';
import { fateOfOutcome, holdsOf, nextStopped, runOf, stepAt } from '../../../src/ui/model/run.ts';
import { run as play } from '../../../src/world/run.ts';
import { behindFirewall, rawEsp, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const stoppedProtocols = (run: ReturnType<typeof twoLaptopsOff>) =>
  run.steps
    .filter((step) => step.fate === 'stopped')
    .map((step) =>
      step.occurrence.kind === 'routed' ? findField(step.occurrence.frame.bytes, 'ip.proto')?.value : -1,
    );

test('without the helper exactly the GRE from the server is stopped, once for each laptop', () => {
  const run = twoLaptopsOff();
  expect(run.steps).toHaveLength(30);
  expect(stoppedProtocols(run)).toEqual([47, 47]);
});

test('with the helper nothing is stopped', () => {
  expect(twoLaptopsOn().steps.filter((step) => step.fate !== 'through')).toEqual([]);
});

test('behind a firewall every GRE packet from the server is stopped, though nobody is told', () => {
  const protocols = stoppedProtocols(behindFirewall());
  expect(protocols.length).toBe(14);
  expect(new Set(protocols)).toEqual(new Set([47]));
});

test('the second ESP sender is stopped on its way out', () => {
  const run = rawEsp();
  const outbound = run.steps.filter(
    (step) => step.fate === 'stopped' && step.occurrence.kind === 'routed' && step.occurrence.on === 'lan',
  );
  expect(outbound.map((step) => step.occurrence.kind === 'routed' && step.occurrence.outcome.verdict)).toEqual([
    'dropped',
    'dropped',
  ]);
});

test('the cursor between two steps belongs to the earlier one', () => {
  const run = twoLaptopsOff();
  expect(stepAt(run, -1)).toBe(-1);
  run.steps.forEach((step, i) => {
    expect(stepAt(run, step.index)).toBe(i);
  });
  expect(stepAt(run, Number.MAX_SAFE_INTEGER)).toBe(run.steps.length - 1);
});

test('the next stopped packet is looked for in both directions and may not exist', () => {
  const run = twoLaptopsOff();
  const first = nextStopped(run, -1, 1)!;
  const second = nextStopped(run, first, 1)!;
  expect([first, second]).toEqual([11, 26]);
  expect(nextStopped(run, second, 1)).toBeUndefined();
  expect(nextStopped(run, second, -1)).toBe(first);
  expect(nextStopped(twoLaptopsOn(), -1, 1)).toBeUndefined();
});

test('playing holds where something is seen for the first time, and only then', () => {
  const off = twoLaptopsOff();
  expect([...holdsOf(off)]).toEqual([off.steps[11]!.index]);
  const on = twoLaptopsOn();
  expect([...holdsOf(on)].map((index) => stepAt(on, index) + 1)).toEqual([8]);
});

test('a ping that the router itself answers is no failure', () => {
  const outcome = {
    verdict: 'answered',
    out: [],
    stages: [],
    changes: [],
    reasons: [
      { code: 'addressed-to-router', unknownFlow: false },
      { code: 'nobody-listens', answer: 'echo-reply' },
    ],
  } as const;
  expect(fateOfOutcome(outcome)).toBe('served');
  expect(fateOfOutcome({ ...outcome, reasons: [{ code: 'nobody-listens', answer: 'tcp-reset' }] })).toBe('stopped');
});

test.each(['vpn-router', 'site-to-site', 'sd-wan', 'pptp-two-laptops', 'carrier-grade-nat'])(
  'in %s every packet that somebody sent belongs to one step, and to one only',
  (id) => {
    const run = runOf(play(scenarioOf(id)!.experiment));
    const told = run.steps.flatMap(({ occurrence }) => ('frame' in occurrence ? [occurrence.frame.id] : []));
    expect(new Set(told).size).toBe(told.length);
    const arrived = run.trace.occurrences.filter(({ kind }) => kind === 'routed' || kind === 'received');
    const last = Math.max(...arrived.map(({ time }) => time));
    const sent = run.trace.occurrences.filter((each) => each.kind === 'sent' && each.time < last - 50_000);
    expect(sent.length).toBeGreaterThan(10);
    for (const each of sent) if (each.kind === 'sent') expect(told).toContain(each.frame.id);
  },
);

import { expect, test } from 'vitest';
import { SCENARIOS, scenarioOf } from '../../../src/scenarios/index.ts';
import { linesOf } from '../../../src/ui/log/lines.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { run } from '../../../src/world/run.ts';

const play = (id: string): Run => runOf(run(scenarioOf(id)!.experiment));

test('every stopped packet of every scenario has a line of its own, at its step', () => {
  for (const { id } of SCENARIOS) {
    const each = play(id);
    const stopped = each.steps.filter(({ fate }) => fate === 'stopped').map(({ number }) => number - 1);
    expect(
      linesOf(each).flatMap(({ kind, position }) => (kind === 'stopped' ? [position] : [])),
      id,
    ).toEqual(stopped);
  }
});

test('what comes into a table and what goes is told once, in the order in which it happened', () => {
  const each = play('router-rebooted');
  const told = linesOf(each).filter(({ kind }) => kind === 'table');
  const changes = each.trace.occurrences.flatMap((one) =>
    one.kind === 'routed' ? one.outcome.changes : one.kind === 'intervention' ? one.changes : [],
  );
  expect(told.map(({ says }) => says.split(' ')[0])).toEqual(
    changes.flatMap(({ kind }) => (kind === 'created' ? ['new'] : kind === 'removed' ? ['gone'] : [])),
  );
  expect(told.some(({ says }) => says.startsWith('gone (flushed): entry #'))).toBe(true);
});

test('lines follow the clock, and lead to steps in that order', () => {
  for (const { id } of SCENARIOS) {
    const lines = linesOf(play(id));
    for (const [i, line] of lines.entries()) {
      const next = lines[i + 1] ?? line;
      expect(next.time, id).toBeGreaterThanOrEqual(line.time);
      expect(next.position, id).toBeGreaterThanOrEqual(line.position);
      expect(line.says, id).toMatch(/^\S.*[^.]$/);
    }
  }
});

test('the first scenario’s log tells its story', () => {
  const lines = linesOf(play('pptp-two-laptops-same-call-id')).map(({ who, says }) => `${who}: ${says}`);
  expect(lines).toContain('Router: stopped GRE Call ID 7 · LCP Configuration Request: no entry fits');
  expect(
    lines.some((line) =>
      /^Router: new entry #1, TCP 192\.168\.1\.10:\d+ to 198\.51\.100\.10:1723, outside :\d+$/.test(line),
    ),
  ).toBe(true);
  expect(lines.some((line) => line.startsWith('Laptop B: shows Error 806:'))).toBe(true);
});

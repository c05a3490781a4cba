import { expect, test } from 'vitest';
import { changedBytes, compare, notable } from '../../../src/ui/model/compare.ts';
import { viewOf } from '../../../src/ui/model/step-view.ts';
import { everyRun, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

/** Frame 8 of the recording: Laptop A's Outgoing-Call-Request (pairs.tsv of the case lists the same five changes). */
const callRequest = () => {
  const run = twoLaptopsOn();
  return viewOf(run, run.steps[7])!;
};

test("the call request's changes are the five that the kernel made", () => {
  const changed = callRequest().layers.flatMap(({ rows }) =>
    rows.filter((row) => row.changed).map((row) => [row.key, row.before?.display, row.after?.display]),
  );
  expect(changed).toEqual([
    ['ip.ttl', '64', '63'],
    ['ip.checksum', '0x40cd', '0xc77d'],
    ['ip.src', '192.168.1.10', '203.0.113.1'],
    ['tcp.checksum', '0xd359', '0x0174'],
    ['pptp.call_id', '13330', '35752'],
  ]);
});

test('of these, the address and the Call ID are worth a caption', () => {
  expect(notable(callRequest().layers).map((row) => row.key)).toEqual(['ip.src', 'pptp.call_id']);
});

test('every changed byte belongs to a changed field, and every changed field has a changed byte', () => {
  for (const [name, make] of everyRun) {
    const run = make();
    for (const step of run.steps) {
      const view = viewOf(run, step);
      const after = view?.outgoing[0]?.frame.bytes;
      const before = view?.incoming.frame.bytes;
      if (!before || !after || before.length !== after.length) continue;
      const bytes = changedBytes(before, after);
      const rows = view.layers.flatMap((layer) => layer.rows);
      const covered = new Set(
        rows
          .filter((row) => row.changed && row.before)
          .flatMap(({ before: field }) => Array.from({ length: field!.length }, (_, i) => field!.offset + i)),
      );
      expect(
        [...bytes].filter((at) => !covered.has(at)),
        `${name}, step ${step.number}`,
      ).toEqual([]);
      for (const row of rows) {
        if (!row.changed || !row.before || row.before.length === 0) continue;
        const { offset, length } = row.before;
        const touched = Array.from({ length }, (_, i) => offset + i).some((at) => bytes.has(at));
        expect(touched, `${name}, step ${step.number}, ${row.name}`).toBe(true);
      }
    }
  }
});

test('a packet beside itself has no changes', () => {
  const { bytes } = callRequest().incoming.frame;
  expect(compare(bytes, bytes).every((layer) => layer.changed === 0)).toBe(true);
  expect(changedBytes(bytes, bytes).size).toBe(0);
});

test('one side alone is listed without changes', () => {
  const layers = compare(callRequest().incoming.frame.bytes);
  expect(layers.map((layer) => layer.label)).toEqual(['IP', 'TCP', 'PPTP']);
  expect(layers.flatMap((layer) => layer.rows).some((row) => row.changed || row.after)).toBe(false);
});

test('a longer second side counts as changed from where the first one ends', () => {
  expect([...changedBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3, 4))]).toEqual([1, 2]);
});

test('every row of a comparison has an id of its own', () => {
  const run = twoLaptopsOff();
  for (const step of run.steps) {
    const ids = viewOf(run, step)!.layers.flatMap((layer) => layer.rows.map((row) => row.id));
    expect(new Set(ids).size).toBe(ids.length);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EntryView, TableChange } from '../../../src/router/outcome.ts';
import { changesAt, rowsAt, tableAt } from '../../../src/ui/model/table.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import type { Occurrence, Trace } from '../../../src/world/trace.ts';
import { rawEsp, twoLaptopsOn } from '../support/runs.ts';

const entry = (id: number): EntryView => ({
  id,
  kind: 'connection',
  original: { protocol: 17, source: { address: 1, key: id }, destination: { address: 2, key: 53 } },
  reply: { protocol: 17, source: { address: 2, key: 53 }, destination: { address: 3, key: id } },
  flags: { assured: false, seenReply: false, sourceNat: true, destinationNat: false },
  expiresAt: 30,
});

/** A thousand interventions of two routers that add and take away entries. */
function traceOf(steps: readonly (readonly [router: boolean, remove: boolean])[]): Trace {
  const alive: Record<string, number[]> = { r1: [], r2: [] };
  const occurrences = steps.map(([second, remove], index): Occurrence => {
    const node = second ? 'r2' : 'r1';
    const gone = remove ? alive[node]!.shift() : undefined;
    const changes: TableChange[] =
      gone === undefined
        ? [{ kind: 'created', after: entry(index) }]
        : [{ kind: 'removed', before: entry(gone), why: 'expired' }];
    if (gone === undefined) alive[node]!.push(index);
    return { index, time: index, node, kind: 'intervention', what: 'test', changes };
  });
  return { nodes: [], occurrences, end: steps.length };
}

function folded(trace: Trace, router: string, cursor: number): readonly number[] {
  const ids = new Set<number>();
  for (let i = 0; i <= cursor; i++)
    for (const change of changesAt(trace.occurrences[i], router))
      if (change.kind === 'removed') ids.delete(change.before.id);
      else ids.add(change.after.id);
  return [...ids].sort((a, b) => a - b);
}

test('the table at any cursor is all changes up to it, wherever one comes from', () => {
  const step = fc.tuple(fc.boolean(), fc.boolean());
  const traces = fc.array(step, { minLength: 1, maxLength: 1000, size: 'max' }).map(traceOf);
  fc.assert(
    fc.property(traces, fc.array(fc.nat(1100), { maxLength: 8 }), (trace, cursors) => {
      for (const cursor of [-1, ...cursors, trace.occurrences.length - 1])
        for (const router of ['r1', 'r2'])
          expect(tableAt(trace, router, cursor).map(({ id }) => id)).toEqual(folded(trace, router, cursor));
    }),
    { numRuns: 40 },
  );
});

test('before the first packet the table is empty', () => {
  expect(tableAt(twoLaptopsOn().trace, 'router', -1)).toEqual([]);
});

test('at the end of the run the kernel had these four entries (conntrack.txt of the case)', () => {
  const run = twoLaptopsOn();
  const entries = tableAt(run.trace, 'router', run.trace.occurrences.length - 1);
  const keys = entries.map(({ original, reply }) => [original.protocol, original.source.key, reply.destination.key]);
  expect(keys).toEqual([
    [6, 35752, 35752],
    [47, 13330, 35752],
    [6, 40106, 40106],
    [47, 13330, 40106],
  ]);
});

test('the entry that shuts a packet out is named', () => {
  const run = rawEsp();
  const clash = run.steps.find(
    ({ fate, occurrence }) => fate === 'stopped' && occurrence.kind === 'routed' && occurrence.on === 'lan',
  )!;
  const rows = rowsAt(run.trace)('router', clash.index).filter(({ inTheWay }) => inTheWay);
  expect(rows.map(({ entry: { original } }) => original.source.address)).toEqual([ipv4('192.168.1.10')]);
});

test('a row says what its step did and whether the packet belongs to it', () => {
  const run = twoLaptopsOn();
  const rows = rowsAt(run.trace);
  const [first] = rows('router', run.steps[0]!.index);
  expect([first?.change?.kind, first?.used]).toEqual(['created', true]);
  const [third] = rows('router', run.steps[2]!.index);
  expect([third?.change?.kind, third?.used]).toEqual(['updated', true]);
});

test('an entry that is removed in a step is listed once more, as removed', () => {
  const trace = traceOf([
    [false, false],
    [false, true],
  ]);
  const rows = rowsAt(trace)('r1', 1);
  expect(rows.map(({ entry: { id }, change }) => [id, change?.kind])).toEqual([[0, 'removed']]);
});

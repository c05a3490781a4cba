import { expect, test } from 'vitest';
import type { EntryView, TableChange } from '../../src/router/outcome.ts';
import { tableAt } from '../../src/world/tables.ts';
import type { Occurrence } from '../../src/world/trace.ts';

const entry = (id: number, expiresAt = 1e9): EntryView => ({
  id,
  kind: 'connection',
  original: { protocol: 17, source: { address: 1, key: id }, destination: { address: 2, key: 2 } },
  reply: { protocol: 17, source: { address: 2, key: 2 }, destination: { address: 3, key: id } },
  flags: { assured: false, seenReply: false, sourceNat: true, destinationNat: false },
  expiresAt,
});

/** Every third occurrence changes the table: an entry comes, and every fifth time the oldest goes. */
function history(length: number): Occurrence[] {
  const live: number[] = [];
  return Array.from({ length }, (_, index): Occurrence => {
    const changes: TableChange[] = [];
    if (index % 3 === 0) {
      live.push(index);
      changes.push({ kind: 'created', after: entry(index) });
      if (index % 5 === 0) changes.push({ kind: 'removed', before: entry(live.shift()!), why: 'closed' });
    }
    return { kind: 'intervention', what: 'test', index, time: index * 1000, node: 'router', changes };
  });
}

/** From scratch, without checkpoints. */
function naive(occurrences: readonly Occurrence[], cursor: number): number[] {
  const ids = new Set<number>();
  for (const each of occurrences.slice(0, cursor + 1))
    if (each.kind === 'intervention')
      for (const change of each.changes)
        if (change.kind === 'removed') ids.delete(change.before.id);
        else ids.add(change.after.id);
  return [...ids];
}

test('the table at any cursor, in any order of asking, is what replaying everything gives', () => {
  const occurrences = history(1000);
  const at = tableAt({ occurrences });
  for (const cursor of [999, 0, -1, 500, 191, 192, 193, 3, 640, 64])
    expect(at('router', cursor).map((each) => each.id)).toEqual(naive(occurrences, cursor));
});

test('an entry whose time has come is not shown, though no packet asked for it', () => {
  const occurrences: Occurrence[] = [
    {
      kind: 'intervention',
      what: 'x',
      index: 0,
      time: 0,
      node: 'router',
      changes: [{ kind: 'created', after: entry(1, 30) }],
    },
    { kind: 'intervention', what: 'y', index: 1, time: 29_000_000, node: 'router', changes: [] },
    { kind: 'intervention', what: 'z', index: 2, time: 30_000_000, node: 'router', changes: [] },
  ];
  const at = tableAt({ occurrences });
  expect([at('router', 1).length, at('router', 2).length, at('nobody', 2).length]).toEqual([1, 0, 0]);
});

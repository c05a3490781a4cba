import { expect, test } from 'vitest';
import type { EntryView } from '../../../src/router/outcome.ts';
import { changeText, timeLeft } from '../../../src/ui/table/changes.ts';

const entry: EntryView = {
  id: 1,
  kind: 'connection',
  original: { protocol: 6, source: { address: 1, key: 1 }, destination: { address: 2, key: 2 } },
  reply: { protocol: 6, source: { address: 2, key: 2 }, destination: { address: 3, key: 1 } },
  state: 'SYN_SENT',
  flags: { assured: false, seenReply: false, sourceNat: true, destinationNat: false },
  expiresAt: 120,
};

const text = (change: Parameters<typeof changeText>[0]['change'], used = false) =>
  changeText({ entry, change, used, inTheWay: false });

test('what a step did to an entry is said in a few words', () => {
  expect(text({ kind: 'created', after: entry })).toBe('new');
  expect(text({ kind: 'removed', before: entry, why: 'expired' })).toBe('ran out');
  expect(text({ kind: 'updated', before: entry, after: { ...entry, expiresAt: 130 } })).toBe('renewed');
  const after = { ...entry, state: 'SYN_RECV', flags: { ...entry.flags, seenReply: true } };
  expect(text({ kind: 'updated', before: entry, after })).toBe('SYN_SENT → SYN_RECV, answered');
  expect(text(undefined, true)).toBe('matched');
  expect(text(undefined)).toBe('');
});

test.each([
  [0, '2 min'],
  [30, '90 s'],
  [120, '0 s'],
  [121, 'run out'],
  [-432_000 + 120, '5 days'],
  [-3600 * 3 + 120, '3 h'],
])('at %i s an entry that lasts until 120 s has %s left', (seconds, left) => {
  expect(timeLeft(entry, seconds * 1e6)).toBe(left);
});

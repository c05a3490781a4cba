import { expect, test } from 'vitest';
import { filtered } from '../../../src/ui/packets/filter.ts';
import { twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const numbers = (run: ReturnType<typeof twoLaptopsOn>, words: string, only: 'all' | 'stopped' | 'rewritten' = 'all') =>
  filtered(run, { words, only }).map((position) => position + 1);

test('no words leave every packet', () => {
  expect(numbers(twoLaptopsOff(), '  ')).toHaveLength(30);
});

test('every word must occur, in a name, an address or a protocol', () => {
  const run = twoLaptopsOn();
  expect(numbers(run, 'outgoing request')).toEqual([8, 34]);
  expect(numbers(run, 'OUTGOING .11')).toEqual([34, 35]);
  expect(numbers(run, 'gre ipcp').length).toBeGreaterThan(4);
  expect(numbers(run, 'wireguard')).toEqual([]);
});

test('only the stopped ones, or only those with more rewritten than addresses', () => {
  expect(numbers(twoLaptopsOff(), '', 'stopped')).toEqual([12, 27]);
  expect(numbers(twoLaptopsOn(), '', 'stopped')).toEqual([]);
  expect(numbers(twoLaptopsOn(), 'call-re', 'rewritten')).toEqual([8, 9, 34, 35]);
});

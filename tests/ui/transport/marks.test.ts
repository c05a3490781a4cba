import { expect, test } from 'vitest';
import { markAt, marksOf } from '../../../src/ui/transport/marks.ts';
import { twoLaptopsOff } from '../support/runs.ts';

test('a short run has a mark for each packet, in its hue, with the stopped ones marked', () => {
  const marks = marksOf(twoLaptopsOff(), 300);
  expect(marks).toHaveLength(30);
  expect(marks.flatMap(({ stopped }, i) => (stopped ? [i + 1] : []))).toEqual([12, 27]);
  expect(marks.slice(0, 4).map(({ family }) => family)).toEqual(['tcp', 'tcp', 'tcp', 'pptp']);
});

test('where there is little room no stopped packet is lost', () => {
  const marks = marksOf(twoLaptopsOff(), 7);
  expect(marks.length).toBeLessThanOrEqual(7);
  expect(marks.filter(({ stopped }) => stopped)).toHaveLength(2);
});

test('the line begins before the first packet and ends with the last', () => {
  expect([markAt(-1, 30), markAt(29, 30)]).toEqual([0, 1]);
  expect(markAt(-1, 0)).toBe(0);
});

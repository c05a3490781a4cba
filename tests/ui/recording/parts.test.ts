import { expect, test } from 'vitest';
import { partsOf } from '../../../src/ui/recording/parts.ts';
import { twoLaptopsOff } from '../support/runs.ts';

test('a trace that goes over in parts is the same trace, and takes no more along than its packets', () => {
  const { occurrences } = twoLaptopsOff().trace;
  const many = Array.from({ length: 20 }, () => occurrences).flat();
  const parts = [...partsOf(many)];
  expect(parts.length).toBeGreaterThan(1);
  const arrived = parts.flatMap(({ occurrences: some, bytes }) => structuredClone(some, { transfer: [bytes] }));
  expect(arrived).toEqual(many);
  const buffers = new Set(arrived.flatMap((each) => ('frame' in each ? [each.frame.bytes.buffer] : [])));
  expect(buffers.size).toBe(parts.length);
});

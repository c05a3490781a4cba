import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intoLines } from '../../src/cli/terminal.ts';

async function linesOf(pieces: readonly string[]): Promise<(string | undefined)[]> {
  async function* arriving() {
    yield* pieces;
  }
  const lines: (string | undefined)[] = [];
  for await (const line of intoLines(arriving())) lines.push(line);
  return lines;
}

test('lines come out whole, however their text arrives in pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', ' ') })), async (pieces) => {
      const whole = pieces.join('').split('\n');
      // What follows the last line break is a line only if it is something.
      if (whole.at(-1) === '') whole.pop();
      expect(await linesOf(pieces)).toEqual(whole);
    }),
  );
});

test('a line is answered as soon as it is whole, before the next piece arrives', async () => {
  let arrived = 0;
  async function* arriving() {
    for (const piece of ['first\nsec', 'ond\n']) {
      arrived++;
      yield piece;
    }
  }
  const lines = intoLines(arriving())[Symbol.asyncIterator]();
  expect(await lines.next()).toEqual({ done: false, value: 'first' });
  expect(arrived).toBe(1);
});

test('a line of many megabytes is passed over without keeping it, and the next one is read', async () => {
  const pieces = [...Array.from({ length: 40 }, () => 'x'.repeat(100_000)), '\nnext\n', 'y'.repeat(3_000_000)];
  expect(await linesOf(pieces)).toEqual([undefined, 'next', undefined]);
});

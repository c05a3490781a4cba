/** Every built-in scenario: processor time of a run after warm-up, and the size of its trace. */
import { measureWorlds } from './world.ts';

const row = (...cells: readonly string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(12))).join('');
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!.toFixed(1);

console.log(row('scenario', 'median ms', 'worst ms', 'again ms', 'occurrences', 'bytes'));
const all = measureWorlds();
for (const { id, median, worst, again, occurrences, bytes } of all)
  console.log(row(id, median.toFixed(1), worst.toFixed(1), again.toFixed(1), String(occurrences), String(bytes)));
const slowest = all.reduce((before, each) => (each.worst > before.worst ? each : before));
console.log(
  `all: median ${median(all.map((each) => each.median))} ms, again ${median(all.map(({ again }) => again))} ms, worst ${slowest.worst.toFixed(1)} ms (${slowest.id})`,
);

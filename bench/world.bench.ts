/** Every built-in scenario: what a run costs after warm-up, and the size of its trace. */
import { measureWorlds, quantile } from './world.ts';

const row = (...cells: readonly string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(12))).join('');
const ms = (value: number) => value.toFixed(1);

console.log(
  'Milliseconds of a run: wall time of the median and of 95 in 100, processor time of all threads; then both',
);
console.log('with a seed that was run before.\n');
console.log(row('scenario', 'median', '95 in 100', 'processor', 'again', 'processor', 'occurrences', 'bytes'));
const all = measureWorlds();
for (const { id, fresh, again, occurrences, bytes } of all) {
  const costs = [fresh.median, fresh.most, fresh.processor, again.median, again.processor].map(ms);
  console.log(row(id, ...costs, String(occurrences), String(bytes)));
}
const dearest = all.reduce((before, each) => (each.fresh.processor > before.fresh.processor ? each : before));
const medianOf = (of: (each: (typeof all)[number]) => number) => ms(quantile(all.map(of), 0.5));
console.log(
  `\nall: median ${medianOf(({ fresh }) => fresh.median)} ms, again ${medianOf(({ again }) => again.median)} ms; dearest: ${dearest.id}, ${ms(dearest.fresh.median)} ms, 95 in 100 under ${ms(dearest.fresh.most)} ms, processor ${ms(dearest.fresh.processor)} ms`,
);

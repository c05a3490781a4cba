/** How long a built-in scenario takes to run, key exchange included, and how large its trace is. */
import { SCENARIOS } from '../src/scenarios/index.ts';
import type { Scenario } from '../src/scenarios/scenario.ts';
import type { Experiment } from '../src/world/experiment.ts';
import { type Run, run } from '../src/world/run.ts';

export interface Measured {
  readonly id: string;
  /** Of runs that all have their own seed. */
  readonly fresh: Cost;
  /** Of runs with one seed, as when somebody flips a switch or moves an intervention. */
  readonly again: Cost;
  readonly occurrences: number;
  readonly bytes: number;
}

/** Milliseconds. On a machine that is busy with other things, only processor time says something. */
export interface Cost {
  /** What somebody waits who has the machine for himself: the median, and what 95 of 100 runs stay below. */
  readonly median: number;
  readonly most: number;
  /** The median over all threads: collecting garbage and compiling go on beside the run. */
  readonly processor: number;
}

/** Rounds over all scenarios, and further runs of each before it is measured: the engine compiles what it sees often. */
const WARM_UP = 3;
const WARM_UP_RUNS = 20;
const RUNS = 40;

export function measureWorlds(): readonly Measured[] {
  for (let round = 0; round < WARM_UP; round++) for (const { experiment } of SCENARIOS) run(experiment);
  return SCENARIOS.map(measure);
}

function measure({ id, experiment }: Scenario): Measured {
  for (let index = 0; index < WARM_UP_RUNS; index++) run({ ...experiment, seed: 100 + index });
  // With a seed of its own, no secret is one that an earlier run has worked out: who opens a scenario for the first
  // time pays for the whole key exchange.
  const fresh = costOf((index) => ({ ...experiment, seed: 1000 + index }));
  const again = costOf(() => experiment);
  const played = run(experiment);
  return { id, fresh, again, occurrences: played.occurrences.length, bytes: bytesOf(played) };
}

function costOf(experimentOf: (index: number) => Experiment): Cost {
  const walls: number[] = [];
  const processors: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    const experiment = experimentOf(index);
    const [used, began] = [process.cpuUsage(), performance.now()];
    run(experiment);
    walls.push(performance.now() - began);
    const { user, system } = process.cpuUsage(used);
    processors.push((user + system) / 1000);
  }
  return { median: quantile(walls, 0.5), most: quantile(walls, 0.95), processor: quantile(processors, 0.5) };
}

export function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)]!;
}

/** Bytes of all packets, each counted once. */
function bytesOf({ occurrences }: Run): number {
  const frames = new Map<number, number>();
  for (const each of occurrences) if ('frame' in each) frames.set(each.frame.id, each.frame.bytes.length);
  return [...frames.values()].reduce((sum, length) => sum + length, 0);
}

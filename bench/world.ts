/** How long a built-in scenario takes to run, key exchange included, and how large its trace is. */
import { SCENARIOS } from '../src/scenarios/index.ts';
import type { Scenario } from '../src/scenarios/scenario.ts';
import type { Experiment } from '../src/world/experiment.ts';
import { type Run, run } from '../src/world/run.ts';

export interface Measured {
  readonly id: string;
  /** Milliseconds of processor time: the median and the worst of runs that all have their own seed. */
  readonly median: number;
  readonly worst: number;
  /** The median of runs with one seed, as when somebody flips a switch or moves an intervention. */
  readonly again: number;
  readonly occurrences: number;
  readonly bytes: number;
}

const WARM_UP = 3;
const RUNS = 15;

export function measureWorlds(): readonly Measured[] {
  for (let round = 0; round < WARM_UP; round++) for (const { experiment } of SCENARIOS) run(experiment);
  return SCENARIOS.map(measure);
}

function measure({ id, experiment }: Scenario): Measured {
  // With a seed of its own, no secret is one that an earlier run has worked out: who opens a scenario for the first
  // time pays for the whole key exchange.
  const fresh = timesOf((index) => ({ ...experiment, seed: 1000 + index }));
  const again = timesOf(() => experiment);
  const played = run(experiment);
  const size = { occurrences: played.occurrences.length, bytes: bytesOf(played) };
  return { id, median: fresh[RUNS >> 1]!, worst: fresh.at(-1)!, again: again[RUNS >> 1]!, ...size };
}

/** Sorted. */
function timesOf(experimentOf: (index: number) => Experiment): readonly number[] {
  const times = Array.from({ length: RUNS }, (_, index) => {
    const before = process.cpuUsage();
    run(experimentOf(index));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b);
}

/** Bytes of all packets, each counted once. */
function bytesOf({ occurrences }: Run): number {
  const frames = new Map<number, number>();
  for (const each of occurrences) if ('frame' in each) frames.set(each.frame.id, each.frame.bytes.length);
  return [...frames.values()].reduce((sum, length) => sum + length, 0);
}

/** Runs every built-in scenario in Node before the tests in the browser begin, for them to compare with. */
import type { TestProject } from 'vitest/node';
import { SCENARIOS } from '../../../src/scenarios/index.ts';
import { run } from '../../../src/world/run.ts';
import { digestOf } from '../../world/support.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the traces in Node, by the scenario's id. */
    readonly digests: Readonly<Record<string, string>>;
  }
}

export default function provideDigests(project: TestProject): void {
  const digests = SCENARIOS.map(({ id, experiment }) => [id, digestOf(run(experiment))]);
  project.provide('digests', Object.fromEntries(digests));
}

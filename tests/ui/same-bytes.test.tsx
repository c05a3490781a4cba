import { expect, inject, test } from 'vitest';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { run } from '../../src/world/run.ts';
import { digestOf } from '../world/support.ts';

const inNode = inject('digests');

test.each(SCENARIOS.map(({ id, experiment }) => [id, experiment] as const))(
  '%s gives the same trace in the browser as in Node, byte for byte',
  (id, experiment) => {
    expect(digestOf(run(experiment))).toBe(inNode[id]);
  },
);

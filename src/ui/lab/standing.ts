/** How each node's conversation stands at the cursor. @module */
import type { Occurrence } from '../../world/trace.ts';
import { last } from '../model/once.ts';
import type { Run } from '../model/run.ts';

type Phase = Extract<Occurrence, { kind: 'phase' }>;
type Symptom = Extract<Occurrence, { kind: 'symptom' }>;

export interface Standing {
  readonly phase?: Phase;
  /** Only as long as it is so: a tunnel that came up again shows no error. */
  readonly symptom?: Symptom;
}

/** The newest of each node at the cursor. */
export const standingsAt = last((run: Run, cursor: number): ReadonlyMap<string, Standing> => {
  const standings = new Map<string, Standing>();
  for (let i = 0; i <= cursor; i++) {
    const each = run.trace.occurrences[i];
    if (each?.kind === 'symptom') standings.set(each.node, { ...standings.get(each.node), symptom: each });
    if (each?.kind !== 'phase') continue;
    const { symptom } = standings.get(each.node) ?? {};
    standings.set(each.node, { phase: each, ...(symptom && each.status !== 'up' ? { symptom } : {}) });
  }
  return standings;
});

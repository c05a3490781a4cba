/** How each node's conversation stands at the cursor. @module */
import type { Occurrence, Trace } from '../../world/trace.ts';
import { last, once } from '../model/once.ts';

type Phase = Extract<Occurrence, { kind: 'phase' }>;
type Symptom = Extract<Occurrence, { kind: 'symptom' }>;

export interface Standing {
  readonly phase?: Phase;
  /** Only as long as it is so: a tunnel that came up again shows no error. */
  readonly symptom?: Symptom;
}

const tellingsOf = once((trace: Trace) =>
  trace.occurrences.filter((each) => each.kind === 'phase' || each.kind === 'symptom'),
);

/** The newest of each node at the cursor. */
export const standingsAt = last((trace: Trace, cursor: number): ReadonlyMap<string, Standing> => {
  const standings = new Map<string, Standing>();
  for (const each of tellingsOf(trace)) {
    if (each.index > cursor) break;
    if (each.kind === 'symptom') standings.set(each.node, { ...standings.get(each.node), symptom: each });
    if (each.kind !== 'phase') continue;
    const { symptom } = standings.get(each.node) ?? {};
    standings.set(each.node, { phase: each, ...(symptom && each.status !== 'up' ? { symptom } : {}) });
  }
  return standings;
});

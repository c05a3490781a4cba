/** Puts the run of a cell on the stage, at the step that decides. @module */
import type { Profile, Switches } from '../../router/profiles/profile.ts';
import { experimentOf, type Situation } from '../../scenarios/matrix-situations.ts';
import type { Verdict } from '../../scenarios/matrix-verdict.ts';
import type { Place } from '../lab/link.ts';

export function placeOf(situation: Situation, profile: Profile, switches: Switches, { step }: Verdict): Place {
  const origin = { kind: 'situation', id: situation.id } as const;
  return { chosen: { origin, experiment: experimentOf(situation, profile, switches) }, cursor: step };
}

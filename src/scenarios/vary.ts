/** A scenario's experiment with another home router, other switches or another seed; all else stays. @module */
import type { Switches } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';

export interface Variation {
  readonly profile?: string;
  readonly switches?: Partial<Switches>;
  readonly seed?: number;
}

/** Another profile leaves the switches in their positions: what they do there is what one wants to see. */
export function vary(experiment: Experiment, { profile, switches, seed }: Variation): Experiment {
  const [home, ...others] = experiment.routers;
  const changed = { ...home, profile: profile ?? home.profile, switches: { ...home.switches, ...switches } };
  return { ...experiment, seed: seed ?? experiment.seed, routers: [changed, ...others] };
}

/** A scenario's experiment with another home router, other switches or another seed; all else stays. @module */
import { profileOf } from '../router/profiles/index.ts';
import { hasKnobs, type Switches } from '../router/profiles/profile.ts';
import type { Experiment, RouterSetup } from '../world/experiment.ts';

export interface Variation {
  readonly profile?: string;
  readonly switches?: Partial<Switches>;
  readonly seed?: number;
}

/**
 * Another profile leaves the switches in their positions: what they do there is what one wants to see. Timers stay as
 * well; turned knobs do where the other profile has knobs.
 */
export function vary(experiment: Experiment, { profile, switches, seed }: Variation): Experiment {
  const [home, ...others] = experiment.routers;
  const changed = { ...withProfile(home, profile ?? home.profile), switches: { ...home.switches, ...switches } };
  return { ...experiment, seed: seed ?? experiment.seed, routers: [changed, ...others] };
}

function withProfile(home: RouterSetup, profile: string): RouterSetup {
  const { behaviour, ...others } = home;
  const named = profileOf(profile);
  return behaviour && named && hasKnobs(named) ? { ...others, behaviour, profile } : { ...others, profile };
}

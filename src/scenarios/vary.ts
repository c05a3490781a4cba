/** A scenario's experiment with another home router, other switches or another seed; all else stays. @module */
import { profileOf } from '../router/profiles/index.ts';
import { hasKnobs, hasTimer, type Profile, type Switches } from '../router/profiles/profile.ts';
import type { TimerName, Timers } from '../router/profiles/timers.ts';
import type { Experiment, RouterSetup } from '../world/experiment.ts';

export interface Variation {
  readonly profile?: string;
  readonly switches?: Partial<Switches>;
  readonly seed?: number;
}

/**
 * Another profile leaves the switches in their positions: what they do there is what one wants to see. Turned knobs and
 * timers stay as well, where the other profile has such.
 */
export function vary(experiment: Experiment, { profile, switches, seed }: Variation): Experiment {
  const [home, ...others] = experiment.routers;
  const changed = { ...withProfile(home, profile ?? home.profile), switches: { ...home.switches, ...switches } };
  return { ...experiment, seed: seed ?? experiment.seed, routers: [changed, ...others] };
}

function withProfile(home: RouterSetup, profile: string): RouterSetup {
  const named = profileOf(profile);
  if (!named) return { ...home, profile };
  const { behaviour, timeouts, ...others } = home;
  return {
    ...others,
    profile,
    ...(behaviour && hasKnobs(named) ? { behaviour } : {}),
    ...(timeouts ? { timeouts: timersFor(named, timeouts) } : {}),
  };
}

function timersFor(profile: Profile, timeouts: Partial<Timers>): Partial<Timers> {
  return Object.fromEntries(Object.entries(timeouts).filter(([name]) => hasTimer(profile, name as TimerName)));
}

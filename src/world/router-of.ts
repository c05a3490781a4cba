/** A router as an experiment describes it, fresh from its start. @module */
import { Rng } from '../lib/rng.ts';
import { profileOf } from '../router/profiles/index.ts';
import { configOf, type Placement, type Switches } from '../router/profiles/profile.ts';
import { Router } from '../router/router.ts';
import type { RouterSetup } from './experiment.ts';
import { prefixOf } from './network.ts';
import { given } from './parts.ts';

/** `boots`: how often it has been started before; what it draws differs each time. */
export function routerOf(seed: number, setup: RouterSetup, switches: Switches, boots: number): Router {
  const profile = profileOf(setup.profile);
  if (!profile) throw new Error(`no router profile "${setup.profile}"`);
  return new Router(configOf(profile, switches, placementOf(setup, new Rng(seed).fork(`${setup.id} ${boots}`).u32())));
}

/** Where it stands, and how it is set otherwise than its profile has it. `seed` decides what it draws. */
export function placementOf({ lan, wan, firewall, nat, behaviour, timeouts }: RouterSetup, seed: number): Placement {
  return { lan: prefixOf(lan), wan: prefixOf(wan), seed, ...given({ firewall, nat, behaviour, timeouts }) };
}

/** The engine as the page uses it. Fetched apart from the page itself, which can be drawn without it. @module */
import { PROFILES, profileOf } from '../../router/profiles/index.ts';
import { helpersOf, type Profile } from '../../router/profiles/profile.ts';
import { SCENARIOS, scenarioOf } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { vary } from '../../scenarios/vary.ts';
import { exportPcapng } from '../../world/export-pcapng.ts';
import { run as play, type Run as WorldRun } from '../../world/run.ts';
import { type Run, runOf } from '../model/run.ts';
import type { Chosen } from './chosen.ts';
import { commentsOn } from './comments.ts';

/** An experiment that was run. */
export interface Played {
  readonly chosen: Chosen;
  readonly scenario: Scenario;
  /** Of the home router. */
  readonly profile: Profile;
  readonly world: WorldRun;
  readonly run: Run;
}

export interface Engine {
  readonly scenarios: readonly Scenario[];
  readonly profiles: readonly Profile[];
  /** A scenario as it is told: its own router, switches and seed. */
  readonly asTold: (scenario: Scenario) => Chosen;
  /** Undefined where there is no such scenario or profile. */
  readonly play: (chosen: Chosen) => Played | undefined;
  /** The run as a file for Wireshark. */
  readonly pcapng: (played: Played) => Uint8Array<ArrayBuffer>;
}

export const engine: Engine = {
  scenarios: SCENARIOS,
  profiles: PROFILES,
  asTold: ({ id, experiment: { routers, seed } }) => ({
    scenario: id,
    profile: routers[0].profile,
    switches: routers[0].switches,
    seed,
  }),
  play: (chosen) => {
    const scenario = scenarioOf(chosen.scenario);
    const profile = profileOf(chosen.profile);
    if (!scenario || !profile) return undefined;
    const world = play(vary(scenario.experiment, chosen));
    const pptpHelper = helpersOf(profile, chosen.switches).includes('pptp');
    return { chosen, scenario, profile, world, run: runOf(world, { pptpHelper }) };
  },
  pcapng: ({ scenario, world, run }) =>
    new Uint8Array(exportPcapng(world, { about: scenario.title, comment: commentsOn(run) })),
};

/** The engine as the page uses it. Fetched apart from the page itself, which can be drawn without it. @module */
import { OUTCOMES } from '../../explain/outcomes.ts';
import { assert } from '../../lib/assert.ts';
import { tellsGreByAddresses } from '../../router/config.ts';
import { PROFILES, profileOf } from '../../router/profiles/index.ts';
import { helpersOf, type Profile } from '../../router/profiles/profile.ts';
import { SCENARIOS, scenarioOf } from '../../scenarios/index.ts';
import { experimentOf, situationOf } from '../../scenarios/matrix-situations.ts';
import { canBeJudged, judge } from '../../scenarios/matrix-verdict.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Experiment } from '../../world/experiment.ts';
import { exportPcapng } from '../../world/export-pcapng.ts';
import { runInParts, type Run as WorldRun } from '../../world/run.ts';
import { once } from '../model/once.ts';
import { type Run, runOf } from '../model/run.ts';
import { type Chosen, homeOf, type Origin } from './chosen.ts';
import { commentsOn } from './comments.ts';
import { linkOf, type Place, type ReadLink, readLink } from './link.ts';

/** An experiment that was run. */
export interface Played {
  readonly chosen: Chosen;
  readonly title: string;
  readonly story: string;
  /** Of the home router. */
  readonly profile: Profile;
  readonly world: WorldRun;
  readonly run: Run;
}

/** A run that is made a part at a time, so that the page stays awake. */
export interface Trial {
  /** Undefined until it is through. */
  readonly world: WorldRun | undefined;
  /** Does the next part. */
  readonly goOn: () => void;
}

export interface Engine {
  readonly scenarios: readonly Scenario[];
  readonly profiles: readonly Profile[];
  /**
   * The experiment that an origin stands for, a row of the matrix with this model of router in it; undefined where there
   * is none.
   */
  readonly told: (origin: Origin, router?: string) => Experiment | undefined;
  readonly play: (chosen: Chosen) => Played;
  /** The same run for who only wants to know what would happen; whoever plays it then finds it done. */
  readonly tryOut: (chosen: Chosen) => Trial;
  /** The run as a file for Wireshark. */
  readonly pcapng: (played: Played) => Uint8Array<ArrayBuffer>;
  readonly linkOf: (place: Place) => Promise<string>;
  readonly readLink: (hash: string) => Promise<ReadLink | undefined>;
}

const tryOut = once(trialOf);

export const engine: Engine = {
  scenarios: SCENARIOS,
  profiles: PROFILES,
  told,
  tryOut,
  play: once((chosen) => {
    const world = timed('run', () => wholeOf(tryOut(chosen)));
    const { profile: id, switches } = homeOf(chosen);
    const profile = profileOf(id);
    if (!profile) throw new Error(`no router profile "${id}"`);
    const helpers = helpersOf(profile, switches);
    const setup = {
      pptpHelper: helpers.some((each) => each.endsWith('pptp')),
      greByAddresses: tellsGreByAddresses({ greTracker: profile.core.greTracker, helpers }),
    };
    return timed('model', () => {
      const words = wordsFor(chosen.origin, profile, world);
      return { chosen, ...words, profile, world, run: runOf(world, setup) };
    });
  }),
  pcapng: ({ title, world, run }) => new Uint8Array(exportPcapng(world, { about: title, comment: commentsOn(run) })),
  linkOf: (place) => linkOf(place, known),
  readLink: (hash) => readLink(hash, known),
};

/** Work of a part: some ten milliseconds. */
const PART = 250;

function trialOf({ experiment }: Chosen): Trial {
  const parts = runInParts(experiment, PART);
  let world: WorldRun | undefined;
  return {
    get world() {
      return world;
    },
    goOn: () => {
      if (world) return;
      const next = parts.next();
      if (!next.done) return;
      assert(next.value, 'a run that broke down is tried again');
      world = next.value;
    },
  };
}

function wholeOf(trial: Trial): WorldRun {
  while (!trial.world) trial.goOn();
  return trial.world;
}

/** Leaves a measure for the browser's own tools, and for `npm run bench:ui`. */
function timed<Value>(name: string, work: () => Value): Value {
  const start = performance.now();
  const value = work();
  performance.measure(name, { start });
  return value;
}

const known = { told, profiles: PROFILES };

function told(origin: Origin, router?: string): Experiment | undefined {
  if (origin.kind === 'scenario') return scenarioOf(origin.id)?.experiment;
  const situation = origin.kind === 'situation' ? situationOf(origin.id) : undefined;
  const profile = router === undefined ? PROFILES[0] : profileOf(router);
  return situation && profile && experimentOf(situation, profile, profile.defaults);
}

function wordsFor(origin: Origin, profile: Profile, world: WorldRun): Pick<Played, 'title' | 'story'> {
  if (origin.kind === 'own')
    return { title: 'Your own experiment', story: 'A home, a router and a server of your own making.' };
  const found = origin.kind === 'scenario' ? scenarioOf(origin.id) : situationOf(origin.id);
  if (!found) throw new Error(`no ${origin.kind} "${origin.id}"`);
  if ('story' in found) return { title: found.title, story: found.story };
  const { title } = found;
  // Somebody may have sent everybody home since.
  if (!canBeJudged(world)) return { title, story: `A cell of the matrix, at ${profile.name}.` };
  const { says } = OUTCOMES[judge(world).code];
  return { title, story: `A cell of the matrix. At ${profile.name}, with its switches as they are: ${says}.` };
}

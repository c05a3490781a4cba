/** Turns the name of a run that shows something into the run itself, and finds the step to look at. @module */
import type { Shown, Sight } from '../explain/shown.ts';
import { u16 } from '../lib/bytes.ts';
import { profileOf } from '../router/profiles/index.ts';
import type { Profile, Switches } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';
import type { Occurrence, Trace } from '../world/trace.ts';
import { scenarioOf } from './index.ts';
import { experimentOf, type Situation, situationOf } from './matrix-situations.ts';
import { judge } from './matrix-verdict.ts';
import type { Scenario } from './scenario.ts';

/** What a shown run is made of. */
export type Exhibit =
  | { readonly experiment: Experiment; readonly scenario: Scenario }
  | {
      readonly experiment: Experiment;
      readonly situation: Situation;
      readonly profile: Profile;
      readonly switches: Switches;
    };

/** Throws where it names nothing that there is. */
export function exhibitOf(shown: Shown): Exhibit {
  if ('scenario' in shown) {
    const scenario = scenarioOf(shown.scenario);
    if (!scenario) throw new Error(`there is no scenario "${shown.scenario}"`);
    return { experiment: scenario.experiment, scenario };
  }
  const [situation, profile] = [situationOf(shown.situation), profileOf(shown.profile)];
  if (!situation || !profile) throw new Error(`there is no cell "${shown.situation}" at "${shown.profile}"`);
  const { off = [] } = shown;
  const switches = { pptp: !off.includes('pptp'), l2tp: !off.includes('l2tp'), ipsec: !off.includes('ipsec') };
  return { experiment: experimentOf(situation, profile, switches), situation, profile, switches };
}

/** Index of the occurrence to look at: the packet asked for, or else what decides the run. */
export function sightIn(trace: Trace, { sight }: Shown): number {
  if (!sight) return judge(trace).step;
  const done = sight.afterIntervention ? trace.occurrences.findIndex(({ kind }) => kind === 'intervention') : -1;
  const found = trace.occurrences.find((each) => each.index > done && isSeen(each, sight));
  if (!found) throw new Error(`no packet of this run is ${JSON.stringify(sight)}`);
  return found.index;
}

const PROTOCOL_AT = 9;

function isSeen(each: Occurrence, { from, protocol, port }: Sight): boolean {
  if (each.kind !== 'routed' || each.frame.from !== from) return false;
  const { bytes } = each.frame;
  const header = (bytes[0]! & 15) * 4;
  return (
    bytes[PROTOCOL_AT] === protocol &&
    (port === undefined || u16(bytes, header + 2) === port)
  );
}

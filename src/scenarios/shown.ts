/** Turns the name of a run that shows something into the run itself, and finds the step to look at. @module */
import type { Shown, ShownCell, Sight } from '../explain/shown.ts';
import { u16 } from '../lib/bytes.ts';
import { profileOf } from '../router/profiles/index.ts';
import type { Switches } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';
import type { Occurrence, Trace } from '../world/trace.ts';
import { scenarioOf } from './index.ts';
import { experimentOf, situationOf } from './matrix-situations.ts';
import { judge } from './matrix-verdict.ts';

/** A shown run, and where it comes from. */
export interface Exhibit {
  readonly origin: { readonly kind: 'scenario' | 'situation'; readonly id: string };
  readonly experiment: Experiment;
}

/** Throws where it names nothing that there is. */
export function exhibitOf(shown: Shown): Exhibit {
  if ('scenario' in shown) {
    const scenario = scenarioOf(shown.scenario);
    if (!scenario) throw new Error(`there is no scenario "${shown.scenario}"`);
    return { origin: { kind: 'scenario', id: scenario.id }, experiment: scenario.experiment };
  }
  const [situation, profile] = [situationOf(shown.situation), profileOf(shown.profile)];
  if (!situation || !profile) throw new Error(`there is no cell "${shown.situation}" at "${shown.profile}"`);
  return {
    origin: { kind: 'situation', id: situation.id },
    experiment: experimentOf(situation, profile, switchesOf(shown)),
  };
}

export function switchesOf({ off = [] }: ShownCell): Switches {
  return { pptp: !off.includes('pptp'), l2tp: !off.includes('l2tp'), ipsec: !off.includes('ipsec') };
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
  return bytes[PROTOCOL_AT] === protocol && (port === undefined || u16(bytes, header + 2) === port);
}

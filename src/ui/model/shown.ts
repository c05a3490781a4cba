/** Runs that bear out what is said: what they are called, and where on the stage they are opened. @module */
import { OUTCOMES } from '../../explain/outcomes.ts';
import type { Shown } from '../../explain/shown.ts';
import { profileOf } from '../../router/profiles/index.ts';
import { SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import { scenarioOf } from '../../scenarios/index.ts';
import { situationOf } from '../../scenarios/matrix-situations.ts';
import type { Code } from '../../scenarios/matrix-verdict.ts';
import { exhibitOf, sightIn } from '../../scenarios/shown.ts';
import { run } from '../../world/run.ts';
import type { Place } from '../lab/link.ts';

/** The run at the step that shows it. It is run once to find the step. */
export function placeOfShown(shown: Shown): Place {
  const chosen = exhibitOf(shown);
  return { chosen, cursor: sightIn(run(chosen.experiment), shown) };
}

const SWITCH: Readonly<Record<SwitchName, string>> = { pptp: 'PPTP', l2tp: 'L2TP', ipsec: 'IPsec' };

/** "PPTP: one laptop", or "L2TP, 2 laptops, at DD-WRT, L2TP off: blocked" */
export function nameOfShown(shown: Shown): string {
  if ('scenario' in shown) return scenarioOf(shown.scenario)?.title ?? shown.scenario;
  const { off = [] } = shown;
  const positions =
    off.length === SWITCHES.length ? 'all switches off' : off.map((name) => `${SWITCH[name]} off`).join(', ');
  const parts = [situationOf(shown.situation)?.title, `at ${profileOf(shown.profile)?.name}`, positions || 'all on'];
  return `${parts.join(', ')}: ${OUTCOMES[shown.finds as Code].short}`;
}

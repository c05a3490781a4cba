/** Where in time the cursor stands: when something done now happens, and how things stand by then. @module */
import { SWITCHES, type Switches, type SwitchName } from '../../router/profiles/profile.ts';
import { REBOOT } from '../../world/bounds.ts';
import type { Experiment, Intervention } from '../../world/experiment.ts';
import { once } from '../model/once.ts';
import type { Run } from '../model/run.ts';

/** After all that the cursor has seen, so that nothing of it changes. Microseconds. */
export function momentAfter(run: Run, cursor: number): number {
  const seen = run.trace.occurrences[cursor];
  return seen ? seen.time + 1 : 0;
}

/** A router that somebody does things to, and those things in order. */
const deedsOf = once((run: Run) => run.trace.occurrences.filter((each) => each.kind === 'intervention'));

/** The positions of a router's switches as the cursor finds them; `from`: as the run begins. */
export function switchesAt(run: Run, router: string, from: Switches, cursor: number): Switches {
  const positions = { ...from };
  for (const { node, what, index } of deedsOf(run)) {
    if (index > cursor) break;
    const [deed, name, position] = what.split(' ');
    const known = SWITCHES.find((each) => each === name);
    if (node === router && deed === 'switch' && known) positions[known] = position === 'on';
  }
  return positions;
}

/** Whether a router is away at the cursor, starting anew. */
export function isRebooting(run: Run, router: string, cursor: number): boolean {
  const now = run.trace.occurrences[cursor]?.time ?? -1;
  return deedsOf(run).some(
    ({ node, what, index, time }) => node === router && what === 'reboot' && index <= cursor && now < time + REBOOT,
  );
}

/** How often a router has been started anew by then. */
export function rebootsAt(run: Run, router: string, cursor: number): number {
  return deedsOf(run).filter(({ node, what, index }) => node === router && what === 'reboot' && index <= cursor).length;
}

type Flip = Extract<Intervention, { do: 'switch' }>;

/** When somebody flips this switch in the middle of the run, in order. */
export function flipsOf({ interventions = [] }: Experiment, router: string, name: SwitchName): readonly Flip[] {
  return interventions
    .filter((each): each is Flip => each.do === 'switch' && each.router === router && each.name === name)
    .sort((a, b) => a.at - b.at);
}

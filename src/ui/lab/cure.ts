/**
 * Which switch would have changed the fate of a stopped packet. Found by trying: the experiment is run again with a
 * switch the other way, and only what that run really shows is promised.
 * @module
 */
import { SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import type { Occurrence, Trace } from '../../world/trace.ts';
import { fateOfOutcome, type Step } from '../model/run.ts';
import { flipped, homeOf } from './chosen.ts';
import type { Engine, Played } from './engine.ts';
import type { Search } from './search.ts';

type Routed = Extract<Occurrence, { kind: 'routed' }>;

export interface Cure {
  readonly name: SwitchName;
  /** Its position then. */
  readonly on: boolean;
}

const PROTOCOL_AT = 9;

/** Undefined where no switch alone would help. */
export function* cureOf(engine: Engine, played: Played, step: Step | undefined): Search<Cure | undefined> {
  if (step?.fate !== 'stopped' || step.occurrence.kind !== 'routed') return undefined;
  for (const name of SWITCHES) {
    if (!matters(played, name)) continue;
    // The same for each packet of a run, and so it is run once.
    const trial = engine.tryOut(flipped(played.chosen, name));
    for (; !trial.world; yield) trial.goOn();
    if (helps(played.world, trial.world, step.occurrence)) return { name, on: !homeOf(played.chosen).switches[name] };
  }
  return undefined;
}

function matters({ profile }: Played, name: SwitchName): boolean {
  const { on, off } = profile.switches[name];
  const parts = [on.helpers, off.helpers, on.rules, off.rules];
  return parts.some((part) => part !== undefined && part.length > 0);
}

function helps(here: Trace, there: Trace, stopped: Routed): boolean {
  const alike = (each: Routed) =>
    each.node === stopped.node &&
    each.on === stopped.on &&
    each.frame.from === stopped.frame.from &&
    each.frame.bytes[PROTOCOL_AT] === stopped.frame.bytes[PROTOCOL_AT];
  const passing = routed(there).filter((each) => alike(each) && fateOfOutcome(each.outcome) === 'through');
  if (passing.some((each) => sameBytes(each.frame.bytes, stopped.frame.bytes))) return true;
  // Elsewhere its bytes may be others, as after a Call ID was rewritten: then what counts is that a tunnel came up.
  return passing.length > 0 && concerned(here, stopped).some((id) => !wasUp(here, id) && wasUp(there, id));
}

function routed(trace: Trace): readonly Routed[] {
  return trace.occurrences.filter((each) => each.kind === 'routed');
}

/** The clients whose tunnel the packet may belong to. */
function concerned(trace: Trace, { frame }: Routed): readonly string[] {
  const clients = trace.nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id);
  return clients.includes(frame.from) ? [frame.from] : clients;
}

function wasUp(trace: Trace, node: string): boolean {
  return trace.occurrences.some((each) => each.kind === 'phase' && each.node === node && each.status === 'up');
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

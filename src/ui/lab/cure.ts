/**
 * Which switch would have changed the fate of a stopped packet. Found by trying: the experiment is run again with a
 * switch the other way, and only what that run really shows is promised.
 * @module
 */
import { SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import type { Occurrence } from '../../world/trace.ts';
import { once } from '../model/once.ts';
import { fateOfOutcome, type Run, type Step } from '../model/run.ts';
import { flipped, homeOf } from './chosen.ts';
import type { Engine, Played } from './engine.ts';

type Routed = Extract<Occurrence, { kind: 'routed' }>;

export interface Cure {
  readonly name: SwitchName;
  /** Its position then. */
  readonly on: boolean;
}

const PROTOCOL_AT = 9;

/** Undefined where no switch alone would help. */
export function cureOf(engine: Engine, played: Played, step: Step | undefined): Cure | undefined {
  if (step?.fate !== 'stopped' || step.occurrence.kind !== 'routed') return undefined;
  const stopped = step.occurrence;
  const others = alternatives(engine)(played);
  const found = others.find(({ other }) => helps(played, other, stopped));
  return found && { name: found.name, on: !homeOf(played.chosen).switches[found.name] };
}

/** One run for each switch that does something else in its other position; made when first asked for. */
const alternatives = once((engine: Engine) =>
  once((played: Played) =>
    SWITCHES.filter((name) => matters(played, name)).map((name) => ({
      name,
      other: engine.play(flipped(played.chosen, name)),
    })),
  ),
);

function matters({ profile }: Played, name: SwitchName): boolean {
  const { on, off } = profile.switches[name];
  const parts = [on.helpers, off.helpers, on.rules, off.rules];
  return parts.some((part) => part !== undefined && part.length > 0);
}

function helps(here: Played, there: Played, stopped: Routed): boolean {
  const alike = (each: Routed) =>
    each.node === stopped.node &&
    each.on === stopped.on &&
    each.frame.from === stopped.frame.from &&
    each.frame.bytes[PROTOCOL_AT] === stopped.frame.bytes[PROTOCOL_AT];
  const passing = routed(there.run).filter((each) => alike(each) && fateOfOutcome(each.outcome) === 'through');
  if (passing.some((each) => sameBytes(each.frame.bytes, stopped.frame.bytes))) return true;
  // Elsewhere its bytes may be others, as after a Call ID was rewritten: then what counts is that a tunnel came up.
  return passing.length > 0 && concerned(here, stopped).some((id) => !wasUp(here.run, id) && wasUp(there.run, id));
}

function routed(run: Run): readonly Routed[] {
  return run.trace.occurrences.filter((each) => each.kind === 'routed');
}

/** The clients whose tunnel the packet may belong to. */
function concerned({ run }: Played, { frame }: Routed): readonly string[] {
  const clients = run.trace.nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id);
  return clients.includes(frame.from) ? [frame.from] : clients;
}

function wasUp(run: Run, node: string): boolean {
  return run.trace.occurrences.some((each) => each.kind === 'phase' && each.node === node && each.status === 'up');
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A step as the panels and the stage show it: which packets travel between which nodes, what changed, and why. @module */
import { explain, ranked } from '../../explain/reasons.ts';
import { type About, GRE, type Words } from '../../explain/words.ts';
import { u32 } from '../../lib/bytes.ts';
import type { StageNote } from '../../router/outcome.ts';
import type { Reason } from '../../router/reason.ts';
import { parseIpv4 } from '../../wire/address.ts';
import type { Frame, Occurrence } from '../../world/trace.ts';
import { compare, type LayerRows } from './compare.ts';
import { once } from './once.ts';
import { findField } from './packet.ts';
import type { Run, Step } from './run.ts';

/** One packet on one link of its way. */
export interface Leg {
  readonly frame: Frame;
  /** The router's interface it came in by or went out by. */
  readonly on: string;
}

export interface ReasonView {
  readonly reason: Reason;
  readonly words: Words;
}

export type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** A stage that ran, in order; a name may come twice, so each has its place in its id. */
export interface StageView extends Omit<StageNote, 'did'> {
  readonly id: string;
  /** `end`: the packet's way ends here as it should, or only for now. */
  readonly did: StageNote['did'] | 'end';
}

export interface StepView {
  readonly routed: Routed;
  readonly incoming: Leg;
  /** What the packet became; several where it was cut into pieces, none where it ended. */
  readonly outgoing: readonly Leg[];
  /** What the router itself had to say. */
  readonly answers: readonly Leg[];
  readonly stages: readonly StageView[];
  /** Both sides, field by field. */
  readonly layers: readonly LayerRows[];
  /** The one worth telling first. */
  readonly reasons: readonly ReasonView[];
}

/** Undefined for steps at which no router had a packet in hand. */
export function viewOf(run: Run, step: Step | undefined): StepView | undefined {
  return step && views(run)(step);
}

const views = once((run: Run) => once((step: Step): StepView | undefined => make(run, step)));

function make(run: Run, step: Step): StepView | undefined {
  const { occurrence } = step;
  if (occurrence.kind !== 'routed') return undefined;
  const { outcome, frame, out } = occurrence;
  const legs = outcome.out.map((emission, i) => ({ leg: { frame: out[i]!, on: emission.on }, own: emission.own }));
  const outgoing = legs.filter(({ own }) => !own).map(({ leg }) => leg);
  const about = aboutOf(run, occurrence);
  return {
    routed: occurrence,
    incoming: { frame, on: occurrence.on },
    outgoing,
    answers: legs.filter(({ own }) => own).map(({ leg }) => leg),
    stages: stagesOf(outcome.stages).map((note, i) => ({
      ...note,
      id: `${i} ${note.stage}`,
      did: note.did === 'stop' && step.fate !== 'stopped' ? 'end' : note.did,
    })),
    layers: compare(frame.bytes, outgoing[0]?.frame.bytes),
    reasons: ranked(outcome.reasons).map((reason) => ({ reason, words: withNames(run, explain(reason, about)) })),
  };
}

/**
 * What the router is to take for itself is noted down before anybody is asked to take it. That nobody does is a matter
 * of the stage that decided it was for the router: what was noted is noted.
 */
function stagesOf(notes: readonly StageNote[]): readonly StageNote[] {
  const taken = notes.findIndex(({ stage }) => stage === 'input');
  const ended = notes.findIndex(({ reasons }) => reasons.some(isUnwanted));
  if (taken < 0 || ended <= taken) return notes;
  return notes.map((note, i) => {
    const [ending, others] = [note.reasons.filter(isUnwanted), note.reasons.filter((reason) => !isUnwanted(reason))];
    if (i === taken)
      return { ...note, did: 'stop', reasons: [...note.reasons, ...notes[ended]!.reasons.filter(isUnwanted)] };
    return ending.length === 0 ? note : { ...note, did: others.length > 0 ? 'act' : 'pass', reasons: others };
  });
}

function isUnwanted({ code }: Reason): boolean {
  return code === 'nobody-listens';
}

/** By server: when a laptop first sent GRE there. */
const firstGre = once((run: Run) => {
  const first = new Map<number, number>();
  for (const { occurrence } of run.steps) {
    if (occurrence.kind !== 'routed' || occurrence.frame.bytes[9] !== GRE) continue;
    const to = u32(occurrence.frame.bytes, 16);
    if (run.nodes.get(occurrence.frame.from)?.kind === 'client' && !first.has(to)) first.set(to, occurrence.time);
  }
  return first;
});

const routersOf = once((run: Run) => [...run.nodes.values()].filter(({ kind }) => kind === 'router').length);

function aboutOf(run: Run, occurrence: Routed): About {
  const { bytes } = occurrence.frame;
  const name = run.nodes.get(occurrence.node)?.name;
  const greSent = (firstGre(run).get(u32(bytes, 12)) ?? Infinity) < occurrence.time;
  const callId = findField(bytes, 'gre.key.call_id')?.value;
  return {
    protocol: bytes[9] ?? 0,
    ...(typeof callId === 'number' ? { callId } : {}),
    ...(run.setup ? { helper: run.setup.pptpHelper } : {}),
    ...(run.setup?.greByAddresses ? { greByAddresses: true, greSent } : {}),
    destination: u32(bytes, 16),
    ...(routersOf(run) > 1 && name !== undefined ? { router: name } : {}),
  };
}

/** The student's sentence speaks of laptops and servers, where the engineer's keeps their addresses. */
function withNames(run: Run, words: Words): Words {
  const student = words.student.replace(/\d+\.\d+\.\d+\.\d+/g, (text) => {
    const address = parseIpv4(text);
    return (address === undefined ? undefined : run.names.get(address)) ?? text;
  });
  return { ...words, student };
}

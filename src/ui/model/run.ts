/**
 * A trace with what is worth working out once: where the cursor stops, what became of each packet, and the
 * router tables as they stood at any moment.
 * @module
 */
import type { Outcome } from '../../router/outcome.ts';
import type { Reason } from '../../router/reason.ts';
import type { Occurrence, Trace, TraceNode } from '../../world/trace.ts';
import { once } from './once.ts';
import { rememberLength } from './packet.ts';

/**
 * through: it went on. stopped: its way ended at the router or on the wire, though it was meant for another.
 * held: the router waits for its other fragments. served: the router was meant, and took or answered it.
 */
export type Fate = 'through' | 'stopped' | 'held' | 'served';

/** One stop of the cursor. */
export interface Step {
  /** Position of its occurrence in the trace: what the cursor holds. */
  readonly index: number;
  /** Counted from 1, as shown. */
  readonly number: number;
  readonly occurrence: Occurrence;
  readonly fate: Fate;
}

/** What is known of the router's settings and is not in the trace. */
export interface Setup {
  /** It reads PPTP control connections. */
  readonly pptpHelper: boolean;
  /** It tells GRE apart by addresses alone. */
  readonly greByAddresses?: boolean;
}

export interface Run {
  readonly trace: Trace;
  readonly setup: Setup | undefined;
  readonly steps: readonly Step[];
  readonly nodes: ReadonlyMap<string, TraceNode>;
  /** Names by address, for sentences. */
  readonly names: ReadonlyMap<number, string>;
}

export function runOf(trace: Trace, setup?: Setup): Run {
  const steps: Step[] = [];
  rememberLengths(trace);
  const translated = translatedFrames(trace);
  const routers = new Set(trace.nodes.filter(({ kind }) => kind === 'router').map(({ id }) => id));
  for (const occurrence of trace.occurrences)
    if (isStop(occurrence) || isAtGateway(occurrence, routers, translated))
      steps.push({ index: occurrence.index, number: steps.length + 1, occurrence, fate: fateOf(occurrence) });
  const names = new Map<number, string>();
  for (const node of trace.nodes) for (const address of node.addresses) names.set(address, node.name);
  return { trace, setup, steps, nodes: new Map(trace.nodes.map((node) => [node.id, node])), names };
}

/** Packets that a capture cut are read as such, and not as damaged. */
function rememberLengths({ occurrences }: Trace): void {
  for (const each of occurrences) {
    if (each.kind === 'left-out') rememberLength(each.bytes, each.wholeLength);
    if (each.kind !== 'routed' || each.frame.wholeLength === undefined) continue;
    for (const { bytes, wholeLength } of [each.frame, ...each.out])
      if (wholeLength !== undefined) rememberLength(bytes, wholeLength);
  }
}

/** Sending and arriving are part of the way that a `routed` occurrence shows; alone they are no stop. */
function isStop(occurrence: Occurrence): boolean {
  switch (occurrence.kind) {
    case 'sent':
    case 'received':
      return false;
    case 'phase':
      return occurrence.status === 'up' || occurrence.status === 'failed';
    case 'lost':
    case 'routed':
    case 'symptom':
    case 'intervention':
    case 'passed-over':
    case 'left-out':
      return true;
  }
}

/** What came out of translation, and what routers said of their own: shown with the packet that led to it. */
function translatedFrames({ occurrences }: Trace): ReadonlySet<number> {
  return new Set(occurrences.flatMap((each) => (each.kind === 'routed' ? each.out.map(({ id }) => id) : [])));
}

/** A packet to or from a router that is an end of a tunnel itself: none translates it, so its arrival is the stop. */
function isAtGateway(
  occurrence: Occurrence,
  routers: ReadonlySet<string>,
  translated: ReadonlySet<number>,
): occurrence is Extract<Occurrence, { kind: 'received' }> {
  if (occurrence.kind !== 'received') return false;
  const { node, frame } = occurrence;
  return routers.has(node) || (routers.has(frame.from) && !translated.has(frame.id));
}

function fateOf(occurrence: Occurrence): Fate {
  if (occurrence.kind === 'lost') return 'stopped';
  if (occurrence.kind === 'routed') return fateOfOutcome(occurrence.outcome);
  return 'through';
}

/** The router answers a ping meant for it; it also "answers" a stray packet with an error, which ends that packet. */
const ENDINGS: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'blocked-by-rule',
  'ttl-expired',
  'too-big',
  'no-route',
  'martian',
  'tuple-clash',
  'table-full',
  'icmp-error-unmatched',
]);

export function fateOfOutcome(outcome: Outcome): Fate {
  switch (outcome.verdict) {
    case 'forwarded':
      return 'through';
    case 'held':
      return 'held';
    case 'dropped':
      return 'stopped';
    case 'answered':
    case 'delivered':
      return outcome.reasons.some(endsIt) ? 'stopped' : 'served';
  }
}

function endsIt(reason: Reason): boolean {
  if (reason.code === 'nobody-listens') return reason.answer !== 'echo-reply' && reason.answer !== 'timestamp-reply';
  return ENDINGS.has(reason.code) || (reason.code === 'addressed-to-router' && reason.unknownFlow);
}

/** The last step at or before the cursor, as a position in `steps`; -1 before the first. */
export function stepAt(run: Run, cursor: number): number {
  let low = 0;
  let high = run.steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.steps[middle]!.index <= cursor) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Position in `steps` of the next (or previous) stopped packet; undefined where there is none. */
export function nextStopped(run: Run, from: number, direction: 1 | -1): number | undefined {
  for (let i = from + direction; i >= 0 && i < run.steps.length; i += direction)
    if (run.steps[i]!.fate === 'stopped') return i;
  return undefined;
}

/**
 * Where playing holds by itself: a stopped packet whose cause has not been seen before in this run, and the first
 * time that the router writes a Call ID of its own, or that one laptop takes another's answers.
 */
export const holdsOf = once((run: Run): ReadonlySet<number> => {
  const seen = new Set<string>();
  const holds = new Set<number>();
  for (const step of run.steps) {
    const sight = sightOf(step);
    if (sight === undefined || seen.has(sight)) continue;
    seen.add(sight);
    holds.add(step.index);
  }
  return holds;
});

function sightOf({ occurrence, fate }: Step): string | undefined {
  const codes = occurrence.kind === 'routed' ? occurrence.outcome.reasons.map((reason) => reason.code) : [];
  if (fate === 'stopped') return codes.join(' ') || occurrence.kind;
  return codes.find((code) => code === 'call-id-rewritten' || code === 'answers-taken');
}

/**
 * Claims about a run, as data, and the one function that judges them. Lessons use them as well.
 * @module
 */
import type { Reason } from '../router/reason.ts';
import type { Occurrence, Trace } from '../world/trace.ts';

export type Claim =
  /** The node's conversation is up, has failed, … at the cursor. */
  | { readonly that: 'status'; readonly node: string; readonly is: 'connecting' | 'up' | 'failed' | 'closed' }
  /** The node's conversation was up at some time before the cursor. */
  | { readonly that: 'was-up'; readonly node: string }
  /** The user of this node has been told this. */
  | { readonly that: 'symptom'; readonly node: string; readonly code: string }
  /** A packet ended at a router for this reason; `from` narrows to packets sent by that node. */
  | { readonly that: 'stopped'; readonly because: Reason['code']; readonly from?: string }
  /** A router gave this reason for something it did. */
  | { readonly that: 'reason'; readonly code: Reason['code'] }
  /** No packet of this node was dropped by a router. */
  | { readonly that: 'all-pass'; readonly from: string }
  /** Nothing that this node sent ever reached that one. */
  | { readonly that: 'never-reaches'; readonly from: string; readonly to: string }
  | { readonly that: 'not'; readonly claim: Claim };

/** Does the claim hold after the occurrence at `cursor`? */
export function holds(claim: Claim, trace: Trace, cursor = trace.occurrences.length - 1): boolean {
  const past = (index: number): boolean => index <= cursor;
  const some = (wanted: (occurrence: Occurrence) => boolean): boolean =>
    trace.occurrences.some((each) => past(each.index) && wanted(each));
  switch (claim.that) {
    case 'status':
      return statusAt(trace, claim.node, cursor) === claim.is;
    case 'was-up':
      return some((each) => each.kind === 'phase' && each.node === claim.node && each.status === 'up');
    case 'symptom':
      return some((each) => each.kind === 'symptom' && each.node === claim.node && each.code === claim.code);
    case 'stopped':
      return some(
        (each) =>
          each.kind === 'routed' &&
          isStopped(each) &&
          each.outcome.reasons.some((reason) => reason.code === claim.because) &&
          (claim.from === undefined || each.frame.from === claim.from),
      );
    case 'reason':
      return some(
        (each) => each.kind === 'routed' && each.outcome.reasons.some((reason) => reason.code === claim.code),
      );
    case 'all-pass':
      return !some((each) => each.kind === 'routed' && each.frame.from === claim.from && isStopped(each));
    case 'never-reaches':
      return !some(
        (each) => each.kind === 'received' && each.node === claim.to && originOf(each, trace) === claim.from,
      );
    case 'not':
      return !holds(claim.claim, trace, cursor);
  }
}

/** The newest status that a node reported up to the cursor. */
export function statusAt(trace: Trace, node: string, cursor: number): string | undefined {
  const last = trace.occurrences.findLast(
    (each) => each.index <= cursor && each.kind === 'phase' && each.node === node,
  );
  return last?.kind === 'phase' ? last.status : undefined;
}

function isStopped(occurrence: Extract<Occurrence, { kind: 'routed' }>): boolean {
  const { verdict } = occurrence.outcome;
  return verdict === 'dropped' || verdict === 'answered';
}

/** Who sent the first of the frames that became this one, through however many routers. */
function originOf(occurrence: Extract<Occurrence, { kind: 'received' }>, trace: Trace): string {
  let { frame } = occurrence;
  while (frame.parent !== undefined) {
    const { parent } = frame;
    const earlier = trace.occurrences.find((each) => 'frame' in each && each.frame.id === parent);
    if (!earlier || !('frame' in earlier)) break;
    frame = earlier.frame;
  }
  return frame.from;
}

/** A claim as a sentence of a test's title or a report. */
export function describeClaim(claim: Claim): string {
  switch (claim.that) {
    case 'status':
      return `${claim.node} is ${claim.is}`;
    case 'was-up':
      return `${claim.node} was up`;
    case 'symptom':
      return `the user of ${claim.node} reads ${claim.code}`;
    case 'stopped':
      return `a packet${claim.from ? ` of ${claim.from}` : ''} is stopped: ${claim.because}`;
    case 'reason':
      return `a router says ${claim.code}`;
    case 'all-pass':
      return `no packet of ${claim.from} is stopped`;
    case 'never-reaches':
      return `nothing of ${claim.from} reaches ${claim.to}`;
    case 'not':
      return `it is not so that ${describeClaim(claim.claim)}`;
  }
}

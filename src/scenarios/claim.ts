/**
 * Claims about a run, as data, and the one function that judges them.
 * @module
 */
import type { Reason } from '../router/reason.ts';
import type { Frame, Occurrence, Trace } from '../world/trace.ts';

export type Claim =
  /** The node's conversation is up, has failed, … at the cursor. */
  | { readonly that: 'status'; readonly node: string; readonly is: Status }
  /** … or was so at some time before the cursor. */
  | { readonly that: 'was'; readonly node: string; readonly is: Status }
  /** The user of this node has been told this. */
  | { readonly that: 'symptom'; readonly node: string; readonly code: string }
  /** A packet ended at a router for this reason; `from` narrows to who sent it, `protocol` to its IP protocol. */
  | { readonly that: 'stopped'; readonly because: Reason['code']; readonly from?: string; readonly protocol?: number }
  /** A router gave this reason for something it did, to a packet that this node sent. */
  | { readonly that: 'reason'; readonly code: Reason['code']; readonly from?: string }
  /** No packet of this node was dropped by a router. */
  | { readonly that: 'all-pass'; readonly from: string }
  /** Nothing that this node sent ever reached that one. */
  | { readonly that: 'never-reaches'; readonly from: string; readonly to: string }
  /** The claim held at this time, microseconds, or holds now if that time has not come. */
  | { readonly that: 'by'; readonly time: number; readonly claim: Claim }
  | { readonly that: 'not'; readonly claim: Claim };

type Status = 'connecting' | 'up' | 'failed' | 'closed';
type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** Does the claim hold after the occurrence at `cursor`? */
export function holds(claim: Claim, trace: Trace, cursor = trace.occurrences.length - 1): boolean {
  const some = (wanted: (occurrence: Occurrence) => boolean): boolean =>
    trace.occurrences.some((each) => each.index <= cursor && wanted(each));
  const routed = (wanted: (routed: Routed) => boolean): boolean =>
    some((each) => each.kind === 'routed' && wanted(each));
  switch (claim.that) {
    case 'status':
      return statusAt(trace, claim.node, cursor) === claim.is;
    case 'was':
      return some((each) => each.kind === 'phase' && each.node === claim.node && each.status === claim.is);
    case 'symptom':
      return some((each) => each.kind === 'symptom' && each.node === claim.node && each.code === claim.code);
    case 'stopped':
      return routed((each) => isStopped(each) && gives(each, claim.because) && isOf(each, claim));
    case 'reason':
      return routed((each) => gives(each, claim.code) && isOf(each, claim));
    case 'all-pass':
      return !routed((each) => isStopped(each) && isOf(each, claim));
    case 'never-reaches':
      return !some((each) => each.kind === 'received' && each.node === claim.to && origin(each, trace) === claim.from);
    case 'by':
      return holds(claim.claim, trace, Math.min(cursor, cursorAt(trace, claim.time)));
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

/** The last occurrence up to a time; -1 before the first. */
function cursorAt(trace: Trace, time: number): number {
  return trace.occurrences.findLastIndex((each) => each.time <= time);
}

function isStopped({ outcome }: Routed): boolean {
  return outcome.verdict === 'dropped' || outcome.verdict === 'answered';
}

function gives({ outcome }: Routed, code: Reason['code']): boolean {
  return outcome.reasons.some((reason) => reason.code === code);
}

const PROTOCOL_AT = 9;

function isOf({ frame }: Routed, wanted: { readonly from?: string; readonly protocol?: number }): boolean {
  const { from = frame.from, protocol = frame.bytes[PROTOCOL_AT] } = wanted;
  return frame.from === from && frame.bytes[PROTOCOL_AT] === protocol;
}

/** Who sent the first of the frames that became this one, through however many routers. */
function origin(occurrence: Extract<Occurrence, { kind: 'received' }>, trace: Trace): string {
  const frames = framesOf(trace);
  let { frame } = occurrence;
  for (let before = parentOf(frame, frames); before; before = parentOf(frame, frames)) frame = before;
  return frame.from;
}

function parentOf(frame: Frame, frames: ReadonlyMap<number, Frame>): Frame | undefined {
  return frame.parent === undefined ? undefined : frames.get(frame.parent);
}

const known = new WeakMap<Trace, ReadonlyMap<number, Frame>>();

function framesOf(trace: Trace): ReadonlyMap<number, Frame> {
  const before = known.get(trace);
  if (before) return before;
  const frames = new Map<number, Frame>();
  for (const each of trace.occurrences) if ('frame' in each) frames.set(each.frame.id, each.frame);
  known.set(trace, frames);
  return frames;
}

/** A claim as a sentence of a test's title or a report. */
export function describeClaim(claim: Claim): string {
  switch (claim.that) {
    case 'status':
      return `${claim.node} is ${claim.is}`;
    case 'was':
      return `${claim.node} was ${claim.is}`;
    case 'symptom':
      return `the user of ${claim.node} reads ${claim.code}`;
    case 'stopped':
      return `a packet${describeWhich(claim)} is stopped: ${claim.because}`;
    case 'reason':
      return `a router says of a packet${describeWhich(claim)}: ${claim.code}`;
    case 'all-pass':
      return `no packet of ${claim.from} is stopped`;
    case 'never-reaches':
      return `nothing of ${claim.from} reaches ${claim.to}`;
    case 'by':
      return `after ${claim.time / 1_000_000} s ${describeClaim(claim.claim)}`;
    case 'not':
      return `it is not so that ${describeClaim(claim.claim)}`;
  }
}

function describeWhich({ from, protocol }: { readonly from?: string; readonly protocol?: number }): string {
  const kind = protocol === undefined ? '' : ` of IP protocol ${protocol}`;
  return from === undefined ? kind : `${kind} of ${from}`;
}

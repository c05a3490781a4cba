/** Which packet settled what happened at a step that is no packet: the one that arrived, or the one that never did. @module */
import type { Occurrence } from '../../world/trace.ts';
import { stepOfFrame } from './flights.ts';
import { last } from './once.ts';
import type { Run, Step } from './run.ts';

export interface Settled {
  /** A place in `run.steps`. */
  readonly position: number;
  /**
   * `came`: it arrived. `stopped`: it was waited for, or should have been answered. `unanswered`: the node's own last
   * one, where none was stopped. `next`: the first that shows what was done.
   */
  readonly how: 'came' | 'stopped' | 'unanswered' | 'next';
}

/** The packet whose end is behind what somebody has met at this step. */
export function stoppedBehind(run: Run, step: Step): Step | undefined {
  const settled = settledBy(run, step);
  return settled?.how === 'stopped' ? run.steps[settled.position] : undefined;
}

/** Asked by all that tell of the present step. */
export const settledBy = last((run: Run, step: Step): Settled | undefined => {
  const { occurrence } = step;
  switch (occurrence.kind) {
    case 'phase':
      return occurrence.status === 'up' ? arrival(run, occurrence) : failing(run, step);
    case 'symptom':
      // What a node says the moment a packet reaches it is about that packet; else it has waited for one too long.
      return lastReceived(run, occurrence)?.time === occurrence.time ? arrival(run, occurrence) : failing(run, step);
    case 'intervention':
      return after(run, step);
    default:
      return undefined;
  }
});

/** The last packet that reached the node by then. */
function lastReceived(run: Run, { index, node }: Occurrence) {
  return run.trace.occurrences.slice(0, index).findLast((each) => each.kind === 'received' && each.node === node);
}

function arrival(run: Run, occurrence: Occurrence): Settled | undefined {
  const found = lastReceived(run, occurrence);
  const position = found && 'frame' in found ? stepOfFrame(run).get(found.frame.id) : undefined;
  return position === undefined ? undefined : { position, how: 'came' };
}

function failing(run: Run, step: Step): Settled | undefined {
  return stoppedBefore(run, step) ?? unanswered(run, step) ?? arrival(run, step.occurrence);
}

function unanswered(run: Run, { number, occurrence }: Step): Settled | undefined {
  const position = run.steps
    .slice(0, number - 1)
    .findLastIndex(({ occurrence: each }) => 'frame' in each && each.frame.from === occurrence.node);
  return position < 0 ? undefined : { position, how: 'unanswered' };
}

/** Of the packets that were stopped by then: the node's own last one, or else the last one from outside. */
function stoppedBefore(run: Run, { number, occurrence }: Step): Settled | undefined {
  const before = run.steps.slice(0, number - 1);
  const stopped = (from: (node: string) => boolean) =>
    before.findLast(({ fate, occurrence: each }) => fate === 'stopped' && 'frame' in each && from(each.frame.from));
  const kindOf = (node: string) => run.nodes.get(node)?.kind;
  const other = kindOf(occurrence.node) === 'client' ? 'server' : 'client';
  const found = stopped((node) => node === occurrence.node) ?? stopped((node) => kindOf(node) === other);
  return found && { position: found.number - 1, how: 'stopped' };
}

/** The first packet that is stopped from there on, or else the next one. */
function after(run: Run, { number }: Step): Settled | undefined {
  const rest = run.steps.slice(number);
  const found = rest.find(({ fate }) => fate === 'stopped') ?? rest.find(({ occurrence }) => 'frame' in occurrence);
  return found && { position: found.number - 1, how: 'next' };
}

/** How the conversations of a node stand at the cursor: the worst of them names the node's status. @module */
import type { Occurrence, Trace } from '../../world/trace.ts';
import { last, once } from './once.ts';

export type NodeStatus = Extract<Occurrence, { kind: 'phase' }>['status'];

/** They are few among all that happens, and asked for at each step. */
const phasesOf = once(({ occurrences }: Trace) => occurrences.filter((each) => each.kind === 'phase'));

/** The nodes that tell of themselves at some time of the run. */
export const tellersOf = once((trace: Trace): ReadonlySet<string> => new Set(phasesOf(trace).map(({ node }) => node)));

/** Statuses by node; a node that has told nothing of itself is left out. */
export const statusesAt = last((trace: Trace, cursor: number): ReadonlyMap<string, NodeStatus> => {
  const sessions = new Map<string, { readonly node: string; readonly status: NodeStatus }>();
  for (const phase of phasesOf(trace)) {
    if (phase.index > cursor) break;
    sessions.set(phase.session, phase);
  }
  const statuses = new Map<string, NodeStatus>();
  for (const { node, status } of sessions.values())
    if (rank(status) > rank(statuses.get(node))) statuses.set(node, status);
  return statuses;
});

function rank(status: NodeStatus | undefined): number {
  return status === undefined ? -1 : ['closed', 'idle', 'up', 'connecting', 'failed'].indexOf(status);
}

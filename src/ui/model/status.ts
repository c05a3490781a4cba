/** How the conversations of a node stand at the cursor: the worst of them names the node's status. @module */
import type { Occurrence, Trace } from '../../world/trace.ts';
import { last } from './once.ts';

export type NodeStatus = Extract<Occurrence, { kind: 'phase' }>['status'];

/** Statuses by node; a node that has told nothing of itself is left out. */
export const statusesAt = last((trace: Trace, cursor: number): ReadonlyMap<string, NodeStatus> => {
  const sessions = new Map<string, { readonly node: string; readonly status: NodeStatus }>();
  for (let i = 0; i <= cursor; i++) {
    const occurrence = trace.occurrences[i];
    if (occurrence?.kind === 'phase') sessions.set(occurrence.session, occurrence);
  }
  const statuses = new Map<string, NodeStatus>();
  for (const { node, status } of sessions.values())
    if (rank(status) > rank(statuses.get(node))) statuses.set(node, status);
  return statuses;
});

function rank(status: NodeStatus | undefined): number {
  return status === undefined ? -1 : ['closed', 'idle', 'up', 'connecting', 'failed'].indexOf(status);
}

/** Routers that are an end of a tunnel themselves: which of a run they are, and what they do at a step. @module */
import type { AtGateway } from '../../explain/gateways.ts';
import type { Occurrence, Trace } from '../../world/trace.ts';
import { once } from './once.ts';
import type { Run, Step } from './run.ts';
import { tellersOf } from './status.ts';

/** They have a conversation of their own and translate for nobody, so no packet goes through a router's stages there. */
export const gatewaysOf = once((trace: Trace): ReadonlySet<string> => {
  const translating = new Set(trace.occurrences.flatMap(({ kind, node }) => (kind === 'routed' ? [node] : [])));
  const routers = trace.nodes.filter(({ kind }) => kind === 'router').map(({ id }) => id);
  return new Set(routers.filter((id) => tellersOf(trace).has(id) && !translating.has(id)));
});

type Received = Extract<Occurrence, { kind: 'received' }>;

/** What the gateway at either end of this packet's way does with it. */
export function doneWith(run: Run, { node, frame }: Received): AtGateway {
  const kindOf = (id: string) => run.nodes.get(id)?.kind;
  if (kindOf(node) === 'router') return kindOf(frame.from) === 'client' ? 'into' : 'taken';
  return kindOf(node) === 'client' ? 'out' : 'sent';
}

/** What a gateway does at a step; undefined where it has nothing in hand. */
export function deedOf(run: Run, step: Step | undefined, gateway: string): AtGateway | undefined {
  if (step?.occurrence.kind !== 'received') return undefined;
  const { node, frame } = step.occurrence;
  return node === gateway || frame.from === gateway ? doneWith(run, step.occurrence) : undefined;
}

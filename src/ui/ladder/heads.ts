/** Where the names over the lifelines have their room: as far as half the way to the next one. @module */
import type { TraceNode } from '../../world/trace.ts';
import type { Lifeline } from './rows.ts';

export interface Head {
  readonly node: TraceNode;
  /** 0 … 1 across the ladder. */
  readonly from: number;
  readonly to: number;
  readonly align: 'center' | 'right';
}

/** Each in the middle over its line; the last one has all the room up to the edge, near which its line stands. */
export function headsOf(lifelines: readonly Lifeline[]): readonly Head[] {
  const middles = lifelines.map(({ at, to }) => (at + (to ?? at)) / 2);
  return lifelines.map(({ node }, i) => {
    const middle = middles[i]!;
    const left = i > 0 ? (middles[i - 1]! + middle) / 2 : 0;
    const next = middles[i + 1];
    if (next === undefined) return { node, from: left, to: 1, align: 'right' };
    const half = Math.min(middle - left, (next - middle) / 2);
    return { node, from: middle - half, to: middle + half, align: 'center' };
  });
}

/** Where the names over the lifelines have their room: as far as half the way to the next one. @module */
import type { TraceNode } from '../../world/trace.ts';
import type { Lifeline } from './rows.ts';

export interface Head {
  readonly node: TraceNode;
  /** 0 … 1 across the ladder; the first may begin before it. */
  readonly from: number;
  readonly to: number;
  readonly align: 'center' | 'right';
}

/** Of the ladder's width: the room over the times, left of it. */
const OVER_TIMES = 0.1;

/**
 * Each in the middle over its line, the first as far as it needs over the times; the last one has all the room up to the
 * edge, near which its line stands.
 */
export function headsOf(lifelines: readonly Lifeline[]): readonly Head[] {
  const middles = lifelines.map(({ at, to }) => (at + (to ?? at)) / 2);
  return lifelines.map(({ node }, i) => {
    const middle = middles[i]!;
    const before = middles[i - 1];
    const next = middles[i + 1];
    if (next === undefined)
      return { node, from: before === undefined ? 0 : (before + middle) / 2, to: 1, align: 'right' };
    const after = (next - middle) / 2;
    const half = before === undefined ? Math.min(after, middle + OVER_TIMES) : Math.min(after, (middle - before) / 2);
    return { node, from: middle - half, to: middle + half, align: 'center' };
  });
}

/** "A" for "Laptop A". */
export function shortName({ name }: TraceNode): string {
  return name.replace(/^(Laptop|Client) /, '');
}

/** Of a strong name, one letter, and what a head keeps at both sides of it together; less on a narrow ladder. */
const LETTER = 7;
const PAD = 8;
const NARROW_LETTER = 6;
const NARROW_PAD = 4;
/** See the container query of the styles, which is about times and names together. */
const NARROW_BELOW = 500;

/** Whether a name that can be shortened has no room in full: all are shortened then, to be alike. */
export function isCrowded(heads: readonly Head[], width: number): boolean {
  const [letter, pad] = width < NARROW_BELOW ? [NARROW_LETTER, NARROW_PAD] : [LETTER, PAD];
  return heads.some(
    ({ node, from, to }) => shortName(node) !== node.name && node.name.length * letter + pad > (to - from) * width,
  );
}

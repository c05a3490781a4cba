/** Where two runs of one scenario part, in words. @module */
import type { Parting } from '../world/compare.ts';

/** `time`: of the first thing that differs, as it is written where this is read. */
export function partingSentence({ a, b, bytes }: Parting, time: string): string {
  const samePacket = a?.kind === 'routed' && b?.kind === 'routed' && bytes?.where !== 'arrived';
  const then = samePacket
    ? 'Then the router does two different things with the same packet.'
    : 'Then they go different ways.';
  return `Up to ${time} both runs are the same, byte for byte. ${then}`;
}

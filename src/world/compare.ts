/**
 * Where two runs of one scenario part: the first occurrence that differs, and in its packet the first byte.
 * @module
 */
import type { Occurrence, Trace } from './trace.ts';

export interface Parting {
  /** Index of the first occurrence that differs; in one of the runs it may not exist. */
  readonly index: number;
  readonly a: Occurrence | undefined;
  readonly b: Occurrence | undefined;
  /** The first bytes that differ, where both did something with packets. */
  readonly bytes?: BytesParting;
}

export interface BytesParting {
  /** Whether the packets differ as they arrived, or only as they left. */
  readonly where: 'arrived' | 'left';
  /** Which of the outgoing packets. */
  readonly packet: number;
  readonly offset: number;
  /** Undefined past the end of the shorter packet, or where one run sent none. */
  readonly a: number | undefined;
  readonly b: number | undefined;
}

/** Undefined where the runs are the same to the end. Interventions are what makes runs differ, so they are skipped. */
export function compare(traceA: Trace, traceB: Trace): Parting | undefined {
  const a = traceA.occurrences.filter((each) => each.kind !== 'intervention');
  const b = traceB.occurrences.filter((each) => each.kind !== 'intervention');
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    const bytes = one && other ? bytesParting(one, other) : undefined;
    if (!one || !other || bytes || !alike(one, other))
      return { index: (one ?? other)!.index, a: one, b: other, ...(bytes ? { bytes } : {}) };
  }
  return undefined;
}

function alike(a: Occurrence, b: Occurrence): boolean {
  if (a.kind !== b.kind || a.node !== b.node || a.time !== b.time) return false;
  if (a.kind === 'routed' && b.kind === 'routed') return a.outcome.verdict === b.outcome.verdict;
  if (a.kind === 'phase' && b.kind === 'phase') return a.phase === b.phase && a.status === b.status;
  if (a.kind === 'symptom' && b.kind === 'symptom') return a.code === b.code && a.text === b.text;
  if (a.kind === 'lost' && b.kind === 'lost') return a.why === b.why;
  return true;
}

function bytesParting(a: Occurrence, b: Occurrence): BytesParting | undefined {
  if (!('frame' in a) || !('frame' in b)) return undefined;
  const arrived = firstDifference(a.frame.bytes, b.frame.bytes);
  if (arrived) return { where: 'arrived', packet: 0, ...arrived };
  if (a.kind !== 'routed' || b.kind !== 'routed') return undefined;
  for (let packet = 0; packet < Math.max(a.out.length, b.out.length); packet++) {
    const left = firstDifference(a.out[packet]?.bytes, b.out[packet]?.bytes);
    if (left) return { where: 'left', packet, ...left };
  }
  return undefined;
}

function firstDifference(
  a: Uint8Array | undefined,
  b: Uint8Array | undefined,
): { readonly offset: number; readonly a: number | undefined; readonly b: number | undefined } | undefined {
  const length = Math.max(a?.length ?? 0, b?.length ?? 0);
  for (let offset = 0; offset < length; offset++)
    if (a?.[offset] !== b?.[offset]) return { offset, a: a?.[offset], b: b?.[offset] };
  return undefined;
}

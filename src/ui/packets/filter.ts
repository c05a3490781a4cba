/** Which packets a few typed words leave over. @module */

import { once } from '../model/once.ts';
import { addressesOf, look } from '../model/packet.ts';
import type { Run, Step } from '../model/run.ts';
import { endsOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';

export interface PacketFilter {
  /** All of these words must occur: in the name, an address, a node's name or a protocol. */
  readonly words: string;
  readonly only: 'all' | 'stopped' | 'rewritten';
}

/** Positions in `run.steps`. */
export function filtered(run: Run, filter: PacketFilter): readonly number[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = textsOf(run);
  const found: number[] = [];
  run.steps.forEach((step, i) => {
    if (filter.only === 'stopped' && step.fate !== 'stopped') return;
    if (filter.only === 'rewritten' && !rewritten(run, step)) return;
    const text = words.length > 0 ? texts(step) : '';
    if (words.every((word) => text.includes(word))) found.push(i);
  });
  return found;
}

/** More was changed than the addresses, which the router changes in every packet. */
function rewritten(run: Run, step: Step): boolean {
  const codes = viewOf(run, step)?.reasons.map(({ reason }) => reason.code) ?? [];
  return codes.some(
    (code) =>
      code === 'call-id-rewritten' || code === 'call-id-restored' || code === 'port-drawn' || code === 'port-reused',
  );
}

const textsOf = once((run: Run) =>
  once((step: Step): string => {
    const { occurrence } = step;
    if (!('frame' in occurrence)) return occurrence.kind;
    const { bytes } = occurrence.frame;
    const ends = endsOf(run, step);
    const addresses = addressesOf(bytes);
    const protocols = look(bytes).layers.map((layer) => layer.protocol);
    return [titleOf(bytes), ...Object.values(ends), ...Object.values(addresses), ...protocols].join(' ').toLowerCase();
  }),
);

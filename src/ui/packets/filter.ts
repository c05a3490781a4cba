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
    if (words.every((word) => occurs(word, text))) found.push(i);
  });
  return found;
}

/** ".11" means an address that ends so, not one with .113 in it. */
function occurs(word: string, text: string): boolean {
  return text.includes(/^\.\d+$/.test(word) ? `${word} ` : word);
}

/** More was changed than the addresses, which the router changes in every packet. */
function rewritten(run: Run, step: Step): boolean {
  const codes = viewOf(run, step)?.reasons.map(({ reason }) => reason.code) ?? [];
  return codes.some(
    (code) =>
      code === 'call-id-rewritten' || code === 'call-id-restored' || code === 'port-drawn' || code === 'port-reused',
  );
}

/** Both sides count: who looks for a laptop's address wants the answers to it too. */
const textsOf = once((run: Run) =>
  once((step: Step): string => {
    const { occurrence } = step;
    if (!('frame' in occurrence)) return occurrence.kind;
    const { bytes } = occurrence.frame;
    const sides = [bytes, ...(viewOf(run, step)?.outgoing.map(({ frame }) => frame.bytes) ?? [])];
    return [
      titleOf(bytes),
      ...Object.values(endsOf(run, step)),
      ...sides.flatMap((side) => Object.values(addressesOf(side))),
      ...look(bytes).layers.map((layer) => layer.protocol),
    ]
      .join(' ')
      .concat(' ')
      .toLowerCase();
  }),
);

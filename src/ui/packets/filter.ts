/** Which packets a few typed words, or a display filter as Wireshark's, leave over. @module */

import { type DisplayFilter, displayFilter } from '../../wire/display-filter.ts';
import type { Layer } from '../../wire/layer.ts';
import { once } from '../model/once.ts';
import { addressesOf, look } from '../model/packet.ts';
import type { Run, Step } from '../model/run.ts';
import { endsOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';

export interface PacketFilter {
  /** A display filter, or words that must all occur: in the name, an address, a node's name or a protocol. */
  readonly words: string;
  readonly only: 'all' | 'stopped' | 'rewritten';
}

export interface Found {
  /** Positions in `run.steps`. */
  readonly positions: readonly number[];
  /** Why the typed text leaves nothing over, or is not looked at. */
  readonly trouble?: string;
}

export function filtered(run: Run, { words, only }: PacketFilter): Found {
  const typed = readTyped(words);
  const fits =
    typed.kind === 'filter' ? byFields(run, typed.filter) : byWords(run, typed.kind === 'words' ? words : '');
  const positions: number[] = [];
  run.steps.forEach((step, i) => {
    if (only === 'stopped' && step.fate !== 'stopped') return;
    if (only === 'rewritten' && !rewritten(run, step)) return;
    if (fits(step)) positions.push(i);
  });
  if (typed.kind === 'unreadable') return { positions, trouble: typed.trouble };
  if (typed.kind !== 'filter' || positions.length > 0) return { positions };
  const missing = typed.filter.fields.find((name) => !hasField(run, name));
  return { positions, ...(missing ? { trouble: `No packet of this run has a field ${missing}.` } : {}) };
}

type Typed =
  | { readonly kind: 'words' }
  | { readonly kind: 'filter'; readonly filter: DisplayFilter }
  | { readonly kind: 'unreadable'; readonly trouble: string };

/** Signs that words have not, and a name with a dot inside: "tcp.port". */
const MEANT_AS_FILTER = /[=!<>&|(){}"]|(^|\s)[a-z]\w*\.[a-z]/i;

function readTyped(text: string): Typed {
  const read = displayFilter(text);
  if (read.ok) return { kind: 'filter', filter: read.value };
  if (!MEANT_AS_FILTER.test(text)) return { kind: 'words' };
  const { expected, received } = read.error;
  return { kind: 'unreadable', trouble: `Not a filter yet: expected ${expected}, received ${received}.` };
}

/** Both sides of the router count as one packet: what a filter names may be on either. */
const sidesOf = once((run: Run) =>
  once((step: Step): readonly Uint8Array[] => {
    const { occurrence } = step;
    if (!('frame' in occurrence)) return [];
    return [occurrence.frame.bytes, ...(viewOf(run, step)?.outgoing.map(({ frame }) => frame.bytes) ?? [])];
  }),
);

function layersOf(run: Run, step: Step): readonly Layer[] {
  return sidesOf(run)(step).flatMap((side) => look(side).layers);
}

function byFields(run: Run, filter: DisplayFilter): (step: Step) => boolean {
  return (step) => 'frame' in step.occurrence && filter.fits(layersOf(run, step));
}

function hasField(run: Run, name: string): boolean {
  const there = displayFilter(name);
  return there.ok && run.steps.some(byFields(run, there.value));
}

function byWords(run: Run, text: string): (step: Step) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  const texts = textsOf(run);
  return (step) => {
    const said = texts(step);
    return words.every((word) => occurs(word, said));
  };
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

/** Who looks for a laptop's address wants the answers to it too: both sides count. */
const textsOf = once((run: Run) =>
  once((step: Step): string => {
    const { occurrence } = step;
    if (!('frame' in occurrence)) return occurrence.kind;
    const { bytes } = occurrence.frame;
    return [
      titleOf(bytes),
      ...Object.values(endsOf(run, step)),
      ...sidesOf(run)(step).flatMap((side) => Object.values(addressesOf(side))),
      ...look(bytes).layers.map((layer) => layer.protocol),
    ]
      .join(' ')
      .concat(' ')
      .toLowerCase();
  }),
);

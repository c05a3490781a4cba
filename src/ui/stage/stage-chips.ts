/** The stages of a router as chips: which ones a packet has passed, where something was done, where its way ended. @module */
import type { AtGateway } from '../../explain/gateways.ts';
import type { StageName } from '../../router/outcome.ts';
import { STAGE_LABELS } from '../model/stage-labels.ts';
import type { StageView, StepView } from '../model/step-view.ts';
import type { Rect } from './layout.ts';
import type { Ink, Shape, Target } from './shapes.ts';

/** What a router does that is an end of a tunnel itself. */
const DEEDS: Readonly<Record<AtGateway, string>> = {
  into: 'into tunnel',
  out: 'out of tunnel',
  sent: 'sends its own',
  taken: 'for me',
};

type Chip = Pick<StageView, 'stage' | 'did'> & { readonly id: string | undefined };

const USUAL: readonly Chip[] = (['conntrack', 'helper', 'routing', 'forward', 'source-nat', 'confirm'] as const).map(
  (stage) => ({ id: undefined, stage, did: 'pass' }),
);

/** Left out where nothing was done there. */
const QUIET: ReadonlySet<StageName> = new Set(['defragment', 'destination-nat']);

/** The stages worth showing: of the packet in hand, or those that most packets meet. */
export function chipsOf(view: StepView | undefined): readonly Chip[] {
  if (!view) return USUAL;
  return view.stages.filter(
    ({ stage, did }, i) =>
      stage !== 'ingress' &&
      stage !== 'egress' &&
      (did !== 'pass' || !(QUIET.has(stage) || (stage === 'helper' && calledBefore(view, i)))),
  );
}

/** The kernel calls helpers twice; the second time is worth a chip only if something came of it. */
function calledBefore({ stages }: StepView, i: number): boolean {
  return stages.slice(0, i).some(({ stage }) => stage === 'helper');
}

export interface ChipsState {
  readonly view: StepView | undefined;
  /** How many of them the packet has reached. */
  readonly reached: number;
  /** Id of the selected stage. */
  readonly selected: string | undefined;
}

interface Chips {
  readonly shapes: readonly Shape[];
  readonly bottom: number;
}

type Look = StageView['did'] | 'waiting';

interface ChipWords {
  readonly text: string;
  readonly look: Look;
  readonly id?: string | undefined;
}

const GAP = 4;

export function chips({ view, reached, selected }: ChipsState, place: Rect): Chips {
  const words = chipsOf(view).map(({ id, stage, did }, i): ChipWords => {
    const passed = view !== undefined && i < reached;
    const label = STAGE_LABELS[stage];
    return { text: passed && did === 'stop' ? `✕ ${label}` : label, look: passed ? did : 'waiting', id };
  });
  return inLines(words, selected, place);
}

/** Of a gateway, that translates nothing: what it can do with a packet, and what it does at this step. */
export function gatewayChips(doing: AtGateway | undefined, place: Rect): Chips {
  const deeds = Object.keys(DEEDS) as AtGateway[];
  const words = deeds.map((deed): ChipWords => ({ text: DEEDS[deed], look: deed === doing ? 'end' : 'waiting' }));
  return inLines(words, undefined, place);
}

interface ChipSize {
  readonly height: number;
  /** On both sides of its words together. */
  readonly pad: number;
  readonly letter: number;
  readonly font: number;
}

const SMALL: ChipSize = { height: 20, pad: 10, letter: 5.5, font: 10 };
const USUAL_SIZE: ChipSize = { height: 23, pad: 13, letter: 6, font: 11 };
const LARGE: ChipSize = { height: 28, pad: 16, letter: 6.4, font: 12 };
/** A card as high as this has room for large ones; one lower than that for little more than one line. */
const HIGH = 320;
export const LOW_CARD = 140;

/** `place` is as high as its card; 0 where a strip under them shows the packet. */
function sizeFor({ width, height }: Rect): ChipSize {
  if (width < 190 || height < LOW_CARD) return SMALL;
  return height >= HIGH ? LARGE : USUAL_SIZE;
}

function inLines(words: readonly ChipWords[], selected: string | undefined, place: Rect): Chips {
  const size = sizeFor(place);
  const { height } = size;
  const right = place.x + place.width;
  let { x, y } = place;
  const shapes: Shape[] = [];
  for (const each of words) {
    const width = Math.round(size.pad + each.text.length * size.letter);
    if (x > place.x && x + width > right + 1) {
      x = place.x;
      y += height + GAP;
    }
    shapes.push(...chip(each, { x, y, width, height }, size.font, each.id !== undefined && each.id === selected));
    x += width + GAP;
  }
  return { shapes, bottom: y + height };
}

const LOOKS: Readonly<Record<Look, { fill: Ink; stroke: Ink; ink: Ink }>> = {
  waiting: { fill: 'card', stroke: 'line', ink: 'soft' },
  pass: { fill: 'well', stroke: 'soft', ink: 'ink' },
  act: { fill: 'mark', stroke: 'mark-line', ink: 'on-mark' },
  end: { fill: 'well', stroke: 'ink', ink: 'ink' },
  stop: { fill: 'drop', stroke: 'drop', ink: 'on-drop' },
};

function chip({ text, look, id }: ChipWords, rect: Rect, size: number, selected: boolean): readonly Shape[] {
  const { fill, stroke, ink } = LOOKS[look];
  const target: Target | undefined = id === undefined ? undefined : { kind: 'stage', id };
  return [
    {
      kind: 'box',
      ...rect,
      round: 6,
      fill,
      ...(selected ? { stroke: 'focus', strokeWidth: 2.5 } : { stroke }),
      ...(target ? { target } : {}),
    },
    {
      kind: 'text',
      x: rect.x + rect.width / 2,
      y: rect.y + rect.height / 2 + 0.5,
      text,
      size,
      ink,
      align: 'center',
      strong: look === 'stop' || look === 'end',
      maxWidth: rect.width - 4,
    },
  ];
}

/** The stages of a router as chips: which ones a packet has passed, where something was done, where its way ended. @module */
import type { StageName } from '../../router/outcome.ts';
import type { StageView, StepView } from '../model/step-view.ts';
import type { Rect } from './layout.ts';
import type { Ink, Shape, Target } from './shapes.ts';

/** What the stages are called where there is little room. */
export const STAGE_LABELS: Readonly<Record<StageName, string>> = {
  ingress: 'in',
  defragment: 'put together',
  conntrack: 'look up',
  helper: 'helper',
  'destination-nat': 'dest. NAT',
  routing: 'route',
  forward: 'filter',
  input: 'for me',
  'source-nat': 'NAT',
  confirm: 'note down',
  egress: 'out',
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

const GAP = 4;

export function chips(state: ChipsState, place: Rect): { readonly shapes: readonly Shape[]; readonly bottom: number } {
  const { view, reached, selected } = state;
  const small = place.width < 190;
  const height = small ? 20 : 23;
  const right = place.x + place.width;
  let { x, y } = place;
  const shapes: Shape[] = [];
  chipsOf(view).forEach(({ id, stage, did }, i) => {
    const passed = view !== undefined && i < reached;
    const label = passed && did === 'stop' ? `✕ ${STAGE_LABELS[stage]}` : STAGE_LABELS[stage];
    const width = Math.round((small ? 10 : 13) + label.length * (small ? 5.5 : 6));
    if (x + width > right + 1) {
      x = place.x;
      y += height + GAP;
    }
    const rect = { x, y, width, height };
    shapes.push(...chip(label, rect, passed ? did : 'waiting', small, id, id !== undefined && id === selected));
    x += width + GAP;
  });
  return { shapes, bottom: y + height };
}

const LOOKS: Readonly<Record<StageView['did'] | 'waiting', { fill: Ink; stroke: Ink; ink: Ink }>> = {
  waiting: { fill: 'card', stroke: 'line', ink: 'soft' },
  pass: { fill: 'well', stroke: 'soft', ink: 'ink' },
  act: { fill: 'mark', stroke: 'mark-line', ink: 'on-mark' },
  end: { fill: 'well', stroke: 'ink', ink: 'ink' },
  stop: { fill: 'drop', stroke: 'drop', ink: 'on-drop' },
};

function chip(
  text: string,
  rect: Rect,
  did: StageView['did'] | 'waiting',
  small: boolean,
  id: string | undefined,
  selected: boolean,
): readonly Shape[] {
  const { fill, stroke, ink } = LOOKS[did];
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
      size: small ? 10 : 11,
      ink,
      align: 'center',
      strong: did === 'stop',
      maxWidth: rect.width - 4,
    },
  ];
}

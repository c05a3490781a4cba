/** The router opened up: the stages that ran and the table as it stands. @module */

import type { StageName } from '../../router/outcome.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import type { StageView, StepView } from '../model/step-view.ts';
import type { TableRow } from '../model/table.ts';
import type { Rect } from './layout.ts';
import type { Ink, Shape } from './shapes.ts';
import { strayOf, tableLines } from './table-lines.ts';

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

const USUAL: readonly StageName[] = ['conntrack', 'helper', 'routing', 'forward', 'source-nat', 'confirm'];
const PAD = 14;
const CHIP = 24;
const FOOT = 26;

export interface CardState {
  readonly node: TraceNode;
  readonly rect: Rect;
  /** The step's packet, if this router has it in hand. */
  readonly view: StepView | undefined;
  /** 0 … 1: how far the packet has got through the stages. */
  readonly within: number;
  readonly rows: readonly TableRow[];
  readonly selectedEntry: number | undefined;
}

export function routerCard(state: CardState): readonly Shape[] {
  const { node, rect } = state;
  const [lan, wan] = node.addresses;
  const shapes: Shape[] = [
    {
      kind: 'box',
      ...rect,
      round: 12,
      fill: 'card',
      stroke: 'ink',
      strokeWidth: 1.6,
      target: { kind: 'node', id: node.id },
    },
    { kind: 'text', x: rect.x + PAD, y: rect.y + 21, text: node.name, size: 13.5, ink: 'ink', strong: true },
    ...doorplate(lan, 'LAN', rect, 'left'),
    ...doorplate(wan, 'WAN', rect, 'right'),
  ];
  const chips = stageChips(state, rect.y + 38);
  shapes.push(...chips.shapes);
  const top = chips.bottom + 16;
  const table = {
    x: rect.x + PAD - 2,
    y: top,
    width: rect.width - 2 * PAD + 4,
    height: rect.y + rect.height - top - FOOT,
  };
  const stray = state.view && state.within > 0.3 ? strayOf(state.view) : undefined;
  shapes.push(...tableLines({ rows: state.rows, selected: state.selectedEntry, stray }, table));
  return shapes;
}

/** An address of the router's, on the side where it has it. */
function doorplate(address: number | undefined, name: string, rect: Rect, side: 'left' | 'right'): readonly Shape[] {
  if (address === undefined) return [];
  const x = side === 'left' ? rect.x + PAD : rect.x + rect.width - PAD;
  const text = rect.width < 236 ? formatIpv4(address) : `${name} ${formatIpv4(address)}`;
  return [{ kind: 'text', x, y: rect.y + rect.height - 13, text, size: 10, mono: true, ink: 'soft', align: side }];
}

function notesOf(view: StepView | undefined): readonly Pick<StageView, 'stage' | 'did'>[] {
  if (!view) return USUAL.map((stage) => ({ stage, did: 'pass' as const }));
  return view.stages.filter(
    ({ stage, did }) =>
      stage !== 'ingress' &&
      stage !== 'egress' &&
      (did !== 'pass' || (stage !== 'defragment' && stage !== 'destination-nat')),
  );
}

function stageChips(state: CardState, top: number): { readonly shapes: readonly Shape[]; readonly bottom: number } {
  const { rect, view, within } = state;
  const notes = notesOf(view);
  const right = rect.x + rect.width - PAD;
  let x = rect.x + PAD;
  let y = top;
  const shapes: Shape[] = [];
  notes.forEach(({ stage, did }, i) => {
    const label = STAGE_LABELS[stage];
    const width = Math.round(14 + label.length * 6.2);
    if (x + width > right) {
      x = rect.x + PAD;
      y += CHIP + 5;
    }
    const reached = view !== undefined && within * notes.length >= i + 0.5;
    shapes.push(...chip(label, { x, y, width, height: CHIP }, reached ? did : 'waiting'));
    x += width + 5;
  });
  return { shapes, bottom: y + CHIP };
}

function chip(label: string, rect: Rect, did: StageView['did'] | 'waiting'): readonly Shape[] {
  const looks: Readonly<Record<typeof did, { fill: Ink; stroke: Ink; ink: Ink }>> = {
    waiting: { fill: 'card', stroke: 'line', ink: 'soft' },
    pass: { fill: 'well', stroke: 'soft', ink: 'ink' },
    act: { fill: 'mark', stroke: 'mark-line', ink: 'on-mark' },
    end: { fill: 'well', stroke: 'ink', ink: 'ink' },
    stop: { fill: 'drop', stroke: 'drop', ink: 'on-drop' },
  };
  const { fill, stroke, ink } = looks[did];
  const text = did === 'stop' ? `✕ ${label}` : label;
  return [
    { kind: 'box', ...rect, round: 6, fill, stroke },
    {
      kind: 'text',
      x: rect.x + rect.width / 2,
      y: rect.y + rect.height / 2 + 0.5,
      text,
      size: 11,
      ink,
      align: 'center',
      strong: did === 'stop',
      maxWidth: rect.width - 4,
    },
  ];
}

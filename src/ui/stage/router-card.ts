/** The router opened up: the stages that ran, the table as it stands, and where it has no neighbours' room, the packet. @module */

import type { AtGateway } from '../../explain/gateways.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import type { NodeStatus } from '../model/status.ts';
import type { StepView } from '../model/step-view.ts';
import type { TableRow } from '../model/table.ts';
import type { Selection } from '../session/session.ts';
import { statusSign } from './hosts.ts';
import type { Rect } from './layout.ts';
import type { Shape } from './shapes.ts';
import { chips, gatewayChips, LOW_CARD } from './stage-chips.ts';
import { strayOf, tableLines } from './table-lines.ts';

const PAD = 14;
const HEAD = 38;
const FOOT = 24;
/** Of small monospaced text, one letter. */
const LETTER = 6;
/** Of what stands beside the name. */
const SANS_LETTER = 5.4;

export interface CardState {
  readonly node: TraceNode;
  readonly rect: Rect;
  /** Where it shows the packet itself, if it does. */
  readonly strip: Rect | undefined;
  /** The step's packet, if this router has it in hand. */
  readonly view: StepView | undefined;
  /** How many of the stages the packet has reached, and whether it has been looked up in the table. */
  readonly reached: number;
  readonly lookedUp: boolean;
  readonly rows: readonly TableRow[];
  /** A router that is a VPN gateway has a conversation of its own, and may have a packet of its own in hand. */
  readonly status: NodeStatus | undefined;
  readonly gateway: { readonly doing: AtGateway | undefined } | undefined;
  readonly selection: Selection | undefined;
}

export function routerCard(state: CardState): readonly Shape[] {
  const { node, rect, strip, view, selection } = state;
  const pad = rect.width < 200 ? 10 : PAD;
  const selected = selection?.kind === 'node' && selection.id === node.id;
  const inner = { x: rect.x + pad, y: rect.y + HEAD, width: rect.width - 2 * pad, height: strip ? 0 : rect.height };
  // Upright, with one router: its table is worth more there than its addresses.
  const low = rect.height < LOW_CARD;
  const plates = low ? [] : addressPlates(node, rect, strip, pad);
  const foot = low
    ? 4
    : strip
      ? rect.y + rect.height - strip.y + 4
      : FOOT + 13 * Math.max(0, node.addresses.length - 2);
  const stage = selection?.kind === 'stage' ? selection.id : undefined;
  const way = state.gateway
    ? gatewayChips(state.gateway.doing, inner)
    : chips({ view, reached: state.reached, selected: stage }, inner);
  const top = way.bottom + (low ? 11 : 15);
  const table = { x: inner.x - 2, y: top, width: inner.width + 4, height: rect.y + rect.height - top - foot };
  return [
    {
      kind: 'box',
      ...rect,
      round: 12,
      fill: 'card',
      ...(selected ? ({ stroke: 'focus', strokeWidth: 3 } as const) : ({ stroke: 'ink', strokeWidth: 1.6 } as const)),
      target: { kind: 'node', id: node.id },
    },
    ...heading(state, inner.x),
    // Without a packet in hand there is nothing to frame.
    ...(strip && view ? [stripShape(strip)] : []),
    ...plates,
    ...way.shapes,
    ...tableLines(
      {
        rows: state.rows,
        selected: selection?.kind === 'entry' ? selection.id : undefined,
        stray: view && state.lookedUp ? strayOf(view) : undefined,
        own: node.addresses,
        empty: state.gateway ? ['The tunnel ends here:', 'nothing is translated.'] : ['The table is empty.'],
      },
      table,
    ),
  ];
}

function heading({ node, rect, status }: CardState, x: number): readonly Shape[] {
  const y = rect.y + 20;
  const name: Shape = {
    kind: 'text',
    x,
    y,
    text: node.name,
    size: 13.5,
    ink: 'ink',
    strong: true,
    maxWidth: rect.width - 30,
  };
  if (!status) return [name];
  const text = {
    idle: 'no tunnel',
    connecting: 'connecting',
    up: 'tunnel up',
    failed: 'tunnel failed',
    closed: 'hung up',
  }[status];
  // The widest cards are those of the upright stage, which have the zoom buttons at their right.
  const right = rect.x + rect.width - PAD - (rect.width > 330 ? 90 : 0);
  return [
    { ...name, maxWidth: right - text.length * SANS_LETTER - 24 - x },
    { kind: 'text', x: right, y, text, size: 11, ink: status === 'failed' ? 'drop' : 'soft', align: 'right' },
    ...statusSign({ x: right - text.length * SANS_LETTER - 11, y }, status),
  ];
}

/** The router's addresses, on the sides where it has them. */
function addressPlates(node: TraceNode, rect: Rect, strip: Rect | undefined, pad: number): readonly Shape[] {
  const [lan, ...wans] = node.addresses;
  if (lan === undefined) return [];
  const left = strip ? strip.x + 7 : rect.x + pad;
  const right = strip ? strip.x + strip.width - 7 : rect.x + rect.width - pad;
  const y = strip ? strip.y + strip.height - 9 : rect.y + rect.height - 13;
  const length = formatIpv4(lan).length + Math.max(0, ...wans.map((wan) => formatIpv4(wan).length)) + 10;
  const long = length * LETTER <= right - left;
  const text = { kind: 'text', size: 10, mono: true, ink: 'soft', maxWidth: (right - left) / 2 - 2 } as const;
  const plate = (side: string, address: number) => (long ? `${side} ${formatIpv4(address)}` : formatIpv4(address));
  return [
    { ...text, x: left, y, text: plate('LAN', lan) },
    ...wans.map((wan, i) => ({
      ...text,
      x: right,
      y: strip ? y : y - 13 * (wans.length - 1 - i),
      text: plate('WAN', wan),
      align: 'right' as const,
    })),
  ];
}

/** Under the table, where the packet is shown as it came and, below, as it goes. */
function stripShape(strip: Rect): Shape {
  return { kind: 'box', ...strip, round: 8, fill: 'well', stroke: 'hair' };
}

/** Laptops, phones, servers and strangers, as the stage draws them, and how their conversations stand. @module */

import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import { vpnName } from '../lab/vpn-names.ts';
import type { NodeStatus } from '../model/status.ts';
import type { HostSize, Rect } from './layout.ts';
import { cross, type Ink, type Point, type Shape, type Target, type Text } from './shapes.ts';

export interface HostState {
  readonly node: TraceNode;
  readonly rect: Rect;
  readonly size: HostSize;
  /** Undefined where nothing is known of any conversation, as in a recording. */
  readonly status: NodeStatus | undefined;
  readonly selected: boolean;
  /** The address that the step's packet comes from or goes to. */
  readonly speaking: number | undefined;
}

const WORDS: Readonly<Record<NodeStatus, string>> = {
  idle: 'not started',
  connecting: 'connecting',
  up: 'up',
  failed: 'failed',
  closed: 'hung up',
};

/** A server does not start: it waits. */
function wordOf(node: TraceNode, status: NodeStatus): string {
  return node.kind === 'server' && status === 'idle' ? 'listening' : WORDS[status];
}

export function host(state: HostState): readonly Shape[] {
  if (state.size === 'full') return picture(state);
  if (state.size === 'narrow') return stacked(state);
  return card(state);
}

/** Inks of a status, and a sign that tells it without them. */
const INKS: Readonly<Record<NodeStatus, Ink>> = {
  idle: 'soft',
  connecting: 'ink',
  up: 'ok',
  failed: 'drop',
  closed: 'soft',
};

/** Eleven pixels: a ring, a half-filled ring, a tick, a cross or a stroke. */
export function statusSign({ x, y }: Point, status: NodeStatus): readonly Shape[] {
  const ink = INKS[status];
  const disc = { kind: 'box', x: x - 5.5, y: y - 5.5, width: 11, height: 11, round: 5.5 } as const;
  const stroke = { kind: 'path', stroke: 'card', strokeWidth: 1.7 } as const;
  switch (status) {
    case 'idle':
      return [{ ...disc, x: x - 4.5, y: y - 4.5, width: 9, height: 9, stroke: ink, strokeWidth: 1.4 }];
    case 'connecting':
      return [
        { ...disc, x: x - 4.5, y: y - 4.5, width: 9, height: 9, stroke: ink, strokeWidth: 1.6 },
        { kind: 'path', d: `M${x} ${y - 4.5}A4.5 4.5 0 0 0 ${x} ${y + 4.5}Z`, fill: ink },
      ];
    case 'up':
      return [
        { ...disc, fill: ink },
        { ...stroke, d: `M${x - 2.6} ${y + 0.2}L${x - 0.7} ${y + 2.2}L${x + 2.8} ${y - 2}` },
      ];
    case 'failed':
      return [
        { ...disc, round: 2, fill: ink },
        { ...stroke, d: cross({ x, y }, 2.3) },
      ];
    case 'closed':
      return [{ kind: 'path', d: `M${x - 4} ${y}H${x + 4}`, stroke: ink, strokeWidth: 2 }];
  }
}

function outline({ node, selected }: HostState) {
  const target: Target = { kind: 'node', id: node.id };
  const look = selected
    ? ({ stroke: 'focus', strokeWidth: 2.5 } as const)
    : ({ stroke: 'ink', strokeWidth: 1.5 } as const);
  return { ...look, fill: 'card', target, ...(node.kind === 'stranger' ? { dash: [4, 3] as const } : {}) } as const;
}

const name = { kind: 'text', size: 12.5, ink: 'ink', strong: true } as const;
const small = { kind: 'text', size: 10.5, ink: 'soft' } as const;
/** How wide a letter of it is. */
const SMALL_LETTER = 5.4;

/** With room: a screen on its keyboard, or a machine with its slots; who it is, what it runs, how it stands. */
function picture(state: HostState): readonly Shape[] {
  const { node, rect, status } = state;
  const below = 13 * node.addresses.length + 9;
  const inset = rect.width < 90 ? 3 : 6;
  const body = { x: rect.x + inset, y: rect.y, width: rect.width - 2 * inset, height: rect.height - below };
  const centre = rect.x + rect.width / 2;
  const vpn = vpnName(node.vpn);
  const lines: Text[] = linesOf(node.name, body.width - 8).map((text) => ({ ...name, x: centre, y: 0, text }));
  if (vpn) lines.push({ ...small, x: centre, y: 0, text: vpn.name, ink: vpn.family, strong: true });
  const told = status && (lines.length < 3 || body.height > 58);
  const count = lines.length + (told ? 1 : 0);
  const first = body.y + body.height / 2 - (count - 1) * 7.5 + (node.kind === 'server' ? 3 : 0);
  const shapes: Shape[] = [
    { kind: 'box', ...body, round: 6, ...outline(state) },
    ...lines.map((line, i) => ({ ...line, y: first + i * 15, align: 'center' as const, maxWidth: body.width - 6 })),
  ];
  if (told) shapes.push(...statusLine(node, status, { x: centre, y: first + (count - 1) * 15 }));
  if (node.kind === 'client')
    shapes.push({
      kind: 'path',
      d: `M${rect.x + 1} ${body.y + body.height + 4}H${rect.x + rect.width - 1}`,
      stroke: 'ink',
      strokeWidth: 3,
    });
  if (node.kind === 'server' && lines.length < 3)
    shapes.push({
      kind: 'path',
      d: `M${body.x + 10} ${body.y + 7.5}H${body.x + body.width - 10}`,
      stroke: 'line',
      strokeWidth: 2,
    });
  const y = body.y + body.height + 14;
  return [...shapes, ...addresses(state, { x: centre, y }, 'center')];
}

function statusLine(node: TraceNode, status: NodeStatus, { x, y }: Point): readonly Shape[] {
  const text = wordOf(node, status);
  const width = text.length * SMALL_LETTER;
  return [
    ...statusSign({ x: x - width / 2 - 1, y: y - 0.5 }, status),
    {
      ...small,
      x: x + 7,
      y,
      text,
      ink: status === 'failed' || status === 'up' ? INKS[status] : 'soft',
      align: 'center',
    },
  ];
}

function addresses({ node, speaking }: HostState, at: Point, align: 'left' | 'center' | 'right'): readonly Shape[] {
  const several = node.addresses.length > 1;
  return node.addresses.map((address, i) => ({
    kind: 'text',
    x: at.x,
    y: at.y + i * 13,
    text: formatIpv4(address),
    size: 10.5,
    mono: true,
    align,
    ...(several && address === speaking ? { ink: 'ink', strong: true } : { ink: 'soft' }),
  }));
}

/** With little room: one card of two lines, or of one. */
function card(state: HostState): readonly Shape[] {
  const { node, rect, size, status } = state;
  const two = size === 'lines' && rect.height >= 34;
  const tall = two && rect.height > 50;
  const height = tall ? rect.height - 6 : rect.height;
  const vpn = vpnName(node.vpn);
  const y = rect.y + (two ? height * 0.31 : height / 2);
  const left = rect.x + (status ? 22 : 9);
  const right = rect.x + rect.width - 8;
  const shapes: Shape[] = [{ kind: 'box', ...rect, height, round: 6, ...outline(state) }];
  if (status) shapes.push(...statusSign({ x: rect.x + 12, y }, status));
  const label = { ...name, size: two ? 12 : 11, x: left, y };
  if (!two) {
    const address = lastPart(node.addresses[0] ?? 0);
    return [
      ...shapes,
      { ...label, text: node.name, maxWidth: rect.width - 94 },
      ...(vpn
        ? [
            {
              ...small,
              size: 10,
              x: right - 22,
              y,
              text: vpn.name,
              ink: vpn.family,
              strong: true,
              align: 'right' as const,
            },
          ]
        : []),
      { ...small, mono: true, x: right, y, text: address, align: 'right' },
    ];
  }
  shapes.push({ ...label, text: node.name, maxWidth: right - left - (tall ? 0 : (vpn?.name.length ?? 0) * 5.2) });
  const below = { y: rect.y + height * (tall ? 0.6 : 0.72) };
  if (!tall && vpn)
    shapes.push({ ...small, x: right, y, text: vpn.name, ink: vpn.family, strong: true, align: 'right', size: 10 });
  if (tall) {
    const words = [vpn?.name, status && wordOf(node, status)].filter(Boolean);
    // The sign beside the name says how it stands, so the word may go.
    if (words.join(' · ').length * SMALL_LETTER > right - left) words.length = 1;
    shapes.push({
      ...small,
      x: left,
      ...below,
      y: rect.y + height * 0.58,
      text: words.join(' · '),
      maxWidth: right - left + 4,
    });
    return [...shapes, ...addresses(state, { x: left, y: rect.y + height * 0.83 }, 'left').slice(0, 1)];
  }
  return [...shapes, ...addresses(state, { x: rect.x + 10, ...below }, 'left').slice(0, 1)];
}

/** On a telephone, side by side with many others: one word a line. */
function stacked(state: HostState): readonly Shape[] {
  const { node, rect, status } = state;
  const centre = rect.x + rect.width / 2;
  const vpn = vpnName(node.vpn);
  const line = (y: number) => ({ x: centre, y: rect.y + y, align: 'center' as const, maxWidth: rect.width - 4 });
  return [
    { kind: 'box', ...rect, round: 6, ...outline(state) },
    { ...name, size: 11, ...line(12), text: node.name },
    ...(vpn ? [{ ...small, size: 9.5, ...line(26), text: vpn.name, ink: vpn.family, strong: true }] : []),
    { ...small, size: 10, mono: true, ...line(40), text: lastPart(node.addresses[0] ?? 0) },
    ...(status ? statusSign({ x: centre, y: rect.y + 54 }, status) : []),
  ];
}

/** ".10": enough to tell the nodes of one network apart. */
function lastPart(address: number): string {
  return `.${address & 0xff}`;
}

/** How wide a letter of a strong name is. */
const LETTER = 6.4;

/** A long name takes two lines, or three. */
export function linesOf(whole: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of whole.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && (lines.length === 3 || longer.length * LETTER <= room)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

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

/** A server does not start: it waits. Who has no VPN connects nothing: it asks, and waits for answers. */
function wordOf({ kind, vpn }: TraceNode, status: NodeStatus): string {
  if (kind === 'server' && status === 'idle') return 'listening';
  return vpn === 'plain' && status === 'connecting' ? 'asking' : WORDS[status];
}

export function host(state: HostState): readonly Shape[] {
  if (state.size === 'full') return picture(state);
  if (state.size === 'narrow') return stacked(state);
  if (state.size === 'line') return oneLine(state);
  return state.rect.height > TALL ? threeLines(state) : twoLines(state);
}

/** A card higher than this has three lines. */
const TALL = 44;

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

const NAME = { kind: 'text', size: 12.5, ink: 'ink', strong: true } as const;
const SMALL = { kind: 'text', size: 10.5, ink: 'soft' } as const;
/** How wide a letter of it is. */
const SMALL_LETTER = 5.4;
const SMALL_STRONG_LETTER = 5.7;

/** With room: a screen on its keyboard, or a machine with its slots; who it is, what it runs, how it stands. */
function picture(state: HostState): readonly Shape[] {
  const { node, rect, status } = state;
  const below = 13 * node.addresses.length + 9;
  const inset = rect.width < 90 ? 2 : 6;
  const body = { x: rect.x + inset, y: rect.y, width: rect.width - 2 * inset, height: rect.height - below };
  const centre = rect.x + rect.width / 2;
  const vpn = vpnName(node.vpn);
  const lines: Text[] = linesOf(node.name, body.width - 8).map((text) => ({ ...NAME, x: centre, y: 0, text }));
  if (vpn)
    for (const text of linesOf(vpn.name, body.width - 4, SMALL_STRONG_LETTER))
      lines.push({ ...SMALL, x: centre, y: 0, text, ink: vpn.family, strong: true });
  const told = status && (lines.length < 3 || body.height > 58);
  const count = lines.length + (told ? 1 : 0);
  const first = body.y + body.height / 2 - (count - 1) * 7.5 + (node.kind === 'server' ? 3 : 0);
  const shapes: Shape[] = [
    { kind: 'box', ...body, round: 6, ...outline(state) },
    ...lines.map((line, i) => ({ ...line, y: first + i * 15, align: 'center' as const, maxWidth: body.width - 6 })),
  ];
  if (told) shapes.push(...statusLine(node, status, { x: centre, y: first + (count - 1) * 15 }, body.x));
  if (node.kind === 'client')
    shapes.push({
      kind: 'path',
      d: `M${body.x - 3} ${body.y + body.height + 4}H${body.x + body.width + 3}`,
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

/** The middle of a sign, so that it keeps off the edge of its card. */
const OFF_EDGE = 11;

function statusLine(node: TraceNode, status: NodeStatus, { x, y }: Point, edge: number): readonly Shape[] {
  const text = wordOf(node, status);
  const width = text.length * SMALL_LETTER;
  return [
    ...statusSign({ x: Math.max(x - width / 2 - 1, edge + OFF_EDGE), y: y - 0.5 }, status),
    {
      ...SMALL,
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

/** The card of a host with little room, and on it, in its first line, how it stands and who it is. */
function cardWithName(state: HostState, y: number, name: Pick<Text, 'size' | 'maxWidth'>): readonly Shape[] {
  const { node, rect, status } = state;
  return [
    { kind: 'box', ...rect, round: 6, ...outline(state) },
    ...(status ? statusSign({ x: rect.x + 12, y }, status) : []),
    { ...NAME, ...name, x: leftOf(state), y, text: node.name },
  ];
}

function leftOf({ rect, status }: HostState): number {
  return rect.x + (status ? 22 : 9);
}

function rightOf({ rect }: HostState): number {
  return rect.x + rect.width - 8;
}

/** Who it is; what it runs and how it stands, if anything is known of that; where. */
function threeLines(state: HostState): readonly Shape[] {
  const { node, rect, status } = state;
  const x = leftOf(state);
  const room = rightOf(state) - x;
  const words = [vpnName(node.vpn)?.name, status && wordOf(node, status)].filter(Boolean);
  // The sign beside the name says how it stands, so the word may go.
  if (words.join(' · ').length * SMALL_LETTER > room) words.length = 1;
  const y = (part: number) => rect.y + rect.height * part;
  if (words.length === 0)
    return [
      ...cardWithName(state, y(0.36), { size: 12, maxWidth: room }),
      ...addresses(state, { x, y: y(0.69) }, 'left').slice(0, 1),
    ];
  return [
    ...cardWithName(state, y(0.25), { size: 12, maxWidth: room }),
    { ...SMALL, x, y: y(0.53), text: words.join(' · '), maxWidth: room + 4 },
    ...addresses(state, { x, y: y(0.79) }, 'left').slice(0, 1),
  ];
}

/** Of a card that has room for a whole address and, over it, for a name and a VPN. */
const WIDE = 130;

/** Who it is and what it runs, over where it is; on a narrow card what it runs stands below, and of the address the last part. */
function twoLines(state: HostState): readonly Shape[] {
  const { node, rect } = state;
  const [left, right] = [leftOf(state), rightOf(state)];
  const [first, second] = [rect.y + rect.height * 0.31, rect.y + rect.height * 0.72];
  const vpn = vpnName(node.vpn);
  const runs = vpn ? ({ ...SMALL, text: vpn.name, ink: vpn.family, strong: true, size: 10 } as const) : undefined;
  if (rect.width < WIDE)
    return [
      ...cardWithName(state, first, { size: 12, maxWidth: right - left }),
      ...(runs ? [{ ...runs, x: left, y: second, maxWidth: right - left - 25 }] : []),
      { ...SMALL, mono: true, x: right, y: second, text: lastPart(node.addresses[0] ?? 0), align: 'right' },
    ];
  return [
    ...cardWithName(state, first, { size: 12, maxWidth: right - left - (vpn?.name.length ?? 0) * 5.2 }),
    ...(runs ? [{ ...runs, x: right, y: first, align: 'right' as const }] : []),
    ...addresses(state, { x: left, y: second }, 'left').slice(0, 1),
  ];
}

function oneLine(state: HostState): readonly Shape[] {
  const { node, rect } = state;
  const y = rect.y + rect.height / 2;
  const right = rightOf(state);
  const vpn = vpnName(node.vpn);
  return [
    ...cardWithName(state, y, { size: 11, maxWidth: rect.width - 94 }),
    ...(vpn
      ? [
          {
            ...SMALL,
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
    { ...SMALL, mono: true, x: right, y, text: lastPart(node.addresses[0] ?? 0), align: 'right' },
  ];
}

/** On a telephone, side by side with many others: one word a line. */
function stacked(state: HostState): readonly Shape[] {
  const { node, rect, status } = state;
  const centre = rect.x + rect.width / 2;
  const vpn = vpnName(node.vpn);
  const line = (y: number) => ({ x: centre, y: rect.y + y, align: 'center' as const, maxWidth: rect.width - 4 });
  return [
    { kind: 'box', ...rect, round: 6, ...outline(state) },
    { ...NAME, size: 11, ...line(12), text: node.name },
    ...(vpn ? [{ ...SMALL, size: 9.5, ...line(26), text: vpn.name, ink: vpn.family, strong: true }] : []),
    { ...SMALL, size: 10, mono: true, ...line(40), text: lastPart(node.addresses[0] ?? 0) },
    ...(status ? statusSign({ x: centre, y: rect.y + 54 }, status) : []),
  ];
}

/** ".10": enough to tell the nodes of one network apart. */
function lastPart(address: number): string {
  return `.${address & 0xff}`;
}

/** How wide a letter of a strong name is. */
const LETTER = 6.4;

/** A long name takes two lines, or three; what is beyond `most` lines stays in the last. */
export function linesOf(whole: string, room: number, letter = LETTER, most = 3): readonly string[] {
  const lines: string[] = [];
  for (const word of whole.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && (lines.length === most || longer.length * letter <= room)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

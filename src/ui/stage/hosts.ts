/** Laptops, phones, servers and strangers, as the stage draws them. @module */

import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import type { NodeStatus } from '../model/status.ts';
import type { Rect } from './layout.ts';
import type { Ink, Shape } from './shapes.ts';

const STATUS: Readonly<Record<NodeStatus, Ink>> = {
  idle: 'faint',
  connecting: 'mark-line',
  up: 'ok',
  failed: 'drop',
  closed: 'faint',
};

export function host(node: TraceNode, rect: Rect, status: NodeStatus | undefined, selected: boolean): readonly Shape[] {
  const body = { x: rect.x + 8, y: rect.y, width: rect.width - 16, height: rect.height - 24 };
  const centre = rect.x + rect.width / 2;
  const stroke = selected ? 'focus' : 'ink';
  const strokeWidth = selected ? 2.5 : 1.5;
  const shapes: Shape[] = [
    { kind: 'box', ...body, round: 6, fill: 'card', stroke, strokeWidth, target: { kind: 'node', id: node.id } },
    {
      kind: 'text',
      x: centre,
      y: body.y + body.height / 2 + (node.kind === 'server' ? 5 : 1),
      text: node.name,
      size: 12.5,
      ink: 'ink',
      strong: true,
      align: 'center',
      maxWidth: body.width - 4,
    },
    {
      kind: 'text',
      x: centre,
      y: rect.y + rect.height - 8,
      text: formatIpv4(node.addresses[0] ?? 0),
      size: 11,
      mono: true,
      ink: 'soft',
      align: 'center',
    },
  ];
  if (node.kind === 'client') shapes.push(keyboard(rect, body));
  if (node.kind === 'server') shapes.push(...slots(body));
  if (status)
    shapes.push({
      kind: 'box',
      x: body.x + body.width - 13,
      y: body.y + 6,
      width: 7,
      height: 7,
      round: 3.5,
      fill: STATUS[status],
    });
  return shapes;
}

/** The line under a laptop's screen. */
function keyboard(rect: Rect, body: Rect): Shape {
  const y = body.y + body.height + 4.5;
  return { kind: 'path', d: `M${rect.x + 1} ${y}H${rect.x + rect.width - 1}`, stroke: 'ink', strokeWidth: 3 };
}

function slots(body: Rect): readonly Shape[] {
  const y = body.y + 12;
  return [
    { kind: 'path', d: `M${body.x + 10} ${y}H${body.x + body.width - 24}`, stroke: 'line', strokeWidth: 2 },
    { kind: 'box', x: body.x + body.width - 17, y: y - 2.5, width: 5, height: 5, round: 2.5, fill: 'faint' },
  ];
}

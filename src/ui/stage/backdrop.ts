/** What lies behind everything: the home, the Internet as a cloud, the cables. @module */
import { linkHorizontal, linkVertical } from 'd3';
import type { Frame } from '../../world/trace.ts';
import { along, cableOf, unpluggedAt } from './cables.ts';
import type { Cable, Layout, Rect, Zone } from './layout.ts';
import type { Point, Shape } from './shapes.ts';

/**
 * `tunnels`: routers from which a tunnel leads to the other end of their outside cable; `pulled`: cables that are not
 * plugged in.
 */
export function backdrop(
  layout: Layout,
  frames: readonly Frame[],
  tunnels: ReadonlySet<string>,
  pulled: ReadonlySet<string>,
): readonly Shape[] {
  return [...layout.zones.flatMap(zone), ...cables(layout, frames, tunnels), ...gaps(layout, pulled)];
}

function zone({ name, shape, label, ...rect }: Zone): readonly Shape[] {
  const look = { fill: 'well', stroke: 'line', strokeWidth: 1.3 } as const;
  return [
    shape === 'cloud' ? { kind: 'path', d: cloud(rect), ...look } : { kind: 'box', ...rect, round: 14, ...look },
    { kind: 'text', ...label, text: name, size: 11.5, ink: 'soft', strong: true },
  ];
}

/** How wide a bulge of the cloud is, about, and how far it stands out. */
const BULGE = 52;
const OUT = 9;

/** A rectangle whose sides are bulges. */
function cloud({ x, y, width, height }: Rect): string {
  const [left, top, right, bottom] = [x + OUT, y + OUT, x + width - OUT, y + height - OUT];
  const path = [`M${left} ${top}`];
  const side = (from: Point, to: Point) => {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const count = Math.max(1, Math.round(length / BULGE));
    const chord = length / count;
    // The radius of an arc that stands OUT over its chord.
    const radius = (OUT * OUT + (chord / 2) ** 2) / (2 * OUT);
    for (let i = 1; i <= count; i++) {
      const [px, py] = [from.x + ((to.x - from.x) * i) / count, from.y + ((to.y - from.y) * i) / count];
      path.push(`A${radius} ${radius} 0 0 1 ${px} ${py}`);
    }
  };
  side({ x: left, y: top }, { x: right, y: top });
  side({ x: right, y: top }, { x: right, y: bottom });
  side({ x: right, y: bottom }, { x: left, y: bottom });
  side({ x: left, y: bottom }, { x: left, y: top });
  return `${path.join('')}Z`;
}

const lying = linkHorizontal<Cable, Point>()
  .source((cable) => cable.from)
  .target((cable) => cable.to)
  .x((point) => point.x)
  .y((point) => point.y);
const standing = linkVertical<Cable, Point>()
  .source((cable) => cable.from)
  .target((cable) => cable.to)
  .x((point) => point.x)
  .y((point) => point.y);

function cables(layout: Layout, frames: readonly Frame[], tunnels: ReadonlySet<string>): readonly Shape[] {
  const inUse = new Set(frames.map((frame) => cableOf(layout, frame)));
  const link = layout.across ? lying : standing;
  const shapes: Shape[] = [];
  for (const cable of layout.cables.values()) {
    const d = link(cable) ?? '';
    if (cable.side === 'out' && tunnels.has(cable.router))
      shapes.push({ kind: 'path', d, stroke: 'app-tint', strokeWidth: 22 });
    const used = inUse.has(cable);
    shapes.push({ kind: 'path', d, stroke: used ? 'soft' : 'line', strokeWidth: used ? 2 : 1.5 });
  }
  return shapes;
}

/** How far along its cable the plug is seen. */
const PLUG = 0.17;

/** Where a cable is pulled: two ends that do not meet, on a plate that hides what would join them. */
function gaps({ cables, across }: Layout, pulled: ReadonlySet<string>): readonly Shape[] {
  return [...cables.values()].flatMap((cable): readonly Shape[] => {
    const end = unpluggedAt(cable, pulled);
    if (!end) return [];
    const { x, y } = along(cable, across, end === 'node' ? PLUG : 1 - PLUG);
    const bar = (at: number) => (across ? `M${x + at} ${y - 5}V${y + 5}` : `M${x - 5} ${y + at}H${x + 5}`);
    return [
      { kind: 'box', x: x - 6, y: y - 6, width: 12, height: 12, round: 3, fill: 'card' },
      { kind: 'path', d: bar(-3) + bar(3), stroke: 'ink', strokeWidth: 2 },
    ];
  });
}

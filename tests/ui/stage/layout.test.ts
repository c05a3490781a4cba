import fc from 'fast-check';
import { expect, test } from 'vitest';
import { along } from '../../../src/ui/stage/cables.ts';
import { type Layout, layoutOf, type Rect } from '../../../src/ui/stage/layout.ts';
import type { TraceNode } from '../../../src/world/trace.ts';

const node = (kind: TraceNode['kind'], i: number): TraceNode => ({
  id: `${kind}${i}`,
  kind,
  name: kind,
  addresses: [i],
});
const nodes = (clients: number, routers: number, servers: number) => [
  ...Array.from({ length: clients }, (_, i) => node('client', i)),
  ...Array.from({ length: routers }, (_, i) => node('router', i)),
  ...Array.from({ length: servers }, (_, i) => node('server', i)),
];

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function soundness(layout: Layout): string[] {
  const faults: string[] = [];
  const places = [...layout.nodes];
  for (const [id, { x, y, width, height }] of places)
    if (x < 0 || y < 0 || x + width > layout.width || y + height > layout.height || width <= 0 || height <= 0)
      faults.push(`${id} is not on the stage`);
  places.forEach(([a, first], i) => {
    for (const [b, second] of places.slice(i + 1)) if (overlap(first, second)) faults.push(`${a} lies on ${b}`);
  });
  return faults;
}

test.each([
  [742, 333, 'a laptop screen'],
  [692, 265, 'a projector'],
  [820, 296, 'a tablet'],
  [390, 430, 'a telephone'],
])('on %i × %i, %s, every node has its own place', (width, height) => {
  expect(soundness(layoutOf(nodes(2, 1, 1), width, height))).toEqual([]);
  expect(soundness(layoutOf(nodes(3, 1, 2), width, height))).toEqual([]);
});

test('a wide stage lies, with home at the left; a narrow one stands, with home at the foot', () => {
  const wide = layoutOf(nodes(1, 1, 1), 742, 333).nodes;
  expect(wide.get('client0')!.x).toBeLessThan(wide.get('router0')!.x);
  expect(wide.get('router0')!.x).toBeLessThan(wide.get('server0')!.x);
  const tall = layoutOf(nodes(1, 1, 1), 390, 430).nodes;
  expect(tall.get('server0')!.y).toBeLessThan(tall.get('router0')!.y);
  expect(tall.get('router0')!.y).toBeLessThan(tall.get('client0')!.y);
});

test('two routers stand in a row, each with its cable to the next', () => {
  const layout = layoutOf(nodes(2, 2, 1), 900, 333);
  expect(soundness(layout)).toEqual([]);
  expect([...layout.cables.keys()].sort()).toEqual([
    'client0–router0',
    'client1–router0',
    'router0–router1',
    'router1–server0',
  ]);
});

test('a packet begins its way at one end of the cable and ends it at the other', () => {
  const size = fc.record({ width: fc.integer({ min: 320, max: 1600 }), height: fc.integer({ min: 300, max: 900 }) });
  fc.assert(
    fc.property(size, ({ width, height }) => {
      const layout = layoutOf(nodes(2, 1, 1), width, height);
      for (const cable of layout.cables.values()) {
        expect(along(cable, layout.across, 0)).toEqual(cable.from);
        expect(along(cable, layout.across, 1)).toEqual(cable.to);
      }
    }),
  );
});

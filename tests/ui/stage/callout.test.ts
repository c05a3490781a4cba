import { expect, test } from 'vitest';
import { callout } from '../../../src/ui/stage/callout.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { twoLaptopsOn } from '../support/runs.ts';

test('on a telephone what happened to the router is said below its card, not over its table and addresses', () => {
  const run = twoLaptopsOn();
  const layout = layoutOf(run.trace.nodes, 390, 372);
  const { y, height } = layout.nodes.get('router')!;
  const hosts = Math.min(layout.nodes.get('a')!.y, layout.nodes.get('b')!.y);
  const what = 'Rebooted, its tables are lost';
  const [plate] = callout(run, layout, { index: 0, time: 0, node: 'router', kind: 'intervention', what, changes: [] });
  expect(plate).toMatchObject({
    y: expect.toSatisfy((top: number) => top >= y + height),
    height: expect.toSatisfy((high: number) => y + height + 30 + high / 2 <= hosts),
  });
});

import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { layoutOf } from '../../src/ui/stage/layout.ts';
import { Stage } from '../../src/ui/stage/stage.tsx';
import { mount } from './support/mount.tsx';
import { twoLaptopsOff } from './support/runs.ts';

const sized = (
  <div style={{ width: 742, height: 333, display: 'grid' }}>
    <Stage />
  </div>
);

function colours(canvas: HTMLCanvasElement): Set<string> {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set<string>();
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] === 255) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
  return seen;
}

const canvas = () => document.querySelector('canvas')!;

test('the canvas shows the drop in vermilion, and shows none before it', async () => {
  const store = await mount(sized, twoLaptopsOff(), 11);
  const vermilion = '197,48,28';
  await expect.poll(() => colours(canvas()).size).toBeGreaterThan(20);
  expect(colours(canvas()).has(vermilion)).toBe(false);
  store.setState({ cursor: twoLaptopsOff().steps[11]!.index });
  await expect.poll(() => colours(canvas()).has(vermilion)).toBe(true);
});

test('what the canvas shows stands in the page as text', async () => {
  await mount(sized, twoLaptopsOff(), 12);
  await expect.element(page.getByRole('list', { name: 'Who is there' })).toHaveTextContent('Client A, 192.168.1.10');
  const step = page.getByRole('list', { name: 'This step' });
  await expect.element(step).toHaveTextContent('GRE Call ID 27183 · LCP Configuration Request');
  await expect
    .element(step)
    .toHaveTextContent('The router answers: ICMP Destination unreachable (Protocol unreachable)');
  await expect
    .element(page.getByRole('list', { name: 'Table of Router' }))
    .toHaveTextContent('TCP 192.168.1.10:49246 with 203.0.113.10:1723, outside 203.0.113.1:49246, ESTABLISHED');
});

test('a click on a laptop selects it', async () => {
  const run = twoLaptopsOff();
  const store = await mount(sized, run, 3);
  await expect.poll(() => canvas().width).toBeGreaterThan(300);
  const laptop = layoutOf(run.trace.nodes, 742, 333).nodes.get('a')!;
  await page.elementLocator(canvas()).click({ position: { x: laptop.x + 20, y: laptop.y + 12 } });
  expect(store.getState().selection).toEqual({ kind: 'node', id: 'a' });
});

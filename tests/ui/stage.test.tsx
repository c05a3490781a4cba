import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Run } from '../../src/ui/model/run.ts';
import { layoutOf } from '../../src/ui/stage/layout.ts';
import { scene } from '../../src/ui/stage/scene.ts';
import type { Box, Point, Target } from '../../src/ui/stage/shapes.ts';
import { Stage } from '../../src/ui/stage/stage.tsx';
import { mount } from './support/mount.tsx';
import { twoLaptopsOff, twoLaptopsOn } from './support/runs.ts';

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

test('a stage that has no room left breaks nothing, and is painted again once it has', async () => {
  const broken: string[] = [];
  const note = ({ message }: ErrorEvent) => broken.push(message);
  window.addEventListener('error', note);
  await mount(<div data-testid="room">{sized}</div>, twoLaptopsOff(), 12);
  await expect.poll(() => colours(canvas()).size).toBeGreaterThan(20);
  const room = document.querySelector<HTMLElement>('[data-testid="room"] > div')!;
  room.style.height = '0px';
  await expect.poll(() => canvas().height).toBe(0);
  room.style.height = '333px';
  await expect.poll(() => canvas().height > 0 && colours(canvas()).size).toBeGreaterThan(20);
  window.removeEventListener('error', note);
  expect(broken).toEqual([]);
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

/** The middle of the box that stands for something on the canvas, at rest. */
function middleOf(run: Run, step: number, fits: (target: Target) => boolean) {
  const layout = layoutOf(run.trace.nodes, 742, 333);
  const shapes = scene({ run, cursor: run.steps[step - 1]!.index, progress: 1, layout, selection: undefined });
  const box = shapes.findLast(
    (shape) => shape.kind === 'box' && shape.target !== undefined && fits(shape.target),
  ) as Box;
  return { target: box.target!, position: { x: box.x + box.width / 2, y: box.y + box.height / 2 } };
}

test('a click on a packet, a stage and a table row selects each; a second click lets it go', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized, run, 8);
  await expect.poll(() => canvas().width).toBeGreaterThan(300);
  for (const kind of ['frame', 'stage', 'entry'] as const) {
    const { target, position } = middleOf(run, 8, (each) => each.kind === kind);
    clickAt(position);
    expect(store.getState().selection).toEqual(target);
    clickAt(position);
    expect(store.getState().selection).toBeUndefined();
  }
});

function clickAt({ x, y }: Point): void {
  const { left, top } = canvas().getBoundingClientRect();
  canvas().dispatchEvent(new MouseEvent('click', { clientX: left + x, clientY: top + y, bubbles: true }));
}

test('what can be clicked says its name under the pointer', async () => {
  const run = twoLaptopsOn();
  await mount(sized, run, 8);
  await expect.poll(() => canvas().width).toBeGreaterThan(300);
  const { position } = middleOf(run, 8, (each) => each.kind === 'stage');
  await page.elementLocator(canvas()).hover({ position });
  await expect.poll(() => canvas().title).toMatch(/^Stage: /);
  expect(canvas().hasAttribute('data-over')).toBe(true);
  await page.elementLocator(canvas()).hover({ position: { x: 300, y: 4 } });
  await expect.poll(() => canvas().title).toBe('');
});

test('the list offers the same things by keyboard: one stop of the tab key, arrows within', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized, run, 8);
  canvas().focus();
  await userEvent.tab();
  const [first, second] = run.trace.nodes;
  expect(document.activeElement?.textContent).toContain(first!.name);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(store.getState().selection).toEqual({ kind: 'node', id: second!.id });
  await expect.element(page.getByRole('button', { name: second!.name, pressed: true })).toBeVisible();
  const stages = page.getByRole('list', { name: 'This step' }).getByRole('button');
  expect(stages.length).toBeGreaterThan(5);
  await userEvent.tab();
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Zoom out');
});

test('plus, minus and 0 zoom while the stage has the focus, and never past its edges', async () => {
  await mount(sized, twoLaptopsOn(), 8);
  await expect.poll(() => canvas().width).toBeGreaterThan(300);
  const out = page.getByRole('button', { name: 'Zoom out' });
  const zoomed = async (is: boolean) => expect.element(out).toHaveAttribute('aria-disabled', String(!is));
  canvas().focus();
  await userEvent.keyboard('-');
  await zoomed(false);
  await userEvent.keyboard('+');
  await zoomed(true);
  await userEvent.keyboard('-');
  await zoomed(false);
  await userEvent.keyboard('+++');
  await zoomed(true);
  await userEvent.keyboard('0');
  await zoomed(false);
});

test('a zoomed stage is drawn as finely as the screen allows, and hit where it is seen', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized, run, 3);
  await expect.poll(() => canvas().width).toBeGreaterThan(300);
  const laptop = layoutOf(run.trace.nodes, 742, 333).nodes.get('a')!;
  const at = { x: laptop.x + laptop.width / 2, y: laptop.y + 20 };
  await page.elementLocator(canvas()).dblClick({ position: at });
  await expect.element(page.getByRole('button', { name: 'Whole stage' })).toHaveAttribute('aria-disabled', 'false');
  store.setState({ selection: undefined });
  await page.elementLocator(canvas()).click({ position: at });
  expect(store.getState().selection).toEqual({ kind: 'node', id: 'a' });
});

test('before anything has happened the stage invites to begin', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized, run, 0);
  await page.getByRole('button', { name: `Watch all ${run.steps.length} steps` }).click();
  expect(store.getState().playing).toBe(true);
  await expect.element(page.getByRole('button', { name: /^Watch all/ })).not.toBeInTheDocument();
});

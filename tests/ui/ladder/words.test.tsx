import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup } from 'vitest-browser-react';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import tabs from '../../../src/ui/app/tabs.module.css';
import styles from '../../../src/ui/ladder/ladder.module.css';
import { Ladder } from '../../../src/ui/ladder/ladder.tsx';
import { lifelinesOf } from '../../../src/ui/ladder/rows.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { run as play } from '../../../src/world/run.ts';
import { mount } from '../support/mount.tsx';

/** One laptop and two, six, a stranger, two routers, a gateway; the longest names of packets. */
const SCENARIOS = [
  'pptp-two-laptops-same-call-id',
  'l2tp-two-laptops',
  'l2tpv3-over-ip',
  'stranger-knocks',
  'all-kinds-at-once',
  'carrier-grade-nat',
  'site-to-site',
];

/** A hair too little is enough for a browser to put three dots. */
function isCut(element: HTMLElement): boolean {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  const room = element.getBoundingClientRect().width - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return range.getBoundingClientRect().width > room + 0.02 || element.scrollHeight > element.clientHeight + 3;
}

async function mountLadder(id: string, width: number) {
  const run = runOf(play(scenarioOf(id)!.experiment));
  await mount(
    <div className={tabs.tabs} style={{ width, height: 80 * run.steps.length }}>
      <Ladder run={run} />
    </div>,
    run,
    1,
  );
  await expect.element(page.getByRole('list', { name: 'Ladder' })).toBeVisible();
  await expect.poll(() => document.querySelectorAll('[data-steps] svg').length).toBeGreaterThan(10);
  return run;
}

/** How wide the ladder is on a projector and on a telephone. */
test.each([622, 390])('%i wide, every name and number stands on the ladder in full', async (width) => {
  await page.viewport(1280, 720);
  for (const id of SCENARIOS) {
    await mountLadder(id, width);
    const texts = [...document.querySelectorAll<HTMLElement>('[data-steps] span, [data-heads] span')];
    const cut = texts.filter((each) => each.children.length === 0 && each.clientWidth > 0 && isCut(each));
    expect(
      cut.map(({ innerText }) => innerText),
      id,
    ).toEqual([]);
    const heads = [...document.querySelectorAll<HTMLElement>('[data-heads] > span')].map((head) => {
      const range = document.createRange();
      range.selectNodeContents(head);
      return range.getBoundingClientRect();
    });
    const close = heads.slice(1).filter(({ left }, i) => left < heads[i]!.right + 4);
    expect(close, `${id}: heads that touch`).toEqual([]);
    await cleanup();
  }
});

test.each([622, 390])(
  '%i wide, numbers keep off the router as long as there is room behind their sender',
  async (width) => {
    await page.viewport(1280, 720);
    for (const id of ['l2tp-two-laptops', 'nat-switched-off', 'pptp-two-laptops-same-call-id']) {
      const run = await mountLadder(id, width);
      const router = lifelinesOf(run.trace.nodes).find(({ to }) => to !== undefined)!;
      const numbers = [...document.querySelectorAll<HTMLElement>(`[data-steps] .${styles.numbers}`)];
      expect(numbers.length, id).toBeGreaterThan(10);
      for (const line of numbers) {
        const word = line.firstElementChild!.getBoundingClientRect();
        const picture = line.parentElement!.getBoundingClientRect();
        const door = (part: number) => picture.left + part * picture.width;
        const over = Math.min(word.right, door(router.to!)) - Math.max(word.left, door(router.at));
        const behind = line.dataset.leftward === 'true' ? picture.right - word.right : word.left - picture.left;
        if (over > 1) expect(behind, `${id}: ${line.innerText}`).toBeLessThan(6);
      }
      await cleanup();
    }
  },
);

test.each([
  ['two laptops on a telephone', 'l2tp-two-laptops', 390, 'Laptop A'],
  ['two laptops on a projector', 'l2tp-two-laptops', 622, 'Laptop A'],
  ['three laptops on a projector', 'nat-switched-off', 622, 'A'],
  ['three laptops on a tablet', 'nat-switched-off', 820, 'Laptop A'],
])('%s have their names in one line, shortened only where they must be', async (_, id, width, first) => {
  await page.viewport(1280, 720);
  const run = await mountLadder(id, width);
  const heads = [...document.querySelectorAll<HTMLElement>('[data-heads] > span')];
  await expect.poll(() => heads[0]!.innerText).toBe(first);
  const laptops = heads.slice(0, run.trace.nodes.filter(({ kind }) => kind === 'client').length);
  expect(new Set(laptops.map((head) => head.clientHeight)).size).toBe(1);
  expect(laptops[0]!.clientHeight).toBeLessThan(22);
  await cleanup();
});

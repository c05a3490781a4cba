import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup } from 'vitest-browser-react';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import tabs from '../../../src/ui/app/tabs.module.css';
import { Ladder } from '../../../src/ui/ladder/ladder.tsx';
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

/** How wide the ladder is on a projector and on a telephone. */
test.each([622, 390])('%i wide, every name and number stands on the ladder in full', async (width) => {
  await page.viewport(1280, 720);
  for (const id of SCENARIOS) {
    const run = runOf(play(scenarioOf(id)!.experiment));
    const rows = run.steps.length * 2;
    await mount(
      <div className={tabs.tabs} style={{ width, height: 40 * rows }}>
        <Ladder run={run} />
      </div>,
      run,
      1,
    );
    await expect.element(page.getByRole('list', { name: 'Ladder' })).toBeVisible();
    await expect.poll(() => document.querySelectorAll('[data-steps] svg').length).toBeGreaterThan(10);
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

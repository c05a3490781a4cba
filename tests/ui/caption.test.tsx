import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup } from 'vitest-browser-react';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { Caption } from '../../src/ui/app/caption.tsx';
import { runOf } from '../../src/ui/model/run.ts';
import { captionOf, labelOf } from '../../src/ui/model/sentence.ts';
import { goToStep } from '../../src/ui/session/session.ts';
import { run as play } from '../../src/world/run.ts';
import { mount } from './support/mount.tsx';

/** Those with the longest names, of nodes and of packets. */
const LONG = ['pptp-two-laptops-same-call-id', 'l2tp-one-laptop', 'openvpn-udp', 'site-to-site', 'ah-one-laptop'];

/** The widths of the page, and how wide its caption is there. Telephones have none. */
test.each([
  [1440, 722],
  [1280, 622],
  [820, 820],
  [700, 700],
])('on a page %i wide nothing of a caption is cut, and the stage under it stands still', async (viewport, width) => {
  await page.viewport(viewport, 800);
  for (const id of LONG) {
    const run = runOf(play(scenarioOf(id)!.experiment));
    const longest = run.steps
      .map((step) => ({ position: step.number - 1, length: labelOf(run, step).length }))
      .sort((a, b) => b.length - a.length)
      .slice(0, 12);
    const box = (
      <div style={{ width }}>
        <Caption run={run} trouble={undefined} />
      </div>
    );
    const store = await mount(box, run, 0);
    const caption = page.getByText('Before the first packet').element().parentElement!;
    const { offsetHeight } = caption;
    for (const { position } of longest) {
      goToStep(store, position);
      const [what, fate] = caption.children;
      await expect.poll(() => what!.textContent).toBe(captionOf(run, run.steps[position]!).what);
      for (const each of [caption, what!, fate!])
        expect(each.scrollWidth, caption.innerText).toBeLessThanOrEqual(each.clientWidth);
      expect(caption.offsetHeight, `${id}: ${caption.innerText}`).toBe(offsetHeight);
    }
    await cleanup();
  }
});

import { type CDPSession, expect, type Page, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

interface Spot {
  readonly x: number;
  readonly y: number;
}

const STEPS = 8;

/** Fingers that go from where they are put down to where they are lifted, as a screen reports them. */
async function drag(page: Page, ...fingers: readonly (readonly [from: Spot, to: Spot])[]): Promise<void> {
  const hand: CDPSession = await page.context().newCDPSession(page);
  const at = (part: number) =>
    fingers.map(([from, to], id) => ({
      id,
      x: from.x + (to.x - from.x) * part,
      y: from.y + (to.y - from.y) * part,
    }));
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  for (let i = 1; i <= STEPS; i++)
    await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(i / STEPS) });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await hand.detach();
}

/** Somewhere on the stage, counted from its middle. */
async function middle(page: Page, dx = 0, dy = 0): Promise<Spot> {
  const { x, y, width, height } = (await page.locator('canvas').boundingBox())!;
  return { x: x + width / 2 + dx, y: y + height / 2 + dy };
}

const scrolled = (page: Page) => page.evaluate(() => scrollY);

test('two fingers make the stage larger, and move it; the page stays where it is', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const whole = await lab.picture();
  const [left, right] = [await middle(page, -30), await middle(page, 30)];
  await drag(page, [left, { ...left, x: left.x - 70 }], [right, { ...right, x: right.x + 70 }]);
  const fit = page.getByRole('button', { name: 'Whole stage' });
  await expect(fit).toHaveAttribute('aria-disabled', 'false');
  const large = await lab.picture();
  expect(large).not.toBe(whole);
  const up = (spot: Spot) => ({ x: spot.x - 60, y: spot.y - 60 });
  await drag(page, [left, up(left)], [right, up(right)]);
  await expect.poll(() => lab.picture()).not.toBe(large);
  await expect(fit).toHaveAttribute('aria-disabled', 'false');
  expect(await scrolled(page)).toBe(0);
  await fit.tap();
  await expect(fit).toHaveAttribute('aria-disabled', 'true');
});

test('one finger that goes up over the stage scrolls the page, also when the stage is larger', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await drag(page, [await middle(page, 0, 100), await middle(page, 0, -120)]);
  await expect.poll(() => scrolled(page)).toBeGreaterThan(100);
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('button', { name: 'Zoom in' }).tap();
  const large = await lab.picture();
  await drag(page, [await middle(page, 0, 100), await middle(page, 0, -120)]);
  await expect.poll(() => scrolled(page)).toBeGreaterThan(100);
  expect(await lab.picture()).toBe(large);
});

test('a tap on the stage chooses what is there, everywhere: a laptop, a packet, a row of the table', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const chosen = (name: RegExp) => lab.stageList.getByRole('button', { name, pressed: true });
  for (const [onStage, inList] of [
    [/^Laptop B$/, /^Laptop B, /],
    [/^Packet 8: GRE/, /^GRE Call ID 7.* as it came$/],
    [/^Stage: look up$/, /^look up: /],
  ] as const)
    await test.step(`${onStage}`, async () => {
      const { x, y } = await lab.spotOnStage(onStage);
      await page.touchscreen.tap(x, y);
      await expect(chosen(inList)).toHaveCount(1);
    });
  await lab.show('Table');
  const row = page.getByRole('tabpanel', { name: 'Table' }).getByRole('row', { name: /192\.168\.1\.10/ });
  await row.getByRole('cell').nth(1).tap();
  await expect(row.getByRole('button', { pressed: true })).toBeVisible();
  await expect(chosen(/^TCP 192\.168\.1\.10/)).toHaveCount(1);
});

/** Controls smaller than this, each with its size; what only the keyboard sees, and words within a sentence, are none. */
function smallerThan(page: Page, least: number, within = 'body'): Promise<readonly string[]> {
  return page.evaluate(
    ([size, where]) => {
      const controls = document.querySelectorAll<HTMLElement>(
        `${where} :is(button, a[href], select, summary, input, [role=tab], [role=switch])`,
      );
      const isInSentence = ({ parentElement }: HTMLElement) =>
        parentElement?.tagName === 'P' &&
        [...parentElement.childNodes].some((part) => part.nodeType === 3 && part.textContent!.trim() !== '');
      // A label takes the tap for its field.
      const area = (each: HTMLElement) =>
        [each, ...((each as HTMLInputElement).labels ?? [])].map((part) => part.getBoundingClientRect());
      return [...controls].flatMap((each) => {
        if (!each.checkVisibility() || isInSentence(each)) return [];
        const { width, height } = each.getBoundingClientRect();
        if (width <= 1 || getComputedStyle(each.parentElement!).clipPath !== 'none') return [];
        if (each.closest('section')?.querySelector('canvas') && each.closest('div')?.clientWidth === 1) return [];
        const large = area(each).some((box) => Math.min(box.width, box.height) >= size - 0.5);
        const name = each.getAttribute('aria-label') ?? each.textContent ?? '';
        return large ? [] : [`${name.trim().slice(0, 40)}: ${width.toFixed(0)} × ${height.toFixed(0)}`];
      });
    },
    [least, within] as const,
  );
}

test('a list that is opened shows the present packet above the bar of the player', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const bar = (await page.getByRole('region', { name: 'Transport' }).boundingBox())!;
  for (const tab of ['Packets', 'Ladder', 'Log']) {
    await page.evaluate(() => scrollTo(0, 0));
    await page.getByRole('tab', { name: tab, exact: true }).tap();
    const row = page.getByRole('tabpanel').locator('[aria-current="step"]');
    const end = () => row.boundingBox().then((box) => (box ? box.y + box.height : Number.POSITIVE_INFINITY));
    await expect.poll(end, tab).toBeLessThanOrEqual(bar.y);
  }
});

test('everything can be hit by a finger, and the buttons that are used most by a thumb', async ({ page }) => {
  test.setTimeout(180_000);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  expect.soft(await smallerThan(page, 24)).toEqual([]);
  const bar = page.getByRole('region', { name: 'Transport' });
  for (const name of ['To the start', 'One step back', 'Play', 'One step forward', 'To the end', 'Next drop']) {
    const { width, height } = (await bar.getByRole('button', { name }).boundingBox())!;
    expect(height, name).toBeGreaterThanOrEqual(44);
    expect(width, name).toBeGreaterThanOrEqual(40);
  }
  for (const tab of ['Ladder', 'Packets', 'Table', 'Log', 'Exposure', 'Set-up'] as const) {
    await page.getByRole('tab', { name: tab, exact: true }).tap();
    expect.soft(await smallerThan(page, 24), tab).toEqual([]);
  }
  await page.getByRole('button', { name: 'More about Laptop A' }).tap();
  await page.getByRole('button', { name: 'Pull the cable of Laptop A' }).tap();
  expect.soft(await smallerThan(page, 24), 'set-up').toEqual([]);
  for (const screen of ['Matrix', 'Myths', 'Ways around'] as const) {
    await lab.goTo(screen);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect.soft(await smallerThan(page, 24, 'main'), screen).toEqual([]);
  }
});

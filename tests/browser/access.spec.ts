import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

async function expectNoViolation(page: Page): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(passes.length).toBeGreaterThan(10);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

const SCREENS = ['Matrix', 'Myths', 'Ways around'] as const;

for (const colorScheme of ['light', 'dark'] as const)
  for (const [name, viewport] of Object.entries(SIZES))
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ colorScheme, viewport });

      test('no screen breaks a rule of accessibility', async ({ page }) => {
        // A dozen readings of the whole page, at some seconds each.
        test.setTimeout(180_000);
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        for (const tab of await page.getByRole('tab').allTextContents()) {
          await page.getByRole('tab', { name: tab, exact: true }).click();
          await expectNoViolation(page);
        }
        await page.keyboard.press('Home');
        await expectNoViolation(page);
        for (const key of ['s', 'o']) {
          await page.keyboard.press(key);
          await expectNoViolation(page);
          await page.keyboard.press('Escape');
        }
        await page.keyboard.press('End');
        await expectNoViolation(page);
        await page.keyboard.press('?');
        await expectNoViolation(page);
      });

      test('neither does the comparison of two runs', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        await lab.flip('PPTP passthrough');
        await expect(await lab.compareWithBefore()).toBeVisible();
        await expectNoViolation(page);
      });

      for (const screen of SCREENS)
        test(`neither does the screen “${screen}”, and nothing sticks out of it`, async ({ page }) => {
          test.setTimeout(180_000);
          const lab = new PassthroughLab(page);
          await lab.openAtFirstDrop();
          await lab.goTo(screen);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          if (screen === 'Matrix') await lab.setMatrixTo('all off');
          if (screen === 'Matrix') await expect(page.getByText('blocked').first()).toBeVisible();
          if (screen === 'Ways around') await expect(page.getByText('The router sees')).toHaveCount(9);
          await expectNoViolation(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        });

      test('neither does the router on real gear', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        await lab.replaceRouter('D-Link DIR-300');
        await lab.flip('L2TP passthrough');
        const gear = await lab.onRealGear();
        for (const target of ['nftables', 'Cisco IOS']) {
          await gear.getByRole('tab', { name: target }).click();
          await expectNoViolation(page);
          expect(await gear.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBeLessThanOrEqual(0);
          // On a desk only the lines scroll.
          const below = await gear.evaluate((dialog) => dialog.scrollHeight - dialog.clientHeight);
          if (name === 'desk') expect(below).toBeLessThanOrEqual(0);
        }
      });

      test('nothing sticks out of the screen', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
      });
    });

test('twice as large, the page can still be used', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await expect(lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' })).toBeVisible();
  await lab.stepForward();
  await lab.expectStep(9);
});

test('half as wide and half as high, nothing of the stage’s page is lost: it scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const list = (await page.getByRole('tabpanel', { name: 'Ladder' }).boundingBox())!;
  expect(list.height).toBeGreaterThan(150);
  const stage = (await page.getByRole('region', { name: 'Stage' }).boundingBox())!;
  const packet = (await page.getByRole('complementary', { name: 'Packet' }).boundingBox())!;
  expect(stage.y + stage.height).toBeLessThanOrEqual(list.y);
  expect(list.y + list.height).toBeLessThanOrEqual(packet.y + 1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('with colours forced by the system the stage is still a picture', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const colours = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  // Two of them, and the edge between them, are all that forced colours would leave.
  expect(colours).toBeGreaterThan(1000);
});

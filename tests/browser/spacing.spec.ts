import { expect, type Page, test } from '@playwright/test';
import { faultsOf } from './cut-text.ts';
import { PassthroughLab } from './driver.ts';

/** WCAG 2.2, 1.4.12: a reader may set text that far apart, and must lose none of it. */
const APART = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }`;

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];

// A reader's own style is bound by no policy of the page.
test.use({ bypassCSP: true });

async function openApart(page: Page): Promise<PassthroughLab> {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.addStyleTag({ content: APART });
  await page.evaluate(() => document.fonts.ready);
  return lab;
}

async function expectAllReadable(page: Page, state: string): Promise<void> {
  expect.soft(await faultsOf(page), state).toEqual([]);
}

for (const viewport of SIZES)
  test.describe(`with text set apart, at ${viewport.width} by ${viewport.height}`, () => {
    test.use({ viewport });

    test('nothing on the stage and around it is cut off', async ({ page }) => {
      const lab = await openApart(page);
      for (const tab of await page.getByRole('tab').allTextContents()) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await expectAllReadable(page, tab);
      }
      await page.keyboard.press('p');
      await expect(page.getByRole('main', { name: 'Presentation' })).toBeVisible();
      await expectAllReadable(page, 'the presentation');
      await page.keyboard.press('Escape');
      for (const screen of ['Matrix', 'Myths', 'Ways around'] as const) {
        await lab.goTo(screen);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        if (screen === 'Matrix') await expect(page.getByText('works').first()).toBeVisible();
        await expectAllReadable(page, screen);
      }
    });

    test('nothing in a dialog is cut off', async ({ page }) => {
      const lab = await openApart(page);
      for (const key of ['s', 'o', '?']) {
        await page.keyboard.press(key);
        await expect(page.getByRole('dialog')).toBeVisible();
        await expectAllReadable(page, `the dialog of ${key}`);
        await page.keyboard.press('Escape');
      }
      if (viewport.width < 700) await page.getByRole('tab', { name: 'Set-up', exact: true }).click();
      await lab.openAdvanced();
      await expectAllReadable(page, 'advanced');
      await page.keyboard.press('Escape');
      const gear = await lab.onRealGear();
      await expect(gear).toBeVisible();
      await expectAllReadable(page, 'on real gear');
      await page.keyboard.press('Escape');
      await lab.logIn(await lab.openAdminPage());
      await expectAllReadable(page, 'the admin page');
      await page.keyboard.press('Escape');
      await lab.flip('PPTP passthrough');
      await expect(await lab.compareWithBefore()).toBeVisible();
      await expectAllReadable(page, 'the comparison');
    });
  });

test('letters on the stage stay in the rooms measured for them', async ({ page }) => {
  await openApart(page);
  const [onStage, byItself] = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const width = (context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => {
      context.font = '12px sans-serif';
      return context.measureText('Stopped: no entry').width;
    };
    return [width(canvas.getContext('2d')!), width(new OffscreenCanvas(1, 1).getContext('2d')!)];
  });
  expect(onStage).toBe(byItself);
});

import { expect, type Page, test } from '@playwright/test';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { faultsOf } from './cut-text.ts';
import { PassthroughLab } from './driver.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];

async function expectAllReadable(page: Page, state: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  expect.soft(await faultsOf(page), state).toEqual([]);
}

for (const viewport of SIZES)
  test.describe(`at ${viewport.width} by ${viewport.height}`, () => {
    test.use({ viewport });
    const narrow = viewport.width < 700;

    test('nothing on the stage and around it is cut off', async ({ page }) => {
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      for (const tab of await page.getByRole('tab').allTextContents()) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await expectAllReadable(page, tab);
      }
      for (const name of ['To the start', 'To the end']) {
        await page.getByRole('button', { name }).click();
        await expectAllReadable(page, name);
      }
      await page.keyboard.press('p');
      await expect(page.getByRole('main', { name: 'Presentation' })).toBeVisible();
      await expectAllReadable(page, 'the presentation');
    });

    test('the longest title of a scenario stands in full', async ({ page }) => {
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      const title = SCENARIOS.map((scenario) => scenario.title).sort((a, b) => b.length - a.length)[0]!;
      await lab.openScenario(title);
      await lab.pause();
      await expectAllReadable(page, title);
    });

    test('nothing in a dialog is cut off', async ({ page }) => {
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      for (const key of ['s', 'o', '?']) {
        await page.keyboard.press(key);
        await expect(page.getByRole('dialog')).toBeVisible();
        await expectAllReadable(page, `the dialog of ${key}`);
        await page.keyboard.press('Escape');
      }
      if (narrow) await lab.show('Set-up');
      await lab.flip('PPTP passthrough');
      await expect(await lab.compareWithBefore()).toBeVisible();
      await expectAllReadable(page, 'the comparison');
      await page.keyboard.press('Escape');
      await lab.openAdvanced();
      await expectAllReadable(page, 'advanced');
      await page.keyboard.press('Escape');
      const gear = await lab.onRealGear();
      await expect(gear).toBeVisible();
      for (const target of await gear.getByRole('tab').allTextContents()) {
        await gear.getByRole('tab', { name: target, exact: true }).click();
        await expectAllReadable(page, `on real gear, ${target}`);
      }
      await page.keyboard.press('Escape');
      const admin = await lab.openAdminPage();
      await lab.logIn(admin);
      await expectAllReadable(page, 'the admin page');
    });

    test('nothing on the other screens is cut off', async ({ page }) => {
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      for (const screen of ['Matrix', 'Myths', 'Ways around'] as const) {
        await lab.goTo(screen);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectAllReadable(page, screen);
      }
    });
  });

test('what is cut off is found, unless it stands in full elsewhere', async ({ page }) => {
  await page.setContent(`
    <p style="overflow: hidden; width: 4em; white-space: nowrap">cut by its own box</p>
    <p style="overflow: clip; width: 4em"><b style="white-space: nowrap">cut by a box around it</b></p>
    <p style="overflow: hidden; width: 4em; white-space: nowrap" title="forgiven for its title">for its title</p>
    <p style="overflow: auto; width: 4em; white-space: nowrap">can be scrolled into view</p>
    <p style="overflow: hidden; width: 40em">short enough</p>`);
  expect(await faultsOf(page)).toEqual([
    expect.stringMatching(/^“cut by its own box” is cut by \d+ pixels$/),
    expect.stringMatching(/^“cut by a box around it” is cut by \d+ pixels$/),
  ]);
  await page.setContent('<div style="width: 200vw">wide</div>');
  expect(await faultsOf(page)).toEqual([expect.stringMatching(/^the page is \d+ pixels too wide$/)]);
});

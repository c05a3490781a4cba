import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import type { SwitchName } from '../../src/router/profiles/profile.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { SWITCH_NAMES } from '../../src/ui/lab/chosen.ts';
import { PassthroughLab } from './driver.ts';
import { overlap } from './overlap.ts';

test('every scenario opens, plays to its end and can be told as sentences', async ({ page }) => {
  test.setTimeout(180_000);
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const { title, story } of SCENARIOS)
    await test.step(title, async () => {
      await lab.openScenario(title);
      await lab.pause();
      await expect(lab.story.getByText(story)).toBeVisible();
      await page.keyboard.press('End');
      await expect(page.getByRole('status').first()).toContainText(/^Step (\d+) of \1\./);
    });
  expect(mistakes).toEqual([]);
});

test('every switch can be flipped in every family of scenarios, and what comes of it is told', async ({ page }) => {
  test.setTimeout(180_000);
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const families = new Map(SCENARIOS.map((scenario) => [scenario.family, scenario]));
  for (const [family, { title, experiment }] of families)
    await test.step(`${family}: ${title}`, async () => {
      await lab.openScenario(title);
      for (const [name, label] of Object.entries(SWITCH_NAMES)) {
        const on = experiment.routers[0].switches[name as SwitchName];
        await lab.flip(label);
        await expect(page.getByRole('switch', { name: label, checked: !on })).toBeVisible();
        const fork = await lab.compareWithBefore();
        await expect(
          fork.getByText(/^(Up to .* both runs are the same|Both runs are the same to the last byte)/),
        ).toBeVisible();
        await page.keyboard.press('Escape');
        await lab.flip(label);
        await expect(page.getByRole('switch', { name: label, checked: on })).toBeVisible();
      }
    });
  expect(mistakes).toEqual([]);
});

test('another router does with the same laptops what is its own to do', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.flip('PPTP passthrough');
  await expect(lab.story.getByText('Both connections are up in the end.')).toBeVisible();
  await lab.replaceRouter('OpenWrt');
  await expect(lab.story.getByText('Neither connection is up in the end.')).toBeVisible();
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
});

test('a link brings back the scenario, the router, the switches and the place', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openScenario('ESP without NAT traversal: one laptop');
  await lab.flip('IPsec passthrough');
  await page.keyboard.press('Home');
  await lab.stepForward(5);
  await lab.expectStep(5);
  await page.getByRole('button', { name: 'Share link' }).click();
  await expect(page.getByRole('button', { name: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(link);
  const there = new PassthroughLab(other);
  await expect(other.getByRole('heading', { level: 1, name: 'ESP without NAT traversal: one laptop' })).toBeVisible();
  await there.expectStep(5);
  await expect(other.getByRole('switch', { name: 'IPsec passthrough', checked: true })).toBeVisible();
});

for (const hash of ['#scenario=nothing&router=textbook&on=&seed=1&at=3', '#%00<script>', `#${'a'.repeat(5000)}`])
  test(`a damaged link says so and opens the first scenario: ${hash.slice(0, 20)}`, async ({ page }) => {
    const lab = new PassthroughLab(page);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`./${hash}`);
    await expect(page.getByText(/^This link is damaged: .* Here is the first scenario instead\.$/)).toBeVisible();
    await lab.expectVerdict(/^Stopped at the router/);
  });

test('where the clipboard is shut, the link stands in full view to be copied by hand', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('shut'));
  });
  await page.getByRole('button', { name: 'Share link' }).click();
  const link = page.getByRole('textbox', { name: /^The browser did not allow copying/ });
  await expect(link).toHaveValue(/#scenario=/);
  await expect(link).toBeFocused();
  expect(await link.evaluate((input) => input.clientWidth)).toBeGreaterThan(300);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(link).toBeHidden();
});

test('two runs are compared where they part, to the byte', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.flip('PPTP passthrough');
  const fork = await lab.compareWithBefore();
  await expect(fork.getByText('Up to 0.065 s both runs are the same, byte for byte.')).toBeVisible();
  await expect(fork.getByRole('region', { name: 'Before' })).toContainText('stopped, no entry fits');
  const now = fork.getByRole('region', { name: 'Now' });
  await expect(now).toContainText('PPTP passthrough on');
  await expect(now).toContainText('Call ID, at byte');
  await page.keyboard.press('Escape');
  await expect(fork).toBeHidden();
});

test('a switch that changes nothing is said to change nothing', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.flip('L2TP passthrough');
  const fork = await lab.compareWithBefore();
  await expect(fork.getByText('Both runs are the same to the last byte: here it makes no difference.')).toBeVisible();
});

test('the run can be taken away as a file for Wireshark', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export .pcapng' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('pptp-two-laptops-same-call-id.pcapng');
  const bytes = readFileSync(await file.path());
  expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect(bytes.includes('GRE has no ports.')).toBe(true);
});

test('scenario, switch and comparison are reached by the keyboard alone', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('s');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'PPTP: one laptop' })).toBeVisible();
  await lab.pause();
  await page.getByRole('switch', { name: 'PPTP passthrough' }).focus();
  await page.keyboard.press(' ');
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
  await page.getByRole('button', { name: 'Compare with before' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Before and now' })).toBeVisible();
});

test('on a telephone the stage is presented too, and nothing breaks', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('p');
  const stage = page.getByRole('main', { name: 'Presentation' });
  await expect(stage.getByRole('button', { name: 'Turn PPTP passthrough on' })).toBeInViewport();
  expect((await stage.locator('canvas').boundingBox())?.height).toBeGreaterThan(400);
  await expect(page.getByText('Something went wrong on our side')).toHaveCount(0);
});

test('presenting shows the stage alone with the reason as its caption, and a clicker goes through it', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.getByRole('button', { name: 'Present' }).click();
  const stage = page.getByRole('main', { name: 'Presentation' });
  await expect(stage.getByRole('heading', { name: /^Stopped at the router/ })).toBeVisible();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await page.keyboard.press('PageDown');
  await lab.expectStep(9);
  await page.keyboard.press('PageUp');
  await stage.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  await expect(stage.getByRole('heading', { name: /^Sent on/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
});

/** The sizes of screens that count. */
const SIZES = [
  [1440, 900],
  [1280, 720],
  [820, 1180],
  [390, 844],
] as const;

test('where two runs part is the first thing that a comparison says, at any size', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.flip('PPTP passthrough');
  const fork = await lab.compareWithBefore();
  const sentence = fork.getByText('Up to 0.065 s both runs are the same, byte for byte.');
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await expect(sentence).toBeInViewport({ ratio: 1 });
    const before = await fork.getByRole('heading', { name: 'Before', exact: true }).boundingBox();
    expect((await sentence.boundingBox())!.y).toBeLessThan(before!.y);
  }
});

test('what lies in front of the page lies neither over its title nor over the player', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('shut'));
  });
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    if (width < 700) await lab.show('Set-up');
    await page.getByRole('button', { name: 'Share link' }).click();
    const link = page.getByText('The browser did not allow copying.');
    await expect(link).toBeVisible();
    expect(await overlap(link, page.getByRole('heading', { level: 1 })), `${width}`).toBe(false);
    await page.evaluate(() => dispatchEvent(new ErrorEvent('error', { error: new Error('no row 7') })));
    const notice = page.getByRole('alert');
    await expect(notice.getByRole('textbox')).toBeVisible();
    expect(await overlap(notice, page.getByRole('region', { name: 'Transport' })), `${width}`).toBe(false);
    await notice.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  }
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('who presents with a finger is told of no keys, and finds the way out', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await page.keyboard.press('p');
    await lab.toStart();
    const stage = page.getByRole('main', { name: 'Presentation' });
    await expect(stage).toContainText('Tap play below');
    await expect(stage).not.toContainText('Space');
    await stage.getByRole('button', { name: 'Leave' }).tap();
    await expect(stage).toBeHidden();
  });
});

/** Keeps a part of the page back until it is let go. */
async function hold(page: Page, part: RegExp): Promise<() => void> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(part, async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}

test('what is still on its way is said to be loading: a screen, a window', async ({ page }) => {
  const letGo = await hold(page, /\/(myths|gear-dialog)-[^/]*\.js$/);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const loading = page.getByRole('status').filter({ hasText: 'Loading…' });
  await page.getByRole('button', { name: 'On real gear…' }).click();
  await expect(loading).toBeVisible();
  await lab.goTo('Myths');
  await expect(page.getByRole('main').getByText('Loading…')).toBeVisible();
  letGo();
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
  await expect(loading).toHaveCount(0);
});

test.describe('the focus', () => {
  test('follows Back and Forward to what is shown then, and stays on a link that is followed', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    const link = page.getByRole('link', { name: 'Myths' });
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Stage' })).toBeHidden();
    await expect(link).toBeFocused();
    await page.goBack();
    await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
    await expect(page.getByRole('main')).toBeFocused();
    await page.goForward();
    await expect(page.getByRole('region', { name: 'Stage' })).toBeHidden();
    await expect(page.getByRole('main')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('main').locator(':focus')).toHaveCount(1);
  });

  test('is taken from no field that is being typed in, whatever goes off the page meanwhile', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.show('Packets');
    const filter = page.getByRole('searchbox', { name: 'Words to look for' });
    // The button has done its deed and goes, and so do rows of the list and where the address led.
    await lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
    await filter.focus();
    await page.evaluate(() => {
      location.hash = 'screen=stage';
    });
    await page.keyboard.type('gre', { delay: 60 });
    await lab.expectVerdict(/^Sent on/);
    await expect(filter).toHaveValue('gre');
    await expect(filter).toBeFocused();
  });
});

import { expect, type Page, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

/** What opens a window, what it is called, and which of its controls are gone through to the last. */
const WINDOWS = [
  [/^PPTP: two laptops/, 'Choose a scenario', 'Recordings of a real router…'],
  ['Your capture…', 'Open a recording', /^WAN side/],
  ['Keys', 'Keys', 'Close'],
  ['Open 192.168.1.1', /192\.168\.1\.1/, 'Log in'],
  ['Advanced…', /^Advanced/, /^Missing pieces/],
  ['On real gear…', /^On real gear/, /^Copy: /],
] as const;

for (const colorScheme of ['light', 'dark'] as const)
  test.describe(`by keyboard only, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('every part of the stage’s page is reached, and it is seen where one is', async ({ page }) => {
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      await lab.tabTo('Share link');
      await lab.tabTo('Export .pcapng');
      await lab.tabTo('Router model');
      await lab.tabTo('PPTP passthrough');
      await lab.tabTo('More about Laptop A');
      await lab.tabTo('Zoom in');
      await lab.tabTo('Ladder');
      await lab.tabTo(/^8\. GRE Call ID 7/);
      await lab.tabTo('Turn PPTP passthrough on');
      await lab.tabTo('Play');
      await lab.tabTo('Next drop');
      await lab.tabTo('Step');
    });

    test('every window opens, is gone through, and is left by Escape to where one came from', async ({ page }) => {
      test.setTimeout(180_000);
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      for (const [opener, name, last] of WINDOWS)
        await test.step(`${name}`, async () => {
          await lab.tabTo(opener);
          const { said } = await lab.focus();
          await page.keyboard.press('Enter');
          const window = page.getByRole('dialog', { name });
          await expect(window).toBeVisible();
          await lab.tabTo(last);
          // Past its last control, where the focus is nowhere, Escape must count as well.
          await page.keyboard.press('Tab');
          await page.keyboard.press('Escape');
          await expect(window).toBeHidden();
          await expect.poll(async () => (await lab.focus()).said).toBe(said);
        });
    });
  });

test('before the ladder there are two dozen stops at most, and a link past them', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  let stops = 0;
  for (; stops < 60; stops++) {
    await page.keyboard.press('Tab');
    if (/^8\. /.test((await lab.focus()).said)) break;
  }
  // Four of them are the links themselves.
  expect(stops).toBeLessThanOrEqual(4 + 24);
});

test('links past everything stand first, are seen when one is there, and lead where they say', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const links = page.getByRole('navigation', { name: 'Skip' });
  const ends = [
    ['Skip to the stage', page.getByRole('region', { name: 'Stage' })],
    ['Skip to the switches', page.getByRole('switch', { name: 'PPTP passthrough' })],
    ['Skip to the ladder and the lists', page.getByRole('tab', { name: 'Ladder' })],
    ['Skip to the packet', page.getByRole('complementary', { name: 'Packet' })],
  ] as const;
  for (const [name, end] of ends) {
    await lab.tabTo(name);
    const link = links.getByRole('button', { name });
    expect((await link.boundingBox())!.height).toBeGreaterThan(24);
    await page.keyboard.press('Enter');
    await expect(end).toBeFocused();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.tabTo('Skip to the switches');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('switch', { name: 'PPTP passthrough' })).toBeVisible();
  await lab.tabTo('Skip to the packet');
  await page.keyboard.press('Enter');
  await expect(lab.why).toBeVisible();
});

test('F6 goes round the parts of the page, and past the last is the browser’s', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const at = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName);
  const parts = ['HEADER', 'Set-up', 'Stage', 'Views', 'Packet', 'Transport'];
  for (const part of parts) {
    await page.keyboard.press('F6');
    expect(await at()).toBe(part);
    expect((await lab.focus()).ring).toBe(true);
  }
  await page.evaluate(() =>
    addEventListener('keydown', (event) => document.body.setAttribute('data-left', `${event.defaultPrevented}`)),
  );
  await page.keyboard.press('F6');
  await expect(page.locator('body')).toHaveAttribute('data-left', 'false');
  await page.keyboard.press('Shift+F6');
  expect(await at()).toBe('Packet');
});

test('in a row of buttons the arrow keys go along; in the transport they step on as everywhere', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.tabTo('Share link');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: 'Export .pcapng' })).toBeFocused();
  await lab.expectStep(8);
  await lab.tabTo('Play');
  await page.keyboard.press('ArrowRight');
  await lab.expectStep(9);
  await expect(page.getByRole('button', { name: 'Play' })).toBeFocused();
});

test('at the run’s end the button that led there keeps the focus', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await lab.tabTo('One step forward');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'One step forward' })).toBeFocused();
});

test('what has the focus may go: a deed taken back, a scenario, a cell of the matrix, a presentation', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.tabTo('Stop Laptop A');
  await page.keyboard.press('Enter');
  await lab.tabTo(/^Take back: Laptop A stops/);
  await page.keyboard.press('Enter');
  await expect(lab.doneInTheMiddle).toBeHidden();
  await expect(page.getByRole('complementary', { name: 'Set-up' })).toBeFocused();

  await lab.tabTo('Present');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main', { name: 'Presentation' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Leave' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Present' })).toBeFocused();

  await lab.tabTo('Matrix');
  await page.keyboard.press('Enter');
  const cell = lab.cell('PPTP, 1 laptop', 'Linux 6.x netfilter', 'all on');
  await expect(cell).toHaveAttribute('aria-disabled', 'false');
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
});

test('a part gets a frame where the keyboard led to it, not where a pointer did away with what had the focus', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  await expect(page.getByRole('complementary', { name: 'Packet' })).toBeFocused();
  await page.keyboard.press('n');
  expect((await lab.focus()).ring).toBe(false);
  await page.keyboard.press('F6');
  await page.keyboard.press('Shift+F6');
  await expect(page.getByRole('complementary', { name: 'Packet' })).toBeFocused();
  expect((await lab.focus()).ring).toBe(true);
});

/** Keys that the page would take, typed where they are letters. */
async function type(page: Page, text: string): Promise<void> {
  for (const key of text) await page.keyboard.press(key === ' ' ? 'Space' : key);
}

test('what is typed in a field is no key of the page', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.show('Packets');
  const filter = page.getByRole('tabpanel', { name: 'Packets' }).locator('input').first();
  await filter.focus();
  await type(page, 'pos n?');
  await expect(filter).toHaveValue('pos n?');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const window = await lab.openAdminPage();
  await window.getByLabel('User name').fill('');
  await type(page, 'spo n?');
  await expect(window.getByLabel('User name')).toHaveValue('spo n?');
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await lab.expectStep(8);
  await page.keyboard.press('Escape');
});

/** Screens of words: where they begin to be read, what is opened from them, and what has the focus after Back. */
const SCREENS_OF_WORDS = [
  ['Myths', 'GRE that nobody asked for, at DD-WRT, all on: kept out', 'GRE that nobody asked for', /^Stopped/],
  ['Ways around', 'See it: OpenVPN', /OpenVPN/, /./],
] as const;

for (const [screen, opener, title, verdict] of SCREENS_OF_WORDS)
  test(`${screen} by the keyboard alone: a run is opened at its step, and Back leads to what opened it`, async ({
    page,
  }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.tabTo(screen);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const button = page.getByRole('button', { name: opener, exact: true });
    await expect(button).toBeEnabled();
    await lab.tabTo(opener);
    expect((await lab.focus()).ring).toBe(true);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await lab.expectVerdict(verdict);
    await expect(page.getByRole('main')).toBeFocused();
    await page.goBack();
    await expect(button).toBeFocused();
    await expect(button).toBeInViewport();
    expect((await lab.focus()).ring).toBe(true);
    // Enter opens it again, and Tab goes on to what stands after it.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await expect(button).toBeFocused();
  });

test('the arrow keys scroll a screen of words, and choose another router there', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Myths');
  await expect(page.getByRole('heading', { level: 1, name: 'Often said, and not so' })).toBeVisible();
  const main = page.getByRole('main');
  await main.focus();
  await page.keyboard.press('End');
  await expect.poll(() => main.evaluate((element) => element.scrollTop)).toBeGreaterThan(500);
  await lab.goTo('Ways around');
  await lab.tabTo('Router');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('combobox', { name: 'Router' })).toHaveValue('linux');
  await expect(lab.wayAround('WireGuard')).toContainText('The router sees UDP to port 51820');
  await lab.tabTo('See it: WireGuard');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Router model' })).toHaveValue('linux');
  await page.goBack();
  await expect(page.getByRole('combobox', { name: 'Router' })).toHaveValue('linux');
  await expect(page.getByRole('button', { name: 'See it: WireGuard' })).toBeFocused();
});

test('Back from a cell of the matrix leads to that cell; a link to a screen keeps the focus', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  const cell = lab.cell('PPTP, 1 laptop', 'OpenWrt', 'all on');
  await expect(cell).toHaveAttribute('aria-disabled', 'false');
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'PPTP, 1 laptop' })).toBeVisible();
  await page.goBack();
  await expect(cell).toBeFocused();
  await lab.tabTo('Myths');
  await page.keyboard.press('Enter');
  await lab.tabTo('Matrix');
  await page.keyboard.press('Enter');
  await expect(cell).toBeInViewport();
  await expect(page.getByRole('link', { name: 'Matrix' })).toBeFocused();
});

test('on a projector the list of keys is seen whole, and what turns its letters off', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('?');
  const letters = page.getByRole('checkbox', { name: /^Letters are keys of this page/ });
  await expect(letters).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('dialog', { name: 'Keys' }).getByText('play or pause')).toBeInViewport({ ratio: 1 });
});

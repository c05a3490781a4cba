import { expect, test } from '@playwright/test';
import { WAYS } from '../../src/explain/ways.ts';
import { PassthroughLab } from './driver.ts';

test('a cell of the matrix opens its run at the packet that decides, and Back leads to the matrix again', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  const cell = lab.cell('PPTP, 2 laptops, same Call ID', 'Linksys', 'all on');
  await lab.openCell(cell);
  await expect(page.getByRole('heading', { level: 1, name: 'PPTP, 2 laptops, same Call ID' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Router model' })).toHaveValue('linksys');
  await expect(lab.story).toContainText('At Linksys');
  await expect(lab.story).toContainText('the first laptop works, and those who come later are stopped at the router');
  await lab.expectVerdict('Stopped at the router: already taken');
  await page.goBack();
  await expect(lab.cell('PPTP, 2 laptops, same Call ID', 'Linksys', 'all on')).toBeInViewport();
});

test('other positions of the switches show other fates, framed and in words', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  await expect(lab.cell('ESP, keys by hand, 1 laptop', 'ASUSWRT', 'all on')).toContainText('works');
  await lab.setMatrixTo('IPsec off');
  const cell = lab.cell('ESP, keys by hand, 1 laptop', 'ASUSWRT', 'IPsec off');
  await expect(cell).toContainText('blocked');
  await expect(lab.cell('ESP, keys by hand, 1 laptop', 'DD-WRT', 'IPsec off')).toContainText('works');
  await lab.openCell(cell);
  await lab.expectVerdict('Stopped at the router: blocked by a rule');
  await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: false })).toBeVisible();
});

test('where not all routers have room, a shade at the edge says so, until one has scrolled to the last', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  const table = page.getByRole('region', { name: 'Table' });
  const shade = page.locator('[data-more]');
  await expect(shade).toHaveCSS('opacity', '0');
  await page.setViewportSize({ width: 1024, height: 720 });
  await expect(shade).toHaveCSS('opacity', '1');
  await table.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(shade).toHaveCSS('opacity', '1');
  await table.evaluate((box) => box.scrollTo(box.scrollWidth, 0));
  await expect(shade).toHaveCSS('opacity', '0');
});

test('the matrix can be narrowed down to one VPN', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  await page.getByRole('radio', { name: 'L2TP', exact: true }).check();
  await expect(page.getByRole('rowheader')).toHaveText([
    'L2TP',
    'L2TP, 1 laptop',
    'L2TP, 2 laptops',
    'L2TPv3 over IP 115, 1 laptop',
    'L2TPv3 over IP 115, 2 laptops',
  ]);
});

test('all cells are run in the end, and are still there after a look at the stage', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  const all = page.getByText(/^All [\d,]+ cells are run\.$/);
  await expect(all).toBeVisible({ timeout: 100_000 });
  await lab.goTo('Stage');
  await lab.goTo('Matrix');
  await expect(all).toBeVisible({ timeout: 1_000 });
});

test('matrix, cell and back by the keyboard alone', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.getByRole('link', { name: 'Matrix' }).focus();
  await page.keyboard.press('Enter');
  const cell = lab.cell('PPTP, 1 laptop', 'Linux 6.x netfilter', 'all on');
  await expect(cell).toHaveAttribute('aria-disabled', 'false');
  for (let i = 0; i < 30; i++) {
    if (await page.evaluate(() => document.activeElement?.closest('[role=grid]'))) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowRight');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'PPTP, 1 laptop' })).toBeVisible();
  await expect(lab.story).toContainText('At Linux 6.x netfilter');
});

test('a cell that was opened can be shared', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  await lab.openCell(lab.cell('Plain GRE, 2 laptops', 'ASUSWRT', 'all on'));
  await lab.expectVerdict('Stopped at the router: already taken');
  await page.getByRole('button', { name: 'Share link' }).click();
  await expect(page.getByRole('button', { name: 'Link copied' })).toBeVisible();
  const other = await context.newPage();
  await other.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(other.getByRole('heading', { level: 1, name: 'Plain GRE, 2 laptops' })).toBeVisible();
  await new PassthroughLab(other).expectVerdict('Stopped at the router: already taken');
});

test('on a phone the matrix shows one router, and a row opens its run', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Matrix');
  await page.getByRole('combobox', { name: 'Router' }).selectOption('D-Link DIR-300');
  await lab.setMatrixTo('L2TP off');
  const row = lab.cell('L2TP/IPsec, 1 laptop', 'D-Link DIR-300', 'L2TP off');
  await expect(row).toContainText('blocked');
  await lab.openCell(row);
  await expect(page.getByRole('heading', { level: 1, name: 'L2TP/IPsec, 1 laptop' })).toBeVisible();
  await lab.expectVerdict('Stopped at the router: blocked by a rule');
});

test('on a phone a run opened far down a screen begins at the top of the stage', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Ways around');
  await lab.wayAround(WAYS.at(-1)!.name).getByRole('button', { name: 'See it' }).click();
  await expect(page.getByRole('tab', { name: 'Packet', exact: true })).toBeVisible();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
});

test('a myth opens the run that refutes it', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.goTo('Myths');
  await lab.myth('Passthrough opens ports and lets VPN connections in.').getByRole('button').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'A stranger knocks' })).toBeVisible();
  await lab.expectVerdict(/^Stopped at the router/);
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
});

test('a way around opens its run with every switch off, where nothing is stopped', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const { name } of WAYS) {
    await lab.goTo('Ways around');
    await lab.wayAround(name).getByRole('button', { name: 'See it' }).click();
    await expect(page.getByRole('switch', { checked: false })).toHaveCount(3);
    await expect(page.getByRole('heading', { name: /^Stopped/ })).toHaveCount(0);
  }
});

test('without a network the screens work as with one', async ({ page, context }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.untilKept();
  await context.setOffline(true);
  await lab.goTo('Matrix');
  await lab.openCell(lab.cell('PPTP, 1 laptop', 'OpenWrt', 'all on'));
  await lab.expectVerdict(/^Stopped at the router/);
  await lab.goTo('Ways around');
  await expect(lab.wayAround('WireGuard')).toContainText('The router sees UDP to port 51820');
});

test('a screen has an address of its own', async ({ page }) => {
  await page.goto('./#screen=myths');
  await expect(page.getByRole('heading', { level: 1, name: 'Often said, and not so' })).toBeVisible();
  await page.goto('./#screen=around');
  await expect(page.getByRole('heading', { level: 1, name: `${WAYS.length} ways around passthrough` })).toBeVisible();
});

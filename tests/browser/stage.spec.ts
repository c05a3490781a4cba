import { expect, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

test('what is chosen on the stage is chosen everywhere', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.chooseOnStage(/^Laptop A$/);
  await expect(lab.stageList.getByRole('button', { name: /^Laptop A,/, pressed: true })).toBeAttached();
  await lab.chooseOnStage(/^Stage: look up$/);
  const way = page.getByRole('region', { name: 'Way through the router' });
  await expect(way.getByRole('button', { name: /^look up/, pressed: true })).toBeVisible();
  await lab.show('Table');
  await lab.chooseOnStage(/^Table entry: TCP/);
  await expect(page.getByRole('button', { name: /^TCP entry/, pressed: true })).toBeVisible();
  await lab.chooseOnStage(/^Packet 12: ICMP/);
  await expect(page.getByRole('button', { name: 'The router’s answer', pressed: true })).toBeVisible();
});

test('a stage that is chosen in the panel says what it did', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  const way = page.getByRole('region', { name: 'Way through the router' });
  const before = await lab.picture();
  await way.getByRole('button', { name: /^put together/ }).click();
  await expect(way.getByText('There was nothing to do here.')).toBeVisible();
  await way.getByRole('button', { name: /^look up/ }).click();
  await expect.poll(() => lab.picture()).not.toBe(before);
});

test('a packet on its way is chosen from the list by keyboard, and its step comes along', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const other = lab.stageList.getByRole('list', { name: 'Also on the way' }).getByRole('button').first();
  const name = (await other.textContent())!.split(',')[0]!;
  await other.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
});

test('the stage zooms by keyboard, and 0 shows all of it again', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const whole = await lab.picture();
  await page.locator('canvas').focus();
  await page.keyboard.press('+');
  await expect.poll(() => lab.picture()).not.toBe(whole);
  const fit = page.getByRole('button', { name: 'Whole stage' });
  await expect(fit).toHaveAttribute('aria-disabled', 'false');
  const near = await lab.picture();
  await page.keyboard.press('0');
  await expect(fit).toHaveAttribute('aria-disabled', 'true');
  await expect.poll(() => lab.picture()).not.toBe(near);
});

test('on a telephone one finger goes on scrolling the page over the stage', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const page = await context.newPage();
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const whole = await lab.picture();
  await page.locator('canvas').hover();
  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
  expect(await lab.picture()).toBe(whole);
  await context.close();
});

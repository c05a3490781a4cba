import { expect, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

test('stepping back and forth gives the same picture, and going back keeps what comes after', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.toStart();
  const there: string[] = [];
  for (let i = 0; i < 12; i++) {
    await lab.stepForward();
    await lab.expectStep(i + 1, 30);
    there.push(await lab.picture());
  }
  for (let i = 10; i >= 0; i--) {
    await lab.stepBack();
    await lab.expectStep(i + 1, 30);
    expect(await lab.picture()).toBe(there[i]);
  }
  // Bare acknowledgements of the same flow look alike; everything else does not.
  expect(new Set(there).size).toBeGreaterThan(6);
});

test('the next drop leads from one to the other and round again', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.expectStep(12);
  await lab.nextDrop();
  await lab.expectStep(27);
  await lab.nextDrop();
  await lab.expectStep(12);
});

test('the whole run can be walked by the keyboard alone', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  const press = (key: string) => page.keyboard.press(key);
  await press('Home');
  await expect(page.getByRole('heading', { name: 'How to read the picture' })).toBeVisible();
  await press('ArrowRight');
  await press('PageDown');
  await lab.expectStep(2);
  await press('ArrowLeft');
  await lab.expectStep(1);
  await press('n');
  await lab.expectStep(12);
  await press('End');
  await lab.expectStep(30);
  await press('Home');
  await press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await press(' ');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('every step is told as a sentence to who cannot see it', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  const status = page.getByRole('status');
  await expect(status.first()).toContainText(
    'Step 12 of 30. GRE Call ID 27183 · LCP Configuration Request, VPN server to Router: stopped',
  );
  await lab.stepForward();
  await expect(status.first()).toContainText('Step 13 of 30.');
});

test('ladder, packets and table follow the same cursor', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.show('Packets');
  await page.getByRole('button', { name: /^8\. PPTP Outgoing-Call-Request/ }).click();
  await lab.expectStep(8);
  await lab.show('Table');
  await expect(page.getByRole('row', { name: /^TCP entry/ })).toContainText('192.168.1.10:49246');
  await lab.show('Ladder');
  await expect(page.getByRole('button', { name: /^8\. / })).toHaveAttribute('aria-current', 'step');
});

test('a click on a table row, on the page or on the stage, selects it in both', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.show('Table');
  const before = await lab.picture();
  await page.getByRole('button', { name: /^TCP entry/ }).click();
  await expect(page.getByRole('button', { name: /^TCP entry/, pressed: true })).toBeVisible();
  await expect.poll(() => lab.picture()).not.toBe(before);
});

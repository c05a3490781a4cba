import { expect, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

test('a stranger sees a tunnel fail, reads why, flips one switch, and sees the two bytes that changed', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.open();
  // Ten seconds are the playhead's own measure (its test holds it to that); a busy machine may need more.
  await expect(lab.why.getByRole('heading', { name: 'Stopped at the router: no entry fits' })).toBeVisible({
    timeout: 25_000,
  });
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(lab.why).toContainText('GRE has no ports.');
  await expect(lab.why).toContainText('with PPTP passthrough off, did not read');

  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: false })).toBeVisible();
  await lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
  await expect(lab.story.getByText('Both connections are up in the end.')).toBeVisible();

  await lab.expectVerdict('Sent on: expected');
  await lab.nextChange();
  await lab.expectVerdict(/^Sent on: Call ID 7 → \d+$/);
  await expect(page.getByRole('row', { name: /^Call ID 7 \d+/ })).toBeVisible();
  const changed = await lab.bytes.locator('[data-side="after"][data-changed="true"]').allTextContents();
  const callId = Number((await lab.why.getByRole('heading').textContent())?.split('→ ')[1]);
  expect(Number.parseInt(changed.slice(-2).join(''), 16)).toBe(callId);
});

test('on a telephone the packet, the reason and the switch that helps stand on the first screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeInViewport({ ratio: 1 });
  const cure = lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' });
  const foot = await page.getByRole('region', { name: 'Transport' }).boundingBox();
  const { y, height } = (await cure.boundingBox())!;
  expect(y + height).toBeLessThan(foot!.y);
});

test('the router’s own sentence is that GRE has no ports, and both laptops end with error 806', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.nextDrop();
  await lab.expectVerdict('Stopped at the router: no ports');
  await expect(lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(lab.atHome.getByText(/^Error 806: /)).toHaveCount(2);
});

test('who looks at the error is told its cause and the switch that helps', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.getByRole('slider', { name: 'Step' }).fill('48');
  await expect(page.getByRole('heading', { name: /shows .*Error 806|shows LCP: timeout/ })).toBeVisible();
  await lab.expectVerdict(/^Stopped at the router/);
  await lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  await expect(lab.story).toContainText('Both connections are up in the end.');
});

test('the same packet that was stopped gets through where the switch is flipped', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const name = await page.getByRole('heading', { name: /^GRE Call ID 7/ }).textContent();
  await lab.flip('PPTP passthrough');
  await lab.expectVerdict('Sent on: expected');
  await expect(page.getByRole('heading', { name: name ?? '' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(lab.atHome.getByText('the tunnel is up')).toHaveCount(2);
  await lab.flip('PPTP passthrough');
  await expect(lab.story.getByText('Neither connection is up in the end.')).toBeVisible();
});

test('a recording of a real router tells the same story', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openFirstRecording();
  await lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  await expect(lab.story.getByText('Both tunnels come up')).toBeVisible();
  await expect(lab.why.getByRole('heading', { name: 'Sent on: Call ID 13330 → 35752' })).toBeVisible({
    timeout: 25_000,
  });
  const changed = lab.bytes.locator('[data-side="after"][data-changed="true"]');
  expect((await changed.allTextContents()).slice(-2)).toEqual(['8b', 'a8']);
});

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
  await expect(lab.story.getByText('Both tunnels come up')).toBeVisible();

  await expect(lab.why.getByRole('heading', { name: 'Sent on: Call ID 13330 → 35752' })).toBeVisible({
    timeout: 25_000,
  });
  await expect(page.getByRole('row', { name: /^Call ID 13330 35752/ })).toBeVisible();
  const changed = lab.bytes.locator('[data-side="after"][data-changed="true"]');
  expect((await changed.allTextContents()).slice(-2)).toEqual(['8b', 'a8']);
});

test('the switch itself does the same as the button in the explanation', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.flip('PPTP passthrough');
  await expect(lab.story.getByText('Both tunnels come up')).toBeVisible();
  await lab.flip('PPTP passthrough');
  await expect(lab.story.getByText('Neither tunnel comes up.')).toBeVisible();
});

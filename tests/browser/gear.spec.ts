import { expect, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

test('the router on real gear: another target, a copy, and a switch that changes the lines', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.replaceRouter('ASUSWRT');
  const gear = await lab.onRealGear();

  const rule = gear.getByRole('listitem').filter({ hasText: 'oifname "wan" udp dport 1701 drop' });
  await expect(gear.getByRole('heading', { name: 'Tested', exact: true })).toBeVisible();
  await gear.getByRole('switch', { name: 'L2TP passthrough', checked: false }).click();
  await expect(rule).toBeHidden();
  await gear.getByRole('switch', { name: 'L2TP passthrough', checked: true }).click();
  await expect(rule).toContainText('L2TP passthrough off');

  await gear.getByRole('tab', { name: 'MikroTik RouterOS' }).click();
  await expect(gear.getByRole('heading', { name: 'Read only, not tested' })).toBeVisible();
  await gear.getByRole('button', { name: 'Copy: At the prompt' }).click();
  await expect(gear.getByRole('button', { name: 'Copied: At the prompt' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(
    '# L2TP passthrough off: L2TP, on its way out, is dropped.\n' +
      'add chain=forward out-interface-list=WAN protocol=udp dst-port=1701 action=drop\n',
  );
});

test('by keyboard alone: from target to target, closed by Escape, back to the button', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const opener = page.getByRole('button', { name: 'On real gear…' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const gear = page.getByRole('dialog', { name: 'On real gear: Textbook NAPT' });
  await gear.getByRole('tab', { name: 'nftables' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(gear.getByRole('tabpanel', { name: 'iptables' })).toContainText('-A POSTROUTING -o wan -j MASQUERADE');
  await page.keyboard.press('Escape');
  await expect(gear).toBeHidden();
  await expect(opener).toBeFocused();
});

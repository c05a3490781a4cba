import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { situations } from '../../src/ui/recording/catalogue.ts';
import { PassthroughLab } from './driver.ts';

const file = (name: string, side: 'lan' | 'wan') => `tests/recordings/${name}/${side}.pcap`;

test('each recording of the page opens and is replayed byte for byte', async ({ page }) => {
  test.setTimeout(120_000);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const situation of situations)
    for (const position of ['off', 'on'] as const) {
      const recorded = situation[position];
      if (!recorded) continue;
      await test.step(recorded.id, async () => {
        await lab.openRecording(situation.title, situation.on ? position : undefined);
        await expect(lab.story.getByText(recorded.outcome)).toBeVisible();
        await expect(
          page.getByText(/did what the recorded one did, byte for byte, with all \d+ packets/),
        ).toBeVisible();
        await page.keyboard.press('End');
        await expect(page.getByText('The recorded router did the same, byte for byte.')).toBeVisible();
      });
    }
});

test('a pair of one’s own is replayed, and how its router was set up is found out', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(file('pptp-2clients-2servers-helper', 'lan'), file('pptp-2clients-2servers-helper', 'wan'));
  await expect(page.getByText(/byte for byte, with all 100 packets/)).toBeVisible();
  await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
});

test('two files handed over the wrong way round are a pair all the same', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(file('l2tp-2clients', 'wan'), file('l2tp-2clients', 'lan'));
  await expect(page.getByText(/byte for byte, with all 75 packets/)).toBeVisible();
});

test('files dropped on the page find their places', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.dropFiles([file('openvpn-tcp', 'lan'), file('openvpn-tcp', 'wan')]);
  await page.getByRole('button', { name: 'Replay the pair' }).click();
  await expect(page.getByText(/byte for byte, with all \d+ packets/)).toBeVisible();
});

test('what fell on the page is forgotten once the dialog is closed', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.dropFiles([file('openvpn-tcp', 'lan')]);
  const dialog = page.getByRole('dialog', { name: 'Open a recording' });
  await expect(dialog.getByText('lan.pcap', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('o');
  await expect(dialog.getByText('lan.pcap', { exact: true })).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Replay the file' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await lab.dropFiles([file('openvpn-tcp', 'lan')]);
  await expect(dialog.getByText('lan.pcap', { exact: true })).toBeVisible();
});

test('a capture is opened by the keyboard alone', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('o');
  await lab.tabTo(/^LAN side/);
  for (const key of ['Enter', 'Space']) {
    const asked = page.waitForEvent('filechooser');
    await page.keyboard.press(key);
    await (await asked).setFiles(file('wireguard-1client', 'lan'));
  }
  await lab.tabTo('Replay the file');
  await page.keyboard.press('Enter');
  await expect(lab.findings).toContainText(/speaks WireGuard with Server 1/);
});

test('a file that is no capture is refused in words, and what was open stays open', async ({ page }, info) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const broken = info.outputPath('holiday.pcap');
  writeFileSync(broken, 'Dear diary, today nothing was captured.');
  await lab.openOwn(broken, file('l2tp-2clients', 'wan'));
  await expect(page.getByText(/: not opened\. The LAN file is not a capture file/)).toBeVisible();
  await lab.expectVerdict(/^Stopped at the router/);
});

test('captures of two different routers are refused in words', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(file('ike1-nonat', 'lan'), file('wireguard-1client', 'wan'));
  await expect(page.getByText(/expected .*, found /)).toBeVisible();
});

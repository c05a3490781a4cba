import { expect, test } from '@playwright/test';
import { situations } from '../../src/ui/recording/catalogue.ts';
import { PassthroughLab } from './driver.ts';

test('once loaded, the page asks nobody for anything, whatever is opened', async ({ page }) => {
  test.setTimeout(90_000);
  const lab = new PassthroughLab(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await lab.openAtFirstDrop();
  await page.waitForLoadState('networkidle');
  const loaded = asked.length;
  expect(asked.every((url) => new URL(url).origin === new URL(page.url()).origin)).toBe(true);
  for (const situation of situations.slice(0, 4)) {
    await lab.openRecording(situation.title, situation.on ? 'on' : undefined);
    await lab.pause();
  }
  await lab.openOwn('tests/recordings/openvpn-udp/lan.pcap', 'tests/recordings/openvpn-udp/wan.pcap');
  await expect(page.getByText(/byte for byte, with all 29 packets/)).toBeVisible();
  expect(asked.slice(loaded)).toEqual([]);
});

test('the page could not speak to others if it wanted to', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const answers = await page.evaluate(async () => {
    const refused = async (attempt: () => Promise<unknown>) =>
      attempt().then(
        () => 'went out',
        () => 'refused',
      );
    const image = new Promise((resolve, reject) => {
      const picture = new Image();
      picture.onload = resolve;
      picture.onerror = reject;
      picture.src = 'https://example.org/leak.png';
    });
    return Promise.all([refused(() => fetch('https://example.org/leak')), refused(() => image)]);
  });
  expect(answers).toEqual(['refused', 'refused']);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

test('nothing is complained about in the console', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const tab of ['Packets', 'Table', 'Ladder'] as const) await lab.show(tab);
  await lab.flip('PPTP passthrough');
  await lab.pause();
  await page.keyboard.press('End');
  expect(complaints).toEqual([]);
});

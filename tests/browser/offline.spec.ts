import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { writeList } from '../../scripts/offline.ts';
import { PassthroughLab } from './driver.ts';
import { type FolderServer, serve } from './folder-server.ts';

let server: FolderServer | undefined;

test.afterEach(() => server?.stop());

/** The built page in a subfolder of a server that knows nothing of it, with a copy of its own to change. */
async function published(folder: string): Promise<FolderServer> {
  cpSync('dist', folder, { recursive: true });
  server = await serve(folder);
  return server;
}

/** Publishes the page anew, under another title. */
function publish(folder: string, title: string): void {
  const path = join(folder, 'index.html');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/<title>.*<\/title>/, `<title>${title}</title>`));
  writeList(folder);
}

const isWaiting = async () => (await navigator.serviceWorker.ready).waiting !== null;
const isInstalling = async () => (await navigator.serviceWorker.ready).installing !== null;
const caches = (page: Page) => page.evaluate(() => globalThis.caches.keys());

test('after one visit the whole page works with its server gone and the network cut', async ({
  page,
  context,
}, info) => {
  const { url, stop } = await published(info.outputPath('site'));
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop(url);
  await lab.untilKept();
  await stop();
  await context.setOffline(true);
  await page.reload();
  await lab.expectVerdict(/^Stopped at the router/);
  await lab.openScenario('OpenVPN over UDP: two laptops');
  await lab.openRecording('WireGuard');
  await expect(lab.story.getByText('It just works: ordinary UDP needs no passthrough.')).toBeVisible();
  await lab.openOwn('tests/recordings/openvpn-udp/lan.pcap', 'tests/recordings/openvpn-udp/wan.pcap');
  await expect(page.getByText(/byte for byte, with all 29 packets/)).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.reload();
  await lab.expectVerdict(/^Stopped at the router/);
});

test('a new version is taken whole on the next visit, and the old one is thrown away', async ({ context }, info) => {
  const folder = info.outputPath('site');
  const { url } = await published(folder);
  const first = await context.newPage();
  await new PassthroughLab(first).openAtFirstDrop(url);
  await new PassthroughLab(first).untilKept();
  const old = await caches(first);
  publish(folder, 'The next version');
  await first.reload();
  await expect.poll(() => first.evaluate(isWaiting)).toBe(true);
  await first.reload();
  await expect(first).toHaveTitle('Passthrough Lab');
  await first.close();
  const second = await context.newPage();
  // The browser may take a moment to notice that nobody looks at the old version any more.
  await expect(async () => {
    await second.goto('about:blank');
    await new PassthroughLab(second).openAtFirstDrop(url);
    await expect(second).toHaveTitle('The next version', { timeout: 1000 });
  }).toPass();
  await expect.poll(() => caches(second)).toHaveLength(1);
  expect(await caches(second)).not.toEqual(old);
});

test('a new version of which a file is not as it was built is not taken at all', async ({ context }, info) => {
  const folder = info.outputPath('site');
  const { url, asked } = await published(folder);
  const first = await context.newPage();
  await new PassthroughLab(first).openAtFirstDrop(url);
  await new PassthroughLab(first).untilKept();
  const old = await caches(first);
  publish(folder, 'The next version');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const before = asked.length;
  await first.reload();
  await expect.poll(() => asked.slice(before)).toContain('/lab/icon.svg');
  await expect.poll(() => first.evaluate(isInstalling)).toBe(false);
  expect(await first.evaluate(isWaiting)).toBe(false);
  await first.close();
  const second = await context.newPage();
  await new PassthroughLab(second).openAtFirstDrop(url);
  await expect(second).toHaveTitle('Passthrough Lab');
  expect(await caches(second)).toEqual(expect.arrayContaining(old));
});

test('two copies of the page on one server keep out of each other’s way', async ({ page }, info) => {
  const folder = info.outputPath('site');
  cpSync('dist', join(folder, 'one'), { recursive: true });
  cpSync('dist', join(folder, 'two'), { recursive: true });
  publish(join(folder, 'two'), 'The other copy');
  server = await serve(folder, '/');
  const lab = new PassthroughLab(page);
  for (const copy of ['one', 'two']) {
    await lab.openAtFirstDrop(`${server.url}${copy}/`);
    await lab.untilKept();
  }
  await server.stop();
  await lab.openAtFirstDrop(`${server.url}one/`);
  await expect(page).toHaveTitle('Passthrough Lab');
  await lab.openAtFirstDrop(`${server.url}two/index.html`);
  await expect(page).toHaveTitle('The other copy');
});

test('browsers find nothing that keeps them from installing the page', async ({ page }, info) => {
  const { url } = await published(info.outputPath('site'));
  await new PassthroughLab(page).openAtFirstDrop(url);
  const devtools = await page.context().newCDPSession(page);
  const manifest = await devtools.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(manifest.url).toBe(`${url}app.webmanifest`);
  // Tests run in private windows, in which nothing can be installed.
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
});

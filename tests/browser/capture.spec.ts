import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Page, test, type Worker } from '@playwright/test';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { snappedFile } from '../support/snap.ts';
import { writeBigPair } from './big-capture.ts';
import { PassthroughLab } from './driver.ts';

const file = (name: string, side: 'lan' | 'wan') => `tests/recordings/${name}/${side}.pcap`;

test('two laptops, one server, only one connects: a dropped pair goes to the packet and says why', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.dropFiles([file('raw-esp', 'lan'), file('raw-esp', 'wan')]);
  await page.getByRole('button', { name: 'Replay the pair' }).click();
  await expect(lab.findings).toContainText(/ESP.*stopped/);
  await expect(lab.findings).toContainText(/Client A \(192\.168\.1\.10\) speaks ESP with Server 1/);
  await lab.expectVerdict(/^Stopped at the router/);
  // The card beside it says why; away from there, this does, and leads back.
  const back = lab.findings.getByRole('button', { name: /^Go to packet/ });
  await expect(back).toHaveCount(0);
  await lab.toStart();
  await expect(back).toBeVisible();
});

test('one file of the inside is enough, and what it cannot show is said', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(file('pptp-2clients-nohelper', 'lan'));
  await expect(lab.findings).toContainText(/speaks PPTP with Server 1/);
  await lab.openOwn(file('wireguard-1client', 'lan'));
  await expect(lab.findings).toContainText('This router stops none of these packets.');
  await expect(lab.findings).toContainText(/speaks WireGuard with Server 1 .*: \d+ packets out, \d+ back\./);
});

test('a capture goes through every router, in any position of its switches', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(file('ike2-2clients', 'lan'));
  for (const { id, name, defaults } of PROFILES) {
    await lab.replaceRouter(name);
    await expect(page.getByRole('combobox', { name: 'Router model' })).toHaveValue(id);
    await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: defaults.ipsec })).toBeVisible();
    await lab.flip('IPsec passthrough');
    await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: !defaults.ipsec })).toBeVisible();
  }
});

const BROKEN: readonly (readonly [what: string, bytes: Buffer, words: RegExp])[] = [
  ['empty', Buffer.alloc(0), /expected 4 bytes, received 0/],
  ['picture', Buffer.from('ffd8ffe000104a46', 'hex'), /received ffd8ffe0 \(JPEG picture\)/],
  ['packed', Buffer.from('1f8b080000000000', 'hex'), /gzip: unpack it first/],
  ['old', Buffer.from(`a1b2c3d400010004${'00'.repeat(16)}`, 'hex'), /expected pcap version 2, received version 1\.4/],
  ['short', readFileSync(file('wireguard-1client', 'lan')).subarray(0, 20), /expected 24 bytes, received 20/],
  ['silent', readFileSync(file('wireguard-1client', 'lan')).subarray(0, 24), /expected IPv4 packets, found none/],
];

test('a file that is none is refused with what was expected and what is there; what was open stays', async ({
  page,
}, info) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const [what, bytes, words] of BROKEN) {
    const path = info.outputPath(`${what}.pcap`);
    writeFileSync(path, bytes);
    await lab.openOwn(path);
    await expect(page.getByText(words)).toContainText('not opened.');
    await lab.expectVerdict(/^Stopped at the router/);
  }
});

const replayWorkers = (page: Page) => page.workers().filter((worker) => worker.url().includes('replay.worker'));

/** The one that the page has, once it is there. */
async function replayWorker(page: Page): Promise<Worker> {
  await expect.poll(() => replayWorkers(page).length).toBe(1);
  return replayWorkers(page)[0]!;
}

test('a replay whose worker dies is said in words; the page stays usable, and the next capture opens', async ({
  page,
}) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const dying = await replayWorker(page);
  await dying.evaluate(() => {
    self.postMessage = () => {
      throw new Error('it died in the middle of its work');
    };
  });
  await lab.openOwn(file('raw-esp', 'lan'));
  await expect(
    page.getByText(
      /^lan\.pcap: not opened\. The replay broke down on these files, by a mistake of ours \(.*it died in the/,
    ),
  ).toBeVisible();
  await expect(lab.progress).toBeHidden();
  await expect.poll(() => replayWorkers(page).length).toBe(0);
  await lab.expectVerdict(/^Stopped at the router/);
  await lab.flip('PPTP passthrough');
  await lab.expectVerdict('Sent on: expected');
  await lab.openOwn(file('wireguard-1client', 'lan'));
  await expect(lab.findings).toContainText('This router stops none of these packets.');
  await expect(page.getByText('The replay broke down')).toBeHidden();
});

test('a replay whose worker is gone without a word is given up, and the next capture opens', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const dying = await replayWorker(page);
  // As a browser does that is short of memory.
  await dying.evaluate(() => {
    const say = self.postMessage.bind(self);
    self.postMessage = (message: { readonly kind: string }) => {
      say(message);
      if (message.kind === 'alive') self.close();
    };
  });
  await lab.openOwn(file('raw-esp', 'lan'));
  await expect(page.getByText(/^lan\.pcap: not opened\. The browser ended the replay of these files/)).toBeVisible();
  await expect(lab.progress).toBeHidden();
  await lab.openOwn(file('wireguard-1client', 'lan'));
  await expect(lab.findings).toContainText('This router stops none of these packets.');
});

test('a capture with a snap length is replayed by its headers; what was cut off is said, and what had to be left out', async ({
  page,
}, info) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const cut = (name: string) => {
    const path = info.outputPath(`${name}.pcapng`);
    writeFileSync(path, snappedFile(readFileSync(file(name, 'lan')), 96));
    return path;
  };
  const drop = async (name: string) => {
    await lab.dropFiles([cut(name)]);
    await page.getByRole('button', { name: 'Replay the file' }).click();
  };
  await drop('pptp-2clients-nohelper');
  await expect(lab.findings).toContainText(
    /The capture kept only the beginning of \d+ packets\. The router decides by the/,
  );
  await expect(lab.findings).toContainText('tcpdump -s 0');
  await expect(lab.findings).toContainText(/speaks PPTP with Server 1/);
  await lab.show('Packets');
  await page
    .getByRole('button', { name: /PPTP Start-Control-Connection-Request/ })
    .first()
    .click();
  await expect(
    page.getByText(/^The capture kept 82 of its 2\d\d bytes\. A router decides by the headers/),
  ).toBeVisible();
  await lab.expectVerdict(/^Sent on/);
  await drop('l2tp-2clients');
  await expect(lab.findings).toContainText(
    /\d+ packets could not be replayed: a router would have to know what is missing/,
  );
  await page
    .getByRole('button', { name: /packets? not replayed; the first is L2TP/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: /the capture kept 82 of its \d+ bytes/ })).toBeVisible();
  await expect(page.getByText(/^What a router does here depends on bytes that the capture did not keep/)).toBeVisible();
});

test('a file that breaks off is replayed up to there, and the place is named', async ({ page }, info) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const path = info.outputPath('cut.pcap');
  writeFileSync(path, readFileSync(file('wireguard-1client', 'lan')).subarray(0, -5));
  await lab.openOwn(path);
  await expect(lab.findings).toContainText(/cut short at byte \d+, packet \d+: data: expected \d+ bytes, received \d+/);
});

test('100 MB are replayed with progress while the page goes on, can be given up, and come to the first drop', async ({
  page,
}, info) => {
  test.setTimeout(300_000);
  const [lan, wan] = [info.outputPath('lan.pcap'), info.outputPath('wan.pcap')];
  const received = writeBigPair(lan, wan, 100_000_000);
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await lab.openOwn(lan, wan);
  await expect(lab.progress.getByText(/(Reading|Sorting packets|Replaying): /)).toBeVisible();
  await lab.progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(lab.progress).toBeHidden();
  await lab.expectVerdict(/^Stopped at the router/);
  await page.evaluate(() => {
    const blocks = globalThis as unknown as { blocks: number[] };
    blocks.blocks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) blocks.blocks.push(duration);
    }).observe({ type: 'longtask' });
  });
  const start = Date.now();
  await lab.openOwn(lan, wan);
  await expect(lab.progress.getByText(/^Replaying: [\d,]+ of /)).toBeVisible({ timeout: 120_000 });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(lab.findings).toContainText(/GRE Call ID 7.*stopped/, { timeout: 200_000 });
  const seconds = (Date.now() - start) / 1000;
  const blocks = await page.evaluate(() => (globalThis as unknown as { blocks: number[] }).blocks);
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  info.annotations.push({
    type: 'measured',
    description: `${received} packets: ${seconds.toFixed(1)} s, longest block ${Math.max(0, ...blocks).toFixed(0)} ms, page heap ${(heap / 1e6).toFixed(0)} MB`,
  });
  await expect(page.getByText(`with all ${received.toLocaleString('en')} packets`)).toBeVisible();
  await lab.show('Packets');
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(page.getByText(/more packets, not shown one by one/).first()).toBeVisible();
});

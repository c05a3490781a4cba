#!/usr/bin/env node
/**
 * Measures the built page in headless Chromium and prints each figure beside its aim: how much JavaScript a visitor
 * fetches first, when the page can be used, how soon a flipped switch shows its new run, and what a frame of the stage
 * costs with thousands of packets on their way. Nothing fails for being slow; the size of the page is also an error of
 * the build.
 *
 *     npm run bench:ui
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';

const OPENINGS = 7;
const FLIPS = 24;
const PLAY_MS = 6000;
const port = Number(env.PORT ?? 4198);

const sorted = (values) => [...values].sort((a, b) => a - b);
const at = (values, part) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;
const both = (values) => `median ${at(values, 0.5).toFixed(1)} ms, 95 % within ${at(values, 0.95).toFixed(1)} ms`;
const line = (what, figure, aim = '') => console.log(`${what.padEnd(40)} ${figure}${aim && `   (aim: ${aim})`}`);

/** A page of its own each time, as for a first visitor. */
async function visit(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchOpening);
  await page.goto(url);
  return { page, close: () => context.close() };
}

/** In the page: notes when the first run can be played, and when the browser was last busy before that. */
function watchOpening() {
  window.usable = new Promise((tell) => {
    const look = () => {
      const button = document.querySelector('button[aria-label="Play"]:enabled, button[aria-label="Pause"]:enabled');
      if (!button || !document.querySelector('canvas')) return requestAnimationFrame(look);
      const run = performance.now();
      // Usable is what answers: after the frame that shows it, and after the work that was queued by then.
      return requestAnimationFrame(() => setTimeout(() => tell({ run, ready: performance.now() })));
    };
    requestAnimationFrame(look);
  });
}

async function opening(browser, url) {
  const times = [];
  for (let i = 0; i < OPENINGS; i++) {
    const { page, close } = await visit(browser, url);
    times.push(await page.evaluate(() => window.usable.then(({ ready }) => ready)));
    await close();
  }
  return times;
}

/**
 * In the page: one click on the switch, and how long until the new run is worked out, in the page, and painted; then
 * until the packet's panel, one of the views that are drawn when there is time, is painted too.
 */
async function flipOnce() {
  const nextPaint = () =>
    new Promise((tell) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = tell;
        port2.postMessage(0);
      }),
    );
  const changed = new Promise((tell) =>
    new MutationObserver(tell).observe(document.querySelector('#packet'), { childList: true, subtree: true }),
  );
  const pptp = [...document.querySelectorAll('[role="switch"]')].find((each) =>
    (each.getAttribute('aria-label') ?? each.closest('label, li, div')?.textContent ?? '').includes('PPTP'),
  );
  performance.clearMeasures();
  const began = performance.now();
  pptp.click();
  // React answers a click before the next frame.
  await Promise.resolve();
  const shown = performance.now();
  await nextPaint();
  const painted = performance.now();
  await changed.then(nextPaint);
  const whole = performance.now() - began;
  const measured = (name) => performance.getEntriesByName(name).reduce((sum, { duration }) => sum + duration, 0);
  const [run, model] = [measured('run'), measured('model')];
  return { run, model, react: shown - began - run - model, paint: painted - shown, all: painted - began, whole };
}

/** Answers what the page's main thread has worked so far, milliseconds of processor time: others on the machine do not count. */
async function workMeter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
}

async function flipping(browser, url) {
  const { page, close } = await visit(browser, url);
  const work = await workMeter(page);
  await page.evaluate(() => window.usable);
  await page.getByRole('switch', { name: 'PPTP passthrough' }).waitFor();
  await page.waitForTimeout(1500);
  const flips = [];
  for (let i = 0; i < FLIPS; i++) {
    const before = await work();
    const flip = await page.evaluate(flipOnce);
    flips.push({ ...flip, work: (await work()) - before });
    await page.waitForTimeout(400);
  }
  await close();
  return flips;
}

async function frames(browser) {
  const outDir = mkdtempSync(join(tmpdir(), 'passthrough-lab-bench-'));
  try {
    await build({
      root: 'bench/page',
      configFile: false,
      logLevel: 'warn',
      plugins: [react()],
      build: { outDir, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 2000 },
    });
    const server = await preview({
      root: 'bench/page',
      configFile: false,
      logLevel: 'warn',
      build: { outDir },
      preview: { port, host: '127.0.0.1' },
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(server.resolvedUrls.local[0]);
    await page.waitForFunction(() => window.measure !== undefined);
    const work = await workMeter(page);
    const before = await work();
    const measured = await page.evaluate((time) => window.measure(time), PLAY_MS);
    const each = ((await work()) - before) / (measured.stage.length + measured.panels.length);
    await page.close();
    await server.close();
    return { ...measured, each };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

const processors = cpus();
console.log(`Node ${process.version}, ${processors.length} × ${processors[0]?.model ?? 'processor'}`);
console.log(`load before: ${loadavg()[0].toFixed(2)} (other work on the machine makes the figures worse)\n`);

// The build says itself what the initial JavaScript weighs.
await build({ logLevel: 'warn' });
const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-gpu'],
  ...(env.CHROME_PATH ? { executablePath: env.CHROME_PATH } : {}),
});
const server = await preview({ preview: { port, host: '127.0.0.1' }, logLevel: 'warn' });
const [url] = server.resolvedUrls.local;
line('page can be used after', both(await opening(browser, url)), 'under 1000 ms');
const flips = await flipping(browser, url);
await server.close();
line('flipped switch to its new run painted', both(flips.map(({ all }) => all)), '50 ms');
for (const [part, name] of [
  ['run', 'the world runs'],
  ['model', 'steps and names'],
  ['react', 'React'],
  ['paint', 'frame and paint'],
])
  line(`  of these, ${name}`, both(flips.map((each) => each[part])));
line('  and every view', both(flips.map(({ whole }) => whole)));
line('  the whole of it, processor time', both(flips.map(({ work }) => work)));
const { stage, panels, apart, least, most, each: perFrame } = await frames(browser);
line(`script of a frame, ${least} to ${most} packets`, both(stage), '8 ms');
line('  when the panels follow, twice a second', both(panels));
line('  all of it, processor time a frame', `mean ${perFrame.toFixed(1)} ms`);
line('frames a second', (1000 / (apart.reduce((sum, each) => sum + each, 0) / apart.length)).toFixed(1), '60');
await browser.close();

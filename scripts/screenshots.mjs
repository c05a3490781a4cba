#!/usr/bin/env node
// Shoots the built page in its states, at four sizes, light and dark, into reports/screenshots: for people to look at.
//   node scripts/screenshots.mjs [word ...]     only the states whose name contains one of the words
import { mkdirSync } from 'node:fs';
import process, { argv, env } from 'node:process';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { STATES } from './screenshot-states.mjs';

const SIZES = [
  [1440, 900],
  [1280, 720],
  [820, 1180],
  [390, 844],
];
const FOLDER = 'reports/screenshots';

async function shoot(browser, url, [width, height], theme, wanted) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  for (const [name, arrange] of Object.entries(STATES)) {
    if (wanted.length > 0 && !wanted.some((word) => `${name}-${width}-${theme}`.includes(word))) continue;
    await page.goto(url);
    await page.getByRole('heading', { name: /Stopped at the router/ }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    try {
      await arrange(page);
    } catch (error) {
      // The others are shot all the same.
      console.error(`${name} at ${width}, ${theme}: ${error.message.split('\n')[0]}`);
      process.exitCode = 1;
      continue;
    }
    await page.waitForTimeout(250);
    // Lists and panels are drawn when the browser has time.
    await page.evaluate(() => new Promise((tell) => requestIdleCallback(tell)));
    await page.screenshot({
      path: `${FOLDER}/${name}-${width}-${theme}.png`,
      fullPage: width < 700 && name !== 'open',
    });
  }
  await page.close();
}

mkdirSync(FOLDER, { recursive: true });
const server = await preview({ preview: { port: Number(env.PORT ?? 4199), host: '127.0.0.1' }, logLevel: 'warn' });
const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-gpu'],
  ...(env.CHROME_PATH ? { executablePath: env.CHROME_PATH } : {}),
});
const wanted = argv.slice(2);
for (const size of SIZES)
  for (const theme of ['light', 'dark']) await shoot(browser, server.resolvedUrls.local[0], size, theme, wanted);
await browser.close();
await server.close();

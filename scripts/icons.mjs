#!/usr/bin/env node
// Draws public/icon.svg as the PNGs that home screens ask for: node scripts/icons.mjs
import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { chromium } from '@playwright/test';

const drawing = readFileSync('public/icon.svg', 'utf8');
/** Home screens cut their own corners; a mask may take a fifth off each side. */
const [plain, square, masked] = [
  drawing,
  drawing.replace('rx="7" ', ''),
  drawing.replace('rx="7" ', '').replace('viewBox="0 0 32 32"', 'viewBox="-5 -5 42 42" style="background:#1b2530"'),
];

const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-gpu'],
  ...(env.CHROME_PATH ? { executablePath: env.CHROME_PATH } : {}),
});
const page = await browser.newPage();
for (const [name, size, svg] of [
  ['icon-180', 180, square],
  ['icon-192', 192, plain],
  ['icon-512', 512, plain],
  ['icon-maskable-512', 512, masked],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
}
await browser.close();

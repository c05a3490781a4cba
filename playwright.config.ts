import { defineConfig } from '@playwright/test';
import { chromiumFlags, executable } from './scripts/chromium.ts';

/** Several checkouts can be tested at once, each on a port of its own. */
const port = Number(process.env.PORT ?? 4173);
const url = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: 'tests/browser',
  fullyParallel: true,
  workers: 2,
  // A slow machine is no failing test.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: 'reports/browser.json' }]],
  use: { baseURL: url, trace: 'retain-on-failure', launchOptions: { ...executable, args: chromiumFlags } },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url,
    reuseExistingServer: false,
  },
});

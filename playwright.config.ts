import { defineConfig } from '@playwright/test';
import { chromiumFlags, executable } from './scripts/chromium.ts';

const url = 'http://127.0.0.1:4173';

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
    command: 'node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port 4173 --strictPort',
    url,
    reuseExistingServer: false,
  },
});

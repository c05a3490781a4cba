import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, executable } from './scripts/chromium.ts';

export default defineConfig({
  plugins: [react()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          environment: 'node',
          pool: 'threads',
          isolate: false,
          // A slow day is no failure: only a hang is.
          testTimeout: 120_000,
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/kernel/**', 'tests/browser/**', 'tests/tshark/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'outside',
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 60_000,
          include: ['tests/kernel/**/*.test.ts', 'tests/tshark/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['tests/ui/**/*.test.tsx'],
          globalSetup: ['tests/ui/support/node-digests.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { ...executable, args: chromiumFlags } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

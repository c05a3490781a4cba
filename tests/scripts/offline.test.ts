import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { offline } from '../../scripts/offline.ts';

test('a build that fails says why, and not that it has left no service worker', async () => {
  const outDir = mkdtempSync(join(tmpdir(), 'passthrough-lab-build-'));
  const failing = {
    name: 'failing',
    generateBundle(this: { error: (message: string) => never }) {
      this.error('too much JavaScript');
    },
  };
  try {
    const building = build({
      configFile: false,
      logLevel: 'silent',
      plugins: [offline(), failing],
      build: { outDir, rolldownOptions: { input: 'src/lib/assert.ts' } },
    });
    await expect(building).rejects.toThrow('too much JavaScript');
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
});

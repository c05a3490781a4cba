/**
 * Builds the command line into dist-cli/. Several may run at once: each builds in a folder of its own and moves the
 * finished file into place in one step, so that nobody ever loads half a file.
 *
 *     node scripts/build-cli.mjs
 */
import { mkdir, mkdtemp, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'dist-cli');
const NAME = 'passthrough-lab.js';

export async function buildCli() {
  const started = new Date();
  await mkdir(folder, { recursive: true });
  const own = await mkdtemp(join(folder, 'building-'));
  try {
    const configFile = join(root, 'vite.cli.config.ts');
    await build({ root, configFile, logLevel: 'warn', build: { outDir: own } });
    // No newer than its sources were: what is edited while the build runs counts as newer.
    await utimes(join(own, NAME), started, started);
    await rename(join(own, NAME), join(folder, NAME));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();

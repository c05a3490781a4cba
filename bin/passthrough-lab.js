#!/usr/bin/env node
/**
 * Starts the command line. In a checkout it is built first if that has not been done, or if a source or a setting is
 * newer than what was built; that needs the development packages, which `npm ci` installs.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newest } from '../scripts/newest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist-cli', 'passthrough-lab.js');
const isSource = (name) => name.endsWith('.ts');

const mine = newest(built);
const settings = ['vite.cli.config.ts', 'package.json'].map((name) => newest(join(root, name)));
if (mine === 0 || Math.max(newest(join(root, 'src'), isSource), ...settings) > mine) {
  try {
    const { buildCli } = await import('../scripts/build-cli.mjs');
    await buildCli();
  } catch (error) {
    console.error(`passthrough-lab: cannot build the command line: ${error.message}`);
    console.error(`Run "npm ci" in ${root} first.`);
    process.exit(2);
  }
}
await import(pathToFileURL(built).href);

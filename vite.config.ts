import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { offline } from './scripts/offline.ts';
import { HEADERS, policy } from './scripts/policy.ts';
import { preload } from './scripts/preload.ts';

/** What a visitor must fetch before the page can do anything, gzipped. */
const INITIAL_LIMIT_KB = 200;

/** Prints the size of the entry with all that it imports at once, and fails the build where that is too much. */
const initialSize: Plugin = {
  name: 'initial-size',
  apply: 'build',
  generateBundle(_, bundle) {
    const seen = new Set<string>();
    const walk = (file: string): number => {
      const chunk = bundle[file];
      if (seen.has(file) || chunk?.type !== 'chunk') return 0;
      seen.add(file);
      return gzipSync(chunk.code).length + chunk.imports.reduce((sum, each) => sum + walk(each), 0);
    };
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !chunk.isEntry || chunk.fileName === 'sw.js') continue;
      const size = walk(chunk.fileName) / 1000;
      const said = `initial JavaScript ${size.toFixed(1)} kB gzipped, at most ${INITIAL_LIMIT_KB} kB`;
      if (size > INITIAL_LIMIT_KB) this.error(said);
      else console.warn(said);
    }
  },
};

export default defineConfig({
  base: './',
  plugins: [react(), policy, preload, initialSize, offline()],
  build: { target: 'es2023', sourcemap: true, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  preview: { headers: HEADERS },
});

/**
 * Builds the page, unless what was built is newer than every source, serves it to this machine alone, and prints its
 * address: `npm start`. Takes port 4173, or the next one that is free.
 */
import { build, preview } from 'vite';
import { newest } from './newest.mjs';

const built = newest('dist/index.html');
if (['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'].some((source) => newest(source) > built))
  await build({ logLevel: 'error' });

const server = await preview({ preview: { host: '127.0.0.1', port: 4173, strictPort: false } });
console.log(`Passthrough Lab is at ${server.resolvedUrls?.local[0]} (Ctrl+C to stop)`);

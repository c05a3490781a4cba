/**
 * Measures: builds and runs each bench/*.bench.ts in a process of its own, one after the other, and says on which
 * machine. With words, runs only those whose name holds one of them.
 *
 *     npm run bench [word …]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const words = process.argv.slice(2);
const names = readdirSync('bench')
  .filter((name) => name.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => name.includes(word))))
  .sort();
if (names.length === 0) {
  console.error('no benchmark has such a name');
  process.exit(2);
}

const processors = cpus();
console.log(`Node ${process.version}, ${processors.length} × ${processors[0]?.model ?? 'processor'}`);
console.log(`load before: ${loadavg()[0].toFixed(2)} (other work on the machine makes the figures worse)`);

const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-bench-'));
let status = 0;
try {
  for (const name of names) {
    const file = `${name.replace(/\.ts$/, '')}.mjs`;
    await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      ssr: { noExternal: true },
      build: {
        ssr: join('bench', name),
        outDir: folder,
        emptyOutDir: false,
        target: 'node20',
        minify: false,
        rolldownOptions: { output: { entryFileNames: file, codeSplitting: false } },
      },
    });
    console.log(`\n── ${name}`);
    status ||= spawnSync(process.execPath, ['--expose-gc', join(folder, file)], { stdio: 'inherit' }).status ?? 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

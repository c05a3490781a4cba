/** Gives the service worker its list: every file of the built page, each with the hash that its content must have. @module */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'sw.js';

/** As the service worker knows a file: relative to its own folder, and as fetch wants its `integrity`. */
interface Precached {
  readonly path: string;
  readonly integrity: string;
}

function precached(folder: string): readonly Precached[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== WORKER && !path.endsWith('.map'))
    .sort()
    .map((path) => ({ path, integrity: `sha256-${sha256(readFileSync(join(folder, path))).toString('base64')}` }));
}

function sha256(bytes: string | Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Writes the list into the service worker of a built page, in place of the one that is there. */
export function writeList(folder: string): void {
  const files = JSON.stringify(precached(folder));
  const version = sha256(files).toString('hex').slice(0, 12);
  const path = join(folder, WORKER);
  const code = readFileSync(path, 'utf8')
    .replace(/^const BUILT=.*\n/, '')
    .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  writeFileSync(path, `const BUILT={version:"${version}",files:${files}};\n${code}`);
}

export function offline(): Plugin {
  let folder = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved: ({ root, build }) => {
      folder = resolve(root, build.outDir);
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'src/ui/offline/service.worker.ts', fileName: WORKER });
    },
    // Not closeBundle: that runs after a build that failed, too, and what it finds missing would hide why.
    writeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        rmSync(join(folder, `${WORKER}.map`), { force: true });
        writeList(folder);
      },
    },
  };
}

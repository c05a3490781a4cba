/** The command line's entry: connects `run` with this process. @module */
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { EXIT, PROGRAM } from './command.ts';
import { run } from './run.ts';
import { intoLines, type Terminal } from './terminal.ts';

/** Who reads our output may stop at any time (`| head`): that is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  terminal.complain(`${PROGRAM}: standard output: ${reason(error)}`);
  process.exit(EXIT.trouble);
});

/** Where nobody reads complaints any more, the exit status still tells. */
process.stderr.on('error', () => {});

const terminal: Terminal = {
  async out(output) {
    if (!process.stdout.write(output)) await once(process.stdout, 'drain');
  },
  complain(line) {
    process.stderr.write(`${line}\n`);
  },
  lines() {
    process.stdin.setEncoding('utf8');
    return intoLines(process.stdin);
  },
  async read(path) {
    try {
      return await (path === '-' ? buffer(process.stdin) : readFile(path));
    } catch (error) {
      return reason(error);
    }
  },
  write: (path, bytes) =>
    trouble(async () => {
      await makeFolders(dirname(path)).catch(() => {}); // What is wrong there, writing says better.
      await writeFile(path, bytes);
    }),
  makeFolder: (path) => trouble(() => makeFolders(path)),
};

async function trouble(attempt: () => Promise<void>): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return reason(error);
  }
}

/** Step by step: Node's own way of making folders within folders never ends below /proc. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path);
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'not allowed',
  EISDIR: 'expected a file, received a folder',
  ENOTDIR: 'lies in a file, not in a folder',
  EROFS: 'nothing can be written there',
  EEXIST: 'expected a folder, received a file',
  ENOSPC: 'no space is left',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return WORDS[code] ?? String((error as Error).message);
}

process.exitCode = await run(process.argv.slice(2), terminal);

/** The command line's entry: connects `run` with this process. @module */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
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
  async out(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
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
      return await readFile(path);
    } catch (error) {
      return reason(error);
    }
  },
  async write(path, bytes) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      return undefined;
    } catch (error) {
      return reason(error);
    }
  },
};

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not allowed',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies in a file, not in a folder',
  EEXIST: 'is a file, not a folder',
  ENOSPC: 'no space is left',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return WORDS[code] ?? String((error as Error).message);
}

process.exitCode = await run(process.argv.slice(2), terminal);

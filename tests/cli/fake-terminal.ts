/** A terminal made of strings: what a command would have read, printed and complained of. */
import type { Terminal } from '../../src/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  /** All that was printed so far. */
  readonly printed: () => string;
  readonly complaints: readonly string[];
  /** The files that were written; nothing can be written below "/forbidden". "-" is what was printed as bytes. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

export function fakeTerminal(
  files: Readonly<Record<string, Uint8Array>> = {},
  input: readonly (string | undefined)[] = [],
): FakeTerminal {
  let printed = '';
  const complaints: string[] = [];
  const written = new Map<string, Uint8Array>();
  const forbidden = (path: string) => (path.startsWith('/forbidden') ? 'not allowed' : undefined);
  return {
    out: (output) => {
      if (typeof output === 'string') printed += output;
      else written.set('-', output);
      return Promise.resolve();
    },
    complain: (line) => {
      complaints.push(line);
    },
    async *lines() {
      yield* input;
    },
    read: (path) => Promise.resolve(files[path] ?? 'no such file'),
    write: (path, bytes) => {
      const trouble = forbidden(path);
      if (trouble === undefined) written.set(path, bytes);
      return Promise.resolve(trouble);
    },
    makeFolder: (path) => Promise.resolve(forbidden(path)),
    written,
    printed: () => printed,
    complaints,
  };
}

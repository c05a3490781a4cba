/** What a command may touch of the outside world, so that tests can run commands without a process. @module */

export interface Terminal {
  /** Writes to standard output; answers once more may be written. */
  out(output: string | Uint8Array): Promise<void>;
  /** Writes a line to standard error, where it does not get into what another program reads. */
  complain(line: string): void;
  /** Standard input, line by line as it arrives; undefined stands for a line too long to be read. */
  lines(): AsyncIterable<string | undefined>;
  /** A whole file, or a sentence that says why it cannot be had. "-" is standard input. */
  read(path: string): Promise<Uint8Array | string>;
  /** Writes a whole file, and the folders it lies in; answers a sentence that says why it cannot, or undefined. */
  write(path: string, bytes: Uint8Array): Promise<string | undefined>;
  /** Makes a folder, if it is not there yet; answers a sentence that says why it cannot, or undefined. */
  makeFolder(path: string): Promise<string | undefined>;
}

/** Longer lines are not kept in memory. The largest packet takes an eighth of this. */
const MAX_LINE = 1 << 20;

/** Cuts text that arrives in arbitrary pieces into lines, each as soon as it is whole. */
export async function* intoLines(pieces: AsyncIterable<string>): AsyncIterable<string | undefined> {
  let kept = '';
  let tooLong = false;
  for await (const piece of pieces) {
    let from = 0;
    for (let to = piece.indexOf('\n'); to >= 0; to = piece.indexOf('\n', from)) {
      const line = kept + piece.slice(from, to);
      yield tooLong || line.length > MAX_LINE ? undefined : line;
      kept = '';
      tooLong = false;
      from = to + 1;
    }
    if (kept.length + piece.length - from <= MAX_LINE) kept += piece.slice(from);
    else {
      kept = '';
      tooLong = true;
    }
  }
  if (tooLong) yield undefined;
  else if (kept !== '') yield kept;
}

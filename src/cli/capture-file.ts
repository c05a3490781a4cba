/** Opens a capture named on the command line. @module */
import { describe } from '../capture/error.ts';
import { openCapture } from '../capture/open.ts';
import type { CaptureReader } from '../capture/packet.ts';
import type { Terminal } from './terminal.ts';

/** Answers undefined after having said on standard error what is wrong. */
export async function openFile(path: string, terminal: Terminal): Promise<CaptureReader | undefined> {
  const bytes = await terminal.read(path);
  if (typeof bytes === 'string') {
    terminal.complain(`${path}: ${bytes}`);
    return undefined;
  }
  const opened = openCapture(bytes);
  if (opened.ok) return opened.value;
  terminal.complain(`${path}: ${describe(opened.error)}`);
  return undefined;
}

/** Says on standard error where a file broke off; answers whether it did. */
export function complainOfEnd(path: string, reader: CaptureReader, terminal: Terminal): boolean {
  if (reader.end?.kind !== 'broken') return false;
  terminal.complain(`${path}: ${describe(reader.end.error)}`);
  return true;
}

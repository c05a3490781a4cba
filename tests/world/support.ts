/** What tests of runs ask of a trace. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from '../../src/lib/bytes.ts';
import type { Occurrence, Trace } from '../../src/world/trace.ts';

/** Everything that happened, as one number: bytes in hex, all else as it stands. */
export function digestOf(trace: Trace): string {
  const text = JSON.stringify(trace, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
  return toHex(sha256(utf8ToBytes(text)));
}

export const kindsOf = <Kind extends Occurrence['kind']>(trace: Trace, kind: Kind) =>
  trace.occurrences.filter((each): each is Extract<Occurrence, { kind: Kind }> => each.kind === kind);

/** What a node's conversation came to, in order, without repetition. */
export function statusesOf(trace: Trace, node: string): readonly string[] {
  const all = kindsOf(trace, 'phase').flatMap((each) => (each.node === node ? [each.status] : []));
  return all.filter((status, index) => status !== all[index - 1]);
}

/** What is selected, as a word in a link: "entry.3", "node.router", "field.1-ipv4.ttl". @module */
import type { Selection } from '../session/session.ts';

const LONGEST = 120;

export function selectionText({ kind, id }: Selection): string {
  return `${kind}.${encodeURIComponent(id)}`;
}

/** Undefined where it stands for nothing. Whether there is such a thing in the run is for those to say who show it. */
export function readSelection(text: string): Selection | undefined {
  const [kind, ...rest] = text.split('.');
  const id = decoded(rest.join('.'));
  if (id === undefined || id === '' || id.length > LONGEST) return undefined;
  if (kind === 'entry' || kind === 'frame') return /^-?\d{1,9}$/.test(id) ? { kind, id: Number(id) } : undefined;
  return kind === 'field' || kind === 'node' || kind === 'stage' ? { kind, id } : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

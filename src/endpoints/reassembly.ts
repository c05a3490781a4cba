/** Puts fragments of IPv4 packets together as the receiving host does (RFC 791 §3.2, RFC 815). @module */
import type * as ipv4 from '../wire/ipv4.ts';

interface Incomplete {
  readonly pieces: ipv4.Fields[];
  /** Length of the whole payload, once the last fragment is here. */
  length?: number;
}

/** A host keeps no more incomplete packets than this. */
const MOST_PARTIAL = 64;

export class Reassembly {
  private readonly partials = new Map<string, Incomplete>();

  /** Takes a fragment; answers the whole packet when this was the last piece that was missing. */
  take(fragment: ipv4.Fields): ipv4.Fields | undefined {
    const key = keyOf(fragment);
    const partial: Incomplete = this.partials.get(key) ?? { pieces: [] };
    if (this.partials.size >= MOST_PARTIAL && partial.pieces.length === 0) return undefined;
    this.partials.set(key, partial);
    partial.pieces.push(fragment);
    if (!fragment.moreFragments) partial.length = fragment.fragmentOffset + fragment.payload.length;
    const payload = join(partial);
    if (!payload) return undefined;
    this.partials.delete(key);
    const first = partial.pieces.find((piece) => piece.fragmentOffset === 0) ?? fragment;
    return { ...first, moreFragments: false, fragmentOffset: 0, payload };
  }

  /** Forgets a packet that did not become whole in time. */
  drop(key: string): void {
    this.partials.delete(key);
  }

  isWaiting(key: string): boolean {
    return this.partials.has(key);
  }
}

/** Fragments belong together when these four are alike. */
export function keyOf(packet: ipv4.Fields): string {
  return `${packet.source}>${packet.destination}/${packet.protocol}#${packet.id}`;
}

function join(partial: Incomplete): Uint8Array | undefined {
  if (partial.length === undefined) return undefined;
  const payload = new Uint8Array(partial.length);
  let filled = 0;
  for (const piece of [...partial.pieces].sort((a, b) => a.fragmentOffset - b.fragmentOffset)) {
    const end = piece.fragmentOffset + piece.payload.length;
    if (piece.fragmentOffset > filled || end > partial.length) return undefined;
    payload.set(piece.payload, piece.fragmentOffset);
    filled = Math.max(filled, end);
  }
  return filled === partial.length ? payload : undefined;
}

/**
 * Which source key belongs to a PPTP GRE packet. The header carries only the receiver's Call ID; the PPTP helper knows
 * the sender's from the control connection and notes it here. Without a note the source key is 0.
 * Source: Linux nf_conntrack_proto_gre.c gre_keymap_lookup, nf_ct_gre_keymap_add.
 * @module
 */
import type { Tuple } from './tuple.ts';

export interface KeymapEntry {
  readonly source: number;
  readonly destination: number;
  readonly sourceKey: number;
  readonly destinationKey: number;
}

export class GreKeymap {
  private readonly entries = new Map<number, KeymapEntry[]>();

  /** 0 where nothing is known. */
  lookup(source: number, destination: number, destinationKey: number): number {
    if (this.entries.size === 0) return 0;
    const list = this.entries.get(slot(source, destinationKey));
    if (!list) return 0;
    // The oldest note wins, as in the kernel's list.
    for (const each of list) if (each.destination === destination) return each.sourceKey;
    return 0;
  }

  add(tuple: Tuple): KeymapEntry {
    const entry = {
      source: tuple.source,
      destination: tuple.destination,
      sourceKey: tuple.sourceKey,
      destinationKey: tuple.destinationKey,
    };
    const key = slot(tuple.source, tuple.destinationKey);
    const list = this.entries.get(key);
    if (list) list.push(entry);
    else this.entries.set(key, [entry]);
    return entry;
  }

  remove(entry: KeymapEntry): void {
    const key = slot(entry.source, entry.destinationKey);
    const list = this.entries.get(key)?.filter((each) => each !== entry) ?? [];
    if (list.length > 0) this.entries.set(key, list);
    else this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Whether the note stands for exactly this destination tuple: the test for a repeated announcement. */
  static matches(entry: KeymapEntry, tuple: Tuple): boolean {
    return (
      entry.source === tuple.source &&
      entry.destination === tuple.destination &&
      entry.destinationKey === tuple.destinationKey
    );
  }
}

const slot = (source: number, destinationKey: number): number => (source >>> 0) * 0x10000 + destinationKey;

/**
 * Notes what one packet changes in the tables: a picture of every entry before it was touched, compared afterwards.
 * @module
 */
import type { EntryView, TableChange } from './outcome.ts';
import type { RemovalReason, TableObserver } from './translator.ts';

export class ChangeObserver implements TableObserver {
  private readonly touched = new Map<number, { readonly before: EntryView; readonly view: () => EntryView }>();
  private readonly created = new Map<number, () => EntryView>();
  private readonly removed: TableChange[] = [];

  touching(id: number, view: () => EntryView): void {
    if (!this.touched.has(id) && !this.created.has(id)) this.touched.set(id, { before: view(), view });
  }

  creating(id: number, view: () => EntryView): void {
    this.created.set(id, view);
  }

  /** What came and went within one packet is no change. */
  removing(id: number, view: () => EntryView, why: RemovalReason): void {
    const before = this.touched.get(id)?.before ?? view();
    this.touched.delete(id);
    if (!this.created.delete(id)) this.removed.push({ kind: 'removed', before, why });
  }

  /** All changes, once the packet is through: what went, what changed, what came. */
  finish(): readonly TableChange[] {
    const changes = [...this.removed];
    for (const { before, view } of this.touched.values()) {
      const after = view();
      if (!same(before, after)) changes.push({ kind: 'updated', before, after });
    }
    for (const view of this.created.values()) changes.push({ kind: 'created', after: view() });
    return changes;
  }
}

/** Only these parts of a confirmed entry ever change. */
function same(a: EntryView, b: EntryView): boolean {
  return (
    a.expiresAt === b.expiresAt &&
    a.state === b.state &&
    a.flags.assured === b.flags.assured &&
    a.flags.seenReply === b.flags.seenReply &&
    a.answersTo === b.answersTo &&
    a.original.destination.key === b.original.destination.key &&
    a.original.source.address === b.original.source.address &&
    JSON.stringify(a.ids) === JSON.stringify(b.ids)
  );
}

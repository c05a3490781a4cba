/**
 * Notes what one packet changes in the tables: a picture of every entry before it was touched, compared afterwards.
 * @module
 */
import type { Conntrack } from './netfilter/conntrack.ts';
import type { Expectation } from './netfilter/expectations.ts';
import type { RemovalReason } from './netfilter/table.ts';
import { entryView, expectationView } from './netfilter/view.ts';
import type { EntryView, TableChange } from './outcome.ts';

export class ChangeObserver {
  private readonly conntrack: Conntrack;
  private readonly touched = new Map<number, { readonly entry: number; readonly before: EntryView }>();
  private readonly changes: TableChange[] = [];
  private readonly created = new Map<number, number>();

  constructor(conntrack: Conntrack) {
    this.conntrack = conntrack;
  }

  touching(entry: number): void {
    const { table } = this.conntrack;
    const serial = table.serialOf(entry);
    if (!this.touched.has(serial) && !this.created.has(serial))
      this.touched.set(serial, { entry, before: entryView(table, entry) });
  }

  creating(entry: number): void {
    this.created.set(this.conntrack.table.serialOf(entry), entry);
  }

  removing(entry: number, why: RemovalReason): void {
    const { table } = this.conntrack;
    const serial = table.serialOf(entry);
    const before = this.touched.get(serial)?.before ?? entryView(table, entry);
    this.touched.delete(serial);
    if (this.created.delete(serial)) return;
    this.changes.push({ kind: 'removed', before, why });
  }

  expecting(expectation: Expectation): void {
    this.changes.push({ kind: 'created', after: expectationView(expectation) });
  }

  forgetting(expectation: Expectation, why: RemovalReason): void {
    this.changes.push({ kind: 'removed', before: expectationView(expectation), why });
  }

  /** All changes, once the packet is through. */
  finish(): readonly TableChange[] {
    const { table } = this.conntrack;
    for (const { entry, before } of this.touched.values()) {
      const after = entryView(table, entry);
      if (!same(before, after)) this.changes.push({ kind: 'updated', before, after });
    }
    for (const entry of this.created.values()) this.changes.push({ kind: 'created', after: entryView(table, entry) });
    return this.changes;
  }
}

/** Only these parts of a confirmed entry ever change. */
function same(a: EntryView, b: EntryView): boolean {
  return (
    a.expiresAt === b.expiresAt &&
    a.state === b.state &&
    a.flags.assured === b.flags.assured &&
    a.flags.seenReply === b.flags.seenReply
  );
}

/**
 * The numbers by which inbound packets find their flow: what the inside host calls it, and what it is called outside.
 * No two rows of one kind have the same outside number toward one server. Bounded: the row idle for longest goes first.
 * @module
 */
import type { SortedFlow, Sorting } from '../netfilter/sorting.ts';
import type { IdKind } from '../reason.ts';

export type IdValue = number | string;

export interface IdRow {
  readonly id: IdKind;
  readonly flow: SortedFlow;
  readonly outside: IdValue;
  readonly inside: IdValue;
  /** Seconds; a number that was given back is still known for a while. */
  endsAt: number;
}

export class IdTable {
  private readonly sorting: Sorting;
  private readonly limit: number;
  /** By server and outside number; the one used last at the end. */
  private readonly byOutside = new Map<string, IdRow>();
  private readonly byInside = new Map<string, IdRow>();

  constructor(sorting: Sorting, limit: number) {
    this.sorting = sorting;
    this.limit = limit;
  }

  /** The row of a number as it is outside. */
  find(id: IdKind, remote: number, outside: IdValue): IdRow | undefined {
    return this.living(this.byOutside.get(outsideKey(id, remote, outside)));
  }

  /** The row of a number as the inside host has it. */
  ofHost(id: IdKind, flow: SortedFlow, inside: IdValue): IdRow | undefined {
    return this.living(this.byInside.get(insideKey(id, flow, inside)));
  }

  private living(row: IdRow | undefined): IdRow | undefined {
    if (!row || !this.sorting.isLive(row.flow)) return undefined;
    this.remove(row);
    if (row.endsAt <= this.sorting.conntrack.now) return undefined;
    this.put(row);
    return row;
  }

  /** The outside number must be free. */
  add(id: IdKind, flow: SortedFlow, inside: IdValue, outside: IdValue): IdRow {
    if (this.byOutside.size >= this.limit) this.evict();
    const row = { id, flow, inside, outside, endsAt: Number.POSITIVE_INFINITY };
    this.put(row);
    return row;
  }

  private evict(): void {
    const oldest = this.byOutside.values().next().value;
    if (!oldest) return;
    const { id, outside: value, flow } = oldest;
    this.sorting.conntrack.recorder?.did({
      code: 'id-evicted',
      id,
      value,
      owner: flow.inside >>> 0,
      limit: this.limit,
    });
    this.remove(oldest);
  }

  private put(row: IdRow): void {
    this.byOutside.set(outsideKey(row.id, row.flow.remote, row.outside), row);
    this.byInside.set(insideKey(row.id, row.flow, row.inside), row);
  }

  private remove(row: IdRow): void {
    this.byOutside.delete(outsideKey(row.id, row.flow.remote, row.outside));
    this.byInside.delete(insideKey(row.id, row.flow, row.inside));
  }

  /** All numbers of a flow, oldest first. */
  of(flow: SortedFlow): readonly IdRow[] {
    return [...this.byOutside.values()].filter((row) => row.flow === flow && row.endsAt > this.sorting.conntrack.now);
  }

  forget(flow: SortedFlow): void {
    for (const row of this.byOutside.values()) if (row.flow === flow) this.remove(row);
  }
}

const outsideKey = (id: IdKind, remote: number, outside: IdValue): string => `${id} ${remote} ${outside}`;
const insideKey = (id: IdKind, flow: SortedFlow, inside: IdValue): string => `${id} ${flow.number} ${inside}`;

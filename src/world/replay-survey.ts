/**
 * A replay too long to be told packet by packet: which of its packets are worth it, and what stands for the others.
 * @module
 */
import type { Outcome, TableChange } from '../router/outcome.ts';
import type { Happening } from './replay-trace.ts';

/** What ends at the router, and what opens, closes or begins a conversation, tells more than the thousandth packet of one. */
const STOPPED = 1;
const TURNING = 2;

/** Packets of each conversation that are told in any case. */
const FIRST = 16;

export class Survey {
  ended = 0;
  private readonly marks: Uint8Array;
  private readonly seen = new Map<number, number>();

  constructor(packets: number) {
    this.marks = new Uint8Array(packets);
  }

  take(index: number, { verdict, reasons, changes }: Outcome): void {
    if (hasEnded(verdict)) this.ended++;
    if (verdict !== 'forwarded') this.marks[index] = STOPPED;
    else if (changes.some(({ kind }) => kind !== 'updated') || reasons.some((each) => this.isEarly(each)))
      this.marks[index] = TURNING;
  }

  private isEarly(reason: Outcome['reasons'][number]): boolean {
    if (reason.code !== 'entry-matched') return false;
    const before = this.seen.get(reason.entry) ?? 0;
    this.seen.set(reason.entry, before + 1);
    return before < FIRST;
  }

  /** At most so many packets, by index: half of the room is for what differs or was stopped, if there is that much of it. */
  choose(most: number, differing: readonly number[]): ReadonlySet<number> {
    const chosen = new Set<number>();
    const add = (indices: Iterable<number>, room: number) => {
      for (const index of indices) {
        if (chosen.size >= room) return;
        chosen.add(index);
      }
    };
    add(differing, most / 4);
    add(this.marked(STOPPED), most / 2);
    add(this.marked(TURNING), most);
    add(this.marked(0), most);
    return chosen;
  }

  private *marked(mark: number): Iterable<number> {
    for (const [index, each] of this.marks.entries()) if (each === mark) yield index;
  }
}

/** Neither sent on nor kept for later. */
const hasEnded = (verdict: Outcome['verdict']): boolean => verdict !== 'forwarded' && verdict !== 'held';

/** Packets in a row that are not told one by one. */
export class Gap {
  private packets = 0;
  private time = 0;
  private ended = 0;
  private readonly changes = new Map<number, TableChange>();

  add(time: number, outcome: Outcome): void {
    this.packets++;
    this.time = time;
    if (hasEnded(outcome.verdict)) this.ended++;
    for (const change of outcome.changes) this.change(change);
  }

  /** What stands for them; undefined where there are none. */
  close(): Happening | undefined {
    if (this.packets === 0) return undefined;
    const { packets, time, ended } = this;
    const changes = [...this.changes.values()];
    this.changes.clear();
    this.packets = 0;
    this.ended = 0;
    return { kind: 'passed-over', time, packets, ended, changes };
  }

  /** Of several changes of an entry, what they come to. */
  private change(change: TableChange): void {
    const { id } = change.kind === 'created' ? change.after : change.before;
    const earlier = this.changes.get(id);
    if (!earlier || earlier.kind === 'removed') this.changes.set(id, change);
    else if (change.kind !== 'removed') this.changes.set(id, { ...earlier, after: change.after });
    else if (earlier.kind === 'created') this.changes.delete(id);
    else this.changes.set(id, { ...change, before: earlier.before });
  }
}

/**
 * Flows announced by a helper and not seen yet. Each belongs to the connection that announced it, its master.
 * Source: Linux nf_conntrack_expect.c.
 * @module
 */
import type { RemovalReason } from '../translator.ts';
import type { Tuple } from './tuple.ts';

export interface Expectation {
  readonly id: number;
  readonly tuple: Tuple;
  /** Serial number of the announcing connection. */
  readonly master: number;
  /** 0: announced for packets in the master's own direction, 1: for its replies. */
  readonly direction: number;
  /** The key that translation gives the flow: the masqueraded Call ID, or the client's own. */
  readonly savedKey: number;
  readonly expires: number;
}

export class Expectations {
  count = 0;
  onAdd: (expectation: Expectation) => void = () => {};
  onRemove: (expectation: Expectation, why: RemovalReason) => void = () => {};
  /** A connection may have this many open at once; a further one pushes out its oldest (nf_conntrack_pptp.c: 2). */
  private readonly perMaster: number;
  private ids = 0;
  /** By destination and its key; newest first, as the kernel's hash chains are. */
  private readonly byDestination = new Map<number, Expectation[]>();
  private readonly byMaster = new Map<number, Expectation[]>();

  constructor(perMaster = 2) {
    this.perMaster = perMaster;
  }

  /** Answers the expectation, or undefined where another connection already expects the same flow. */
  add(wanted: Omit<Expectation, 'id'>, now: number): Expectation | undefined {
    for (const other of [...this.at(wanted.tuple)]) {
      if (other.expires <= now) this.remove(other, 'expired');
      else if (other.tuple.equals(wanted.tuple)) {
        if (other.master !== wanted.master) return undefined;
        this.remove(other, 'replaced');
      }
    }
    const siblings = this.byMaster.get(wanted.master) ?? [];
    for (const sibling of siblings.filter((each) => each.expires <= now)) this.remove(sibling, 'expired');
    const left = this.byMaster.get(wanted.master) ?? [];
    if (left.length >= this.perMaster) this.remove(left[0]!, 'evicted');
    const expectation = { ...wanted, id: ++this.ids };
    push(this.byMaster, wanted.master, expectation);
    const key = destinationKey(wanted.tuple);
    this.byDestination.set(key, [expectation, ...(this.byDestination.get(key) ?? [])]);
    this.count++;
    this.onAdd(expectation);
    return expectation;
  }

  find(tuple: Tuple, now: number): Expectation | undefined {
    if (this.count === 0) return undefined;
    return this.at(tuple).find((each) => each.expires > now && each.tuple.equals(tuple));
  }

  /** The expectation that this packet meets; it is used up. */
  take(tuple: Tuple, now: number): Expectation | undefined {
    const found = this.find(tuple, now);
    if (found) this.remove(found, 'replaced');
    return found;
  }

  remove(expectation: Expectation, why: RemovalReason): void {
    if (!drop(this.byDestination, destinationKey(expectation.tuple), expectation)) return;
    drop(this.byMaster, expectation.master, expectation);
    this.count--;
    this.onRemove(expectation, why);
  }

  removeOf(master: number): void {
    for (const each of [...(this.byMaster.get(master) ?? [])]) this.remove(each, 'closed');
  }

  /** All that are still open, oldest first. */
  open(now: number): Expectation[] {
    return [...this.byMaster.values()]
      .flat()
      .filter((each) => each.expires > now)
      .sort((a, b) => a.id - b.id);
  }

  private at(tuple: Tuple): readonly Expectation[] {
    return this.byDestination.get(destinationKey(tuple)) ?? [];
  }
}

const destinationKey = (tuple: Tuple): number => (tuple.destination >>> 0) * 0x10000 + tuple.destinationKey;

function push(map: Map<number, Expectation[]>, key: number, expectation: Expectation): void {
  const list = map.get(key);
  if (list) list.push(expectation);
  else map.set(key, [expectation]);
}

function drop(map: Map<number, Expectation[]>, key: number, expectation: Expectation): boolean {
  const list = map.get(key);
  const index = list?.indexOf(expectation) ?? -1;
  if (!list || index < 0) return false;
  list.splice(index, 1);
  if (list.length === 0) map.delete(key);
  return true;
}

/** Which entry was not used for longest: a list through all entries, the one just used at its end. @module */

const NONE = -1;

export class Idleness {
  /** By entry: its neighbours in the list, and when it was last used. */
  private before = new Int32Array(256).fill(NONE);
  private after = new Int32Array(256).fill(NONE);
  private usedAt = new Float64Array(256);
  private first = NONE;
  private last = NONE;

  /** The entry idle for longest; -1 where there is none. */
  get oldest(): number {
    return this.first;
  }

  idleSince(entry: number): number {
    return this.usedAt[entry]!;
  }

  use(entry: number, now: number): void {
    if (entry >= this.before.length) this.grow(entry);
    this.usedAt[entry] = now;
    if (this.last === entry) return;
    this.drop(entry);
    this.before[entry] = this.last;
    if (this.last === NONE) this.first = entry;
    else this.after[this.last] = entry;
    this.last = entry;
  }

  drop(entry: number): void {
    const before = this.before[entry] ?? NONE;
    const after = this.after[entry] ?? NONE;
    if (before === NONE && this.first !== entry) return;
    if (before === NONE) this.first = after;
    else this.after[before] = after;
    if (after === NONE) this.last = before;
    else this.before[after] = before;
    this.before[entry] = NONE;
    this.after[entry] = NONE;
  }

  private grow(entry: number): void {
    const size = Math.max(entry + 1, this.before.length * 2);
    const [before, after, usedAt] = [this.before, this.after, this.usedAt];
    this.before = new Int32Array(size).fill(NONE);
    this.after = new Int32Array(size).fill(NONE);
    this.usedAt = new Float64Array(size);
    this.before.set(before);
    this.after.set(after);
    this.usedAt.set(usedAt);
  }
}

/**
 * Remembers what was computed. A scenario is run again and again with one seed, and the same seed draws the same keys;
 * what was multiplied on a curve once is looked up the next time. The answers are the same either way.
 * @module
 */

/** More than any one scenario needs. */
const REMEMBERED = 1024;

export class Memory<Value> {
  private readonly known = new Map<string, Value>();

  /** The value under this name; the oldest of too many go first. */
  get(name: string, compute: () => Value): Value {
    const found = this.known.get(name);
    if (found !== undefined) return found;
    const value = compute();
    if (this.known.size >= REMEMBERED) this.known.delete(this.known.keys().next().value!);
    this.known.set(name, value);
    return value;
  }
}

/** Events ordered by time, and by order of planning among equals: nothing depends on luck. A binary heap. @module */

interface Planned {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

export class EventQueue {
  private readonly heap: Planned[] = [];
  private order = 0;

  plan(time: number, run: () => void): void {
    this.heap.push({ time, order: this.order++, run });
    this.rise(this.heap.length - 1);
  }

  /** Time of the next event, or undefined when there is none. */
  get next(): number | undefined {
    return this.heap[0]?.time;
  }

  take(): (() => void) | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first && last && first !== last) {
      this.heap[0] = last;
      this.sink();
    }
    return first?.run;
  }

  private rise(from: number): void {
    const { heap } = this;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

const before = (a: Planned, b: Planned): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

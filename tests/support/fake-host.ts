/** A host with a clock that tests turn by hand and nothing around it: for parts of endpoints on their own. */
import type { Host, Outgoing } from '../../src/endpoints/endpoint.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { Rng } from '../../src/lib/rng.ts';

export class FakeHost implements Host {
  readonly address: number = 0x0a000001;
  now = 0;
  readonly rng: Rng = new Rng(1);
  readonly sent: Outgoing[] = [];
  readonly timers: Timers = new Timers(this);
  private readonly due = new Map<string, number>();

  send(packet: Outgoing): void {
    this.sent.push(packet);
  }

  setTimer(name: string, delay: number): void {
    this.due.set(name, this.now + delay);
  }

  clearTimer(name: string): void {
    this.due.delete(name);
  }

  phase(): void {}
  symptom(): void {}
  secret(): void {}

  /** Lets so many microseconds pass, timers going off on the way in their order. */
  pass(duration: number): void {
    const end = this.now + duration;
    for (;;) {
      const [name, at] = [...this.due].sort(([, a], [, b]) => a - b)[0] ?? ['', Number.POSITIVE_INFINITY];
      if (at > end) break;
      this.due.delete(name);
      this.now = at;
      this.timers.fire(name);
    }
    this.now = end;
  }
}

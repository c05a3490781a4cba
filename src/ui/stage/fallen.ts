/** While all packets flow none is looked at by itself: those that are stopped leave a mark where it happened, for a moment. @module */
import type { Run } from '../model/run.ts';
import { along, cableOf } from './cables.ts';
import type { Layout } from './layout.ts';
import type { Point } from './shapes.ts';
import { wayOf } from './ways.ts';

/** How long a mark is seen, milliseconds. */
const LASTS = 1100;
/** More at once say nothing more. */
const MOST = 48;
/** Many die at one door: each a little aside of the one before, pixels. */
const ASIDE = [0, 9, -8, 5, -11, 12, -4] as const;
const BELOW = [0, 5, 11, -7, 3, -4, 15] as const;
/** Of a train, about: doors stand off by half of it. */
const TRAIN = 60;

export class Fallen {
  private readonly run: Run;
  private readonly layout: Layout;
  /** A ring: the newest overwrites the oldest. */
  private readonly x = new Float32Array(MOST);
  private readonly y = new Float32Array(MOST);
  private readonly born = new Float64Array(MOST).fill(Number.NEGATIVE_INFINITY);
  private next = 0;
  private seen: number | undefined;

  constructor(run: Run, layout: Layout) {
    this.run = run;
    this.layout = layout;
  }

  /** Notes all that were stopped since the last call, up to this step; `now` in milliseconds. */
  follow(position: number, now: number): void {
    const from = this.seen ?? position - 1;
    this.seen = position;
    // Whoever goes back sees no marks of what is yet to come.
    if (position < from) this.born.fill(Number.NEGATIVE_INFINITY);
    for (let i = from + 1; i <= position; i++) {
      const at = this.placeOf(i);
      if (at) this.mark(at, now);
    }
  }

  /** Nothing flows any more. */
  forget(): void {
    this.seen = undefined;
    this.born.fill(Number.NEGATIVE_INFINITY);
  }

  /** Calls back for each mark that is still seen: where, and how much of it. Makes no garbage. */
  each(now: number, visit: (x: number, y: number, alpha: number) => void): void {
    for (let i = 0; i < MOST; i++) {
      const left = 1 - (now - this.born[i]!) / LASTS;
      if (left > 0) visit(this.x[i]!, this.y[i]!, Math.min(1, left * 1.6));
    }
  }

  private mark({ x, y }: Point, now: number): void {
    const i = this.next % MOST;
    this.x[i] = x + ASIDE[this.next % ASIDE.length]!;
    this.y[i] = y + BELOW[this.next % BELOW.length]!;
    this.born[i] = now;
    this.next++;
  }

  /** In the router's door, or on the cable that lost it. */
  private placeOf(position: number): Point | undefined {
    const step = this.run.steps[position];
    if (step?.fate !== 'stopped') return undefined;
    const { occurrence } = step;
    if (occurrence.kind === 'routed')
      return wayOf(this.layout, { frame: occurrence.frame, on: occurrence.on }, occurrence.node).door(TRAIN);
    const cable = occurrence.kind === 'lost' ? cableOf(this.layout, occurrence.frame) : undefined;
    return cable && along(cable, this.layout.across, 0.5);
  }
}

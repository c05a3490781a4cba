/**
 * Moves the packet of the present step along its way, and the cursor on when playing. Lives outside React: it reads
 * the store, writes the cursor, and calls its listeners once a frame.
 * @module
 */

import { familyOf, look } from '../model/packet.ts';
import { holdsOf, type Run, type Step, stepAt } from '../model/run.ts';
import { goToStep, type SessionStore } from './session.ts';

/** Asks for one call before the next repaint; answers how to take that back. Tests hand in their own. */
export type Ticker = (call: (now: number) => void) => () => void;

const animationFrames: Ticker = (call) => {
  const id = requestAnimationFrame(call);
  return () => cancelAnimationFrame(id);
};

/** How long a step's packet is on its way at speed 1, milliseconds. */
const BARE_MS = 300;
const PACKET_MS = 740;
const STOPPED_MS = 1200;
/** Rest after arriving, before the next step begins, as part of the way. */
const REST = 0.18;

export class Playhead {
  /** How far the present step has got: 0 at the sender, 1 at rest. */
  progress = 1;
  private readonly store: SessionStore;
  private readonly ticker: Ticker;
  private readonly still: () => boolean;
  private readonly listeners = new Set<() => void>();
  private cancel: (() => void) | undefined;
  private last: number | undefined;
  private rest = 0;
  /** The present step has not come to rest since the cursor got here or playing began. */
  private fresh = false;

  /** `still` says whether the reader wants no motion; then every step is at rest at once. */
  constructor(store: SessionStore, still: () => boolean, ticker: Ticker = animationFrames) {
    this.store = store;
    this.still = still;
    this.ticker = ticker;
  }

  /** Begins to follow the store. Answers how to stop. */
  start(): () => void {
    const unsubscribe = this.store.subscribe((now, before) => {
      if (now.run !== before.run || now.cursor !== before.cursor) this.arrive(now.run, now.cursor, before);
      if (now.playing && !before.playing) this.fresh = this.progress < 1;
      this.request();
    });
    this.request();
    return () => {
      unsubscribe();
      this.cancel?.();
      this.cancel = undefined;
    };
  }

  onFrame(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A step forward is seen on its way; going back or jumping shows the picture at rest. */
  private arrive(
    run: Run | undefined,
    cursor: number,
    before: { readonly run: Run | undefined; readonly cursor: number },
  ) {
    const forward = run !== undefined && run === before.run && stepAt(run, cursor) === stepAt(run, before.cursor) + 1;
    this.progress = forward && !this.still() ? 0 : 1;
    this.rest = 0;
    this.fresh = true;
  }

  private request(): void {
    this.cancel ??= this.ticker((now) => this.frame(now));
  }

  private frame(now: number): void {
    this.cancel = undefined;
    const elapsed = this.last === undefined ? 0 : Math.min(now - this.last, 250);
    const more = this.advance(elapsed);
    for (const listener of this.listeners) listener();
    this.last = more ? now : undefined;
    if (more) this.request();
  }

  /** Answers whether another frame is needed. */
  private advance(elapsed: number): boolean {
    const { run, cursor, playing, speed } = this.store.getState();
    if (!run) return false;
    const position = stepAt(run, cursor);
    const step = run.steps[position];
    const way = (elapsed * speed) / (step ? duration(step) : BARE_MS);
    if (step && this.progress < 1) {
      this.progress = Math.min(1, this.progress + way);
      return true;
    }
    if (!playing) return false;
    if (this.fresh && step && holdsOf(run).has(step.index)) return this.pause();
    this.rest += way;
    if (this.rest < (this.still() ? 1 : REST)) return true;
    if (position >= run.steps.length - 1) return this.pause();
    goToStep(this.store, position + 1);
    return true;
  }

  private pause(): boolean {
    this.store.setState({ playing: false });
    return false;
  }
}

/** Bare acknowledgements pass quickly; what is stopped takes its time. */
function duration(step: Step): number {
  if (step.fate === 'stopped') return STOPPED_MS;
  if (step.occurrence.kind !== 'routed') return PACKET_MS;
  const { bytes } = step.occurrence.frame;
  return familyOf(bytes) === 'tcp' && look(bytes).layers.length <= 2 ? BARE_MS : PACKET_MS;
}

/**
 * Moves the packet of the present step along its way, and the cursor on when playing. Lives outside React: it reads
 * the store, writes the cursor, and calls its listeners once a frame.
 * @module
 */

import { flightsOf } from '../model/flights.ts';
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
/** The part of a step's time at which its packet is at the router's door. */
export const ARRIVES = 0.36;
/** So many packets on their way share the time of one step, and so each is seen for as long as ever. */
const SHARING = 4;
/** Where steps pass faster than this many to one, nobody can follow single packets: all of them flow. */
const FLOW = 6;
/** While all flows, the rest of the page follows this often, milliseconds. */
const FOLLOW_MS = 500;

export class Playhead {
  /** How far the present step has got: 0 at the sender, 1 at rest. */
  progress = 1;
  /** The moment of the simulated world that is seen, microseconds: every packet on its way has its place by it. */
  clock = -1;
  /** Steps pass too fast to be seen one by one; then the store's cursor follows a few times a second. */
  flowing = false;
  private readonly store: SessionStore;
  private readonly ticker: Ticker;
  private readonly still: () => boolean;
  private readonly listeners = new Set<() => void>();
  private cancel: (() => void) | undefined;
  private last: number | undefined;
  private rest = 0;
  /** Among the steps of the run; ahead of the store's cursor while all flows. */
  private position = -1;
  /** The position that the store knows, and how many milliseconds ago it was told. */
  private told = -1;
  private untold = 0;
  private telling = false;
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
      if (!this.telling && (now.run !== before.run || now.cursor !== before.cursor))
        this.arrive(now.run, now.cursor, before);
      if (now.playing && !before.playing) this.fresh = this.progress < 1;
      if (!now.playing && before.playing && !this.telling) this.settle();
      this.refresh();
    });
    this.refresh();
    return () => {
      unsubscribe();
      this.cancel?.();
      this.cancel = undefined;
    };
  }

  /** Where it is among the steps of the run: ahead of the store's cursor while all flows. */
  get place(): number {
    return this.position;
  }

  onFrame(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks for a frame, because something to be seen has changed. */
  refresh(): void {
    this.cancel ??= this.ticker((now) => this.frame(now));
  }

  /** A step forward is seen on its way; going back or jumping shows the picture at rest. */
  private arrive(
    run: Run | undefined,
    cursor: number,
    before: { readonly run: Run | undefined; readonly cursor: number },
  ) {
    this.position = run ? stepAt(run, cursor) : -1;
    this.told = this.position;
    const forward = run !== undefined && run === before.run && this.position === stepAt(run, before.cursor) + 1;
    this.begin(forward && !this.still() ? 0 : 1);
    this.flowing = false;
    if (run) this.setClock(run);
  }

  private begin(progress: number): void {
    this.progress = progress;
    this.rest = 0;
    this.fresh = true;
  }

  private frame(now: number): void {
    this.cancel = undefined;
    const elapsed = this.last === undefined ? 0 : Math.min(now - this.last, 250);
    const more = this.advance(elapsed);
    for (const listener of this.listeners) listener();
    this.last = more ? now : undefined;
    if (more) this.refresh();
  }

  /** Answers whether another frame is needed. */
  private advance(elapsed: number): boolean {
    const { run, speed } = this.store.getState();
    if (!run) return false;
    this.untold += elapsed;
    let left = elapsed * speed;
    let more = true;
    // At most one step a frame, but for steps too short to be seen.
    for (let first = true; first || (left > 0 && more && this.flowing); first = false) {
      const before = this.position;
      const pace = this.paceOf(run);
      left = this.move(run, pace, left);
      more = left >= 0;
      if (this.position !== before) this.tell();
    }
    this.setClock(run);
    return more;
  }

  /** Goes on within the present step or to the next one. Answers the milliseconds left; below 0, nothing more to do. */
  private move(run: Run, pace: number, left: number): number {
    const step = run.steps[this.position];
    const { playing } = this.store.getState();
    const lasts = (step ? (this.flowing ? PACKET_MS : duration(step)) : BARE_MS) / pace;
    if (step && this.progress < 1) {
      const used = Math.min(left, (1 - this.progress) * lasts);
      this.progress = left >= (1 - this.progress) * lasts ? 1 : this.progress + left / lasts;
      return left - used;
    }
    if (!playing) return -1;
    if (this.fresh && step && holdsOf(run).has(step.index)) return this.pause();
    const used = Math.min(left, ((this.still() ? 1 : REST) - this.rest) * lasts);
    this.rest += left / lasts;
    if (this.rest < (this.still() ? 1 : REST)) return 0;
    if (this.position >= run.steps.length - 1) return this.pause();
    this.position++;
    this.begin(this.still() ? 1 : 0);
    return left - used;
  }

  private paceOf(run: Run): number {
    const crowd = flightsOf(run).crowd[Math.max(0, this.position)] ?? 0;
    const pace = Math.max(1, crowd / SHARING);
    this.flowing = pace >= FLOW && this.store.getState().playing;
    return pace;
  }

  /** Moves the store's cursor after our own, if it is time. */
  private tell(): void {
    if (this.flowing && this.untold < FOLLOW_MS) return;
    this.untold = 0;
    this.told = this.position;
    this.telling = true;
    goToStep(this.store, this.position);
    this.telling = false;
  }

  /** Whatever stops here is looked at: the whole page must be at this step. */
  private settle(): void {
    this.flowing = false;
    if (this.told !== this.position) this.tell();
  }

  private pause(): -1 {
    this.settle();
    this.store.setState({ playing: false });
    return -1;
  }

  private setClock(run: Run): void {
    const now = run.steps[this.position]?.occurrence.time;
    const before = run.steps[this.position - 1]?.occurrence.time ?? 0;
    const passed = Math.min(1, this.progress / (this.flowing ? 1 : ARRIVES));
    this.clock = now === undefined ? -1 : before + (now - before) * passed;
  }
}

/** Bare acknowledgements pass quickly; what is stopped takes its time. */
function duration(step: Step): number {
  if (step.fate === 'stopped') return STOPPED_MS;
  if (step.occurrence.kind !== 'routed') return PACKET_MS;
  const { bytes } = step.occurrence.frame;
  return familyOf(bytes) === 'tcp' && look(bytes).layers.length <= 2 ? BARE_MS : PACKET_MS;
}

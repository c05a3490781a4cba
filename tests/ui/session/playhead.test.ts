import { beforeEach, describe, expect, test } from 'vitest';
import { crowd } from '../../../bench/page/crowd.ts';
import { flightsOf } from '../../../src/ui/model/flights.ts';
import { runOf, stepAt } from '../../../src/ui/model/run.ts';
import { Playhead, type Ticker } from '../../../src/ui/session/playhead.ts';
import * as session from '../../../src/ui/session/session.ts';
import { run as play } from '../../../src/world/run.ts';
import { twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

/** A clock that is wound by hand: frames of 20 ms. */
class Frames {
  now = 0;
  waiting: ((now: number) => void) | undefined;
  readonly ticker: Ticker = (call) => {
    this.waiting = call;
    return () => {
      this.waiting = undefined;
    };
  };

  /** Answers whether a frame was wanted. */
  frame(): boolean {
    const call = this.waiting;
    this.waiting = undefined;
    this.now += 20;
    call?.(this.now);
    return call !== undefined;
  }

  /** Runs until nobody wants a frame any more; answers the milliseconds that took. */
  untilRest(): number {
    const from = this.now;
    for (let i = 0; i < 20_000 && this.frame(); i++);
    return this.now - from;
  }
}

let store = session.createSession();
let frames = new Frames();
let playhead: Playhead;
let still = false;
const position = () => stepAt(store.getState().run!, store.getState().cursor);

beforeEach(() => {
  store = session.createSession();
  frames = new Frames();
  still = false;
  playhead = new Playhead(store, () => still, frames.ticker);
  playhead.start();
  session.openRun(store, twoLaptopsOff());
  frames.untilRest();
});

test('playing stops by itself at the first drop, within ten seconds', () => {
  session.togglePlay(store);
  const took = frames.untilRest();
  expect(position() + 1).toBe(12);
  expect(store.getState().playing).toBe(false);
  expect(playhead.progress).toBe(1);
  expect(took).toBeLessThan(10_000);
});

test('playing on from a drop does not stop there again, and ends with the run', () => {
  session.togglePlay(store);
  frames.untilRest();
  session.togglePlay(store);
  frames.untilRest();
  expect(position() + 1).toBe(30);
  expect(store.getState().playing).toBe(false);
});

test('with the helper, playing stops where the router first writes a Call ID', () => {
  session.openRun(store, twoLaptopsOn());
  session.togglePlay(store);
  frames.untilRest();
  expect(position() + 1).toBe(8);
});

test('a step forward is seen on its way; a step back is at rest at once', () => {
  session.stepBy(store, 1);
  expect(playhead.progress).toBe(0);
  frames.untilRest();
  expect(playhead.progress).toBe(1);
  session.stepBy(store, -1);
  expect(playhead.progress).toBe(1);
  session.goToStep(store, 20);
  expect(playhead.progress).toBe(1);
});

test('twice the speed takes half the time', () => {
  const time = (speed: number) => {
    session.toStart(store);
    session.setSpeed(store, speed);
    frames.untilRest();
    session.togglePlay(store);
    return frames.untilRest();
  };
  const [slow, fast] = [time(1), time(2)];
  expect(fast / slow).toBeGreaterThan(0.45);
  expect(fast / slow).toBeLessThan(0.6);
});

test('who wants no motion sees every step at rest, at the same pace', () => {
  still = true;
  session.stepBy(store, 1);
  expect(playhead.progress).toBe(1);
  session.toStart(store);
  session.togglePlay(store);
  const took = frames.untilRest();
  expect(position() + 1).toBe(12);
  expect(took).toBeGreaterThan(3_000);
});

test('at rest no frame is asked for', () => {
  expect(frames.frame()).toBe(false);
});

test('listeners hear each frame until they leave', () => {
  let heard = 0;
  const leave = playhead.onFrame(() => heard++);
  session.stepBy(store, 1);
  frames.untilRest();
  expect(heard).toBeGreaterThan(10);
  leave();
  const before = heard;
  session.stepBy(store, 1);
  frames.untilRest();
  expect(heard).toBe(before);
});

describe('with thousands of packets on their way', () => {
  const many = runOf(play(crowd(1500, 3000)));
  const most = Math.max(...flightsOf(many).crowd);

  test('all of them flow: a step takes less than a frame, and the rest of the page follows a few times a second', () => {
    session.openRun(store, many);
    const dense = flightsOf(many).crowd.indexOf(most);
    session.goToStep(store, dense);
    frames.untilRest();
    let told = 0;
    store.subscribe((now, before) => {
      if (now.cursor !== before.cursor) told++;
    });
    session.togglePlay(store);
    const from = playhead.clock;
    for (let i = 0; i < 100; i++) {
      frames.frame();
      // It holds at drops of a new kind.
      if (!store.getState().playing) session.togglePlay(store);
    }
    expect(playhead.flowing).toBe(true);
    expect(playhead.clock).toBeGreaterThan(from);
    expect(told).toBeLessThan(40);
    session.togglePlay(store);
    expect(playhead.flowing).toBe(false);
    // Whoever stops here looks at what is seen.
    expect(many.trace.occurrences[store.getState().cursor]!.time).toBeGreaterThanOrEqual(playhead.clock);
  });

  test('a packet is seen on its way for some seconds, however many there are', () => {
    const { frames: packets, sent, lands } = flightsOf(many);
    const slow = packets.findIndex((_, i) => lands[i]! - sent[i]! > 1_000_000 && sent[i]! > 1_000_000);
    session.openRun(store, many);
    session.goToStep(
      store,
      many.steps.findIndex(({ occurrence }) => occurrence.time >= sent[slow]!),
    );
    frames.untilRest();
    session.togglePlay(store);
    let shown = 0;
    while (playhead.clock < lands[slow]! && shown < 60_000) {
      frames.frame();
      if (store.getState().playing) shown += 20;
      else session.togglePlay(store);
    }
    expect(shown).toBeGreaterThan(1_000);
    expect(shown).toBeLessThan(15_000);
  });
});

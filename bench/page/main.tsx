/** The page around a run with thousands of packets on their way, with a clock on every frame. `npm run bench:ui` drives it. */
import { createRoot } from 'react-dom/client';
import styles from '../../src/ui/app/app.module.css';
import { Views } from '../../src/ui/app/views.tsx';
import '../../src/ui/design/base.css';
import '../../src/ui/design/tokens.css';
import { flightsOf } from '../../src/ui/model/flights.ts';
import { runOf } from '../../src/ui/model/run.ts';
import { SessionContext } from '../../src/ui/session/context.ts';
import { Playhead } from '../../src/ui/session/playhead.ts';
import { createSession, goToStep, openRun } from '../../src/ui/session/session.ts';
import { Transport } from '../../src/ui/transport/transport.tsx';
import { run as play } from '../../src/world/run.ts';
import { crowd } from './crowd.ts';

interface Measured {
  /** Milliseconds of script in each frame: those of the stage alone, and those in which the panels followed. */
  readonly stage: readonly number[];
  readonly panels: readonly number[];
  /** Milliseconds from one frame to the next, as long as it plays on. */
  readonly apart: readonly number[];
  readonly least: number;
  readonly most: number;
}

declare global {
  interface Window {
    /** Plays for so long and answers what it cost. */
    measure: (milliseconds: number) => Promise<Measured>;
  }
}

const FROM = 2000;
const run = runOf(play(crowd(6000, 2500)), { pptpHelper: true });
const { crowd: counts } = flightsOf(run);
const store = createSession();
const stage: number[] = [];
const panels: number[] = [];
const apart: number[] = [];
let before = 0;

const playhead = new Playhead(
  store,
  () => false,
  (call) => {
    const id = requestAnimationFrame((now) => {
      const { cursor } = store.getState();
      const began = performance.now();
      call(now);
      (store.getState().cursor === cursor ? stage : panels).push(performance.now() - began);
      if (before > 0) apart.push(now - before);
      before = now;
    });
    return () => cancelAnimationFrame(id);
  },
);
playhead.start();
openRun(store, run);

createRoot(document.getElementById('root')!).render(
  <SessionContext value={{ store, playhead }}>
    <div className={styles.app}>
      <div className={styles.top} />
      <Views run={run} setup={null} cure={undefined} trouble={undefined} />
      <div className={styles.bar}>
        <Transport />
      </div>
    </div>
  </SessionContext>,
);

window.measure = async (milliseconds) => {
  const first = counts.findIndex((count) => count >= FROM);
  const last = counts.findLastIndex((count) => count >= FROM);
  goToStep(store, first);
  store.setState({ playing: true });
  await pause(500);
  for (const list of [stage, panels, apart]) list.length = 0;
  before = 0;
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    // It holds at each new kind of drop; and there must be a crowd to the end.
    const { cursor, playing } = store.getState();
    if (cursor >= run.steps[last]!.index) {
      goToStep(store, first);
      before = 0;
    }
    if (!playing) {
      store.setState({ playing: true });
      before = 0;
    }
    await pause(20);
  }
  store.setState({ playing: false });
  const shown = counts.slice(first, last + 1);
  return { stage, panels, apart, least: Math.min(...shown), most: Math.max(...shown) };
};

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

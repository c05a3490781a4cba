/** What is open, and how something else is opened. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { runOf } from '../model/run.ts';
import { goToStep, openRun, type SessionStore } from '../session/session.ts';
import { firstPosition, type Position, type Situation } from './catalogue.ts';
import { firstFinding } from './findings.ts';
import type { Progress, ReplayAnswer, Replayed, RouterSetup } from './messages.ts';
import type { Replayer } from './replayer.ts';
import { bundled, type Fetch, type OwnPair, own, recordedSetup, type Source } from './source.ts';

export interface Opened extends Omit<Source, 'files' | 'named'>, Omit<Replayed, 'trace'> {
  readonly setup: RouterSetup;
}

export interface Loading {
  readonly title: string;
  /** How far it has got; undefined as long as nobody knows. */
  readonly progress: Progress | undefined;
}

export interface Library {
  readonly opened: Opened | undefined;
  /** What is being opened. */
  readonly loading: Loading | undefined;
  /** Why the last thing could not be opened. */
  readonly trouble: string | undefined;
}

export interface LibraryHandle {
  readonly store: StoreApi<Library>;
  readonly open: (situation: Situation, position?: Position) => Promise<void>;
  /** Without a set-up, the one that agrees best with the captures is found out. */
  readonly openOwn: (pair: OwnPair, setup?: RouterSetup) => Promise<void>;
  /** The same captures through another router; where that one was recorded too, its recording. */
  readonly replayThrough: (opened: Opened, setup: RouterSetup) => Promise<void>;
  /** Gives up what is being opened; what was open stays. */
  readonly cancel: () => void;
}

export function createLibrary(session: SessionStore, replayer: Replayer, load: Fetch): LibraryHandle {
  const store = createStore<Library>(() => ({ opened: undefined, loading: undefined, trouble: undefined }));
  let latest = 0;

  async function show(source: Source): Promise<void> {
    const turn = ++latest;
    const { title, files, setup, named, ...facts } = source;
    store.setState({ loading: { title, progress: undefined }, trouble: undefined });
    const progress = (now: Progress) => {
      if (turn === latest) store.setState({ loading: { title, progress: now } });
    };
    const answer = await answerTo(async () => replayer.replay(await files(), setup, progress));
    // A later choice has overtaken this one, or it was given up.
    if (turn !== latest) return;
    if (!answer.ok) {
      store.setState({
        loading: undefined,
        trouble: source.pair ? `${title}: not opened. ${answer.what}` : answer.what,
      });
      return;
    }
    const { trace, ...result } = answer.replayed;
    const run = runOf(named(trace), result);
    openRun(session, run);
    const opened = { title, ...facts, ...result };
    store.setState({ loading: undefined, opened });
    // Who brings a capture wants to know what is wrong.
    if (source.pair) goToStep(session, firstFinding(run, result.tunnels) ?? -1);
  }

  return {
    store,
    open: (situation, position = firstPosition(situation)) => show(bundled(situation, position, load)),
    openOwn: (pair, setup) => show(own(pair, setup)),
    replayThrough: ({ pair, situation, setup: before }, setup) => {
      if (pair || !situation) return show(own(pair!, setup));
      const recorded = (['off', 'on'] as const).find(
        (each) => situation[each] && sameSetup(recordedSetup(situation, each), setup),
      );
      const position = before.switches.pptp ? 'on' : 'off';
      return show(recorded ? bundled(situation, recorded, load) : bundled(situation, position, load, setup));
    },
    cancel: () => {
      latest++;
      replayer.cancel();
      store.setState({ loading: undefined });
    },
  };
}

function sameSetup(a: RouterSetup, b: RouterSetup): boolean {
  const { pptp, l2tp, ipsec } = a.switches;
  const same = pptp === b.switches.pptp && l2tp === b.switches.l2tp && ipsec === b.switches.ipsec;
  return same && a.profile === b.profile && a.firewall === b.firewall;
}

/** Files may have been taken away, or the network with the page's own. */
async function answerTo(replay: () => Promise<ReplayAnswer>): Promise<ReplayAnswer> {
  try {
    return await replay();
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no reason given';
    return { ok: false, what: `The files could not be read (${why}).` };
  }
}

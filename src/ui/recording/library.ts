/** What is open, and how something else is opened. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { runOf } from '../model/run.ts';
import { openRun, type SessionStore } from '../session/session.ts';
import { firstPosition, type Position, type Situation } from './catalogue.ts';
import type { Replayed, RouterSetup } from './messages.ts';
import type { Replay } from './replayer.ts';
import { bundled, type Fetch, type OwnPair, own, type Source } from './source.ts';

export interface Opened extends Omit<Source, 'bytes' | 'named'>, Omit<Replayed, 'trace'> {
  readonly setup: RouterSetup;
}

export interface Library {
  readonly opened: Opened | undefined;
  /** What is being opened. */
  readonly loading: string | undefined;
  /** Why the last thing could not be opened. */
  readonly trouble: string | undefined;
}

export interface LibraryHandle {
  readonly store: StoreApi<Library>;
  readonly open: (situation: Situation, position?: Position) => Promise<void>;
  /** Without a set-up, the one that agrees best with the captures is found out. */
  readonly openOwn: (pair: OwnPair, setup?: RouterSetup) => Promise<void>;
  /** Opens what is open with the PPTP switch the other way; undefined where that was not recorded. */
  readonly flip: (opened: Opened) => (() => Promise<void>) | undefined;
}

export function createLibrary(session: SessionStore, replay: Replay, load: Fetch): LibraryHandle {
  const store = createStore<Library>(() => ({ opened: undefined, loading: undefined, trouble: undefined }));
  let latest = 0;

  async function show(source: Source): Promise<void> {
    const turn = ++latest;
    store.setState({ loading: source.title, trouble: undefined });
    const replayed = await replayedOf(source, replay);
    // A later choice has overtaken this one.
    if (turn !== latest) return;
    if (typeof replayed === 'string') {
      store.setState({ loading: undefined, trouble: replayed });
      return;
    }
    const { bytes: _bytes, named, ...facts } = source;
    const { trace, ...result } = replayed;
    openRun(session, runOf(named(trace), result.setup));
    store.setState({ loading: undefined, opened: { ...facts, ...result } });
  }

  const open: LibraryHandle['open'] = (situation, position = firstPosition(situation)) =>
    show(bundled(situation, position, load));
  const openOwn: LibraryHandle['openOwn'] = (pair, setup) => show(own(pair, setup));
  const flip: LibraryHandle['flip'] = ({ situation, pair, setup }) => {
    const flipped = { ...setup, pptpHelper: !setup.pptpHelper };
    if (pair) return () => openOwn(pair, flipped);
    const position = flipped.pptpHelper ? 'on' : 'off';
    return situation?.[position] && (() => open(situation, position));
  };
  return { store, open, openOwn, flip };
}

/** The replay, or why there is none. */
async function replayedOf({ bytes, setup }: Source, replay: Replay): Promise<Replayed | string> {
  try {
    const [lan, wan] = await bytes();
    const answer = await replay({ lan, wan, ...(setup ? { setup } : {}) });
    return answer.ok ? answer.replayed : answer.what;
  } catch (error) {
    return `The files could not be read (${error instanceof Error ? error.message : 'no reason given'}).`;
  }
}

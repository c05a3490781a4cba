/** What is open: one of the page's recordings, or a pair of captures of the user's own. @module */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Trace } from '../../world/trace.ts';
import { type Run, runOf } from '../model/run.ts';
import { openRun, type SessionStore } from '../session/session.ts';
import { firstPosition, type Position, type Situation } from './catalogue.ts';
import type { Replay } from './replayer.ts';

export interface Opened {
  readonly title: string;
  readonly story: string;
  readonly outcome: string;
  readonly works: boolean | undefined;
  /** Whether the router read PPTP control connections. */
  readonly position: Position;
  /** One of the two is there: a situation of the catalogue, or the user's own pair. */
  readonly situation: Situation | undefined;
  readonly pair: OwnPair | undefined;
  /** How many packets our router treated as the recorded one did. */
  readonly agreed: number;
  readonly packets: number;
}

export interface Library {
  readonly opened: Opened | undefined;
  /** What is being opened. */
  readonly loading: string | undefined;
  /** Why the last thing could not be opened. */
  readonly trouble: string | undefined;
}

export type LibraryStore = StoreApi<Library>;

/** A capture pair that the user handed over; kept, so that the switch can be flipped and the pair replayed again. */
export interface OwnPair {
  readonly lan: File;
  readonly wan: File;
}

export interface LibraryActions {
  readonly open: (situation: Situation, position?: Position) => Promise<void>;
  readonly openOwn: (pair: OwnPair, position: Position) => Promise<void>;
  /** Opens what is open with the PPTP switch the other way; undefined where that was not recorded. */
  readonly flip: (opened: Opened) => (() => Promise<void>) | undefined;
}

interface Source extends Pick<Opened, 'title' | 'story' | 'outcome' | 'works' | 'position' | 'situation' | 'pair'> {
  readonly firewall: boolean;
  readonly bytes: () => Promise<readonly [lan: ArrayBuffer, wan: ArrayBuffer]>;
}

export type Fetch = (path: string) => Promise<ArrayBuffer>;

export function createLibrary(
  session: SessionStore,
  replay: Replay,
  load: Fetch,
): { readonly store: LibraryStore } & LibraryActions {
  const store = createStore<Library>(() => ({ opened: undefined, loading: undefined, trouble: undefined }));
  let latest = 0;

  async function show(source: Source): Promise<void> {
    const turn = ++latest;
    store.setState({ loading: source.title, trouble: undefined });
    const result = await replayed(source, replay);
    // A later choice has overtaken this one.
    if (turn !== latest) return;
    if (typeof result === 'string') {
      store.setState({ loading: undefined, trouble: result });
      return;
    }
    const { bytes: _, firewall: __, ...facts } = source;
    store.setState({ loading: undefined, opened: { ...facts, agreed: result.agreed, packets: result.packets } });
    openRun(session, result.run);
  }

  const open: LibraryActions['open'] = (situation, position = firstPosition(situation)) =>
    show(bundled(situation, position, load));
  const openOwn: LibraryActions['openOwn'] = (pair, position) => show(own(pair, position));
  const flip: LibraryActions['flip'] = ({ situation, pair, position }) => {
    const other = position === 'on' ? 'off' : 'on';
    if (pair) return () => openOwn(pair, other);
    return situation?.[other] && (() => open(situation, other));
  };
  return { store, open, openOwn, flip };
}

function bundled(situation: Situation, position: Position, load: Fetch): Source {
  const recorded = situation[position] ?? situation.off ?? situation.on!;
  const folder = `recordings/${recorded.id}`;
  const { title, story, firewall } = situation;
  const { outcome, works } = recorded;
  return {
    title,
    story,
    outcome,
    works,
    firewall,
    situation,
    pair: undefined,
    position: recorded === situation.on ? 'on' : 'off',
    bytes: () => Promise.all([load(`${folder}/lan.pcap`), load(`${folder}/wan.pcap`)]),
  };
}

function own(pair: OwnPair, position: Position): Source {
  const { lan, wan } = pair;
  return {
    title: lan.name === wan.name ? lan.name : `${lan.name} and ${wan.name}`,
    story: 'Your own captures. They are read in this browser and go nowhere else.',
    outcome: '',
    works: undefined,
    firewall: false,
    situation: undefined,
    pair,
    position,
    bytes: () => Promise.all([lan.arrayBuffer(), wan.arrayBuffer()]),
  };
}

/** The run, or why there is none. */
async function replayed(
  source: Source,
  replay: Replay,
): Promise<{ run: Run; agreed: number; packets: number } | string> {
  const pptpHelper = source.position === 'on';
  try {
    const [lan, wan] = await source.bytes();
    const answer = await replay({ lan, wan, pptpHelper, firewall: source.firewall });
    if (!answer.ok) return answer.what;
    const trace = source.situation ? withHomelyNames(answer.trace) : answer.trace;
    return { run: runOf(trace, { pptpHelper }), agreed: answer.agreed, packets: answer.packets };
  } catch (error) {
    return `The files could not be read (${error instanceof Error ? error.message : 'no reason given'}).`;
  }
}

/** The catalogue's recordings are of laptops and VPN servers; a capture itself knows only clients and servers. */
function withHomelyNames(trace: Trace): Trace {
  const servers = trace.nodes.filter((node) => node.kind === 'server').length;
  const nodes = trace.nodes.map((node) => ({
    ...node,
    name: node.name.replace('Client', 'Laptop').replace(/^Server (\d+)$/, servers > 1 ? 'Server $1' : 'VPN server'),
  }));
  return { ...trace, nodes };
}

/** Where a run comes from: one of the page's recordings, or a pair of captures of the user's own. @module */
import type { Trace } from '../../world/trace.ts';
import type { Position, Situation } from './catalogue.ts';
import type { CaptureFiles, RouterSetup } from './messages.ts';

/** Captures that the user handed over, one or a pair; kept, so that they can be replayed through another router. */
export interface OwnPair {
  readonly lan: File;
  readonly wan?: File | undefined;
}

export interface Source {
  readonly title: string;
  readonly story: string;
  /** How it ends; empty where nobody knows yet. */
  readonly outcome: string;
  readonly works: boolean | undefined;
  /** One of the two is there. */
  readonly situation: Situation | undefined;
  readonly pair: OwnPair | undefined;
  /** Left out, the set-up that agrees best with the captures is found out. */
  readonly setup: RouterSetup | undefined;
  readonly files: () => Promise<CaptureFiles>;
  /** Nodes named as people would name them. */
  readonly named: (trace: Trace) => Trace;
}

export type Fetch = (path: string) => Promise<ArrayBuffer>;

/** The router that was recorded, as `situation` and `position` say. */
export function recordedSetup({ firewall }: Situation, position: Position): RouterSetup {
  return { profile: 'linux', switches: { pptp: position === 'on', l2tp: true, ipsec: true }, firewall };
}

/** `setup`: another router than the one that was recorded; how it ends with that one, nobody has written down. */
export function bundled(situation: Situation, position: Position, load: Fetch, setup?: RouterSetup): Source {
  const recorded = situation[position] ?? situation.off ?? situation.on!;
  const folder = `recordings/${recorded.id}`;
  const { title, story } = situation;
  return {
    title,
    story,
    outcome: setup ? '' : recorded.outcome,
    works: setup ? undefined : recorded.works,
    situation,
    pair: undefined,
    setup: setup ?? recordedSetup(situation, recorded === situation.on ? 'on' : 'off'),
    files: async () => {
      const [lan, wan] = await Promise.all([load(`${folder}/lan.pcap`), load(`${folder}/wan.pcap`)]);
      return { lan: new Blob([lan]), wan: new Blob([wan]) };
    },
    named: withHomelyNames,
  };
}

export function own(pair: OwnPair, setup: RouterSetup | undefined): Source {
  const { lan, wan } = pair;
  return {
    title: !wan || lan.name === wan.name ? lan.name : `${lan.name} and ${wan.name}`,
    story: 'Your own captures. They are read in this browser and go nowhere else.',
    outcome: '',
    works: undefined,
    situation: undefined,
    pair,
    setup,
    files: () => Promise.resolve(pair),
    named: (trace) => trace,
  };
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

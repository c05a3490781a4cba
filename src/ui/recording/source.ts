/** Where a run comes from: one of the page's recordings, or a pair of captures of the user's own. @module */
import type { Trace } from '../../world/trace.ts';
import type { Position, Situation } from './catalogue.ts';
import type { RouterSetup } from './messages.ts';

/** A capture pair that the user handed over; kept, so that the switch can be flipped and the pair replayed again. */
export interface OwnPair {
  readonly lan: File;
  readonly wan: File;
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
  readonly bytes: () => Promise<readonly [lan: ArrayBuffer, wan: ArrayBuffer]>;
  /** Nodes named as people would name them. */
  readonly named: (trace: Trace) => Trace;
}

export type Fetch = (path: string) => Promise<ArrayBuffer>;

export function bundled(situation: Situation, position: Position, load: Fetch): Source {
  const recorded = situation[position] ?? situation.off ?? situation.on!;
  const folder = `recordings/${recorded.id}`;
  const { title, story, firewall } = situation;
  const { outcome, works } = recorded;
  return {
    title,
    story,
    outcome,
    works,
    situation,
    pair: undefined,
    setup: { pptpHelper: recorded === situation.on, firewall },
    bytes: () => Promise.all([load(`${folder}/lan.pcap`), load(`${folder}/wan.pcap`)]),
    named: withHomelyNames,
  };
}

export function own(pair: OwnPair, setup: RouterSetup | undefined): Source {
  const { lan, wan } = pair;
  return {
    title: lan.name === wan.name ? lan.name : `${lan.name} and ${wan.name}`,
    story: 'Your own captures. They are read in this browser and go nowhere else.',
    outcome: '',
    works: undefined,
    situation: undefined,
    pair,
    setup,
    bytes: () => Promise.all([lan.arrayBuffer(), wan.arrayBuffer()]),
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

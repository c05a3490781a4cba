/**
 * What a way around passthrough costs, measured in its own run: bytes on each packet, round trips and packets until it
 * carries something, and all that a router on the way gets to see of it. Nothing here knows any protocol's own numbers.
 * @module
 */
import { INNER_ECHO_LENGTH } from '../endpoints/inner-echo.ts';
import type { Way } from '../explain/ways.ts';
import { u16 } from '../lib/bytes.ts';
import type { Frame, Occurrence, Trace } from '../world/trace.ts';

/** One kind of packet as a router sees it. */
export interface Seen {
  /** IP protocol number, and the port it goes to where it has one. */
  readonly protocol: number;
  readonly port?: number;
}

/** A packet that carries another one. */
export interface Carried {
  /** Length of the packet inside, and of the whole, bytes. */
  readonly inside: number;
  readonly whole: number;
  /** The whole. */
  readonly bytes: Uint8Array;
}

export interface WayFigures {
  /** Round trips before anything of the user's own may be sent. */
  readonly roundTrips: number;
  /** Microseconds of one round trip. */
  readonly roundTrip: number;
  /** What went back and forth until the first answer to something of the user's own, or until it may be sent. */
  readonly packets: number;
  readonly bytes: number;
  /** Undefined where no packet travels inside another. */
  readonly carried: Carried | undefined;
  /** What left for the Internet, in the order of first sight. */
  readonly seen: readonly Seen[];
  /** Packets of the inside that ended at a router. */
  readonly stopped: number;
  /**
   * Index of the occurrence to look at: the packet that brought it up as it crosses the router, or, where the router is
   * an end of the tunnel, the first one that it takes in.
   */
  readonly step: number;
}

type Moved = Extract<Occurrence, { kind: 'sent' | 'received' }>;

/** Undefined where it never comes up. */
export function figuresOf(trace: Trace, { node, carries }: Pick<Way, 'node' | 'carries'>): WayFigures | undefined {
  const { occurrences } = trace;
  const up = occurrences.find((each) => each.kind === 'phase' && each.node === node && each.status === 'up');
  if (!up) return undefined;
  const own = occurrences.filter((each): each is Moved => isMoved(each) && each.node === node && each.index < up.index);
  const sent = own.find(({ kind }) => kind === 'sent');
  const answer = own.find(({ kind }) => kind === 'received');
  const last = own.findLast(({ kind }) => kind === 'received');
  if (!sent || !answer || !last) return undefined;
  const roundTrip = answer.time - sent.time;
  // Where an answer to something of the user's own is the proof, its own round trip is no cost of setting up.
  const spent = Math.round((up.time - sent.time) / roundTrip) - (carries === 'ready' ? 0 : 1);
  return {
    roundTrips: spent,
    roundTrip,
    packets: own.length,
    bytes: own.reduce((sum, { frame }) => sum + frame.bytes.length, 0),
    // What brought it up is the answer to a ping in the tunnel.
    carried: carries === 'packets' ? carriedBy(last.frame) : undefined,
    seen: seenOutside(trace),
    stopped: stoppedOf(trace),
    step: crossingOf(trace, last.frame) ?? intoTunnel(trace, node) ?? up.index,
  };
}

/** Index at which a router sent this packet on; undefined where none did. */
function crossingOf({ occurrences }: Trace, { id }: Frame): number | undefined {
  return occurrences.find((each) => each.kind === 'routed' && each.out.some((out) => out.id === id))?.index;
}

function intoTunnel({ nodes, occurrences }: Trace, node: string): number | undefined {
  const clients = new Set(nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id));
  return occurrences.find((each) => each.kind === 'received' && each.node === node && clients.has(each.frame.from))
    ?.index;
}

function isMoved(each: Occurrence): each is Moved {
  return each.kind === 'sent' || each.kind === 'received';
}

function carriedBy({ bytes }: Frame): Carried {
  return { inside: INNER_ECHO_LENGTH, whole: bytes.length, bytes };
}

const WITH_PORTS = new Set([6, 17]);

function seenOutside({ nodes, occurrences }: Trace): readonly Seen[] {
  const outside = new Set(nodes.filter(({ kind }) => kind === 'server').map(({ id }) => id));
  const seen = new Map<string, Seen>();
  for (const frame of occurrences.flatMap(leaving)) {
    if (frame.to === undefined || !outside.has(frame.to)) continue;
    const { bytes } = frame;
    const protocol = bytes[9]!;
    const at = (bytes[0]! & 15) * 4 + 2;
    const what = WITH_PORTS.has(protocol) ? { protocol, port: u16(bytes, at) } : { protocol };
    seen.set(`${what.protocol} ${what.port}`, seen.get(`${what.protocol} ${what.port}`) ?? what);
  }
  return [...seen.values()];
}

/** Translated by a router, or sent by one that is an end of the tunnel itself. */
function leaving(each: Occurrence): readonly Frame[] {
  if (each.kind === 'routed') return each.out;
  return each.kind === 'sent' ? [each.frame] : [];
}

function stoppedOf({ nodes, occurrences }: Trace): number {
  const inside = new Set(nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id));
  return occurrences.filter(
    (each) => each.kind === 'routed' && inside.has(each.frame.from) && each.outcome.verdict === 'dropped',
  ).length;
}

/** A replay as a trace: who took part, and each packet's way through the router with what the recording shows. @module */
import { u16 } from '../lib/bytes.ts';
import type { Outcome, TableChange } from '../router/outcome.ts';
import type { RecordedPacket, Recording } from './recording.ts';
import { destinationOf, sourceOf } from './sides.ts';
import { keptOf } from './stand-in.ts';
import type { Frame, Occurrence, Trace, TraceNode } from './trace.ts';
import { tunnelsIn } from './tunnels.ts';

/** A thing that happened to the router, in order of time. */
export type Happening =
  | {
      readonly kind: 'packet';
      readonly received: RecordedPacket;
      readonly outcome: Outcome;
      /** The recording shows what came of it. */
      readonly compared: boolean;
      /** Undefined where everything is as recorded. */
      readonly difference: string | undefined;
    }
  | {
      readonly kind: 'intervention';
      /** Seconds since the recording began. */
      readonly time: number;
      readonly what: string;
      readonly changes: readonly TableChange[];
    }
  | {
      readonly kind: 'passed-over';
      /** Of the last of them. */
      readonly time: number;
      readonly packets: number;
      readonly ended: number;
      readonly changes: readonly TableChange[];
    }
  | {
      readonly kind: 'left-out';
      /** Of the first of them. */
      readonly time: number;
      readonly packets: number;
      readonly first: RecordedPacket;
    };

const ROUTER = 'router';

const micros = (seconds: number): number => Math.round(seconds * 1e6);

export function traceOf(recording: Recording, happenings: readonly Happening[]): Trace {
  const nodes = nodesOf(recording);
  const ids = new Map(nodes.flatMap(({ id, addresses }) => addresses.map((address) => [address, id] as const)));
  let frames = 0;
  const frame = (
    bytes: Uint8Array,
    from: string,
    to: string | undefined,
    parent: number | undefined,
    isCut: boolean,
  ): Frame => ({
    id: frames++,
    bytes,
    from,
    ...(to === undefined ? {} : { to }),
    ...(parent === undefined ? {} : { parent }),
    ...(isCut && bytes.length < u16(bytes, 2) ? { wholeLength: u16(bytes, 2) } : {}),
  });
  const occurrences = happenings.map((each, index): Occurrence => {
    if (each.kind === 'intervention') {
      const { time, what, changes } = each;
      return { index, time: micros(time), node: ROUTER, kind: 'intervention', what, changes };
    }
    if (each.kind === 'passed-over') return { ...each, index, time: micros(each.time), node: ROUTER };
    if (each.kind === 'left-out') {
      const { time, packets, first } = each;
      // A copy: whoever gets the trace from a worker must not get the whole file with it.
      const bytes = first.packet.slice();
      const wholeLength = u16(bytes, 2);
      return { index, time: micros(time), node: ROUTER, kind: 'left-out', packets, bytes, wholeLength };
    }
    const { received, compared, difference } = each;
    const { kept, packet: whole } = received;
    const outcome = kept === undefined ? each.outcome : withoutStandIns(each.outcome, kept);
    const arrived = frame(
      whole.subarray(0, kept),
      ids.get(sourceOf(whole)) ?? received.on,
      ROUTER,
      undefined,
      kept !== undefined,
    );
    const out = outcome.out.map(({ packet, own }) =>
      frame(packet, ROUTER, ids.get(destinationOf(packet)), own ? undefined : arrived.id, kept !== undefined),
    );
    const recorded = difference === undefined ? { agrees: true } : { agrees: false, difference };
    const shown = compared ? { recorded } : {};
    const time = micros(received.time);
    return { index, time, node: ROUTER, kind: 'routed', frame: arrived, on: received.on, outcome, out, ...shown };
  });
  return { nodes, occurrences, end: occurrences.at(-1)?.time ?? 0 };
}

/** What came of a packet that was cut, cut as far. */
function withoutStandIns(outcome: Outcome, kept: number): Outcome {
  const out = outcome.out.map((each) => ({ ...each, packet: each.packet.subarray(0, keptOf(each, kept)) }));
  return { ...outcome, out };
}

/** Nodes of each kind that are named: a stage has room for no more. */
const MOST_NODES = 12;

/**
 * Everybody who sent something, in the order of the first packet; on which side says what they are. Where the outside
 * was not captured, also those who never answered. Of many, those with tunnels.
 */
function nodesOf(recording: Recording): readonly TraceNode[] {
  const own = [recording.lan.address, recording.wan.address];
  const kinds = new Map<number, 'client' | 'server'>();
  const meet = (address: number, kind: 'client' | 'server') => {
    if (!own.includes(address) && !kinds.has(address)) kinds.set(address, kind);
  };
  for (const { on, packet } of recording.received) {
    meet(sourceOf(packet), on === 'lan' ? 'client' : 'server');
    if (on === 'lan' && recording.sides === 'lan') meet(destinationOf(packet), 'server');
  }
  const tunnels = tunnelsIn(recording);
  const tunnelOf = (address: number) => tunnels.find(({ client, server }) => client === address || server === address);
  const shown = new Set(
    (['client', 'server'] as const).flatMap((kind) => {
      const all = [...kinds.keys()].filter((address) => kinds.get(address) === kind);
      return all.length <= MOST_NODES ? all : [...new Set([...all.filter(tunnelOf), ...all])].slice(0, MOST_NODES);
    }),
  );
  const counts = { client: 0, server: 0 };
  const others = [...kinds].flatMap(([address, kind]): readonly TraceNode[] => {
    if (!shown.has(address)) return [];
    const vpn = tunnelOf(address)?.kinds[0];
    const node = { ...named(kind, counts[kind]++), kind, addresses: [address] };
    return [vpn === undefined ? node : { ...node, vpn }];
  });
  return [{ id: ROUTER, kind: 'router', name: 'Router', addresses: own }, ...others];
}

/** Clients are "a" … "z", then "client27"; servers "server", "server2", … */
function named(kind: 'client' | 'server', index: number): { readonly id: string; readonly name: string } {
  if (kind === 'server') return { id: index === 0 ? 'server' : `server${index + 1}`, name: `Server ${index + 1}` };
  const letter = index < 26 ? String.fromCharCode(97 + index) : undefined;
  return letter
    ? { id: letter, name: `Client ${letter.toUpperCase()}` }
    : { id: `client${index + 1}`, name: `Client ${index + 1}` };
}

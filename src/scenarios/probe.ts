/**
 * What the routers of an experiment would do, at one moment of its run, with packets that nobody asked for: from a
 * stranger outside, and from a laptop that was not there before. Found by sending them in a run of its own, never by
 * reading the rules.
 * @module
 */
import { ranked } from '../explain/reasons.ts';
import { toHex, u16 } from '../lib/bytes.ts';
import type { EntryView } from '../router/outcome.ts';
import type { Reason } from '../router/reason.ts';
import { formatIpv4, ipv4 } from '../wire/address.ts';
import * as ip from '../wire/ipv4.ts';
import * as udp from '../wire/udp.ts';
import { MOST_WORK } from '../world/bounds.ts';
import type { ClientSetup, Experiment, Intervention } from '../world/experiment.ts';
import { prefixOf } from '../world/network.ts';
import { run } from '../world/run.ts';
import type { Frame, Trace } from '../world/trace.ts';
import { knocks } from './knocks.ts';

export interface Probed {
  readonly way: 'in' | 'out';
  /** "GRE", "IKE, UDP 500", "UDP to a port in use, 40000" */
  readonly name: string;
  /** through: it reached a laptop, or the Internet. router: the router took it as its own. stopped: neither. */
  readonly fate: 'through' | 'router' | 'stopped';
  /** The node that got it, where it went through. */
  readonly to?: string;
  /** Why it ended where it ended. */
  readonly reason?: Reason;
}

const PROBE = 'probe';
/** Of all the addresses at home the least likely to be taken. */
const HOST = 249;
const STRANGER = '198.51.100.66';
/** Microseconds: long enough for each way there and the router's answer. */
const BETWEEN = 500_000;
const AFTER = 500_000;
const MOST_PORTS = 6;

/** `at`: microseconds. `outer`: the table of the outermost router at that moment. */
export function probe(experiment: Experiment, at: number, outer: readonly EntryView[]): readonly Probed[] {
  const stranger = experiment.stranger ?? STRANGER;
  const inward = inwardProbes(experiment, at, ipv4(stranger), outer);
  const outward = outwardProbes(experiment);
  // What leaves may open a way in, so the stranger tries first.
  const leaving = at + BETWEEN;
  const send = (time: number, from: string, probes: readonly Named[]): readonly Intervention[] =>
    probes.map(({ packet }) => ({ at: time, do: 'packet', from, hex: toHex(ip.encode(packet)) }));
  const before = (experiment.interventions ?? []).filter((each) => each.at <= at);
  const tried = {
    ...experiment,
    stranger,
    duration: leaving + AFTER,
    clients: [...experiment.clients, laptopOf(experiment)],
    interventions: [...before, ...send(at, 'stranger', inward), ...send(leaving, PROBE, outward)],
  };
  // The moment may be the last of a run that was cut short there, and this one goes on from it.
  const trace = run(tried, 2 * MOST_WORK);
  return [...told(trace, 'in', 'stranger', at, inward), ...told(trace, 'out', PROBE, leaving, outward)];
}

interface Named {
  readonly name: string;
  readonly packet: ip.Given;
}

function laptopOf({ routers, servers }: Experiment): ClientSetup {
  const { address } = prefixOf(routers[0].lan);
  const server = servers[0]?.id ?? '';
  return {
    id: PROBE,
    name: 'A new laptop',
    address: formatIpv4(((address & ~0xff) | HOST) >>> 0),
    vpn: { kind: 'plain', server },
  };
}

/** To the address that the whole house shows; behind a provider's NAT that is the provider's. */
function inwardProbes(experiment: Experiment, at: number, from: number, outer: readonly EntryView[]): readonly Named[] {
  const wan = wanAt(experiment, at);
  const ports = outer
    .filter(
      ({ original, flags, kind }) => original.protocol === udp.PROTOCOL && flags.sourceNat && kind === 'connection',
    )
    .map(({ reply }) => reply.destination.key);
  const inUse = [...new Set(ports)].slice(0, MOST_PORTS).map((port) => ({
    name: `UDP to a port in use, ${port}`,
    packet: {
      source: from,
      destination: wan,
      protocol: udp.PROTOCOL,
      payload: udp.encode(
        { sourcePort: 53_000, destinationPort: port, payload: new Uint8Array(8) },
        { source: from, destination: wan },
      ),
    },
  }));
  return [...knocks(from, wan).map(named), ...inUse];
}

function wanAt({ routers, interventions = [] }: Experiment, at: number): number {
  const outermost = routers.at(-1)!;
  const moved = interventions.findLast(
    (each) => each.do === 'wan-address' && each.router === outermost.id && each.at <= at,
  );
  return prefixOf(moved?.do === 'wan-address' ? moved.address : outermost.wan).address;
}

function outwardProbes(experiment: Experiment): readonly Named[] {
  const server = experiment.servers[0];
  return server ? knocks(ipv4(laptopOf(experiment).address), ipv4(server.address)).map(named) : [];
}

const NAMES: Readonly<Record<number, string>> = {
  1: 'Ping',
  6: 'TCP',
  17: 'UDP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  115: 'L2TPv3, IP 115',
};
const SERVICES: Readonly<Record<number, string>> = { 500: 'IKE', 1701: 'L2TP', 1723: 'PPTP', 4500: 'IPsec NAT-T' };

function named(packet: ip.Given): Named {
  const protocol = NAMES[packet.protocol] ?? `IP ${packet.protocol}`;
  if (packet.protocol !== 6 && packet.protocol !== 17) return { name: protocol, packet };
  const port = u16(packet.payload, 2);
  return { name: `${SERVICES[port] ?? 'Port'}, ${protocol} ${port}`, packet };
}

function told(trace: Trace, way: Probed['way'], from: string, at: number, probes: readonly Named[]): readonly Probed[] {
  // Others may send at this moment too, but their packets come first: interventions keep their order.
  const sent = trace.occurrences
    .flatMap((each) => (each.kind === 'sent' && each.node === from && each.time === at ? [each.frame] : []))
    .slice(-probes.length);
  return probes.map(({ name }, i) => ({ way, name, ...endOf(trace, sent[i]!) }));
}

/** Follows a frame through every router to where it ends. */
function endOf(trace: Trace, frame: Frame): Omit<Probed, 'way' | 'name'> {
  const next = trace.occurrences.find((each) => each.kind !== 'sent' && 'frame' in each && each.frame.id === frame.id);
  if (next?.kind === 'received') return { fate: 'through', to: next.node };
  if (next?.kind !== 'routed') return { fate: 'stopped' };
  const { outcome, out } = next;
  const on = outcome.out.findIndex(({ own }) => !own);
  if (outcome.verdict === 'forwarded' && out[on]) return endOf(trace, out[on]);
  const [reason] = ranked(outcome.reasons);
  const fate = outcome.verdict === 'dropped' ? 'stopped' : 'router';
  return { fate, ...(reason ? { reason } : {}) };
}

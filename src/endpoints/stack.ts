/**
 * The IP stack of a host: numbers, cuts and joins packets, hands each to the endpoint it is for, and refuses what
 * nobody takes as hosts do: RST for a closed TCP port, ICMP unreachable for a closed UDP port or an unknown protocol.
 * The world gives it a platform to stand on; endpoints see of it only `Host`.
 * @module
 */
import { assert } from '../lib/assert.ts';
import { concat } from '../lib/bytes.ts';
import type { Rng } from '../lib/rng.ts';
import * as icmp from '../wire/icmp.ts';
import * as ipv4 from '../wire/ipv4.ts';
import * as tcp from '../wire/tcp.ts';
import * as udp from '../wire/udp.ts';
import {
  type Endpoint,
  type Host,
  type Incoming,
  type Notice,
  type Outgoing,
  type Secret,
  type Status,
  type Symptom,
  seconds,
  type Unreachable,
} from './endpoint.ts';
import { type Below, EndpointHost } from './host.ts';
import { keyOf, Reassembly } from './reassembly.ts';

/** What the world does for a host's stack. */
export interface Platform {
  /** Microseconds. */
  readonly now: number;
  /** The node's own generator. */
  readonly rng: Rng;
  /** Puts a whole packet on the link; `via` names the uplink where there are several. */
  transmit(packet: Uint8Array, via?: string): void;
  setTimer(name: string, delay: number): void;
  clearTimer(name: string): void;
  phase(session: string, phase: string, status: Status, notice?: Notice): void;
  symptom(session: string, symptom: Symptom): void;
  secret(secret: Secret): void;
}

export interface StackOptions {
  /** The first is the host's usual source address. */
  readonly addresses: readonly [number, ...number[]];
  readonly endpoints: readonly Endpoint[];
  /** Largest packet of the link. Default 1500. */
  readonly mtu?: number;
}

/** Linux keeps fragments for 30 seconds (net.ipv4.ipfrag_time). */
const REASSEMBLY_TIME = seconds(30);
/** No path is believed to be narrower than Linux believes (net.ipv4.route.min_pmtu). */
const SMALLEST_PATH = 552;
/** ICMP errors quote the header and this much of the data (RFC 1812 §4.3.2.3 asks for no less). */
const QUOTED_DATA = 28;

interface Resident {
  readonly endpoint: Endpoint;
  readonly host: Host;
}

export class Stack implements Below {
  private readonly platform: Platform;
  private readonly options: StackOptions;
  private addresses: readonly [number, ...number[]];
  private readonly residents: readonly Resident[];
  private readonly reassembly = new Reassembly();
  /** What ICMP said of the way to a destination (RFC 1191). */
  private readonly paths = new Map<number, number>();
  private nextId: number;

  constructor(options: StackOptions, platform: Platform) {
    this.options = options;
    this.platform = platform;
    this.addresses = options.addresses;
    this.nextId = platform.rng.fork('ip-id').u16();
    const sessions = new Set(options.endpoints.map(({ session }) => session));
    assert(sessions.size === options.endpoints.length, 'every endpoint of a host has a session name of its own');
    this.residents = options.endpoints.map((endpoint) => ({
      endpoint,
      host: new EndpointHost(endpoint.session, this, platform),
    }));
  }

  /** The usual source address, as it is now. */
  get address(): number {
    return this.addresses[0];
  }

  /** Starts one endpoint by its session's name, or all. */
  start(session?: string): void {
    for (const { endpoint, host } of this.residents)
      if (session === undefined || endpoint.session === session) endpoint.start(host);
  }

  stop(session?: string): void {
    for (const { endpoint, host } of this.residents)
      if (session === undefined || endpoint.session === session) endpoint.stop(host);
  }

  /** One of the host's addresses becomes another, as when a provider hands out a new one. */
  readdress(before: number, after: number): void {
    const [first, ...others] = this.addresses.map((each) => (each === before ? after : each));
    this.addresses = [first!, ...others];
    for (const { endpoint, host } of this.residents) endpoint.readdressed?.(host, before, after);
  }

  timer(name: string): void {
    const cut = name.indexOf('|');
    const owner = name.slice(0, cut);
    const resident = this.residents.find(({ endpoint }) => endpoint.session === owner);
    if (resident) resident.endpoint.timer(resident.host, name.slice(cut + 1));
    else this.reassembly.drop(name.slice(cut + 1));
  }

  /** Takes a packet off the link. What is damaged or for somebody else is dropped without a word. */
  receive(bytes: Uint8Array): void {
    const parsed = ipv4.parse(bytes);
    if (!parsed.ok || !this.addresses.includes(parsed.value.destination)) return;
    const whole = this.whole(parsed.value);
    if (!whole) return;
    const { source, destination, protocol, ttl, payload } = whole;
    const packet = whole === parsed.value ? bytes : ipv4.encode(whole);
    const incoming: Incoming = { source, destination, protocol, ttl, payload, packet };
    for (const { endpoint, host } of this.residents) if (endpoint.receive(host, incoming)) return;
    if (protocol === icmp.PROTOCOL) this.receiveIcmp(incoming);
    else this.refuse(incoming);
  }

  private whole(packet: ipv4.Fields): ipv4.Fields | undefined {
    if (!packet.moreFragments && packet.fragmentOffset === 0) return packet;
    const key = keyOf(packet);
    const known = this.reassembly.isWaiting(key);
    const whole = this.reassembly.take(packet);
    if (whole) this.platform.clearTimer(`|${key}`);
    else if (!known) this.platform.setTimer(`|${key}`, REASSEMBLY_TIME);
    return whole;
  }

  private receiveIcmp(packet: Incoming): void {
    const parsed = icmp.parse(packet.payload);
    if (!parsed.ok) return;
    const message = parsed.value;
    if (message.kind === 'echo-request') {
      const payload = icmp.encode({ ...message, kind: 'echo-reply' });
      this.send({ protocol: icmp.PROTOCOL, source: packet.destination, destination: packet.source, payload });
    } else if (message.kind === 'unreachable' || message.kind === 'time-exceeded') {
      this.heed(packet, message);
    }
  }

  private heed(packet: Incoming, message: icmp.Message & { kind: 'unreachable' | 'time-exceeded' }): void {
    const quoted = readQuote(message.quote);
    if (!quoted || !this.addresses.includes(quoted.source)) return;
    const tooBig = message.kind === 'unreachable' && message.code === 4;
    const mtu = tooBig ? Math.max(message.mtu, SMALLEST_PATH) : undefined;
    if (mtu !== undefined) this.paths.set(quoted.destination, Math.min(mtu, this.mtuTo(quoted.destination)));
    const error: Unreachable = {
      type: message.kind === 'unreachable' ? 3 : 11,
      code: message.code,
      from: packet.source,
      protocol: quoted.protocol,
      destination: quoted.destination,
      payload: quoted.payload,
      ...(mtu === undefined ? {} : { mtu }),
    };
    for (const { endpoint, host } of this.residents) if (endpoint.unreachable?.(host, error)) return;
  }

  private refuse(packet: Incoming): void {
    if (packet.protocol === tcp.PROTOCOL) this.reset(packet);
    else if (packet.protocol !== udp.PROTOCOL) this.sayUnreachable(packet, 2);
    // A damaged datagram is nobody's (Linux, __udp4_lib_rcv).
    else if (udp.parse(packet.payload, packet).ok) this.sayUnreachable(packet, 3);
  }

  private sayUnreachable(packet: Incoming, code: number): void {
    const headerLength = (packet.packet[0]! & 15) * 4;
    const quote = packet.packet.subarray(0, headerLength + QUOTED_DATA);
    const payload = icmp.encode({ kind: 'unreachable', code, mtu: 0, quote });
    const back = { source: packet.destination, destination: packet.source };
    this.send({ protocol: icmp.PROTOCOL, ...back, payload, dontFragment: false, tos: 0xc0 });
  }

  /** RFC 9293 §3.10.7.1: the answer to a segment for a connection that does not exist. */
  private reset(packet: Incoming): void {
    const back = { source: packet.destination, destination: packet.source };
    const parsed = tcp.parse(packet.payload, { source: packet.source, destination: packet.destination });
    if (!parsed.ok || parsed.value.flags & tcp.RST) return;
    const segment = parsed.value;
    const length = segment.payload.length + (segment.flags & tcp.SYN ? 1 : 0) + (segment.flags & tcp.FIN ? 1 : 0);
    const answers = (segment.flags & tcp.ACK) !== 0;
    const payload = tcp.encode(
      {
        sourcePort: segment.destinationPort,
        destinationPort: segment.sourcePort,
        sequence: answers ? segment.acknowledgment : 0,
        acknowledgment: answers ? 0 : (segment.sequence + length) >>> 0,
        flags: answers ? tcp.RST : tcp.RST | tcp.ACK,
        window: 0,
      },
      back,
    );
    this.send({ protocol: tcp.PROTOCOL, ...back, payload });
  }

  private mtuTo(destination: number): number {
    const link = this.options.mtu ?? 1500;
    return Math.min(link, this.paths.get(destination) ?? link);
  }

  send(packet: Outgoing): void {
    const fields = {
      source: packet.source ?? this.addresses[0],
      destination: packet.destination,
      protocol: packet.protocol,
      ttl: packet.ttl ?? 64,
      tos: packet.tos ?? 0,
      id: packet.identification ?? this.takeId(),
    };
    const room = this.mtuTo(packet.destination) - ipv4.HEADER_LEN;
    const { payload } = packet;
    if (payload.length <= room) {
      const whole = ipv4.encode({ ...fields, payload, dontFragment: packet.dontFragment ?? true });
      this.platform.transmit(whole, packet.via);
      return;
    }
    const step = room - (room % 8);
    for (let at = 0; at < payload.length; at += step) {
      const piece = payload.subarray(at, at + step);
      const position = { fragmentOffset: at, moreFragments: at + step < payload.length };
      this.platform.transmit(ipv4.encode({ ...fields, ...position, payload: piece }), packet.via);
    }
  }

  private takeId(): number {
    const id = this.nextId;
    this.nextId = (this.nextId + 1) & 0xffff;
    return id;
  }
}

interface Quote {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly payload: Uint8Array;
}

/** A quotation is cut short on purpose: its header is read as that of a whole packet would be. */
function readQuote(quote: Uint8Array): Quote | undefined {
  const headerLength = ((quote[0] ?? 0) & 15) * 4;
  if (headerLength < ipv4.HEADER_LEN || quote.length < headerLength + 8) return undefined;
  const total = ((quote[2] ?? 0) << 8) | (quote[3] ?? 0);
  const parsed = ipv4.parse(concat(quote, new Uint8Array(Math.max(0, total - quote.length))));
  if (!parsed.ok) return undefined;
  const { source, destination, protocol } = parsed.value;
  return { source, destination, protocol, payload: quote.subarray(headerLength, total) };
}

/**
 * A tunnel of plain GRE (version 0, RFC 2784) with IPv4 inside, set up by hand at both ends: no control connection, no
 * keys, nothing that agrees on anything. A gateway has many such tunnels at one address; it goes by who speaks inside.
 *
 *     0 flags, version 0   2 0x0800 (IPv4)   4 IPv4 packet …
 *
 * @module
 */
import { formatIpv4 } from '../wire/address.ts';
import { IPV4 } from '../wire/ether-type.ts';
import * as gre from '../wire/gre.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Endpoint, Host, Incoming } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import { silence } from './ipsec-words.ts';
import { Timers } from './timers.ts';

export interface PlainGreOptions {
  readonly session?: string;
  /** Our address inside. */
  readonly innerAddress: number;
  /** The far end, and what to ask through it; left out, we are the gateway and wait. */
  readonly dials?: { readonly server: number; readonly echo: EchoPlan };
}

interface Running {
  readonly timers: Timers;
  readonly echo: InnerEcho;
  /** Outer address by inner address. */
  readonly peers: Map<number, number>;
}

export class PlainGre implements Endpoint {
  readonly session: string;
  private readonly options: PlainGreOptions;
  private running: Running | undefined;

  constructor(options: PlainGreOptions) {
    this.options = options;
    this.session = options.session ?? 'gre';
  }

  start(host: Host): void {
    const { innerAddress, dials } = this.options;
    this.running?.timers.clearAll();
    const timers = new Timers(host);
    const echo = new InnerEcho(host, timers.within('echo'), innerAddress, {
      send: (packet) => this.send(host, packet),
      alive: () => host.phase(this.session, 'answers come through the tunnel', 'up'),
      silent: (asked, answered) => this.silent(host, asked, answered),
    });
    this.running = { timers, echo, peers: new Map() };
    host.phase(this.session, 'the tunnel is configured', dials ? 'connecting' : 'idle');
    if (dials) echo.begin(dials.echo);
  }

  stop(host: Host): void {
    this.running?.timers.clearAll();
    this.running = undefined;
    host.phase(this.session, 'stopped', 'closed');
  }

  receive(host: Host, { protocol, source, payload }: Incoming): boolean {
    if (protocol !== gre.PROTOCOL || !this.running) return false;
    const read = gre.parse(payload);
    if (!read.ok || read.value.version !== 0 || read.value.protocol !== IPV4) return false;
    const { dials } = this.options;
    if (dials && source !== dials.server) return false;
    const inner = ipv4.parse(read.value.payload);
    if (!inner.ok) return true;
    const from = inner.value.source;
    if (!dials && this.running.peers.get(from) !== source) {
      this.running.peers.set(from, source);
      host.phase(this.session, `${formatIpv4(from)} is heard from ${formatIpv4(source)}`, 'up');
    }
    this.running.echo.receive(read.value.payload);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.running?.timers.fire(name);
  }

  private send(host: Host, packet: Uint8Array): void {
    const inner = ipv4.parse(packet);
    const { dials } = this.options;
    const destination = dials?.server ?? (inner.ok ? this.running?.peers.get(inner.value.destination) : undefined);
    if (destination === undefined) return;
    const payload = gre.encode({ version: 0, protocol: IPV4, checksum: false, payload: packet });
    host.send({ protocol: gre.PROTOCOL, destination, payload });
  }

  private silent(host: Host, asked: number, answered: number): void {
    const { dials } = this.options;
    if (!dials) return;
    host.symptom(this.session, silence(asked, answered, dials.echo.target, 'GRE (IP protocol 47)'));
    host.phase(this.session, 'nothing comes back through the tunnel', 'failed');
  }
}

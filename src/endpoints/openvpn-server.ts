/**
 * An OpenVPN server over UDP or TCP, for any number of clients, each with an address inside and a peer ID. A client is
 * known by the address it calls from; a data packet from elsewhere that names its peer ID and is authentic moves it
 * there (--float), which is how a tunnel survives a new NAT mapping.
 * @module
 */
import { formatIpv4 } from '../wire/address.ts';
import * as openvpn from '../wire/openvpn.ts';
import { OPCODE } from '../wire/openvpn-form.ts';
import * as udp from '../wire/udp.ts';
import { type Endpoint, type Host, type Incoming, seconds, type Unreachable } from './endpoint.ts';
import { type DataV2, type Ends, Framing, readPacket, sendDatagram } from './openvpn-link.ts';
import { type Lease, ServerSession } from './openvpn-server-session.ts';
import type { TcpConnection } from './tcp-connection.ts';
import { TcpListener } from './tcp-listener.ts';
import { LINUX_TCP, type TcpPolicy } from './tcp-policy.ts';
import type { TcpUser } from './tcp-user.ts';
import { Timers } from './timers.ts';
import { identityOf } from './tls-certificate.ts';

export interface OpenVpnServerOptions {
  /** In its certificate. */
  readonly name: string;
  /** Its address inside; clients get those that follow. */
  readonly address: number;
  readonly protocol?: 'udp' | 'tcp';
  readonly port?: number;
  readonly session?: string;
  /** --keepalive: ping after, and restart after; the server itself waits twice as long. Default 10 and 60 seconds. */
  readonly keepalive?: { readonly ping: number; readonly restart: number };
  readonly policy?: TcpPolicy;
}

interface Client {
  readonly session: ServerSession;
  ends: Ends;
}

const KEEPALIVE = { ping: seconds(10), restart: seconds(60) };

export class OpenVpnServer implements Endpoint {
  readonly session: string;
  private readonly options: OpenVpnServerOptions;
  private host!: Host;
  private timers!: Timers;
  private listener: TcpListener | undefined;
  private clients: Client[] = [];
  private sessions = 0;
  private listening = false;

  constructor(options: OpenVpnServerOptions) {
    this.options = options;
    this.session = options.session ?? 'openvpn';
  }

  start(host: Host): void {
    this.host = host;
    this.timers = new Timers(host);
    this.listening = true;
    if (this.options.protocol === 'tcp')
      this.listener = new TcpListener(host, this.timers.within('listener'), {
        port: this.port,
        policy: this.options.policy ?? LINUX_TCP,
        accept: (connection) => this.accept(connection),
      });
    host.phase(this.session, 'listening', 'idle');
  }

  /** The machine's service stops; clients find out by silence. */
  stop(): void {
    for (const client of this.clients) client.session.end();
    this.clients = [];
    this.listening = false;
    this.host.phase(this.session, 'stopped', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (!this.listening) return false;
    if (this.listener) return this.listener.receive(packet);
    const datagram = packet.protocol === udp.PROTOCOL ? udp.parse(packet.payload) : undefined;
    if (!datagram?.ok || datagram.value.destinationPort !== this.port) return false;
    const { sourcePort, destinationPort, payload } = datagram.value;
    if (!udp.parse(packet.payload, packet).ok) return true;
    const { source: remote, destination: local } = packet;
    this.takeDatagram({ local, localPort: destinationPort, remote, remotePort: sourcePort }, payload);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.listener?.unreachable(error) ?? false;
  }

  private get port(): number {
    return this.options.port ?? openvpn.PORT;
  }

  private takeDatagram(ends: Ends, bytes: Uint8Array): void {
    const packet = readPacket(bytes);
    if (!packet) return;
    const known = this.clients.find((client) => isSame(client.ends, ends));
    if (packet.kind === 'data-v2') {
      if (!known?.session.takeData(packet)) this.float(ends, packet);
    } else if (packet.opcode === OPCODE.hardResetClientV2 && !known?.session.isSession(packet.sessionId)) {
      // A new session from the same address replaces the old one.
      if (known) this.drop(known);
      this.open(ends).session.takeControl(packet);
    } else known?.session.takeControl(packet);
  }

  /** A data packet from an address that no client has, or not the client that it names. */
  private float(ends: Ends, packet: DataV2): void {
    const client = this.clients.find((each) => each.session.lease.peerId === packet.peerId);
    if (!client || isSame(client.ends, ends)) return;
    const before = client.ends;
    client.ends = ends;
    if (!client.session.takeData(packet)) client.ends = before;
    else this.host.phase(this.session, `peer ${packet.peerId} floated to ${textOf(ends)}`, 'up', 'caller-moved');
  }

  private open(ends: Ends): Client {
    const client: Client = {
      ends,
      session: this.newSession(
        (packet) => sendDatagram(this.host, client.ends, packet),
        () => this.drop(client),
      ),
    };
    this.clients.push(client);
    return client;
  }

  private accept(connection: TcpConnection): TcpUser {
    const framing = new Framing();
    const transmit = (packet: openvpn.Packet) => connection.send(openvpn.encodeTcp(packet));
    const session = this.newSession(transmit, () => connection.close());
    const client: Client = { session, ends: connection.addresses };
    this.clients.push(client);
    return {
      opened: () => {},
      data: (bytes) => {
        const packets = framing.take(bytes);
        if (packets === 'broken') connection.abort();
        else for (const packet of packets) this.takeFramed(session, packet);
      },
      peerFinished: () => connection.close(),
      ended: () => this.drop(client),
    };
  }

  private takeFramed(session: ServerSession, bytes: Uint8Array): void {
    const packet = readPacket(bytes);
    if (packet?.kind === 'data-v2') session.takeData(packet);
    else if (packet) session.takeControl(packet);
  }

  private newSession(transmit: (packet: openvpn.Packet) => void, over: () => void): ServerSession {
    const timers = this.timers.within(`session ${++this.sessions}`);
    const { protocol = 'udp', name, address, keepalive = KEEPALIVE } = this.options;
    const settings = { protocol, identity: identityOf(name), gateway: address, keepalive, lease: this.lease() };
    return new ServerSession(this.host, timers, settings, {
      transmit,
      over,
      phase: (phase, status) => this.host.phase(this.session, phase, status),
    });
  }

  /** The lowest peer ID that is free, and the address that goes with it. */
  private lease(): Lease {
    let peerId = 0;
    while (this.clients.some((client) => client.session.lease.peerId === peerId)) peerId++;
    return { peerId, address: this.options.address + 1 + peerId };
  }

  private drop(client: Client): void {
    client.session.end();
    this.clients = this.clients.filter((each) => each !== client);
  }
}

function isSame(a: Ends, b: Ends): boolean {
  return a.remote === b.remote && a.remotePort === b.remotePort;
}

function textOf(ends: Ends): string {
  return `${formatIpv4(ends.remote)}:${ends.remotePort}`;
}

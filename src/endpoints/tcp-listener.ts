/** A TCP port that takes calls: makes a connection of every SYN and hands segments to the connection they belong to. @module */
import * as tcp from '../wire/tcp.ts';
import type { Host, Incoming, Unreachable } from './endpoint.ts';
import { TcpConnection } from './tcp-connection.ts';
import type { TcpPolicy } from './tcp-policy.ts';
import type { TcpUser } from './tcp-user.ts';
import type { Timers } from './timers.ts';

/** Reads the segment in a packet. Answers undefined for what is no TCP or is damaged: a host drops that silently. */
export function segmentOf(packet: Incoming): tcp.Fields | undefined {
  if (packet.protocol !== tcp.PROTOCOL) return undefined;
  const parsed = tcp.parse(packet.payload, { source: packet.source, destination: packet.destination });
  return parsed.ok ? parsed.value : undefined;
}

/** Hands a packet to the connection among `connections` that it belongs to. Answers whether there is one. */
export function deliver(packet: Incoming, segment: tcp.Fields, connections: Iterable<TcpConnection>): boolean {
  for (const connection of connections)
    if (connection.owns(packet.source, segment.sourcePort, segment.destinationPort)) {
      connection.receive(segment);
      return true;
    }
  return false;
}

/** Hands an ICMP error to the connection whose segment it quotes. Answers whether there is one. */
export function deliverError(error: Unreachable, connections: Iterable<TcpConnection>): boolean {
  if (error.protocol !== tcp.PROTOCOL || error.payload.length < 4) return false;
  const [a, b, c, d] = error.payload as unknown as [number, number, number, number];
  for (const connection of connections)
    if (connection.owns(error.destination, (c << 8) | d, (a << 8) | b)) {
      connection.unreachable(error);
      return true;
    }
  return false;
}

export interface ListenerOptions {
  readonly port: number;
  readonly policy: TcpPolicy;
  /** Called when a SYN came; what it answers hears of all that follows. */
  readonly accept: (connection: TcpConnection) => TcpUser;
}

export class TcpListener {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly options: ListenerOptions;
  private connections: TcpConnection[] = [];
  private accepted = 0;

  constructor(host: Host, timers: Timers, options: ListenerOptions) {
    this.host = host;
    this.timers = timers;
    this.options = options;
  }

  /** Answers whether the packet was for this port. */
  receive(packet: Incoming): boolean {
    const segment = segmentOf(packet);
    if (segment?.destinationPort !== this.options.port) return false;
    this.connections = this.connections.filter((connection) => connection.state !== 'closed');
    if (deliver(packet, segment, this.connections)) return true;
    const opens = (segment.flags & (tcp.SYN | tcp.ACK | tcp.RST | tcp.FIN)) === tcp.SYN;
    if (opens) this.open(packet, segment);
    return opens;
  }

  unreachable(error: Unreachable): boolean {
    return deliverError(error, this.connections);
  }

  private open(packet: Incoming, syn: tcp.Fields): void {
    const addresses = {
      local: packet.destination,
      localPort: syn.destinationPort,
      remote: packet.source,
      remotePort: syn.sourcePort,
    };
    const timers = this.timers.within(`tcp-${++this.accepted}`);
    let user: TcpUser | undefined;
    const connection = new TcpConnection(this.host, timers, addresses, this.options.policy, {
      opened: () => user?.opened(),
      data: (bytes) => user?.data(bytes),
      peerFinished: () => user?.peerFinished(),
      ended: (why) => user?.ended(why),
    });
    user = this.options.accept(connection);
    this.connections.push(connection);
    connection.accept(syn);
  }
}

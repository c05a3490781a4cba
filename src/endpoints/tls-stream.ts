/**
 * TLS over TCP, the pair under HTTPS, SSTP and RDP: a call that a client makes, and a port that takes calls. Some
 * protocols say a few words in clear before TLS begins; for them TLS waits until it is asked for.
 * @module
 */
import * as tcp from '../wire/tcp.ts';
import type { Host, Incoming, Unreachable } from './endpoint.ts';
import { TcpConnection } from './tcp-connection.ts';
import { deliver, deliverError, segmentOf, TcpListener } from './tcp-listener.ts';
import type { TcpPolicy } from './tcp-policy.ts';
import type { TcpEnd } from './tcp-user.ts';
import type { Timers } from './timers.ts';
import { TlsClient, type TlsClientOptions } from './tls-client.ts';
import { TlsServer, type TlsServerOptions } from './tls-server.ts';
import type { TlsEnd, TlsSession, TlsUser } from './tls-session.ts';

/** Which of the two broke off, and how; an orderly end is TLS saying so. */
export type StreamEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'tcp'; readonly why: TcpEnd }
  | { readonly kind: 'tls'; readonly how: Exclude<TlsEnd, { kind: 'closed' }> };

export interface StreamUser {
  /** TCP stands; only protocols that begin in clear care. */
  opened?(): void;
  /** Bytes that came before TLS. */
  clear?(bytes: Uint8Array): void;
  /** TLS stands. */
  established(): void;
  data(bytes: Uint8Array): void;
  /** Said once. */
  ended(how: StreamEnd): void;
}

/** One TCP connection and the TLS session on it. */
export class TlsStream {
  readonly tcp: TcpConnection;
  session: TlsSession | undefined;
  private readonly host: Host;
  private readonly user: StreamUser;
  private over = false;

  constructor(host: Host, tcp: TcpConnection, user: StreamUser) {
    this.host = host;
    this.tcp = tcp;
    this.user = user;
  }

  /** Sends in clear, before TLS. */
  sendClear(bytes: Uint8Array): void {
    this.tcp.send(bytes);
  }

  write(bytes: Uint8Array): void {
    this.session?.write(bytes);
  }

  /** Orderly: close_notify, then FIN. */
  close(): void {
    if (this.session?.state === 'established') this.session.close();
    else this.finish({ kind: 'closed' });
  }

  /** Begins TLS as a client or as a server. */
  secure(make: (user: TlsUser) => TlsSession): void {
    this.session = make({
      send: (bytes) => this.tcp.send(bytes),
      established: () => this.user.established(),
      data: (bytes) => this.user.data(bytes),
      ended: (how) => this.finish(how.kind === 'closed' ? how : { kind: 'tls', how }),
      secret: (line) => this.host.secret({ kind: 'tls-keylog', line }),
    });
  }

  tcpData(bytes: Uint8Array): void {
    if (this.session) this.session.receive(bytes);
    else this.user.clear?.(bytes);
  }

  /** A FIN without close_notify cuts the stream short, but the end is the end. */
  tcpFinished(): void {
    this.finish({ kind: 'closed' });
  }

  tcpEnded(why: TcpEnd): void {
    if (this.over) return;
    this.over = true;
    this.user.ended(why === 'finished' ? { kind: 'closed' } : { kind: 'tcp', why });
  }

  private finish(how: StreamEnd): void {
    if (this.over) return;
    this.over = true;
    this.tcp.close();
    this.user.ended(how);
  }
}

export interface CallOptions {
  readonly server: number;
  readonly port: number;
  readonly policy: TcpPolicy;
  readonly localPort?: number;
  readonly tls: TlsClientOptions;
  /** TLS begins only when `secure` is called. */
  readonly clearFirst?: boolean;
}

/** A client's call. */
export class TlsCall {
  readonly stream: TlsStream;
  private readonly host: Host;
  private readonly options: CallOptions;

  constructor(host: Host, timers: Timers, options: CallOptions, user: StreamUser) {
    this.host = host;
    this.options = options;
    const addresses = {
      local: host.address,
      localPort: options.localPort ?? 49_152 + host.rng.below(16_384),
      remote: options.server,
      remotePort: options.port,
    };
    const connection = new TcpConnection(host, timers.within('tcp'), addresses, options.policy, {
      opened: () => this.opened(user),
      data: (bytes) => this.stream.tcpData(bytes),
      peerFinished: () => this.stream.tcpFinished(),
      ended: (why) => this.stream.tcpEnded(why),
    });
    this.stream = new TlsStream(host, connection, user);
    connection.connect();
  }

  secure(): void {
    this.stream.secure((user) => new TlsClient(this.host.rng, this.options.tls, user));
    (this.stream.session as TlsClient).start();
  }

  receive(packet: Incoming): boolean {
    const segment = segmentOf(packet);
    return segment !== undefined && deliver(packet, segment, [this.stream.tcp]);
  }

  unreachable(error: Unreachable): boolean {
    return deliverError(error, [this.stream.tcp]);
  }

  private opened(user: StreamUser): void {
    user.opened?.();
    if (!this.options.clearFirst) this.secure();
  }
}

export interface PortOptions {
  readonly port: number;
  readonly policy: TcpPolicy;
  readonly tls: TlsServerOptions;
  readonly clearFirst?: boolean;
}

/** A server's port. */
export class TlsPort {
  private readonly host: Host;
  private readonly options: PortOptions;
  private readonly listener: TcpListener;
  private taking = true;

  /** `accept` is called for each call that comes in. */
  constructor(host: Host, timers: Timers, options: PortOptions, accept: (stream: TlsStream) => StreamUser) {
    this.host = host;
    this.options = options;
    this.listener = new TcpListener(host, timers, {
      port: options.port,
      policy: options.policy,
      accept: (connection) => this.take(connection, accept),
    });
  }

  secure(stream: TlsStream): void {
    stream.secure((user) => new TlsServer(this.host.rng, this.options.tls, user));
  }

  /** Takes no more calls; those that stand go on. */
  close(): void {
    this.taking = false;
  }

  receive(packet: Incoming): boolean {
    const opens = ((segmentOf(packet)?.flags ?? 0) & (tcp.SYN | tcp.ACK)) === tcp.SYN;
    return (this.taking || !opens) && this.listener.receive(packet);
  }

  unreachable(error: Unreachable): boolean {
    return this.listener.unreachable(error);
  }

  private take(connection: TcpConnection, accept: (stream: TlsStream) => StreamUser) {
    let user: StreamUser | undefined;
    const stream = new TlsStream(this.host, connection, {
      opened: () => user?.opened?.(),
      clear: (bytes) => user?.clear?.(bytes),
      established: () => user?.established(),
      data: (bytes) => user?.data(bytes),
      ended: (how) => user?.ended(how),
    });
    user = accept(stream);
    return {
      opened: () => {
        user.opened?.();
        if (!this.options.clearFirst) this.secure(stream);
      },
      data: (bytes: Uint8Array) => stream.tcpData(bytes),
      peerFinished: () => stream.tcpFinished(),
      ended: (why: TcpEnd) => stream.tcpEnded(why),
    };
  }
}

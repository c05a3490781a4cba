/**
 * What the endpoints over TLS (HTTPS, SSTP, Remote Desktop) have in common: a client that makes calls, and a service
 * that takes them, each with the packets, timers and ICMP errors that belong to its connections.
 * @module
 */
import type { Endpoint, Host, Incoming, Status, Unreachable } from './endpoint.ts';
import { Timers } from './timers.ts';
import { type CallOptions, type PortOptions, type StreamUser, TlsCall, TlsPort, type TlsStream } from './tls-stream.ts';

export abstract class TlsCaller implements Endpoint {
  readonly session: string;
  protected host!: Host;
  protected timers!: Timers;
  /** Calls that are over linger here until TCP has said its last word. */
  private calls: TlsCall[] = [];
  private made = 0;

  constructor(session: string) {
    this.session = session;
  }

  start(host: Host): void {
    this.host = host;
    this.timers ??= new Timers(host);
    this.begin();
  }

  abstract stop(): void;

  receive(_host: Host, packet: Incoming): boolean {
    return this.calls.some((call) => call.receive(packet));
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.calls.some((call) => call.unreachable(error));
  }

  protected abstract begin(): void;

  protected dial(options: CallOptions, user: StreamUser): TlsCall {
    const call = new TlsCall(this.host, this.timers.within(`call ${++this.made}`), options, user);
    this.calls = [...this.calls.filter((each) => each.stream.tcp.state !== 'closed'), call];
    return call;
  }

  protected say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

export abstract class TlsService implements Endpoint {
  readonly session: string;
  protected host!: Host;
  protected timers!: Timers;
  protected port!: TlsPort;
  private readonly portOptions: PortOptions;
  private running = false;
  private streams: TlsStream[] = [];

  constructor(session: string, options: PortOptions) {
    this.session = session;
    this.portOptions = options;
  }

  start(host: Host): void {
    this.host = host;
    this.timers ??= new Timers(host);
    this.port = new TlsPort(host, this.timers.within('port'), this.portOptions, (stream) => this.accept(stream));
    this.running = true;
    this.say('listening', 'idle');
  }

  /** Takes no more calls and closes those that stand. */
  stop(): void {
    for (const stream of this.streams) this.hangUp(stream);
    this.port?.close();
    this.say('closed', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.running && this.port.receive(packet);
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.running && this.port.unreachable(error);
  }

  protected abstract serve(stream: TlsStream): StreamUser;

  protected hangUp(stream: TlsStream): void {
    stream.close();
  }

  protected say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }

  private accept(stream: TlsStream): StreamUser {
    const user = this.serve(stream);
    this.streams.push(stream);
    return {
      opened: () => user.opened?.(),
      clear: (bytes) => user.clear?.(bytes),
      established: () => user.established(),
      data: (bytes) => user.data(bytes),
      ended: (how) => {
        this.streams = this.streams.filter((each) => each !== stream);
        user.ended(how);
      },
    };
  }
}

/**
 * An SSTP server ([MS-SSTP] §3.3) for any number of clients: port 443 with TLS, and behind one HTTP request a call with
 * PPP inside. Other requests get an ordinary "not found", so to a stranger it is a web server.
 * @module
 */

import type { DialInOptions } from './dial-in.ts';
import { type Endpoint, type Host, type Incoming, seconds, type Unreachable } from './endpoint.ts';
import { InnerPool } from './inner-pool.ts';
import { SstpCall } from './sstp-call.ts';
import { SSTP_PORT } from './sstp-client.ts';
import { LINUX_TCP, type TcpPolicy } from './tcp-policy.ts';
import { Timers } from './timers.ts';
import { identityOf } from './tls-certificate.ts';
import { type StreamUser, TlsPort, type TlsStream } from './tls-stream.ts';

export interface SstpServerOptions extends Pick<DialInOptions, 'innerAddress' | 'pool' | 'users'> {
  /** In its certificate. */
  readonly name: string;
  /** Default "sstp". */
  readonly session?: string;
  readonly policy?: TcpPolicy;
}

/** A client that is told goodbye has this long to answer. */
const FAREWELL = seconds(5);

export class SstpServer implements Endpoint {
  readonly session: string;
  private readonly options: SstpServerOptions;
  private timers!: Timers;
  private port: TlsPort | undefined;
  private calls: SstpCall[] = [];
  private count = 0;

  constructor(options: SstpServerOptions) {
    this.options = options;
    this.session = options.session ?? 'sstp';
  }

  start(host: Host): void {
    this.timers = new Timers(host);
    const { name, pool, policy = LINUX_TCP } = this.options;
    const inner = new InnerPool(pool.first, pool.size);
    const options = { port: SSTP_PORT, policy, tls: { identity: identityOf(name) } };
    this.port = new TlsPort(host, this.timers.within('port'), options, (stream) => this.accept(host, stream, inner));
    host.phase(this.session, 'listening', 'idle');
  }

  stop(host: Host): void {
    for (const call of this.calls) call.hangUp(FAREWELL);
    this.port?.close();
    host.phase(this.session, 'closed', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.port?.receive(packet) ?? false;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.port?.unreachable(error) ?? false;
  }

  private accept(host: Host, stream: TlsStream, pool: InnerPool): StreamUser {
    const { name, innerAddress, users } = this.options;
    const number = ++this.count;
    const settings = { session: `${this.session}#${number}`, name, innerAddress, users, pool };
    const call = new SstpCall(host, this.timers.within(`call ${number}`), stream, settings);
    this.calls = [...this.calls.filter((each) => !each.isOver), call];
    return call;
  }
}

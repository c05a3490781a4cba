/**
 * An SSTP server ([MS-SSTP] §3.3) for any number of clients: port 443 with TLS, and behind one HTTP request a call with
 * PPP inside. Other requests get an ordinary "not found", so to a stranger it is a web server.
 * @module
 */

import type { DialInOptions } from './dial-in.ts';
import { seconds } from './endpoint.ts';
import { InnerPool } from './inner-pool.ts';
import { SstpCall } from './sstp-call.ts';
import { SSTP_PORT } from './sstp-client.ts';
import { LINUX_TCP, type TcpPolicy } from './tcp-policy.ts';
import { identityOf } from './tls-certificate.ts';
import { TlsService } from './tls-endpoint.ts';
import type { StreamUser, TlsStream } from './tls-stream.ts';

export interface SstpServerOptions extends Pick<DialInOptions, 'innerAddress' | 'pool' | 'users'> {
  /** In its certificate. */
  readonly name: string;
  /** Default "sstp". */
  readonly session?: string;
  readonly policy?: TcpPolicy;
}

/** A client that is told goodbye has this long to answer. */
const FAREWELL = seconds(5);

export class SstpServer extends TlsService {
  private readonly options: SstpServerOptions;
  private readonly pool: InnerPool;
  private readonly calls = new Map<TlsStream, SstpCall>();
  private count = 0;

  constructor(options: SstpServerOptions) {
    const { session = 'sstp', name, pool, policy = LINUX_TCP } = options;
    super(session, { port: SSTP_PORT, policy, tls: { identity: identityOf(name) } });
    this.options = options;
    this.pool = new InnerPool(pool.first, pool.size);
  }

  protected override serve(stream: TlsStream): StreamUser {
    const { name, innerAddress, users } = this.options;
    const number = ++this.count;
    const settings = { session: `${this.session}#${number}`, name, innerAddress, users, pool: this.pool };
    const call = new SstpCall(this.host, this.timers.within(`call ${number}`), stream, settings);
    this.calls.set(stream, call);
    return call;
  }

  protected override hangUp(stream: TlsStream): void {
    this.calls.get(stream)?.hangUp(FAREWELL);
  }
}

/**
 * HTTPS on port 443: what needs no passthrough, whatever the router. A page that comes is the proof that it is up.
 * @module
 */
import { browserSymptom, malformed, noAnswer, refusal } from './browser-words.ts';
import { httpDate } from './calendar.ts';
import { seconds } from './endpoint.ts';
import {
  encodeRequest,
  encodeResponse,
  type Headers,
  HttpReader,
  type HttpRequest,
  type HttpResponse,
} from './http.ts';
import { LINUX_TCP, type TcpPolicy, WINDOWS_TCP } from './tcp-policy.ts';
import { identityOf } from './tls-certificate.ts';
import { TlsCaller, TlsService } from './tls-endpoint.ts';
import type { StreamEnd, StreamUser, TlsCall, TlsStream } from './tls-stream.ts';

const HTTPS_PORT = 443;
/** How long a person looks at a page that does not come. */
const PATIENCE = seconds(30);

export interface HttpsClientOptions {
  readonly server: number;
  /** The site's name, in the certificate and in the Host header. */
  readonly name: string;
  /** Default "https". */
  readonly session?: string;
  readonly port?: number;
  readonly path?: string;
  readonly headers?: Headers;
  /** When to ask, counted from the start. Default: once, at once. */
  readonly at?: readonly number[];
  readonly policy?: TcpPolicy;
}

export class HttpsClient extends TlsCaller {
  private readonly options: HttpsClientOptions;
  private call: TlsCall | undefined;
  private reader = new HttpReader();
  private asked = 0;
  private running = false;
  /** Whether a request went out over the connection that stands. */
  private requested = false;

  constructor(options: HttpsClientOptions) {
    super(options.session ?? 'https');
    this.options = options;
  }

  protected override begin(): void {
    this.running = true;
    this.asked = 0;
    this.plan(0);
  }

  override stop(): void {
    if (!this.running) return;
    this.running = false;
    this.say('closed', 'closed');
    this.timers.within('request').clearAll();
    this.call?.stream.close();
  }

  private plan(elapsed: number): void {
    const at = (this.options.at ?? [0])[this.asked];
    if (at === undefined) return;
    this.timers.within('request').set('next', at - elapsed, () => {
      this.asked++;
      this.ask();
      this.plan(at);
    });
  }

  /** Over the connection that stands, or over a new one. */
  private ask(): void {
    this.timers.within('request').set('answer', PATIENCE, () => this.giveUp());
    if (this.call?.stream.session?.state === 'established') {
      this.request();
      return;
    }
    this.reader = new HttpReader();
    this.requested = false;
    this.say('tcp', 'connecting');
    const { server, port = HTTPS_PORT, name, policy = WINDOWS_TCP } = this.options;
    const tls = { serverName: name, protocols: ['http/1.1'] };
    this.call = this.dial(
      { server, port, policy, tls },
      {
        opened: () => this.say('tls', 'connecting'),
        established: () => this.request(),
        data: (bytes) => this.receiveData(bytes),
        ended: (how) => this.ended(how),
      },
    );
  }

  private request(): void {
    this.requested = true;
    const { path = '/', name, headers = {} } = this.options;
    this.say(`GET ${path}`, 'connecting');
    const all = { Host: name, ...headers, Accept: '*/*' };
    this.call!.stream.write(encodeRequest({ method: 'GET', path, headers: all }));
  }

  private receiveData(bytes: Uint8Array): void {
    this.reader.add(bytes);
    const response = this.reader.response();
    if (response === undefined) return;
    this.timers.within('request').clear('answer');
    if (response === 'malformed') {
      this.fail('malformed answer', malformed(this.options.name));
      this.call!.stream.close();
    } else if (response.status < 400) {
      this.say(`${response.status} ${response.reason}`, 'up');
    } else {
      this.fail(
        `${response.status} ${response.reason}`,
        refusal(response.status, response.reason, response.body ?? ''),
      );
    }
  }

  private giveUp(): void {
    this.fail('no answer', noAnswer(this.options.name));
    this.call!.stream.close();
  }

  private ended(how: StreamEnd): void {
    const waiting = this.timers.within('request').isSet('answer');
    this.timers.within('request').clear('answer');
    // A connection that nobody waits on may end as it likes.
    if (!this.running || !waiting) return;
    this.fail('connection lost', browserSymptom(this.options.name, how, this.requested));
  }

  private fail(phase: string, symptom: ReturnType<typeof noAnswer>): void {
    this.say(phase, 'failed');
    this.host.symptom(this.session, symptom);
  }
}

/** Who asks, and when. */
export interface Visit {
  readonly now: number;
  readonly from: number;
}

export interface HttpsServerOptions {
  readonly name: string;
  readonly session?: string;
  readonly port?: number;
  readonly policy?: TcpPolicy;
  /** Default: a short page for everybody. */
  readonly answer?: (request: HttpRequest, visit: Visit) => HttpResponse;
}

export class HttpsServer extends TlsService {
  private readonly options: HttpsServerOptions;

  constructor(options: HttpsServerOptions) {
    const { session = 'https', name, port = HTTPS_PORT, policy = LINUX_TCP } = options;
    super(session, { port, policy, tls: { identity: identityOf(name), protocols: ['http/1.1'] } });
    this.options = options;
  }

  protected override serve(stream: TlsStream): StreamUser {
    const reader = new HttpReader();
    return {
      established: () => this.say('serving', 'up'),
      data: (bytes) => {
        reader.add(bytes);
        for (let request = reader.request(); request; request = reader.request()) {
          if (request === 'malformed') {
            stream.close();
            return;
          }
          stream.write(encodeResponse(this.respond(request, stream)));
        }
      },
      ended: () => {},
    };
  }

  private respond(request: HttpRequest, stream: TlsStream): HttpResponse {
    const { now } = this.host;
    const visit = { now, from: stream.tcp.addresses.remote };
    const response = this.options.answer?.(request, visit) ?? page(this.options.name);
    return { ...response, headers: { Date: httpDate(now), Server: 'lab', ...response.headers } };
  }
}

function page(name: string): HttpResponse {
  const headers = { 'Content-Type': 'text/plain' };
  return { status: 200, reason: 'OK', headers, body: `This is ${name}.\n` };
}

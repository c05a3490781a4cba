/**
 * HTTPS on port 443: what needs no passthrough, whatever the router. A page that comes is the proof that it is up.
 * @module
 */
import { browserSymptom, noAnswer, refusal } from './browser-words.ts';
import { httpDate } from './calendar.ts';
import { type Endpoint, type Host, type Incoming, type Status, seconds, type Unreachable } from './endpoint.ts';
import {
  encodeRequest,
  encodeResponse,
  type Headers,
  HttpReader,
  type HttpRequest,
  type HttpResponse,
} from './http.ts';
import { LINUX_TCP, type TcpPolicy, WINDOWS_TCP } from './tcp-policy.ts';
import { Timers } from './timers.ts';
import { identityOf } from './tls-certificate.ts';
import { type StreamEnd, type StreamUser, TlsCall, TlsPort, type TlsStream } from './tls-stream.ts';

export const HTTPS_PORT = 443;
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

export class HttpsClient implements Endpoint {
  readonly session: string;
  private readonly options: HttpsClientOptions;
  private host!: Host;
  private timers!: Timers;
  private call: TlsCall | undefined;
  /** Calls that are over linger here until TCP has said its last word. */
  private calls: TlsCall[] = [];
  private reader = new HttpReader();
  private asked = 0;
  private running = false;

  constructor(options: HttpsClientOptions) {
    this.options = options;
    this.session = options.session ?? 'https';
  }

  start(host: Host): void {
    this.host = host;
    this.timers = new Timers(host);
    this.running = true;
    this.asked = 0;
    this.plan(0);
  }

  stop(): void {
    if (!this.running) return;
    this.running = false;
    this.say('closed', 'closed');
    this.timers.within('request').clearAll();
    this.call?.stream.close();
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.calls.some((call) => call.receive(packet));
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.calls.some((call) => call.unreachable(error));
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
    this.say('tcp', 'connecting');
    const { server, port = HTTPS_PORT, name, policy = WINDOWS_TCP } = this.options;
    const timers = this.timers.within(`call ${this.asked}`);
    const tls = { serverName: name, protocols: ['http/1.1'] };
    const call = new TlsCall(
      this.host,
      timers,
      { server, port, policy, tls },
      {
        opened: () => this.say('tls', 'connecting'),
        established: () => this.request(),
        data: (bytes) => this.receiveData(bytes),
        ended: (how) => this.ended(how),
      },
    );
    this.call = call;
    this.calls = [...this.calls.filter((each) => each.stream.tcp.state !== 'closed'), call];
  }

  private request(): void {
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
      this.fail('malformed answer', browserSymptom(this.options.name, { kind: 'closed' }));
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
    this.fail('connection lost', browserSymptom(this.options.name, how));
  }

  private fail(phase: string, symptom: ReturnType<typeof noAnswer>): void {
    this.say(phase, 'failed');
    this.host.symptom(this.session, symptom);
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
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

export class HttpsServer implements Endpoint {
  readonly session: string;
  private readonly options: HttpsServerOptions;
  private timers!: Timers;
  private port: TlsPort | undefined;
  private streams: TlsStream[] = [];

  constructor(options: HttpsServerOptions) {
    this.options = options;
    this.session = options.session ?? 'https';
  }

  start(host: Host): void {
    this.timers = new Timers(host);
    const { name, port = HTTPS_PORT, policy = LINUX_TCP } = this.options;
    const tls = { identity: identityOf(name), protocols: ['http/1.1'] };
    this.port = new TlsPort(host, this.timers, { port, policy, tls }, (stream) => this.serve(host, stream));
    host.phase(this.session, 'listening', 'idle');
  }

  /** Takes no more calls and closes those that stand. */
  stop(host: Host): void {
    for (const stream of this.streams) stream.close();
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

  private serve(host: Host, stream: TlsStream): StreamUser {
    const reader = new HttpReader();
    this.streams.push(stream);
    return {
      established: () => host.phase(this.session, 'serving', 'up'),
      data: (bytes) => {
        reader.add(bytes);
        for (let request = reader.request(); request; request = reader.request()) {
          if (request === 'malformed') {
            stream.close();
            return;
          }
          stream.write(encodeResponse(this.respond(host, request, stream)));
        }
      },
      ended: () => {
        this.streams = this.streams.filter((each) => each !== stream);
      },
    };
  }

  private respond(host: Host, request: HttpRequest, stream: TlsStream): HttpResponse {
    const visit = { now: host.now, from: stream.tcp.addresses.remote };
    const response = this.options.answer?.(request, visit) ?? page(this.options.name);
    return { ...response, headers: { Date: httpDate(host.now), Server: 'lab', ...response.headers } };
  }
}

function page(name: string): HttpResponse {
  const headers = { 'Content-Type': 'text/plain' };
  return { status: 200, reason: 'OK', headers, body: `This is ${name}.\n` };
}

/**
 * An SSTP client ([MS-SSTP] §3.2): TLS to port 443, one HTTP request without end, the call, PPP inside it with
 * MS-CHAPv2, the crypto binding, and pings as the proof. For every router on the way it is a visit to a web site.
 * @module
 */
import type * as sstp from '../wire/sstp.ts';
import { seconds } from './endpoint.ts';
import { encodeRequest, HttpReader } from './http.ts';
import { InnerEcho } from './inner-echo.ts';
import type { InnerAddresses } from './ppp-ipcp.ts';
import { type PppEnd, PppLink, type PppPhase } from './ppp-link.ts';
import { callConnected, higherLayerKey, readBindingRequest, readChapResponse } from './sstp-binding.ts';
import { ENDLESS, MESSAGE, METHOD, PATH, PPP, SstpChannel } from './sstp-channel.ts';
import { type SstpFailure, sstpSymptom } from './sstp-words.ts';
import { type TcpPolicy, WINDOWS_TCP } from './tcp-policy.ts';
import { TlsCaller } from './tls-endpoint.ts';
import type { TlsCall } from './tls-stream.ts';

export interface SstpClientOptions {
  readonly server: number;
  /** In the server's certificate, and in the Host header. */
  readonly serverName: string;
  readonly userName: string;
  readonly password: string;
  /** Default "sstp". */
  readonly session?: string;
  /** What to ping inside. Default: the server's inner address. */
  readonly target?: number;
  readonly echoAt?: readonly number[];
  readonly policy?: TcpPolicy;
}

export const SSTP_PORT = 443;
/** [MS-SSTP] §3.2.2: how long each step of the negotiation may take. */
const NEGOTIATION = seconds(60);
const FAREWELL = seconds(5);
/** What fits into one packet of SSTP, whose length has twelve bits. */
const MRU = 4091;

export class SstpClient extends TlsCaller {
  private readonly options: SstpClientOptions;
  private call: TlsCall | undefined;
  private http = new HttpReader();
  private channel: SstpChannel | undefined;
  private link: PppLink | undefined;
  private echo: InnerEcho | undefined;
  private nonce: Uint8Array | undefined;
  private ntResponse: Uint8Array | undefined;
  private bound = false;
  private state: 'idle' | 'connecting' | 'up' | 'leaving' | 'over' = 'idle';
  /** Its user dialled again while the last call was still being hung up. */
  private again = false;

  constructor(options: SstpClientOptions) {
    super(options.session ?? 'sstp');
    this.options = options;
  }

  protected override begin(): void {
    this.again = this.state === 'leaving';
    if (this.state !== 'idle' && this.state !== 'over') return;
    this.http = new HttpReader();
    this.channel = undefined;
    this.nonce = undefined;
    this.bound = false;
    this.state = 'connecting';
    this.say('tcp', 'connecting');
    const { server, serverName, policy = WINDOWS_TCP } = this.options;
    const options = { server, port: SSTP_PORT, policy, tls: { serverName } };
    this.await('TLS was not established');
    this.call = this.dial(options, {
      opened: () => this.say('tls', 'connecting'),
      established: () => this.request(),
      data: (bytes) => this.receiveData(bytes),
      ended: (how) => this.fail({ kind: 'stream', how, was: this.state === 'up' ? 'up' : 'connecting' }),
    });
  }

  override stop(): void {
    this.again = false;
    if (this.state === 'up') {
      this.say('hanging-up', 'closed');
      this.state = 'leaving';
      this.link!.close();
    } else if (this.state === 'connecting') this.leave();
  }

  private request(): void {
    this.say('http', 'connecting');
    this.await('no HTTP response came to SSTP_DUPLEX_POST');
    const correlation = [8, 4, 4, 4, 12].map((digits) => this.digits(digits)).join('-');
    const headers = { 'Content-Length': ENDLESS, Host: this.options.serverName, SSTPCORRELATIONID: `{${correlation}}` };
    this.call!.stream.write(encodeRequest({ method: METHOD, path: PATH, headers }));
  }

  private digits(count: number): string {
    return Array.from({ length: count }, () => this.host.rng.below(16).toString(16))
      .join('')
      .toUpperCase();
  }

  private receiveData(bytes: Uint8Array): void {
    if (this.channel) this.channel.add(bytes);
    else {
      this.http.add(bytes);
      const head = this.http.head();
      if (head === undefined) return;
      const status = head === 'malformed' ? 'no HTTP' : head.first.slice(1).join(' ');
      if (status.startsWith('200')) this.connect();
      else this.fail({ kind: 'http', status });
    }
  }

  private connect(): void {
    this.say('call', 'connecting');
    this.await('no Call Connect Ack came');
    this.channel = new SstpChannel(this.timers.within('channel'), {
      write: (bytes) => this.call!.stream.write(bytes),
      control: (message, attributes) => this.receiveControl(message, attributes),
      frame: (frame) => this.link?.receive(frame),
      broken: () =>
        this.fail({ kind: 'refused', missing: 'what came through TLS was no SSTP, or nothing came any more' }),
    });
    this.channel.send(MESSAGE.callConnectRequest, [PPP]);
    const rest = this.http.rest();
    if (rest.length > 0) this.channel.add(rest);
  }

  private receiveControl(message: number, attributes: readonly sstp.Attribute[]): void {
    if (message === MESSAGE.callConnectAck && !this.link) this.openLink(readBindingRequest(attributes));
    else if (message === MESSAGE.callConnectNak)
      this.fail({ kind: 'refused', missing: 'the server sent Call Connect Nak' });
    else if (message === MESSAGE.callAbort) this.fail({ kind: 'refused', missing: 'the server sent Call Abort' });
    else if (message === MESSAGE.callDisconnect) {
      this.channel!.send(MESSAGE.callDisconnectAck);
      this.fail({ kind: 'refused', missing: 'the server sent Call Disconnect' });
    } else if (message === MESSAGE.callDisconnectAck) this.leave();
  }

  private openLink(nonce: Uint8Array | undefined): void {
    if (!nonce) {
      this.fail({ kind: 'refused', missing: 'the server asks for no binding with SHA-256' });
      return;
    }
    this.nonce = nonce;
    this.timers.clear('negotiation');
    const { userName, password } = this.options;
    const settings = {
      lcp: { options: [{ kind: 'mru', value: MRU }, { kind: 'pfc' }, { kind: 'acfc' }], answers: ['ms-chap-v2'] },
      ipcp: { address: 0 },
      client: { userName, password },
    } as const;
    this.link = new PppLink(this.host, this.timers.within('ppp'), settings, {
      transmit: (frame) => this.transmit(frame),
      phase: (phase) => this.linkPhase(phase),
      opened: (addresses) => this.opened(addresses),
      packet: (packet) => this.echo?.receive(packet),
      ended: (end) => this.linkEnded(end),
    });
    this.link.open();
  }

  private transmit(frame: Uint8Array): void {
    this.ntResponse = readChapResponse(frame)?.ntResponse ?? this.ntResponse;
    this.channel?.sendFrame(frame);
  }

  private linkPhase(phase: PppPhase): void {
    this.say(phase === 'network' ? 'echo' : phase, 'connecting');
    if (phase === 'address' && !this.bound) this.bind();
  }

  /** Once PPP has proved who we are, SSTP proves that PPP and TLS belong together: once, whatever PPP does later. */
  private bind(): void {
    const certificate = this.call!.stream.session?.peerCertificate;
    if (!this.ntResponse || !certificate) return;
    this.bound = true;
    const key = higherLayerKey(this.options.password, this.ntResponse);
    this.call!.stream.write(callConnected({ key, nonce: this.nonce!, certificate }));
    this.channel!.watch();
  }

  private opened(addresses: InnerAddresses): void {
    this.echo = new InnerEcho(this.host, this.timers.within('echo'), addresses.own, {
      send: (packet) => this.link?.send(packet),
      alive: () => {
        this.state = 'up';
        this.say('up', 'up');
      },
      silent: (asked, answered) => {
        this.say('silent', 'failed');
        this.host.symptom(this.session, sstpSymptom({ kind: 'no-echo', asked, answered }));
      },
    });
    const { target = addresses.peer, echoAt } = this.options;
    this.echo.begin({ target, ...(echoAt ? { at: echoAt } : {}) });
  }

  private linkEnded(end: PppEnd): void {
    if (this.state !== 'leaving') {
      this.fail({ kind: 'ppp', end });
      return;
    }
    this.timers.within('echo').clearAll();
    this.channel!.send(MESSAGE.callDisconnect);
    this.timers.set('farewell', FAREWELL, () => this.leave());
  }

  private fail(failure: SstpFailure): void {
    if (this.state === 'over') return;
    if (this.state === 'leaving') {
      this.leave();
      return;
    }
    this.release();
    this.say('failed', 'failed');
    this.host.symptom(this.session, sstpSymptom(failure));
  }

  private leave(): void {
    this.release();
    this.say('closed', 'closed');
    if (this.again) this.begin();
  }

  /** Lets go of everything; TLS and TCP are still closed in order. */
  private release(): void {
    this.state = 'over';
    this.link?.down();
    this.link = undefined;
    this.channel?.down();
    this.timers.within('echo').clearAll();
    this.timers.clear('negotiation');
    this.timers.clear('farewell');
    this.call?.stream.close();
  }

  private await(missing: string): void {
    this.timers.set('negotiation', NEGOTIATION, () => this.fail({ kind: 'timeout', missing }));
  }
}

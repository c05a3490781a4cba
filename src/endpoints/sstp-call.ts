/** One client's call as an SSTP server knows it, from its first byte inside TLS to its last. @module */
import type * as sstp from '../wire/sstp.ts';
import { httpDate } from './calendar.ts';
import { type Host, type Status, seconds } from './endpoint.ts';
import { encodeResponse, HttpReader } from './http.ts';
import { InnerEcho } from './inner-echo.ts';
import type { InnerPool } from './inner-pool.ts';
import { PppLink } from './ppp-link.ts';
import { bindingRequest, higherLayerKey, isCallConnected, readChapResponse } from './sstp-binding.ts';
import { ENDLESS, MESSAGE, METHOD, PATH, PPP, SstpChannel } from './sstp-channel.ts';
import type { Timers } from './timers.ts';
import { identityOf } from './tls-certificate.ts';
import type { StreamUser, TlsStream } from './tls-stream.ts';

export interface SstpCallSettings {
  /** Names the call in the trace: "sstp#1". */
  readonly session: string;
  readonly name: string;
  readonly innerAddress: number;
  readonly users: ReadonlyMap<string, string>;
  readonly pool: InnerPool;
}

const NEGOTIATION = seconds(60);
const MRU = 4091;

export class SstpCall implements StreamUser {
  isOver = false;
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly stream: TlsStream;
  private readonly settings: SstpCallSettings;
  private readonly http = new HttpReader();
  private readonly nonce: Uint8Array;
  private readonly echo: InnerEcho;
  private channel: SstpChannel | undefined;
  private link: PppLink | undefined;
  private address: number | undefined;
  private bound = false;
  private response: { readonly userName: string; readonly ntResponse: Uint8Array } | undefined;

  constructor(host: Host, timers: Timers, stream: TlsStream, settings: SstpCallSettings) {
    this.host = host;
    this.timers = timers;
    this.stream = stream;
    this.settings = settings;
    this.nonce = host.rng.bytes(32);
    this.echo = new InnerEcho(host, timers.within('echo'), settings.innerAddress, {
      send: (packet) => this.link?.send(packet),
      // It answers and never asks.
      alive: () => {},
      silent: () => {},
    });
  }

  established(): void {
    this.timers.set('negotiation', NEGOTIATION, () => this.end());
  }

  data(bytes: Uint8Array): void {
    if (this.channel) {
      this.channel.add(bytes);
      return;
    }
    this.http.add(bytes);
    const head = this.http.head();
    if (head === undefined) return;
    const [method, path] = head === 'malformed' ? [] : head.first;
    if (method === METHOD && path === PATH) this.accept();
    else this.refuse();
  }

  ended(): void {
    this.end();
  }

  /** The server stops: says goodbye, and waits a little for the answer. */
  hangUp(patience: number): void {
    if (this.isOver) return;
    this.channel?.send(MESSAGE.callDisconnect);
    this.timers.set('farewell', this.channel ? patience : 0, () => this.end());
  }

  private accept(): void {
    const headers = {
      'Content-Length': ENDLESS,
      Server: 'Microsoft-HTTPAPI/2.0',
      Date: httpDate(this.host.now),
    };
    this.stream.write(encodeResponse({ status: 200, reason: 'OK', headers }));
    this.say('call', 'connecting');
    this.channel = new SstpChannel(this.timers.within('channel'), {
      write: (bytes) => this.stream.write(bytes),
      control: (message, attributes) => this.receiveControl(message, attributes),
      frame: (frame) => this.receiveFrame(frame),
      broken: () => this.end(),
    });
    const rest = this.http.rest();
    if (rest.length > 0) this.channel.add(rest);
  }

  private refuse(): void {
    const headers = { Server: 'Microsoft-HTTPAPI/2.0', Date: httpDate(this.host.now), Connection: 'close' };
    this.stream.write(encodeResponse({ status: 404, reason: 'Not Found', headers, body: '' }));
    this.end();
  }

  private receiveControl(message: number, attributes: readonly sstp.Attribute[]): void {
    if (message === MESSAGE.callConnectRequest && !this.link) this.connect(attributes);
    else if (message === MESSAGE.callConnected && this.link && !this.bound) this.bind(attributes);
    else if (message === MESSAGE.callDisconnect) {
      this.channel!.send(MESSAGE.callDisconnectAck);
      this.end();
    } else if (message === MESSAGE.callDisconnectAck) this.end();
    else this.abort();
  }

  private connect(attributes: readonly sstp.Attribute[]): void {
    const wanted = attributes.find(({ id }) => id === PPP.id)?.value;
    if (wanted?.[1] !== PPP.value[1]) {
      this.abort();
      return;
    }
    this.channel!.send(MESSAGE.callConnectAck, [bindingRequest(this.nonce)]);
    const { innerAddress, name, users, pool } = this.settings;
    this.address = pool.take();
    const settings = {
      lcp: { options: [{ kind: 'mru', value: MRU }], demand: 'ms-chap-v2', answers: [] },
      ipcp: { address: innerAddress, ...(this.address === undefined ? {} : { assign: this.address }) },
      server: { name, passwords: users },
    } as const;
    this.link = new PppLink(this.host, this.timers.within('ppp'), settings, {
      transmit: (frame) => this.channel?.sendFrame(frame),
      phase: (phase) => phase !== 'network' && this.say(phase, 'connecting'),
      opened: () => this.say('up', 'up'),
      // Before the binding nothing is let through ([MS-SSTP] §3.3.5.2).
      packet: (packet) => this.bound && this.echo.receive(packet),
      ended: () => {},
    });
    this.link.open();
  }

  private receiveFrame(frame: Uint8Array): void {
    this.response = readChapResponse(frame) ?? this.response;
    this.link?.receive(frame);
  }

  private bind(attributes: readonly sstp.Attribute[]): void {
    const { response, nonce } = this;
    const { users, name } = this.settings;
    const password = users.get(response?.userName.slice(response.userName.lastIndexOf('\\') + 1) ?? '');
    const { certificate } = identityOf(name);
    const key = response && password !== undefined ? higherLayerKey(password, response.ntResponse) : undefined;
    if (!key || !isCallConnected({ key, nonce, certificate }, attributes)) {
      this.abort();
      return;
    }
    this.bound = true;
    this.timers.clear('negotiation');
    this.channel!.watch();
  }

  private abort(): void {
    this.channel?.send(MESSAGE.callAbort);
    this.end();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.link?.down();
    this.channel?.down();
    this.timers.clearAll();
    if (this.address !== undefined) this.settings.pool.giveBack(this.address);
    if (this.channel) this.say('closed', 'closed');
    this.stream.close();
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.settings.session, phase, status);
  }
}

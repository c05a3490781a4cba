/** One client as an OpenVPN server knows it: its control channel, its lease, its tunnel. @module */
import { concat, equal } from '../lib/bytes.ts';
import type * as openvpn from '../wire/openvpn.ts';
import { type Host, type Status, seconds } from './endpoint.ts';
import { InnerEcho } from './inner-echo.ts';
import { ControlChannel } from './openvpn-control.ts';
import { dataKeys, encodeKeyMethod, optionsText, readKeyMethod } from './openvpn-keys.ts';
import type { Control, DataV2 } from './openvpn-link.ts';
import { EXIT, encodeText, PUSH_REQUEST, pushReply, readTexts } from './openvpn-push.ts';
import { OpenVpnTunnel } from './openvpn-tunnel.ts';
import type { Timers } from './timers.ts';
import { type Identity, readCertificate } from './tls-certificate.ts';
import { TlsServer } from './tls-server.ts';
import type { TlsSession } from './tls-session.ts';

export interface Lease {
  readonly peerId: number;
  readonly address: number;
}

export interface SessionSettings {
  readonly protocol: 'udp' | 'tcp';
  readonly identity: Identity;
  /** Our own address inside. */
  readonly gateway: number;
  readonly keepalive: { readonly ping: number; readonly restart: number };
  readonly lease: Lease;
}

export interface SessionUser {
  transmit(packet: openvpn.Packet): void;
  phase(phase: string, status: Status): void;
  /** The client is gone, in order or not. */
  over(): void;
}

const HAND_WINDOW = seconds(60);

export class ServerSession {
  readonly lease: Lease;
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly settings: SessionSettings;
  private readonly user: SessionUser;
  private readonly control: ControlChannel;
  private readonly echo: InnerEcho;
  private tls: TlsSession | undefined;
  private tunnel: OpenVpnTunnel | undefined;
  private received: Uint8Array = new Uint8Array(0);
  private keysKnown = false;
  private clientName = 'client';

  constructor(host: Host, timers: Timers, settings: SessionSettings, user: SessionUser) {
    this.host = host;
    this.timers = timers;
    this.settings = settings;
    this.user = user;
    this.lease = settings.lease;
    const tls = { identity: settings.identity, askClient: true };
    this.control = new ControlChannel(host, timers.within('control'), (each) => new TlsServer(host.rng, tls, each), {
      transmit: (packet) => user.transmit(packet),
      met: () => {},
      established: (session) => this.established(session),
      data: (bytes) => this.controlData(bytes),
      ended: () => this.user.over(),
    });
    this.echo = new InnerEcho(host, timers.within('echo'), settings.gateway, {
      send: (packet) => this.tunnel?.send(packet),
      alive: () => {},
      silent: () => {},
    });
    timers.set('hand-window', HAND_WINDOW, () => this.user.over());
  }

  isSession(sessionId: Uint8Array): boolean {
    const known = this.control.peerSessionId;
    return known !== undefined && equal(known, sessionId);
  }

  takeControl(packet: Control): void {
    this.control.receive(packet);
  }

  /** Answers whether the packet was authentic. */
  takeData(packet: DataV2): boolean {
    return this.tunnel?.receive(packet) ?? false;
  }

  end(): void {
    this.timers.clearAll();
    this.tunnel = undefined;
  }

  private established(session: TlsSession): void {
    this.tls = session;
    const certificate = session.peerCertificate && readCertificate(session.peerCertificate);
    this.clientName = certificate?.name || 'client';
  }

  private controlData(bytes: Uint8Array): void {
    this.received = concat(this.received, bytes);
    if (!this.keysKnown && !this.takeKeyMethod()) return;
    const { texts, rest } = readTexts(this.received);
    this.received = rest;
    for (const text of texts) this.takeText(text);
  }

  /** Answers whether the client's key method is done with. */
  private takeKeyMethod(): boolean {
    const read = readKeyMethod('client', this.received);
    if (read === 'malformed') this.user.over();
    if (read === undefined || read === 'malformed') return false;
    this.received = this.received.subarray(read.length);
    this.keysKnown = true;
    this.timers.clear('hand-window');
    const options = optionsText('server', this.settings.protocol);
    this.control.write(encodeKeyMethod('server', this.host.rng, { options, peerInfo: '' }));
    return true;
  }

  private takeText(text: string): void {
    if (text === PUSH_REQUEST) this.push();
    else if (text === EXIT) {
      this.user.phase(`${this.clientName} left`, 'idle');
      this.user.over();
    }
  }

  /** Answers each request; a client that asks again has not heard us. */
  private push(): void {
    const { keepalive, gateway, lease } = this.settings;
    const { ping, restart } = keepalive;
    this.control.write(encodeText(pushReply({ ...lease, gateway, ping, pingRestart: restart })));
    if (this.tunnel) return;
    const { send, receive } = dataKeys(this.tls!, 'server');
    const options = { peerId: lease.peerId, send, receive, ping, pingRestart: 2 * restart };
    this.tunnel = new OpenVpnTunnel(this.timers.within('tunnel'), options, {
      transmit: (packet) => this.user.transmit(packet),
      packet: (packet) => this.echo.receive(packet),
      silent: () => {
        this.user.phase(`${this.clientName} went silent`, 'idle');
        this.user.over();
      },
    });
    this.user.phase(`${this.clientName} connected`, 'up');
  }
}

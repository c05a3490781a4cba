/**
 * One attempt of an OpenVPN client: control channel, TLS with certificates on both sides, keys, the server's push,
 * data, and pings inside as the proof. Phases go by the names of OpenVPN's management interface.
 *
 * Does not model: renegotiation after an hour, --tls-auth and --tls-crypt, compression, a list of servers.
 * @module
 */
import { concat } from '../lib/bytes.ts';
import { formatIpv4 } from '../wire/address.ts';
import * as openvpn from '../wire/openvpn.ts';
import * as udp from '../wire/udp.ts';
import { type Host, type Incoming, type Status, seconds, type Unreachable } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import { ControlChannel } from './openvpn-control.ts';
import { dataKeys, encodeKeyMethod, optionsText, PEER_INFO, readKeyMethod } from './openvpn-keys.ts';
import { type Ends, Framing, readPacket, sendDatagram } from './openvpn-link.ts';
import { EXIT, encodeText, PUSH_REQUEST, type PushReply, readPushReply, readTexts } from './openvpn-push.ts';
import { OpenVpnTunnel } from './openvpn-tunnel.ts';
import { type OpenVpnFailure, openVpnSymptom } from './openvpn-words.ts';
import { TcpConnection } from './tcp-connection.ts';
import { deliver, deliverError, segmentOf } from './tcp-listener.ts';
import { LINUX_TCP, type TcpPolicy } from './tcp-policy.ts';
import type { TcpEnd } from './tcp-user.ts';
import type { Timers } from './timers.ts';
import type { Identity } from './tls-certificate.ts';
import { TlsClient } from './tls-client.ts';
import type { TlsEnd, TlsSession } from './tls-session.ts';

export interface OpenVpnClientOptions {
  readonly server: number;
  /** In the server's certificate (--verify-x509-name). */
  readonly serverName: string;
  readonly identity: Identity;
  /** Default UDP. */
  readonly protocol?: 'udp' | 'tcp';
  /** Default 1194. */
  readonly port?: number;
  /** Default: drawn anew for each attempt (--nobind). */
  readonly localPort?: number;
  /** Default "openvpn". */
  readonly session?: string;
  /** When to ping inside, and how long to wait. Default target: the server's inner address. */
  readonly echo?: Partial<EchoPlan>;
  readonly policy?: TcpPolicy;
}

const HAND_WINDOW = seconds(60);
const PUSH_INTERVAL = seconds(5);
const PUSH_ASKS = 12;
const RESTART_PAUSE = seconds(1);
/** How long a farewell may take to get out. */
const FAREWELL = seconds(1);
const NONE = new Uint8Array(0);

export class Attempt {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly session: string;
  private readonly options: OpenVpnClientOptions;
  private readonly again: (pause: number) => void;
  private readonly ends: Ends;
  private readonly control: ControlChannel;
  private readonly framing = new Framing();
  private tcp: TcpConnection | undefined;
  private tls: TlsSession | undefined;
  private tunnel: OpenVpnTunnel | undefined;
  private echo: InnerEcho | undefined;
  private received: Uint8Array = NONE;
  private state: 'hello' | 'tls' | 'keys' | 'push' | 'connected' | 'leaving' | 'over' = 'hello';
  private refused = false;

  /** `again`: asks for a new attempt after a pause. */
  constructor(
    host: Host,
    timers: Timers,
    session: string,
    options: OpenVpnClientOptions,
    again: (pause: number) => void,
  ) {
    this.host = host;
    this.timers = timers;
    this.session = session;
    this.options = options;
    this.again = again;
    this.ends = {
      local: host.address,
      localPort: options.localPort ?? 49_152 + host.rng.below(16_384),
      remote: options.server,
      remotePort: options.port ?? openvpn.PORT,
    };
    const tls = { serverName: options.serverName, hideName: true, identity: options.identity };
    this.control = new ControlChannel(host, timers.within('control'), (user) => new TlsClient(host.rng, tls, user), {
      transmit: (packet) => this.transmit(packet),
      met: () => this.met(),
      established: (established) => this.tlsEstablished(established),
      data: (bytes) => this.controlData(bytes),
      ended: (how) => this.tlsEnded(how),
    });
  }

  begin(): void {
    if (this.options.protocol !== 'tcp') {
      this.startSession();
      return;
    }
    this.say('tcp-connect', 'connecting');
    const policy = this.options.policy ?? LINUX_TCP;
    this.tcp = new TcpConnection(this.host, this.timers.within('tcp'), this.ends, policy, {
      opened: () => this.startSession(),
      data: (bytes) => this.takeStream(bytes),
      peerFinished: () => this.tcp?.close(),
      ended: (why) => this.tcpEnded(why),
    });
    this.tcp.connect();
  }

  /** The user hangs up: tells the server, if it listens. */
  leave(): void {
    if (this.state === 'over' || this.state === 'leaving') return;
    const tell = this.state === 'connected';
    this.closeTunnel();
    this.state = 'leaving';
    this.say('exiting', 'closed');
    if (!tell) {
      this.end();
      return;
    }
    this.control.write(encodeText(EXIT));
    this.timers.set('farewell', FAREWELL, () => this.end());
  }

  /** Stops at once; a TCP connection is still closed in order. */
  end(): void {
    this.closeTunnel();
    for (const part of ['control', 'echo', 'ask']) this.timers.within(part).clearAll();
    this.timers.clear('hand-window');
    this.timers.clear('farewell');
    this.state = 'over';
    this.tcp?.close();
  }

  receive(packet: Incoming): boolean {
    if (packet.source !== this.ends.remote) return false;
    if (this.tcp) {
      const segment = segmentOf(packet);
      return segment !== undefined && deliver(packet, segment, [this.tcp]);
    }
    const datagram = packet.protocol === udp.PROTOCOL ? udp.parse(packet.payload) : undefined;
    if (!datagram?.ok || this.state === 'over') return false;
    const { sourcePort, destinationPort, payload } = datagram.value;
    if (destinationPort !== this.ends.localPort || sourcePort !== this.ends.remotePort) return false;
    if (udp.parse(packet.payload, packet).ok) this.take(payload);
    return true;
  }

  unreachable(error: Unreachable): boolean {
    if (this.tcp) return deliverError(error, [this.tcp]);
    const ours = error.protocol === udp.PROTOCOL && error.destination === this.ends.remote;
    const port = ((error.payload[0] ?? 0) << 8) | (error.payload[1] ?? 0);
    if (!ours || port !== this.ends.localPort) return false;
    // OpenVPN only writes it down and goes on trying.
    if (!this.refused && error.code === 3)
      this.host.symptom(this.session, openVpnSymptom({ kind: 'refused-datagram' }));
    this.refused = true;
    return true;
  }

  private startSession(): void {
    this.say('wait', 'connecting');
    this.timers.set('hand-window', HAND_WINDOW, () => this.fail({ kind: 'hand-window', met: this.state !== 'hello' }));
    this.control.start();
  }

  private takeStream(bytes: Uint8Array): void {
    const packets = this.framing.take(bytes);
    if (packets === 'broken')
      this.fail({ kind: 'tcp', why: 'reset', server: this.ends.remote, port: this.ends.remotePort });
    else for (const packet of packets) this.take(packet);
  }

  private take(bytes: Uint8Array): void {
    const packet = readPacket(bytes);
    if (packet?.kind === 'control') this.control.receive(packet);
    else if (packet) this.tunnel?.receive(packet);
  }

  private transmit(packet: openvpn.Packet): void {
    if (this.tcp) this.tcp.send(openvpn.encodeTcp(packet));
    else sendDatagram(this.host, this.ends, packet);
  }

  private met(): void {
    this.state = 'tls';
    this.say('auth', 'connecting');
  }

  private tlsEstablished(session: TlsSession): void {
    this.tls = session;
    this.state = 'keys';
    const options = optionsText('client', this.options.protocol ?? 'udp');
    this.control.write(encodeKeyMethod('client', this.host.rng, { options, peerInfo: PEER_INFO }));
  }

  private controlData(bytes: Uint8Array): void {
    this.received = concat(this.received, bytes);
    if (this.state === 'keys' && !this.takeKeyMethod()) return;
    const { texts, rest } = readTexts(this.received);
    this.received = rest;
    for (const text of texts) this.takeText(text);
  }

  /** Answers whether the server's key method is done with. */
  private takeKeyMethod(): boolean {
    const read = readKeyMethod('server', this.received);
    if (read === 'malformed') this.fail({ kind: 'tls', alert: 'key method' });
    if (read === undefined || read === 'malformed') return false;
    this.received = this.received.subarray(read.length);
    this.timers.clear('hand-window');
    this.state = 'push';
    this.say('get-config', 'connecting');
    this.askForPush(PUSH_ASKS);
    return true;
  }

  private askForPush(asksLeft: number): void {
    if (asksLeft === 0) {
      this.fail({ kind: 'no-push' });
      return;
    }
    this.control.write(encodeText(PUSH_REQUEST));
    this.timers.within('ask').set('again', PUSH_INTERVAL, () => this.askForPush(asksLeft - 1));
  }

  private takeText(text: string): void {
    const reply = this.state === 'push' ? readPushReply(text) : undefined;
    if (reply) this.connect(reply);
  }

  private connect(reply: PushReply): void {
    this.timers.within('ask').clearAll();
    this.state = 'connected';
    this.say(`connected, address ${formatIpv4(reply.address)}`, 'connecting');
    const { send, receive } = dataKeys(this.tls!, 'client');
    const { peerId, ping, pingRestart } = reply;
    const options = { peerId, send, receive, ping, pingRestart };
    this.tunnel = new OpenVpnTunnel(this.timers.within('tunnel'), options, {
      transmit: (packet) => this.transmit(packet),
      packet: (packet) => this.echo?.receive(packet),
      silent: () => this.lost(),
    });
    this.echo = new InnerEcho(this.host, this.timers.within('echo'), reply.address, {
      send: (packet) => this.tunnel?.send(packet),
      alive: () => this.say('up', 'up'),
      silent: (asked, answered) => this.silent(asked, answered),
    });
    this.echo.begin({ target: reply.gateway, ...this.options.echo });
  }

  private silent(asked: number, answered: number): void {
    this.say('no answer through the tunnel', 'failed');
    this.host.symptom(this.session, openVpnSymptom({ kind: 'no-echo', asked, answered }));
  }

  /** The tunnel stood and went silent: OpenVPN begins anew. */
  private lost(): void {
    this.fail({ kind: 'ping-restart', name: this.options.serverName });
    this.again(RESTART_PAUSE);
  }

  private tlsEnded(how: TlsEnd): void {
    if (this.state === 'leaving' || this.state === 'over') return;
    this.fail({ kind: 'tls', alert: how.kind === 'closed' ? 'close_notify' : how.alert });
  }

  private tcpEnded(why: TcpEnd): void {
    if (this.state === 'leaving' || this.state === 'over') return;
    const wasUp = this.state === 'connected';
    this.fail({ kind: 'tcp', why, server: this.ends.remote, port: this.ends.remotePort });
    if (wasUp) this.again(RESTART_PAUSE);
  }

  private fail(failure: OpenVpnFailure): void {
    this.end();
    this.say(failure.kind, 'failed');
    this.host.symptom(this.session, openVpnSymptom(failure));
  }

  private closeTunnel(): void {
    this.tunnel?.close();
    this.tunnel = undefined;
    this.echo = undefined;
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

/**
 * An L2TPv2 client, the LAC of RFC 2661 that dials for itself: SCCRQ to UDP port 1701, one incoming call (ICRQ), PPP in
 * data messages. Takes the answer from whatever address and port it comes, as §8.1 asks.
 * @module
 */

import { formatIpv4 } from '../wire/address.ts';
import * as l2tp from '../wire/l2tp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import * as udp from '../wire/udp.ts';
import { chapMd5 } from './crypto/chap-md5.ts';
import { DialUp, type DialUpOptions } from './dial-up.ts';
import type { Endpoint, Host, Incoming, Status, Unreachable } from './endpoint.ts';
import {
  AVP,
  bytesOf,
  DISCONNECT,
  ERROR,
  MESSAGE,
  message,
  numberOf,
  resultCode,
  resultOf,
  STOP,
} from './l2tp-avps.ts';
import type { ControlMessage } from './l2tp-connection.ts';
import { L2TP_PROFILES, type L2tpProfile } from './l2tp-profile.ts';
import { L2tpTunnel } from './l2tp-tunnel.ts';
import { Timers } from './timers.ts';
import type { TunnelFailure } from './tunnel-failure.ts';
import { symptomOf } from './tunnel-words.ts';

export interface L2tpClientOptions extends DialUpOptions {
  readonly server: number;
  /** Default "l2tp". */
  readonly session?: string;
  /** Default 1701, as xl2tpd and Windows do; any is legal. */
  readonly localPort?: number | 'ephemeral';
  /** Of both ends, where they prove to each other that they know one (§5.1.1). */
  readonly secret?: string;
}

type State = 'idle' | 'tunnel' | 'call' | 'link' | 'up' | 'over';

const ASYNC = 2;

export class L2tpClient implements Endpoint {
  readonly session: string;
  private readonly options: L2tpClientOptions;
  private readonly profile: L2tpProfile;
  private host!: Host;
  private timers!: Timers;
  private tunnel: L2tpTunnel | undefined;
  /** By our ids: the one in use, and those whose end is not forgotten yet. */
  private readonly tunnels = new Map<number, L2tpTunnel>();
  private dialUp: DialUp | undefined;
  private localPort = l2tp.PORT;
  private sessionId = 0;
  private peerSessionId = 0;
  private attempts = 0;
  private state: State = 'idle';
  private stopping = false;
  /** Its user dialled again while the last call was still being hung up. */
  private again = false;

  constructor(options: L2tpClientOptions) {
    this.options = options;
    this.session = options.session ?? 'l2tp';
    this.profile = L2TP_PROFILES[options.system ?? 'windows'];
  }

  start(host: Host): void {
    this.again = this.stopping;
    if (this.state !== 'idle' && this.state !== 'over') return;
    this.state = 'tunnel';
    this.stopping = false;
    this.host = host;
    this.timers ??= new Timers(host);
    const { localPort = l2tp.PORT, server, secret } = this.options;
    this.localPort = localPort === 'ephemeral' ? 49_152 + host.rng.below(16_384) : localPort;
    this.sessionId = 1 + host.rng.below(0xffff);
    this.peerSessionId = 0;
    const path = { local: host.address, localPort: this.localPort, remote: server, remotePort: l2tp.PORT };
    const timers = this.timers.within(`tunnel-${++this.attempts}`);
    const tunnel: L2tpTunnel = new L2tpTunnel(host, timers, 1 + host.rng.below(0xffff), path, {
      message: (incoming) => this.receiveMessage(incoming),
      data: (sessionId, frame) => sessionId === this.sessionId && this.dialUp?.receive(frame),
      lost: () => this.lost(),
      forgotten: () => this.tunnels.delete(tunnel.control.id),
    });
    this.tunnel = tunnel;
    this.tunnels.set(tunnel.control.id, tunnel);
    this.enter('tunnel');
    const question: [number, Avp['value']][] = secret === undefined ? [] : [[AVP.challenge, tunnel.control.challenge]];
    const { introduction } = this.profile;
    tunnel.control.send(
      0,
      message(MESSAGE.SCCRQ, ...introduction, [AVP.assignedTunnelId, tunnel.control.id], ...question),
    );
  }

  stop(): void {
    this.again = false;
    if (this.state === 'idle' || this.state === 'over') return;
    this.stopping = true;
    this.say('hanging-up', 'closed');
    if (this.dialUp) this.dialUp.close();
    else this.leave(STOP.general);
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (packet.protocol !== udp.PROTOCOL || this.tunnels.size === 0) return false;
    const datagram = udp.parse(packet.payload, packet);
    if (!datagram.ok || datagram.value.destinationPort !== this.localPort) return false;
    const parsed = l2tp.parse(datagram.value.payload);
    const tunnel = parsed.ok ? this.tunnels.get(parsed.value.tunnelId) : undefined;
    if (!parsed.ok || !tunnel) return true;
    // The first answer fixes where the server is (§8.1).
    if (tunnel.control.peerId === 0) {
      tunnel.path.remote = packet.source;
      tunnel.path.remotePort = datagram.value.sourcePort;
    }
    tunnel.receive(parsed.value);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  /** A port that is closed is told at once; without it, only the retransmissions would tell. */
  unreachable(_host: Host, error: Unreachable): boolean {
    const [a = 0, b = 0] = error.payload;
    if (error.protocol !== udp.PROTOCOL || ((a << 8) | b) !== this.localPort) return false;
    if (this.state === 'tunnel' && error.type === 3) {
      this.fail({ kind: 'refused', missing: `UDP port 1701 was answered with ICMP unreachable, code ${error.code}` });
    }
    return true;
  }

  private receiveMessage(incoming: ControlMessage): void {
    switch (incoming.type) {
      case MESSAGE.SCCRP:
        if (this.state === 'tunnel') this.answered(incoming.avps);
        break;
      case MESSAGE.ICRP:
        if (this.state === 'call') this.connect(incoming.avps);
        break;
      case MESSAGE.StopCCN:
        this.stopped(incoming.avps);
        break;
      case MESSAGE.CDN:
        if (incoming.sessionId === this.sessionId) this.disconnected(incoming.avps);
        break;
      case MESSAGE.SLI:
        // An ACCM, and nothing is escaped in a tunnel.
        break;
      default:
        // Nothing else is said to a client; what must be understood and is not ends the tunnel (§4.1).
        this.tunnel?.control.stop(resultCode(STOP.error, ERROR.unknownMandatory));
        this.fail({
          kind: 'dropped',
          was: this.progress,
          missing: 'the server sent a message that a client cannot take',
        });
    }
  }

  private answered(avps: readonly Avp[]): void {
    const tunnel = this.tunnel!;
    const { secret } = this.options;
    tunnel.control.meet(avps);
    if (!tunnel.control.hasProof(MESSAGE.SCCRP, avps, secret)) {
      tunnel.control.stop(resultCode(STOP.notAuthorised));
      this.fail({ kind: 'refused', missing: 'the server did not prove that it knows the tunnel secret' });
      return;
    }
    const challenge = bytesOf(avps, AVP.challenge);
    const proof: [number, Avp['value']][] =
      challenge && secret !== undefined ? [[AVP.challengeResponse, chapMd5(MESSAGE.SCCCN, secret, challenge)]] : [];
    tunnel.control.send(0, message(MESSAGE.SCCCN, ...proof));
    tunnel.control.established();
    this.enter('call');
    const serial = [AVP.callSerialNumber, 1] as const;
    tunnel.control.send(0, message(MESSAGE.ICRQ, [AVP.assignedSessionId, this.sessionId], serial));
  }

  private connect(avps: readonly Avp[]): void {
    const { lcpOptions, mppeBits, dataLength } = this.profile;
    const tunnel = this.tunnel!;
    this.peerSessionId = numberOf(avps, AVP.assignedSessionId) ?? 0;
    const speed = [AVP.connectSpeed, 10_000_000] as const;
    tunnel.control.send(this.peerSessionId, message(MESSAGE.ICCN, speed, [AVP.framingType, ASYNC]));
    this.state = 'link';
    this.dialUp = new DialUp(this.host, this.timers.within('link'), this.options, {
      session: this.session,
      protocol: 'l2tp',
      lcpOptions,
      mppeBits,
      transmit: (frame) => tunnel.sendData(this.peerSessionId, frame, dataLength),
      up: () => {
        this.state = 'up';
      },
      ended: (failure) => (failure ? this.fail(failure) : this.leave(STOP.general)),
    });
    this.dialUp.open();
  }

  private stopped(avps: readonly Avp[]): void {
    this.tunnel?.control.linger();
    const missing = `the server sent StopCCN, result ${resultOf(avps)}`;
    if (this.state === 'tunnel') this.fail({ kind: 'refused', missing, line: this.closedLine() });
    else this.fail({ kind: 'dropped', was: this.progress, missing, line: this.closedLine() });
  }

  private disconnected(avps: readonly Avp[]): void {
    this.peerSessionId = 0;
    const missing = `the server sent CDN, result ${resultOf(avps)}`;
    if (this.state === 'link' && this.dialUp?.isDeaf) this.fail({ kind: 'no-frames', heard: false });
    else this.fail({ kind: this.state === 'call' ? 'refused' : 'dropped', was: this.progress, missing });
  }

  private lost(): void {
    const line = `Maximum retries exceeded for tunnel ${this.tunnel?.control.id}.  Closing.`;
    if (this.state === 'tunnel') this.fail({ kind: 'unreachable', missing: 'no SCCRP arrived', line });
    else this.fail({ kind: 'dropped', was: this.progress, missing: 'the server acknowledged nothing any more', line });
  }

  private get progress(): 'connecting' | 'up' {
    return this.state === 'up' ? 'up' : 'connecting';
  }

  /** As xl2tpd's control.c says it. */
  private closedLine(): string {
    const { path, control } = this.tunnel!;
    const peer = `${formatIpv4(path.remote)}, port ${path.remotePort}`;
    return `control_finish: Connection closed to ${peer} (), Local: ${control.id}, Remote: ${control.peerId}`;
  }

  private fail(failure: TunnelFailure): void {
    if (this.state === 'over') return;
    this.host.symptom(this.session, symptomOf(this.options.system ?? 'windows', 'l2tp', failure));
    this.say('failed', 'failed');
    this.tearDown(STOP.general);
  }

  private leave(result: number): void {
    this.tearDown(result);
    this.say('closed', 'closed');
    if (this.again) this.start(this.host);
  }

  /** CDN for the call, StopCCN for the tunnel, which is remembered until both have been acknowledged. */
  private tearDown(result: number): void {
    this.state = 'over';
    this.dialUp?.down();
    this.dialUp = undefined;
    if (this.peerSessionId !== 0) {
      const why = [AVP.resultCode, resultCode(DISCONNECT.admin)] as const;
      this.tunnel?.control.send(this.peerSessionId, message(MESSAGE.CDN, why, [AVP.assignedSessionId, this.sessionId]));
    }
    this.tunnel?.control.stop(resultCode(result));
    this.tunnel = undefined;
  }

  private enter(state: 'tunnel' | 'call'): void {
    this.state = state;
    this.say(state, 'connecting');
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

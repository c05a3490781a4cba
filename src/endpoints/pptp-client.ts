/**
 * A PPTP client, the PNS of RFC 2637: TCP to port 1723, control connection, one outgoing call, PPP through enhanced
 * GRE. Says when it fails what its user reads, and which step was missing.
 * @module
 */
import * as gre from '../wire/gre.ts';
import * as pptp from '../wire/pptp.ts';
import type { Message } from '../wire/pptp-messages.ts';
import { DialUp, type DialUpOptions } from './dial-up.ts';
import { type Endpoint, type Host, type Incoming, type Status, seconds, type Unreachable } from './endpoint.ts';
import { EnhancedGre } from './enhanced-gre.ts';
import { PptpChannel } from './pptp-channel.ts';
import { callRequest, PPTP_CLIENTS, type PptpClientProfile, startRequest } from './pptp-profile.ts';
import { TcpConnection } from './tcp-connection.ts';
import { deliver, deliverError, segmentOf } from './tcp-listener.ts';
import type { TcpEnd } from './tcp-user.ts';
import { Timers } from './timers.ts';
import type { TunnelFailure } from './tunnel-failure.ts';
import { symptomOf } from './tunnel-words.ts';

export interface PptpClientOptions extends DialUpOptions {
  readonly server: number;
  /** Default "pptp". */
  readonly session?: string;
  /** Default: drawn from the ephemeral range, 49152 … 65535. */
  readonly localPort?: number;
  /** The Call ID we give out. Default: drawn. */
  readonly callId?: number;
  /** Send the Outgoing-Call-Request in two segments, the first of so many bytes: legal, and a trap for helpers. */
  readonly splitCallRequestAt?: number;
}

const MINUTE = seconds(60);
/** How long a hang-up waits for each answer; the user is not kept waiting longer. */
const FAREWELL = seconds(3);
/** Windows asks to have every control character escaped, which in a tunnel nobody does (RFC 2637 §2.15). */
const ALL_CHARACTERS = 0xffffffff;

export class PptpClient implements Endpoint {
  readonly session: string;
  private readonly options: PptpClientOptions;
  private readonly profile: PptpClientProfile;
  private host!: Host;
  private timers!: Timers;
  private connection: TcpConnection | undefined;
  private channel: PptpChannel | undefined;
  private data: EnhancedGre | undefined;
  private dialUp: DialUp | undefined;
  private attempts = 0;
  private callId = 0;
  private peerCallId: number | undefined;
  private state: 'idle' | 'connecting' | 'up' | 'leaving' | 'over' = 'idle';
  private failed = false;
  private stopping = false;
  /** Its user dialled again while the last call was still being hung up. */
  private again = false;

  constructor(options: PptpClientOptions) {
    this.options = options;
    this.session = options.session ?? 'pptp';
    this.profile = PPTP_CLIENTS[options.system ?? 'windows'];
  }

  start(host: Host): void {
    this.again = this.stopping || this.state === 'leaving';
    if (this.state !== 'idle' && this.state !== 'over') return;
    this.host = host;
    this.timers ??= new Timers(host);
    this.state = 'connecting';
    this.failed = false;
    this.stopping = false;
    this.peerCallId = undefined;
    this.callId = this.options.callId ?? host.rng.u16();
    const addresses = {
      local: host.address,
      localPort: this.options.localPort ?? 49_152 + host.rng.below(16_384),
      remote: this.options.server,
      remotePort: pptp.PORT,
    };
    const timers = this.timers.within(`tcp-${++this.attempts}`);
    this.say('tcp', 'connecting');
    this.connection = new TcpConnection(host, timers, addresses, this.profile.tcp, {
      opened: () => this.startControl(),
      data: (bytes) => this.channel?.receive(bytes),
      peerFinished: () => this.serverFinished(),
      ended: (why) => this.tcpEnded(why),
    });
    this.connection.connect();
  }

  stop(): void {
    this.again = false;
    if (this.state !== 'connecting' && this.state !== 'up') return;
    this.stopping = true;
    this.say('hanging-up', 'closed');
    if (this.dialUp) this.dialUp.close();
    else this.leave();
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (packet.source !== this.options.server || !this.connection) return false;
    if (packet.protocol === gre.PROTOCOL) return this.receiveGre(packet);
    const segment = segmentOf(packet);
    return segment !== undefined && deliver(packet, segment, [this.connection]);
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.connection !== undefined && deliverError(error, [this.connection]);
  }

  /** GRE for another call is ours to ignore while we are at it, and nobody's afterwards. */
  private receiveGre(packet: Incoming): boolean {
    const parsed = gre.parse(packet.payload);
    const ours = parsed.ok && parsed.value.version === 1 && parsed.value.callId === this.callId;
    if (ours) this.data?.receive(parsed.value as gre.Enhanced);
    return this.state !== 'over';
  }

  private startControl(): void {
    this.say('control', 'connecting');
    this.channel = new PptpChannel(this.host, this.timers.within('control'), this.connection!, {
      message: (message) => this.receiveMessage(message),
      broken: (why) => this.channelBroken(why),
    });
    this.channel.send(startRequest(this.profile));
    this.awaitAnswer('no Start-Control-Connection-Reply arrived');
  }

  private awaitAnswer(missing: string): void {
    this.timers.set('answer', MINUTE, () => this.fail({ kind: 'unreachable', missing }));
  }

  private receiveMessage(message: Message): void {
    switch (message.kind) {
      case 'start-control-connection-reply':
        if (message.resultCode === 1) this.call();
        else this.fail({ kind: 'refused', missing: `Start-Control-Connection-Reply said ${message.resultCode}` });
        break;
      case 'outgoing-call-reply':
        this.callAnswered(message);
        break;
      case 'call-disconnect-notify':
        if (this.state === 'leaving') this.stopControl();
        else this.dropped('the server sent Call-Disconnect-Notify');
        break;
      case 'stop-control-connection-request':
        this.channel?.send({ kind: 'stop-control-connection-reply', resultCode: 1, errorCode: 0 });
        this.dropped('the server sent Stop-Control-Connection-Request');
        break;
      case 'stop-control-connection-reply':
        this.hangUpTcp();
        break;
      default:
      // Set-Link-Info and WAN-Error-Notify tell a PNS nothing that matters in a tunnel.
    }
  }

  private call(): void {
    if (this.state !== 'connecting' || this.data) return;
    this.channel!.established();
    this.say('call', 'connecting');
    const request = pptp.encode(callRequest(this.profile, this.callId));
    const cut = this.options.splitCallRequestAt ?? request.length;
    this.connection!.send(request.subarray(0, cut));
    if (cut < request.length) this.connection!.send(request.subarray(cut));
    this.awaitAnswer('no Outgoing-Call-Reply arrived');
  }

  private callAnswered(reply: Message & { readonly kind: 'outgoing-call-reply' }): void {
    if (this.state !== 'connecting' || this.data || reply.peerCallId !== this.callId) return;
    this.timers.clear('answer');
    if (reply.resultCode !== 1) {
      this.fail({ kind: 'refused', missing: `Outgoing-Call-Reply said ${reply.resultCode}` });
      return;
    }
    this.peerCallId = reply.callId;
    if (this.profile.sendsLinkInfo) this.sendLinkInfo(reply.callId);
    this.openData({
      remote: this.options.server,
      peerCallId: reply.callId,
      peerWindow: reply.windowSize,
      peerDelay: reply.processingDelay * 100_000,
    });
  }

  private sendLinkInfo(peerCallId: number): void {
    const accm = { sendAccm: ALL_CHARACTERS, receiveAccm: ALL_CHARACTERS };
    this.channel!.send({ kind: 'set-link-info', peerCallId, ...accm });
  }

  private openData(settings: ConstructorParameters<typeof EnhancedGre>[2]): void {
    const { lcpOptions, mppeBits } = this.profile;
    this.data = new EnhancedGre(this.host, this.timers.within('gre'), settings, (frame) => this.dialUp?.receive(frame));
    this.dialUp = new DialUp(this.host, this.timers.within('link'), this.options, {
      session: this.session,
      protocol: 'pptp',
      lcpOptions,
      mppeBits,
      transmit: (frame) => this.data?.send(frame),
      up: () => {
        this.state = 'up';
      },
      ended: (failure) => (failure ? this.fail(failure) : this.leave()),
    });
    this.dialUp.open();
  }

  private channelBroken(why: 'lost' | 'silent'): void {
    this.dropped(why === 'silent' ? 'no Echo-Reply arrived within a minute' : 'what arrived was no PPTP message');
    this.connection?.abort();
  }

  private serverFinished(): void {
    this.dropped('the server closed the control connection');
    this.connection?.close();
  }

  private tcpEnded(why: TcpEnd): void {
    if (this.channel) {
      if (why !== 'finished' && why !== 'aborted') this.dropped(`the control connection broke: ${why}`);
    } else if (why === 'refused') {
      this.fail({ kind: 'refused', missing: 'the SYN to port 1723 was answered with RST' });
    } else if (why !== 'aborted') {
      this.fail({ kind: 'unreachable', missing: 'no answer to the SYN to port 1723 arrived' });
    }
    this.finish();
  }

  /** The call ended from outside; a call through which nothing ever came is blamed on what should have carried it. */
  private dropped(missing: string): void {
    if (this.state === 'connecting' && this.dialUp?.isDeaf) {
      this.fail({ kind: 'no-frames', heard: false });
    } else this.fail({ kind: 'dropped', was: this.state === 'up' ? 'up' : 'connecting', missing });
  }

  /** Says once what went wrong, then leaves in order. */
  private fail(failure: TunnelFailure): void {
    if (this.state === 'leaving' || this.state === 'over') return;
    this.failed = true;
    this.host.symptom(this.session, symptomOf(this.options.system ?? 'windows', 'pptp', failure));
    this.say('failed', 'failed');
    this.leave();
  }

  /** Call-Clear-Request, Stop-Control-Connection-Request, FIN: each waits for its answer, but not for long. */
  private leave(): void {
    this.state = 'leaving';
    this.timers.clear('answer');
    this.dialUp?.down();
    this.data?.down();
    this.dialUp = undefined;
    this.data = undefined;
    if (this.peerCallId === undefined) this.stopControl();
    else {
      this.channel!.send({ kind: 'call-clear-request', callId: this.callId });
      this.timers.set('farewell', FAREWELL, () => this.stopControl());
    }
  }

  private stopControl(): void {
    if (this.channel) {
      this.channel.send({ kind: 'stop-control-connection-request', reason: 1 });
      this.timers.set('farewell', FAREWELL, () => this.hangUpTcp());
    } else this.hangUpTcp();
  }

  private hangUpTcp(): void {
    this.timers.clear('farewell');
    this.channel?.down();
    this.connection?.close();
  }

  private finish(): void {
    this.state = 'over';
    this.timers.clear('farewell');
    this.channel?.down();
    this.channel = undefined;
    if (!this.failed) this.say('closed', 'closed');
    this.stopping = false;
    if (this.again) this.start(this.host);
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

/**
 * The server's side of one PPTP control connection, the PAC of RFC 2637, and of the calls in it: each call has an id
 * of ours, one of the client's, a GRE channel and a PPP link.
 * @module
 */
import type * as gre from '../wire/gre.ts';
import * as pptp from '../wire/pptp.ts';
import type { Message } from '../wire/pptp-messages.ts';
import { DialIn, type DialInOptions } from './dial-in.ts';
import { type Host, seconds } from './endpoint.ts';
import { EnhancedGre } from './enhanced-gre.ts';
import type { InnerPool } from './inner-pool.ts';
import { PptpChannel } from './pptp-channel.ts';
import { PPTP_SERVER, startReply } from './pptp-profile.ts';
import type { TcpConnection } from './tcp-connection.ts';
import type { TcpEnd, TcpUser } from './tcp-user.ts';
import type { Timers } from './timers.ts';

/** What all control connections of one server share. */
export interface PptpServerState {
  readonly session: string;
  readonly pool: InnerPool;
  /** The next Call ID nobody has; each is the server's for as long as the call lasts. */
  takeCallId(): number | undefined;
  giveBackCallId(callId: number): void;
  /** Counts the calls, for their names in the trace. */
  nextCallNumber(): number;
}

interface Call {
  readonly callId: number;
  readonly peerCallId: number;
  readonly data: EnhancedGre;
  readonly dialIn: DialIn;
}

type Of<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>;

const MINUTE = seconds(60);
/** How long a farewell waits for its answer. */
const FAREWELL = seconds(3);

/** Result codes of RFC 2637 §2.2, §2.8, §2.13 and the general error codes of §2.16. */
const OK = 1;
const GENERAL_ERROR = 2;
const ALREADY_EXISTS = 3;
const BAD_VERSION = 5;
const NO_RESOURCE = 4;
const LOST_CARRIER = 1;
const ADMIN_SHUTDOWN = 3;
const REQUESTED = 4;
const DO_NOT_ACCEPT = 3;
const LOCAL_SHUTDOWN = 3;

export class PptpControl implements TcpUser {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly connection: TcpConnection;
  private readonly options: DialInOptions;
  private readonly shared: PptpServerState;
  private readonly channel: PptpChannel;
  private readonly calls = new Map<number, Call>();
  private established = false;
  private over = false;

  constructor(host: Host, timers: Timers, connection: TcpConnection, options: DialInOptions, shared: PptpServerState) {
    this.host = host;
    this.timers = timers;
    this.connection = connection;
    this.options = options;
    this.shared = shared;
    this.channel = new PptpChannel(host, timers.within('channel'), connection, {
      message: (message) => this.receiveMessage(message),
      broken: () => this.connection.abort(),
    });
  }

  opened(): void {
    // RFC 2637 §3.1.4: who connects and then says nothing is put out after a minute.
    this.timers.set('start', MINUTE, () => this.connection.close());
  }

  data(bytes: Uint8Array): void {
    if (!this.over) this.channel.receive(bytes);
  }

  peerFinished(): void {
    this.connection.close();
    this.endAll('the client closed the control connection');
  }

  ended(why: TcpEnd): void {
    this.endAll(`the control connection ended: ${why}`);
  }

  /** Takes a GRE packet from this client. Answers whether it was for one of the calls here. */
  receive(source: number, packet: gre.Enhanced): boolean {
    const call = source === this.connection.addresses.remote ? this.calls.get(packet.callId) : undefined;
    call?.data.receive(packet);
    return call !== undefined;
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The server shuts down: every call is told, then the control connection. */
  shutDown(): void {
    if (this.over) return;
    for (const call of [...this.calls.values()]) {
      call.dialIn.down('closed');
      this.disconnect(call, ADMIN_SHUTDOWN);
    }
    this.channel.send({ kind: 'stop-control-connection-request', reason: LOCAL_SHUTDOWN });
    this.timers.set('farewell', FAREWELL, () => this.connection.close());
  }

  private receiveMessage(message: Message): void {
    switch (message.kind) {
      case 'start-control-connection-request':
        this.start(message);
        break;
      case 'outgoing-call-request':
        if (this.established) this.open(message);
        else this.connection.close();
        break;
      case 'call-clear-request':
        this.clear(message.callId);
        break;
      case 'stop-control-connection-request':
        this.channel.send({ kind: 'stop-control-connection-reply', resultCode: OK, errorCode: 0 });
        this.endAll(undefined);
        break;
      case 'stop-control-connection-reply':
        this.connection.close();
        break;
      case 'incoming-call-request':
        this.refuse(message);
        break;
      default:
      // Set-Link-Info carries an ACCM, and nothing is escaped in a tunnel; replies nobody asked for mean nothing.
    }
  }

  private start(message: Of<'start-control-connection-request'>): void {
    const result = message.protocolVersion !== pptp.VERSION ? BAD_VERSION : this.established ? ALREADY_EXISTS : OK;
    this.channel.send(startReply(result));
    if (result !== OK) return;
    this.established = true;
    this.timers.clear('start');
    this.channel.established();
  }

  private open(request: Of<'outgoing-call-request'>): void {
    const callId = this.shared.takeCallId();
    this.channel.send({
      kind: 'outgoing-call-reply',
      callId: callId ?? 0,
      peerCallId: request.callId,
      resultCode: callId === undefined ? GENERAL_ERROR : OK,
      errorCode: callId === undefined ? NO_RESOURCE : 0,
      causeCode: 0,
      connectSpeed: PPTP_SERVER.connectSpeed,
      windowSize: PPTP_SERVER.windowSize,
      processingDelay: 0,
      physicalChannelId: 0,
    });
    if (callId !== undefined) this.answer(callId, request);
  }

  private answer(callId: number, request: Of<'outgoing-call-request'>): void {
    const timers = this.timers.within(`call-${callId}`);
    const settings = {
      remote: this.connection.addresses.remote,
      peerCallId: request.callId,
      peerWindow: request.windowSize,
      peerDelay: request.processingDelay * 100_000,
    };
    const data = new EnhancedGre(this.host, timers.within('gre'), settings, (frame) => dialIn.receive(frame));
    const dialIn: DialIn = new DialIn(this.host, timers.within('link'), this.options, {
      session: `${this.shared.session}#${this.shared.nextCallNumber()}`,
      protocol: 'pptp',
      name: 'pptpd',
      lcpOptions: PPTP_SERVER.lcpOptions,
      mppeBits: PPTP_SERVER.mppeBits,
      pool: this.shared.pool,
      transmit: (frame) => data.send(frame),
      ended: () => this.linkEnded(callId),
    });
    this.calls.set(callId, { callId, peerCallId: request.callId, data, dialIn });
    dialIn.open();
  }

  /** The PPP link is dead, so the call is: say so, as pptpd does when its pppd has gone. */
  private linkEnded(callId: number): void {
    const call = this.calls.get(callId);
    if (call) this.disconnect(call, LOST_CARRIER);
  }

  /** The client names the call by its own id (§2.12). */
  private clear(peerCallId: number): void {
    const call = [...this.calls.values()].find((each) => each.peerCallId === peerCallId);
    // §2.12 leaves open what a wrong id gets; silence is what pptpd gives.
    if (!call) return;
    call.dialIn.down('closed');
    this.disconnect(call, REQUESTED);
  }

  private disconnect(call: Call, resultCode: number): void {
    this.forget(call);
    this.channel.send({
      kind: 'call-disconnect-notify',
      callId: call.callId,
      resultCode,
      errorCode: 0,
      causeCode: 0,
      callStatistics: '',
    });
  }

  /** A PAC does not take calls from outside (§2.9 is for the other direction). */
  private refuse(request: Of<'incoming-call-request'>): void {
    this.channel.send({
      kind: 'incoming-call-reply',
      callId: 0,
      peerCallId: request.callId,
      resultCode: DO_NOT_ACCEPT,
      errorCode: 0,
      windowSize: 0,
      processingDelay: 0,
    });
  }

  /** `broken`: how, where the client did not leave in order. */
  private endAll(broken: string | undefined): void {
    if (this.over) return;
    this.over = true;
    for (const call of [...this.calls.values()]) {
      call.dialIn.down(broken === undefined ? 'closed' : { kind: 'dropped', was: 'up', missing: broken });
      this.forget(call);
    }
    this.channel.down();
    this.timers.clear('start');
    this.timers.clear('farewell');
  }

  private forget(call: Call): void {
    call.data.down();
    this.calls.delete(call.callId);
    this.shared.giveBackCallId(call.callId);
  }
}

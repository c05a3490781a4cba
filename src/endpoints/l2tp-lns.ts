/** The server's side of one L2TPv2 tunnel, the LNS of RFC 2661, and of the calls in it. @module */

import type * as l2tp from '../wire/l2tp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import { chapMd5 } from './crypto/chap-md5.ts';
import { DialIn, type DialInOptions } from './dial-in.ts';
import type { Host } from './endpoint.ts';
import type { InnerPool } from './inner-pool.ts';
import {
  AVP,
  bytesOf,
  DISCONNECT,
  ERROR,
  MESSAGE,
  message,
  numberOf,
  PROTOCOL_VERSION,
  resultCode,
  STOP,
} from './l2tp-avps.ts';
import type { ControlMessage } from './l2tp-connection.ts';
import { L2TP_PROFILES } from './l2tp-profile.ts';
import { type L2tpPath, L2tpTunnel } from './l2tp-tunnel.ts';
import type { Timers } from './timers.ts';
import type { TunnelFailure } from './tunnel-failure.ts';

/** What all tunnels of one server share. */
export interface L2tpServerState {
  readonly session: string;
  readonly pool: InnerPool;
  readonly secret: string | undefined;
  /** Counts the calls, for their names in the trace. */
  nextCallNumber(): number;
  forget(tunnel: L2tpLns): void;
}

interface Call {
  readonly sessionId: number;
  readonly peerSessionId: number;
  /** Begins with ICCN. */
  dialIn: DialIn | undefined;
}

const PROFILE = L2TP_PROFILES.linux;

export class L2tpLns {
  readonly tunnel: L2tpTunnel;
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly options: DialInOptions;
  private readonly shared: L2tpServerState;
  private readonly calls = new Map<number, Call>();
  private state: 'new' | 'waiting' | 'established' | 'over' = 'new';

  constructor(
    host: Host,
    timers: Timers,
    at: { readonly id: number; readonly path: L2tpPath },
    options: DialInOptions,
    shared: L2tpServerState,
  ) {
    this.host = host;
    this.timers = timers;
    this.options = options;
    this.shared = shared;
    this.tunnel = new L2tpTunnel(host, timers.within('tunnel'), at.id, at.path, {
      message: (incoming) => this.receiveMessage(incoming),
      data: (sessionId, frame) => this.calls.get(sessionId)?.dialIn?.receive(frame),
      lost: () => this.endAll(this.lostFailure()),
      forgotten: () => shared.forget(this),
    });
  }

  receive(packet: l2tp.Packet): void {
    this.tunnel.receive(packet);
  }

  shutDown(): void {
    this.endAll(undefined);
    this.tunnel.control.stop(resultCode(STOP.shutdown));
  }

  private receiveMessage(incoming: ControlMessage): void {
    switch (incoming.type) {
      case MESSAGE.SCCRQ:
        if (this.state === 'new') this.start(incoming.avps);
        break;
      case MESSAGE.SCCCN:
        if (this.state === 'waiting') this.establish(incoming.avps);
        break;
      case MESSAGE.ICRQ:
        if (this.state === 'established') this.offer(incoming.avps);
        break;
      case MESSAGE.ICCN:
        this.answer(incoming.sessionId);
        break;
      case MESSAGE.CDN:
        this.hungUp(incoming.sessionId);
        break;
      case MESSAGE.StopCCN:
        this.endAll(undefined);
        this.tunnel.control.linger();
        break;
      default:
        this.receiveOther(incoming);
    }
  }

  /** What must be understood and is not ends the call it names, or the tunnel (§4.1). */
  private receiveOther(incoming: ControlMessage): void {
    const why = ERROR.unknownMandatory;
    const call = this.calls.get(incoming.sessionId);
    if (call) this.disconnect(call, DISCONNECT.error, why);
    else this.stop(STOP.error, why);
  }

  private start(avps: readonly Avp[]): void {
    this.state = 'waiting';
    this.tunnel.control.meet(avps);
    const version = bytesOf(avps, AVP.protocolVersion);
    if (version?.[0] !== PROTOCOL_VERSION[0]) {
      this.stop(STOP.badVersion);
      return;
    }
    const { secret } = this.shared;
    const challenge = bytesOf(avps, AVP.challenge);
    const more: [number, Avp['value']][] = [];
    if (secret !== undefined) more.push([AVP.challenge, this.tunnel.control.challenge]);
    if (secret !== undefined && challenge)
      more.push([AVP.challengeResponse, chapMd5(MESSAGE.SCCRP, secret, challenge)]);
    const introduction = [...PROFILE.introduction, [AVP.assignedTunnelId, this.tunnel.control.id] as const, ...more];
    this.tunnel.control.send(0, message(MESSAGE.SCCRP, ...introduction));
  }

  private establish(avps: readonly Avp[]): void {
    if (!this.tunnel.control.hasProof(MESSAGE.SCCCN, avps, this.shared.secret)) {
      this.stop(STOP.notAuthorised);
      return;
    }
    this.state = 'established';
    this.tunnel.control.established();
  }

  private offer(avps: readonly Avp[]): void {
    const peerSessionId = numberOf(avps, AVP.assignedSessionId);
    if (peerSessionId === undefined) return;
    let sessionId = 1 + this.host.rng.below(0xffff);
    while (this.calls.has(sessionId)) sessionId = 1 + this.host.rng.below(0xffff);
    this.calls.set(sessionId, { sessionId, peerSessionId, dialIn: undefined });
    this.tunnel.control.send(peerSessionId, message(MESSAGE.ICRP, [AVP.assignedSessionId, sessionId]));
  }

  private answer(sessionId: number): void {
    const call = this.calls.get(sessionId);
    if (!call || call.dialIn) return;
    call.dialIn = new DialIn(this.host, this.timers.within(`call-${sessionId}`), this.options, {
      session: `${this.shared.session}#${this.shared.nextCallNumber()}`,
      protocol: 'l2tp',
      name: 'xl2tpd',
      lcpOptions: PROFILE.lcpOptions,
      mppeBits: PROFILE.mppeBits,
      pool: this.shared.pool,
      transmit: (frame) => this.tunnel.sendData(call.peerSessionId, frame, PROFILE.dataLength),
      ended: () => this.disconnect(call, DISCONNECT.carrierLost),
    });
    call.dialIn.open();
  }

  private hungUp(sessionId: number): void {
    const call = this.calls.get(sessionId);
    this.calls.delete(sessionId);
    call?.dialIn?.down('closed');
  }

  private disconnect(call: Call, result: number, error?: number): void {
    if (!this.calls.delete(call.sessionId)) return;
    call.dialIn?.down('closed');
    const why = [AVP.resultCode, resultCode(result, error)] as const;
    this.tunnel.control.send(call.peerSessionId, message(MESSAGE.CDN, why, [AVP.assignedSessionId, call.sessionId]));
  }

  private stop(result: number, error?: number): void {
    this.endAll(undefined);
    this.tunnel.control.stop(resultCode(result, error));
  }

  private lostFailure(): TunnelFailure {
    const line = `Maximum retries exceeded for tunnel ${this.tunnel.control.id}.  Closing.`;
    return { kind: 'dropped', was: 'up', missing: 'the client acknowledged nothing any more', line };
  }

  /** `failure`: undefined where the end is in order. */
  private endAll(failure: TunnelFailure | undefined): void {
    if (this.state === 'over') return;
    const alone = this.calls.size === 0 && failure !== undefined;
    this.state = 'over';
    for (const call of this.calls.values()) call.dialIn?.down(failure ?? 'closed');
    this.calls.clear();
    if (alone) this.reportAlone(failure);
  }

  /** A tunnel that broke before any call was in it has nobody else to say so. */
  private reportAlone(failure: TunnelFailure): void {
    const { session } = this.shared;
    if (!('line' in failure) || failure.line === undefined) return;
    const { line: text, missing } = failure;
    this.host.symptom(`${session}/${this.tunnel.control.id}`, { system: 'xl2tpd', text, missing });
  }
}

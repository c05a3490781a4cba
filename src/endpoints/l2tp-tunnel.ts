/**
 * One end of an L2TPv2 tunnel, client's or server's: where its packets go, the reliable control channel, Hello when
 * nothing was heard for a minute, and a quiet end in which late messages are still acknowledged. RFC 2661 §5.
 * @module
 */
import { equal } from '../lib/bytes.ts';
import * as l2tp from '../wire/l2tp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import * as udp from '../wire/udp.ts';
import { type Host, seconds } from './endpoint.ts';
import { AVP, bytesOf, challengeResponse, isUnderstood, MESSAGE, message, numberOf } from './l2tp-avps.ts';
import { FULL_CYCLE, ReliableChannel } from './l2tp-reliable.ts';
import type { Timers } from './timers.ts';

/** The addresses and ports of a tunnel: fixed once both ends have spoken (§8.1). */
export interface L2tpPath {
  readonly local: number;
  readonly localPort: number;
  remote: number;
  remotePort: number;
}

export interface ControlMessage {
  readonly type: number;
  /** Ours; 0 where the message is about the tunnel. */
  readonly sessionId: number;
  readonly avps: readonly Avp[];
}

export interface TunnelUser {
  message(message: ControlMessage): void;
  data(sessionId: number, frame: Uint8Array): void;
  /** The peer acknowledges nothing any more: the tunnel is cleared. */
  lost(): void;
  /** The end is through, and its state forgotten. */
  forgotten(): void;
}

interface Outgoing {
  readonly sessionId: number;
  readonly avps: readonly Avp[];
}

const HELLO_AFTER = seconds(60);

export class L2tpTunnel {
  readonly path: L2tpPath;
  /** Ours, in what we receive; the peer's, in what we send: 0 until it told us. */
  readonly id: number;
  peerId = 0;
  /** What we asked the peer to prove the secret with. */
  readonly challenge: Uint8Array;
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly user: TunnelUser;
  private readonly control: ReliableChannel<Outgoing, ControlMessage>;
  private ending = false;

  constructor(host: Host, timers: Timers, id: number, path: L2tpPath, user: TunnelUser) {
    this.host = host;
    this.timers = timers;
    this.id = id;
    this.path = path;
    this.user = user;
    this.challenge = host.rng.bytes(16);
    this.control = new ReliableChannel(timers, {
      transmit: (outgoing, ns, nr) => this.transmit(outgoing, ns, nr),
      deliver: (incoming) => this.deliver(incoming),
      lost: () => this.lose(),
    });
  }

  get isEnding(): boolean {
    return this.ending;
  }

  send(sessionId: number, avps: readonly Avp[]): void {
    if (!this.ending) this.control.send({ sessionId, avps });
  }

  sendData(sessionId: number, payload: Uint8Array, withLength: boolean): void {
    if (!this.ending) this.emit(l2tp.encodeData({ tunnelId: this.peerId, sessionId, payload, withLength }));
  }

  receive(packet: l2tp.Packet): void {
    if (this.timers.isSet('hello')) this.established();
    if (packet.kind === 'data') {
      if (!this.ending) this.user.data(packet.sessionId, packet.payload);
      return;
    }
    const { sessionId, avps, ns, nr } = packet;
    const type = numberOf(avps, AVP.messageType);
    // A type that cannot be read is none of ours; it is acknowledged like any other.
    this.control.receive(ns, nr, avps.length === 0 ? undefined : { type: type ?? -1, sessionId, avps });
  }

  /** Asks for a sign of life whenever a minute passes in silence. */
  established(): void {
    this.timers.set('hello', HELLO_AFTER, () => {
      this.send(0, message(MESSAGE.HELLO));
      this.established();
    });
  }

  /** Takes what an opening message says of the peer: its id and its receive window. */
  meet(avps: readonly Avp[]): void {
    this.peerId = numberOf(avps, AVP.assignedTunnelId) ?? 0;
    const window = numberOf(avps, AVP.receiveWindow);
    if (window) this.control.window = window;
  }

  /** Sends StopCCN, and remembers the tunnel for as long as it may have to be repeated. */
  stop(result: Uint8Array): void {
    if (this.ending) return;
    this.send(0, message(MESSAGE.StopCCN, [AVP.assignedTunnelId, this.id], [AVP.resultCode, result]));
    this.linger();
  }

  /** The peer stopped: repetitions of its StopCCN are acknowledged for a while, then all is forgotten. */
  linger(): void {
    if (this.ending) return;
    this.ending = true;
    this.timers.clear('hello');
    this.timers.set('forget', FULL_CYCLE, () => this.forget());
  }

  /** Whether the peer proved that it knows the secret; `type` is that of the message with the proof. */
  hasProof(type: number, avps: readonly Avp[], secret: string | undefined): boolean {
    if (secret === undefined) return true;
    const response = bytesOf(avps, AVP.challengeResponse);
    return response !== undefined && equal(response, challengeResponse(type, secret, this.challenge));
  }

  private deliver(incoming: ControlMessage): void {
    if (this.ending || incoming.type === MESSAGE.HELLO) return;
    if (isUnderstood(incoming.avps)) this.user.message(incoming);
    else this.user.message({ ...incoming, type: -1 });
  }

  private lose(): void {
    if (this.ending) return;
    this.forget();
    this.user.lost();
  }

  private forget(): void {
    this.ending = true;
    this.control.down();
    this.timers.clearAll();
    this.user.forgotten();
  }

  private transmit(outgoing: Outgoing | undefined, ns: number, nr: number): void {
    const { sessionId = 0, avps = [] } = outgoing ?? {};
    this.emit(l2tp.encodeControl({ tunnelId: this.peerId, sessionId, ns, nr, avps }));
  }

  private emit(payload: Uint8Array): void {
    const { local, localPort, remote, remotePort } = this.path;
    const fields = { sourcePort: localPort, destinationPort: remotePort, payload };
    const datagram = udp.encode(fields, { source: local, destination: remote });
    this.host.send({ protocol: udp.PROTOCOL, source: local, destination: remote, payload: datagram });
  }
}

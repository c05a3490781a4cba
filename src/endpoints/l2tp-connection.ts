/**
 * What the control connections of L2TPv2 and L2TPv3 have in common: ids, reliable messages, Hello when nothing was
 * heard for a minute, and a quiet end in which late messages are still acknowledged. RFC 2661 §5, RFC 3931 §3.3, §4.2.
 * @module
 */

import { equal } from '../lib/bytes.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import { chapMd5 } from './crypto/chap-md5.ts';
import { type Host, seconds } from './endpoint.ts';
import { AVP, bytesOf, isUnderstood, MESSAGE, message, numberOf } from './l2tp-avps.ts';
import { FULL_CYCLE, ReliableChannel } from './l2tp-reliable.ts';
import type { Timers } from './timers.ts';

/** A message as it came: its type, or -1 where it holds something mandatory that we do not know. */
export interface ControlMessage {
  readonly type: number;
  /** Ours, in version 2; 0 where the message is about the tunnel, and always in version 3. */
  readonly sessionId: number;
  readonly avps: readonly Avp[];
}

/** A message to put into bytes; `avps` undefined: it only acknowledges. */
export interface Numbered {
  readonly peerId: number;
  readonly sessionId: number;
  readonly ns: number;
  readonly nr: number;
  readonly avps: readonly Avp[] | undefined;
}

export interface ConnectionUser {
  transmit(message: Numbered): void;
  message(message: ControlMessage): void;
  /** The peer acknowledges nothing any more: the connection is cleared. */
  lost(): void;
  /** The end is through, and its state forgotten. */
  forgotten(): void;
}

interface Outgoing {
  readonly sessionId: number;
  readonly avps: readonly Avp[];
}

const HELLO_AFTER = seconds(60);

export class L2tpConnection {
  /** Ours, in what we receive; the peer's, in what we send: 0 until it told us. */
  readonly id: number;
  peerId = 0;
  /** What we asked the peer to prove the secret with. */
  readonly challenge: Uint8Array;
  private readonly timers: Timers;
  private readonly idAvp: number;
  private readonly user: ConnectionUser;
  private readonly control: ReliableChannel<Outgoing, ControlMessage>;
  private ending = false;

  /** `idAvp`: the AVP in which the ends tell their ids. */
  constructor(
    host: Host,
    timers: Timers,
    named: { readonly id: number; readonly idAvp: number },
    user: ConnectionUser,
  ) {
    this.timers = timers;
    this.id = named.id;
    this.idAvp = named.idAvp;
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

  /** Takes what came; an acknowledgement is a message without AVPs, or, in version 3, one of that type. */
  receive(numbers: { readonly ns: number; readonly nr: number }, sessionId: number, avps: readonly Avp[]): void {
    this.heard();
    // A type that cannot be read is none of ours; it is acknowledged like any other.
    const type = numberOf(avps, AVP.messageType) ?? -1;
    const acknowledges = avps.length === 0 || type === MESSAGE.ACK;
    this.control.receive(numbers.ns, numbers.nr, acknowledges ? undefined : { type, sessionId, avps });
  }

  /** Anything from the peer shows that it lives. */
  heard(): void {
    if (this.timers.isSet('hello')) this.established();
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
    this.peerId = numberOf(avps, this.idAvp) ?? 0;
    const window = numberOf(avps, AVP.receiveWindow);
    if (window) this.control.window = window;
  }

  /** Sends StopCCN, and remembers the connection for as long as it may have to be repeated. */
  stop(result: Uint8Array): void {
    if (this.ending) return;
    this.send(0, message(MESSAGE.StopCCN, [this.idAvp, this.id], [AVP.resultCode, result]));
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
    return response !== undefined && equal(response, chapMd5(type, secret, this.challenge));
  }

  private deliver(incoming: ControlMessage): void {
    if (this.ending || incoming.type === MESSAGE.HELLO) return;
    this.user.message(isUnderstood(incoming.avps) ? incoming : { ...incoming, type: -1 });
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
    this.user.transmit({ peerId: this.peerId, sessionId: outgoing?.sessionId ?? 0, ns, nr, avps: outgoing?.avps });
  }
}

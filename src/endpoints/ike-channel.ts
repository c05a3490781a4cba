/**
 * The request and response machinery of one IKE SA (RFC 7296 §2.1–§2.3): message IDs, one request at a time,
 * retransmission by whoever asked, the last answer once more to whoever asks again.
 *
 * Retransmission has strongSwan's timing, after 4 × 1.8ⁿ seconds: sent at 0, 4, 11.2, 24.2, 47.5 and 89.5 s, given up
 * at 165 s.
 * @module
 */
import { equal } from '../lib/bytes.ts';
import type { Rng } from '../lib/rng.ts';
import { seconds } from './endpoint.ts';
import {
  type Envelope,
  type Payload,
  type Protection,
  readEnvelope,
  readOpen,
  readSealed,
  writeOpen,
  writeSealed,
} from './ike-message.ts';
import type { Spis } from './ike-nat.ts';
import type { Origin, Path } from './ipsec-path.ts';
import type { Timers } from './timers.ts';

const FIRST_TIMEOUT = 4;
const BACKOFF = 1.8;
const RETRANSMITS = 5;

export interface Answer {
  readonly payloads: readonly Payload[];
  readonly envelope: Envelope;
  readonly origin: Origin;
  /** The answer as it came: AUTH covers it. */
  readonly bytes: Uint8Array;
}

export interface ChannelUser {
  /** A request that was not seen before. What it answers goes back; undefined means silence. */
  readonly respond: (request: Answer) => readonly Payload[] | undefined;
  /** A message was new, and protected by the SA's keys. */
  readonly authentic: (origin: Origin, exchange: number) => void;
  readonly retransmitting: (count: number, exchange: number, messageId: number) => void;
  readonly gaveUp: (exchange: number) => void;
}

interface Request {
  readonly exchange: number;
  readonly payloads: readonly Payload[];
  readonly done: (answer: Answer) => void;
}

interface Outstanding extends Request {
  readonly messageId: number;
  readonly bytes: Uint8Array;
  sent: number;
}

/** What a channel stands on. */
export interface Ground {
  /** Whether we began the IKE SA. */
  readonly initiator: boolean;
  readonly path: Path;
  readonly timers: Timers;
  readonly rng: Rng;
}

export class Channel {
  spis: Spis;
  /** Set once IKE_SA_INIT has made the keys. */
  protection: Protection | undefined;
  private readonly ground: Ground;
  private readonly user: ChannelUser;
  private readonly waiting: Request[] = [];
  private outstanding: Outstanding | undefined;
  private nextRequest = 0;
  private expected: number;
  private lastAnswer: { readonly messageId: number; readonly bytes: Uint8Array } | undefined;
  private sealed = 0;

  constructor(ground: Ground, spis: Spis, user: ChannelUser) {
    this.ground = ground;
    this.spis = spis;
    this.user = user;
    // A responder's channel begins behind IKE_SA_INIT, which is answered before there is an SA to speak of.
    this.expected = ground.initiator ? 0 : 1;
  }

  /** Whether a request is on its way. */
  get busy(): boolean {
    return this.outstanding !== undefined;
  }

  /** Sends now, or when the request before it is answered. Answers the message if it went out. */
  request(exchange: number, payloads: readonly Payload[], done: (answer: Answer) => void): Uint8Array | undefined {
    if (this.outstanding) {
      this.waiting.push({ exchange, payloads, done });
      return undefined;
    }
    const messageId = this.nextRequest++;
    const bytes = this.write(exchange, messageId, false, payloads);
    this.outstanding = { exchange, payloads, done, messageId, bytes, sent: 0 };
    this.transmit();
    return bytes;
  }

  /** IKE_SA_INIT begins again with message 0, where the peer asked for a cookie or another group (§2.6, §2.7). */
  beginAgain(): void {
    this.nextRequest = 0;
  }

  receive(bytes: Uint8Array, origin: Origin): void {
    const envelope = readEnvelope(bytes);
    // Both ends may ask, so the flag must say that the message comes from the other one.
    if (!envelope || envelope.fromInitiator === this.ground.initiator || !this.isOurs(envelope)) return;
    if (envelope.response ? envelope.messageId !== this.outstanding?.messageId : !this.isCurrent(envelope)) return;
    const payloads = this.protection ? readSealed(bytes, this.protection) : readOpen(bytes);
    if (!payloads) return;
    const answer = { payloads, envelope, origin, bytes };
    if (envelope.response) this.answered(answer);
    else this.asked(answer);
  }

  /** Nothing more is sent or awaited. */
  close(): void {
    this.ground.timers.clear('retransmit');
    this.outstanding = undefined;
    this.waiting.length = 0;
  }

  /** A NAT may hand us what is meant for the host beside us; before there are keys only the SPI tells. */
  private isOurs({ initiatorSpi, responderSpi }: Envelope): boolean {
    if (!equal(initiatorSpi, this.spis.initiatorSpi)) return false;
    return this.protection === undefined || equal(responderSpi, this.spis.responderSpi);
  }

  private isCurrent({ messageId }: Envelope): boolean {
    return messageId === this.expected || messageId === this.lastAnswer?.messageId;
  }

  private answered(answer: Answer): void {
    const request = this.outstanding!;
    if (answer.envelope.exchange !== request.exchange) return;
    this.ground.timers.clear('retransmit');
    this.outstanding = undefined;
    if (this.protection) this.user.authentic(answer.origin, request.exchange);
    request.done(answer);
    const next = this.waiting.shift();
    if (next) this.request(next.exchange, next.payloads, next.done);
  }

  private asked(request: Answer): void {
    const { messageId, exchange } = request.envelope;
    const known = messageId === this.lastAnswer?.messageId;
    if (!known) {
      this.expected = messageId + 1;
      if (this.protection) this.user.authentic(request.origin, exchange);
      const payloads = this.user.respond(request);
      if (!payloads) return;
      this.lastAnswer = { messageId, bytes: this.write(exchange, messageId, true, payloads) };
    }
    // §2.1: a request seen before gets the very same answer, and changes nothing.
    this.ground.path.sendIke(this.lastAnswer!.bytes, request.origin);
  }

  private write(exchange: number, messageId: number, response: boolean, payloads: readonly Payload[]): Uint8Array {
    const envelope: Envelope = { ...this.spis, exchange, messageId, fromInitiator: this.ground.initiator, response };
    if (!this.protection) return writeOpen(envelope, payloads);
    return writeSealed(envelope, payloads, this.protection, ++this.sealed, this.ground.rng);
  }

  private transmit(): void {
    const request = this.outstanding!;
    this.ground.path.sendIke(request.bytes);
    const timeout = seconds(FIRST_TIMEOUT * BACKOFF ** request.sent);
    request.sent += 1;
    this.ground.timers.set('retransmit', timeout, () => this.expire());
  }

  private expire(): void {
    const request = this.outstanding;
    if (!request) return;
    if (request.sent > RETRANSMITS) {
      this.close();
      this.user.gaveUp(request.exchange);
      return;
    }
    this.user.retransmitting(request.sent, request.exchange, request.messageId);
    this.transmit();
  }
}

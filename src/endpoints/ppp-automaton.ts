/**
 * The option negotiation automaton of PPP, RFC 1661 §4: the same machine runs LCP, CCP and IPCP. Here it begins when
 * the layer below is up, so that of the ten states Initial and Starting are one, `initial`.
 *
 * The timing is the RFC's own (§4.6): a request every 3 seconds, ten of them, then nobody is there.
 *
 * As in pppd, a request has one answer. The RFC takes a second one for a crossed connection and starts over (§4.3, RCA),
 * which a network that repeats packets would make it do again and again.
 * @module
 */
import { equal } from '../lib/bytes.ts';
import type { Packet } from '../wire/ppp-control.ts';
import type { Parsed } from '../wire/result.ts';
import { seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

/** A control protocol's wire module: `lcp`, `ccp` or `ipcp`. */
export interface Codec<Option> {
  readonly parse: (bytes: Uint8Array) => Parsed<Packet<Option>>;
  readonly encode: (packet: Packet<Option>) => Uint8Array;
}

export type Judgement<Option> =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'nak' | 'reject'; readonly options: readonly Option[] };

/** Why a layer is done: nobody answered; the peer hung up; we did. */
export type Finish = 'timeout' | 'terminated' | 'closed';

export interface Negotiator<Option> {
  /** What we ask for as things stand; asked anew for every request that is not a repetition. */
  request(): readonly Option[];
  /** What we say to the peer's request. */
  judge(options: readonly Option[]): Judgement<Option>;
  /** The peer would take these values instead. */
  naked(options: readonly Option[]): void;
  /** The peer will not hear of these at all. */
  rejected(options: readonly Option[]): void;
  /** Both sides agree. */
  opened(): void;
  /** Was open and is no longer; `ending`: for good. */
  lowered(ending: boolean): void;
  finished(why: Finish): void;
  /** Packets of this protocol alone (echo, reset). Answers whether it knew the packet. */
  extra(packet: Packet<Option>): boolean;
}

type State =
  | 'initial'
  | 'closed'
  | 'stopped'
  | 'closing'
  | 'stopping'
  | 'request-sent'
  | 'ack-received'
  | 'ack-sent'
  | 'opened';

const RESTART = seconds(3);
const MAX_CONFIGURE = 10;
const MAX_TERMINATE = 2;
/** Naks to one peer before we take it that it will not listen, and reject instead. */
const MAX_FAILURE = 5;
const NONE = new Uint8Array(0);

export class Automaton<Option> {
  state: State = 'initial';
  private readonly codec: Codec<Option>;
  private readonly timers: Timers;
  private readonly negotiator: Negotiator<Option>;
  private readonly transmit: (packet: Uint8Array) => void;
  private identifier = 0;
  private restarts = 0;
  private failures = 0;
  /** Our request under way, as sent. */
  private asked: Uint8Array = NONE;
  /** Whether it has been answered since it was last sent. */
  private isAnswered = false;
  private goal: Finish = 'closed';

  constructor(
    codec: Codec<Option>,
    timers: Timers,
    negotiator: Negotiator<Option>,
    transmit: (packet: Uint8Array) => void,
  ) {
    this.codec = codec;
    this.timers = timers;
    this.negotiator = negotiator;
    this.transmit = transmit;
  }

  /** The layer below is up and we want this one. */
  open(): void {
    if (this.state !== 'initial') return;
    this.state = 'request-sent';
    this.sendRequest();
  }

  /** An orderly end: Terminate-Request, and `finished('closed')` when that is through. */
  close(): void {
    const { state } = this;
    if (state === 'initial' || state === 'closed' || state === 'stopped') {
      this.state = 'closed';
      this.negotiator.finished('closed');
    } else if (state !== 'closing') {
      if (state === 'opened') this.negotiator.lowered(true);
      this.state = 'closing';
      this.goal = 'closed';
      this.restarts = MAX_TERMINATE;
      this.sendTerminate();
    }
  }

  /** The layer below went away; nothing more can be said. */
  down(): void {
    this.timers.clearAll();
    this.state = 'initial';
  }

  /** Sends a packet of the protocol's own, or a Protocol-Reject. */
  send(packet: Packet<Option>): void {
    this.transmit(this.codec.encode(packet));
  }

  nextIdentifier(): number {
    this.identifier = (this.identifier + 1) & 255;
    return this.identifier;
  }

  receive(bytes: Uint8Array): void {
    const parsed = this.codec.parse(bytes);
    if (!parsed.ok || this.state === 'initial') return;
    const packet = parsed.value;
    switch (packet.kind) {
      case 'configure-request':
        this.receiveRequest(packet.identifier, packet.options);
        break;
      case 'configure-ack':
        if (this.isAnswer(packet.identifier) && this.repeatsUs(packet.options)) this.receiveAck();
        break;
      case 'configure-nak':
      case 'configure-reject':
        if (this.isAnswer(packet.identifier)) this.receiveRefusal(packet.kind, packet.options);
        break;
      case 'terminate-request':
        this.receiveTerminate(packet.identifier);
        break;
      case 'terminate-ack':
        this.receiveTerminateAck();
        break;
      case 'code-reject':
        break;
      default:
        if (this.negotiator.extra(packet)) break;
        this.send({ kind: 'code-reject', identifier: this.nextIdentifier(), data: bytes });
    }
  }

  private receiveRequest(identifier: number, options: readonly Option[]): void {
    const { state } = this;
    if (state === 'closing' || state === 'stopping') return;
    if (state === 'closed') {
      this.send({ kind: 'terminate-ack', identifier, data: NONE });
      return;
    }
    if (state === 'opened') this.negotiator.lowered(false);
    if (state === 'opened' || state === 'stopped') this.sendRequest();
    const agreed = this.answer(identifier, options);
    if (state === 'ack-received') {
      if (agreed) this.reach('opened');
    } else this.reach(agreed ? 'ack-sent' : 'request-sent');
  }

  /** Sends Ack, Nak or Reject. Answers whether it was an Ack. */
  private answer(identifier: number, options: readonly Option[]): boolean {
    const judgement = this.negotiator.judge(options);
    if (judgement.verdict === 'ack') {
      this.failures = 0;
      this.send({ kind: 'configure-ack', identifier, options });
      return true;
    }
    const reject = judgement.verdict === 'reject' || ++this.failures > MAX_FAILURE;
    this.send({
      kind: reject ? 'configure-reject' : 'configure-nak',
      identifier,
      options: reject && judgement.verdict === 'nak' ? options : judgement.options,
    });
    return false;
  }

  private isAnswer(identifier: number): boolean {
    const asking = this.state === 'request-sent' || this.state === 'ack-sent';
    return asking && !this.isAnswered && identifier === this.asked[1];
  }

  /** An Ack must say back exactly what we asked (§5.2). */
  private repeatsUs(options: readonly Option[]): boolean {
    return equal(this.codec.encode({ kind: 'configure-request', identifier: this.asked[1]!, options }), this.asked);
  }

  private receiveAck(): void {
    this.isAnswered = true;
    if (this.state === 'request-sent') {
      this.restarts = MAX_CONFIGURE;
      this.reach('ack-received');
    } else this.reach('opened');
  }

  private receiveRefusal(kind: 'configure-nak' | 'configure-reject', options: readonly Option[]): void {
    this.isAnswered = true;
    if (kind === 'configure-nak') this.negotiator.naked(options);
    else this.negotiator.rejected(options);
    // The peer's refusal may have been the end of it.
    if (this.state === 'request-sent' || this.state === 'ack-sent') this.sendRequest();
  }

  private receiveTerminate(identifier: number): void {
    const was = this.state;
    this.send({ kind: 'terminate-ack', identifier, data: NONE });
    if (was === 'opened') {
      this.negotiator.lowered(true);
      this.state = 'stopping';
      this.goal = 'terminated';
      // §4.3 (RTR): wait one restart period, so that the peer may see our Ack and go first.
      this.restarts = 0;
      this.timers.set('restart', RESTART, () => this.finish());
    } else if (was === 'ack-received' || was === 'ack-sent') this.reach('request-sent');
  }

  private receiveTerminateAck(): void {
    if (this.state === 'closing' || this.state === 'stopping') this.finish();
    else if (this.state === 'ack-received') this.reach('request-sent');
    else if (this.state === 'opened') {
      this.negotiator.lowered(false);
      this.state = 'request-sent';
      this.sendRequest();
    }
  }

  private reach(state: State): void {
    this.state = state;
    if (state !== 'opened') return;
    this.timers.clear('restart');
    this.failures = 0;
    this.negotiator.opened();
  }

  private sendRequest(): void {
    const request = { kind: 'configure-request', options: this.negotiator.request() } as const;
    this.asked = this.codec.encode({ ...request, identifier: this.nextIdentifier() });
    this.restarts = MAX_CONFIGURE;
    this.repeatRequest();
  }

  /** A repetition keeps its identifier, so that a late Ack still counts. */
  private repeatRequest(): void {
    this.restarts--;
    this.isAnswered = false;
    this.transmit(this.asked);
    this.timers.set('restart', RESTART, () => this.timeout());
  }

  private sendTerminate(): void {
    this.restarts--;
    this.send({ kind: 'terminate-request', identifier: this.nextIdentifier(), data: NONE });
    this.timers.set('restart', RESTART, () => this.timeout());
  }

  private timeout(): void {
    const ending = this.state === 'closing' || this.state === 'stopping';
    if (this.restarts <= 0) {
      if (!ending) this.goal = 'timeout';
      this.finish();
    } else if (ending) this.sendTerminate();
    else {
      if (this.state === 'ack-received') this.state = 'request-sent';
      this.repeatRequest();
    }
  }

  private finish(): void {
    this.timers.clear('restart');
    this.state = this.state === 'closing' ? 'closed' : 'stopped';
    this.negotiator.finished(this.goal);
  }
}

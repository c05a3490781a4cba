/**
 * The reliability layer of OpenVPN's control channel: numbered messages, each acknowledged by its number, resent until
 * then, handed up in order. TLS above it believes it has a stream.
 *
 * Messages count from 0 in each direction without gaps. At most six are under way and twelve are kept out of order.
 * A message is resent after two seconds, then after twice as long each time, or at once when three later ones have
 * been acknowledged.
 * @module
 */
import { seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

export interface Message {
  readonly opcode: number;
  readonly id: number;
  readonly payload: Uint8Array;
}

export interface ReliableUser {
  /** Puts a message on the wire, with acknowledgements that ride along. */
  transmit(message: Message, acks: readonly number[]): void;
  /** Acknowledgements that found no message to ride on. */
  acknowledge(acks: readonly number[]): void;
  /** The next message in order. */
  deliver(opcode: number, payload: Uint8Array): void;
}

const SEND_WINDOW = 6;
const RECEIVE_WINDOW = 12;
const FIRST_TIMEOUT = seconds(2);
const LATER_ACKS = 3;
const ACKS_RIDING = 4;
const ACKS_ALONE = 8;

interface UnderWay {
  readonly message: Message;
  timeout: number;
  dueAt: number;
  laterAcks: number;
}

export class Reliable {
  private readonly now: () => number;
  private readonly timers: Timers;
  private readonly user: ReliableUser;
  private underWay: UnderWay[] = [];
  private waiting: Message[] = [];
  private nextToSend = 0;
  private nextToDeliver = 0;
  private readonly early = new Map<number, Message>();
  private acks: number[] = [];

  constructor(now: () => number, timers: Timers, user: ReliableUser) {
    this.now = now;
    this.timers = timers;
    this.user = user;
  }

  send(opcode: number, payload: Uint8Array): void {
    this.waiting.push({ opcode, id: this.nextToSend++, payload });
    this.push();
  }

  /** Takes what one packet says: numbers that arrived at the other side, and maybe a message. */
  receive(acks: readonly number[], message: Message | undefined): void {
    for (const id of acks) this.acknowledged(id);
    if (message) this.take(message);
    this.push();
    this.flushAcks();
    this.schedule();
  }

  private take(message: Message): void {
    if (message.id >= this.nextToDeliver + RECEIVE_WINDOW) return;
    if (!this.acks.includes(message.id)) this.acks.push(message.id);
    if (message.id < this.nextToDeliver || this.early.has(message.id)) return;
    this.early.set(message.id, message);
    for (let next = this.early.get(this.nextToDeliver); next; next = this.early.get(this.nextToDeliver)) {
      this.early.delete(this.nextToDeliver++);
      this.user.deliver(next.opcode, next.payload);
    }
  }

  private acknowledged(id: number): void {
    const known = this.underWay.some((each) => each.message.id === id);
    if (!known) return;
    this.underWay = this.underWay.filter((each) => each.message.id !== id);
    for (const each of this.underWay)
      if (each.message.id < id && ++each.laterAcks === LATER_ACKS) each.dueAt = this.now();
  }

  private push(): void {
    while (this.underWay.length < SEND_WINDOW) {
      const message = this.waiting.shift();
      if (!message) break;
      const entry = { message, timeout: FIRST_TIMEOUT, dueAt: this.now() + FIRST_TIMEOUT, laterAcks: 0 };
      this.underWay.push(entry);
      this.transmit(message);
    }
    this.schedule();
  }

  private resend(): void {
    const now = this.now();
    for (const each of this.underWay)
      if (each.dueAt <= now) {
        each.timeout *= 2;
        each.dueAt = now + each.timeout;
        each.laterAcks = 0;
        this.transmit(each.message);
      }
    this.schedule();
  }

  private transmit(message: Message): void {
    this.user.transmit(message, this.acks.splice(0, ACKS_RIDING));
  }

  private flushAcks(): void {
    while (this.acks.length > 0) this.user.acknowledge(this.acks.splice(0, ACKS_ALONE));
  }

  private schedule(): void {
    const next = Math.min(...this.underWay.map((each) => each.dueAt));
    if (this.underWay.length === 0) this.timers.clear('resend');
    else this.timers.set('resend', Math.max(0, next - this.now()), () => this.resend());
  }
}

/**
 * The reliable delivery of L2TP's control messages: RFC 2661 §5.8 and, unchanged, RFC 3931 §4.2. Every message has a
 * number (Ns) and says which it expects next (Nr); what is not acknowledged goes out again after 1, 2, 4 and 8
 * seconds, and after 16 more nobody is there. A message that only acknowledges has no body and takes no number.
 * @module
 */
import { seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

export interface ReliableUser<Out, In> {
  /** `message` undefined: an acknowledgement alone. */
  transmit(message: Out | undefined, ns: number, nr: number): void;
  deliver(message: In): void;
  /** The peer acknowledges nothing any more. */
  lost(): void;
}

const FIRST_WAIT = seconds(1);
const MOST_SENDINGS = 5;
/** What RFC 2661 §5.8 assumes of a peer that names no receive window. */
const DEFAULT_WINDOW = 4;
/** One whole cycle of retransmissions: so long the end of a tunnel is remembered (§5.8). */
export const FULL_CYCLE = seconds(31);

/** `Out` and `In` are what the messages are to its user, sent and received. */
export class ReliableChannel<Out, In> {
  /** What the peer takes unacknowledged: its Receive Window Size. */
  window = DEFAULT_WINDOW;
  private readonly timers: Timers;
  private readonly user: ReliableUser<Out, In>;
  /** Number of the first message in `queue`, and how many of them are under way. */
  private first = 0;
  private underWay = 0;
  private readonly queue: Out[] = [];
  private sendings = 0;
  private expected = 0;
  private acknowledgeDue = false;

  constructor(timers: Timers, user: ReliableUser<Out, In>) {
    this.timers = timers;
    this.user = user;
  }

  send(message: Out): void {
    this.queue.push(message);
    this.flush();
  }

  /** Takes what came: its numbers, and its message unless it was an acknowledgement alone. */
  receive(ns: number, nr: number, message: In | undefined): void {
    this.receiveAcknowledgment(nr);
    if (message === undefined) return;
    this.acknowledgeDue = true;
    if (ns === this.expected) {
      this.expected = (this.expected + 1) & 0xffff;
      this.user.deliver(message);
    }
    // A repetition, or one that came too early, is answered with what we do expect.
    if (this.acknowledgeDue) this.acknowledge();
  }

  down(): void {
    this.timers.clear('retransmit');
    this.queue.length = 0;
    this.underWay = 0;
  }

  private acknowledge(): void {
    this.acknowledgeDue = false;
    this.user.transmit(undefined, (this.first + this.underWay) & 0xffff, this.expected);
  }

  private receiveAcknowledgment(nr: number): void {
    const count = (nr - this.first) & 0xffff;
    if (count === 0 || count > this.underWay) return;
    this.first = nr;
    this.underWay -= count;
    this.queue.splice(0, count);
    this.sendings = 1;
    this.timers.clear('retransmit');
    if (this.underWay > 0) this.await();
    this.flush();
  }

  private flush(): void {
    while (this.underWay < Math.min(this.queue.length, this.window)) {
      if (this.underWay === 0) this.sendings = 1;
      this.emit(this.underWay++);
      if (this.underWay === 1) this.await();
    }
  }

  private emit(index: number): void {
    this.acknowledgeDue = false;
    this.user.transmit(this.queue[index], (this.first + index) & 0xffff, this.expected);
  }

  private await(): void {
    this.timers.set('retransmit', FIRST_WAIT * 2 ** (this.sendings - 1), () => this.retransmit());
  }

  private retransmit(): void {
    if (this.sendings >= MOST_SENDINGS) {
      this.down();
      this.user.lost();
      return;
    }
    this.sendings++;
    this.emit(0);
    this.await();
  }
}

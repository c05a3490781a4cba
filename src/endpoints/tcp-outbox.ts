/**
 * The sending half of a TCP connection: bytes that wait, bytes that are under way, and how long to wait for their
 * acknowledgement (RFC 6298). Knows sequence numbers and time; sends nothing itself.
 * @module
 */
import { concat } from '../lib/bytes.ts';
import type { TcpPolicy } from './tcp-policy.ts';

/** a − b in sequence space, RFC 9293 §3.4: negative where a comes before b. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

export interface Piece {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly fin: boolean;
  /** Nothing waits behind this piece. */
  readonly last: boolean;
}

/** Most bytes under way at once: ten full segments, the initial window of RFC 6928. */
const LARGEST_FLIGHT = 14_600;

export class Outbox {
  /** Oldest sequence number not acknowledged, and the next to use. */
  unacknowledged: number;
  next: number;
  /** What the peer has room for. */
  window = 0;
  /** Most payload bytes in one segment. */
  segmentSize = 536;
  retries = 0;
  private waiting: Uint8Array = new Uint8Array(0);
  private finAsked = false;
  private finSent = false;
  private timeout: number;
  private smoothed: number | undefined;
  private variation = 0;
  /** The one segment whose round trip is being measured; a retransmission spoils the measure (Karn). */
  private timed: { readonly end: number; readonly at: number } | undefined;
  private readonly policy: TcpPolicy;

  constructor(initialSequence: number, policy: TcpPolicy) {
    this.unacknowledged = initialSequence;
    this.next = initialSequence;
    this.policy = policy;
    this.timeout = policy.initialTimeout;
  }

  get inFlight(): number {
    return distance(this.next, this.unacknowledged);
  }

  /** True once our FIN is out and everything, the FIN included, has been acknowledged. */
  get finished(): boolean {
    return this.finSent && this.inFlight === 0;
  }

  get hasUnsent(): boolean {
    return this.waiting.length > this.sentBytes || (this.finAsked && !this.finSent);
  }

  /** How long to wait for an acknowledgement, doubled for each retransmission so far. */
  get patience(): number {
    return Math.min(this.timeout * 2 ** this.retries, this.policy.largestTimeout);
  }

  add(bytes: Uint8Array): void {
    this.waiting = concat(this.waiting, bytes);
  }

  finish(): void {
    this.finAsked = true;
  }

  /** The SYN takes one sequence number and no byte of the stream. */
  sendSyn(now: number): void {
    this.next = (this.next + 1) >>> 0;
    this.timed = { end: this.next, at: now };
  }

  /** The next piece that may go out now, if any; it then counts as under way. */
  take(now: number): Piece | undefined {
    const from = this.sentBytes;
    const room = Math.min(this.window, LARGEST_FLIGHT) - this.inFlight;
    const length = Math.max(0, Math.min(this.waiting.length - from, this.segmentSize, room));
    const fin = this.finAsked && !this.finSent && from + length === this.waiting.length;
    if (length === 0 && !fin) return undefined;
    const piece = this.piece(this.next, from, length, fin);
    this.next = (this.next + length + (fin ? 1 : 0)) >>> 0;
    if (fin) this.finSent = true;
    this.timed ??= { end: this.next, at: now };
    return piece;
  }

  /** The oldest piece under way once more, or one byte to try a window that closed. */
  again(now: number): Piece | undefined {
    this.retries++;
    this.timed = undefined;
    const sent = this.sentBytes;
    if (this.inFlight === 0) {
      this.window = Math.max(this.window, 1);
      return this.take(now);
    }
    const length = Math.min(sent, this.segmentSize);
    return this.piece(this.unacknowledged, 0, length, this.finSent && length === sent);
  }

  /** Takes an acknowledgement number that lies within what is under way. Answers whether it was news. */
  acknowledge(number: number, now: number): boolean {
    const advance = distance(number, this.unacknowledged);
    if (advance <= 0) return false;
    this.waiting = this.waiting.subarray(Math.min(advance, this.waiting.length));
    this.unacknowledged = number;
    if (this.timed && distance(number, this.timed.end) >= 0) {
      this.measure(now - this.timed.at);
      this.timed = undefined;
    }
    this.retries = 0;
    return true;
  }

  /** The SYN's acknowledgement: as above, but no byte of the stream goes with it. */
  acknowledgeSyn(number: number, now: number): void {
    const kept = this.waiting;
    this.waiting = new Uint8Array(0);
    this.acknowledge(number, now);
    this.waiting = kept;
  }

  private get sentBytes(): number {
    return Math.min(this.inFlight, this.waiting.length);
  }

  private piece(sequence: number, from: number, length: number, fin: boolean): Piece {
    return {
      sequence,
      payload: this.waiting.subarray(from, from + length),
      fin,
      last: from + length === this.waiting.length,
    };
  }

  /** RFC 6298 §2. */
  private measure(roundTrip: number): void {
    if (this.smoothed === undefined) {
      this.smoothed = roundTrip;
      this.variation = roundTrip / 2;
    } else {
      this.variation = 0.75 * this.variation + 0.25 * Math.abs(this.smoothed - roundTrip);
      this.smoothed = 0.875 * this.smoothed + 0.125 * roundTrip;
    }
    const wanted = Math.round(this.smoothed + 4 * this.variation);
    this.timeout = Math.min(Math.max(wanted, this.policy.smallestTimeout), this.policy.largestTimeout);
  }
}

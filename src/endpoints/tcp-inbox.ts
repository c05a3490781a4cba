/** The receiving half of a TCP connection: hands bytes on in order, keeps those that came too early. @module */
import { distance } from './tcp-outbox.ts';

interface Early {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly fin: boolean;
}

/** Segments kept ahead of a gap; more than that and the peer must send again. */
const MOST_EARLY = 64;

export class Inbox {
  /** The peer's initial sequence number: that of its SYN. */
  readonly initial: number;
  /** The next sequence number expected. */
  next: number;
  /** The peer's FIN has been reached. */
  finished = false;
  private early: Early[] = [];

  constructor(initial: number) {
    this.initial = initial;
    this.next = (initial + 1) >>> 0;
  }

  /** RFC 9293 §3.10.7.4, first check: does any of the segment lie in the window? */
  accepts(sequence: number, length: number, window: number): boolean {
    const first = distance(sequence, this.next);
    if (length === 0) return first >= 0 && first < window;
    return first < window && first + length > 0;
  }

  /** Takes a segment; answers the pieces of the stream that are now in order. */
  take(sequence: number, payload: Uint8Array, fin: boolean): readonly Uint8Array[] {
    if (this.early.length < MOST_EARLY) this.early.push({ sequence, payload, fin });
    const ready: Uint8Array[] = [];
    for (let index = this.nextReady(); index >= 0; index = this.nextReady()) {
      const [segment] = this.early.splice(index, 1);
      this.swallow(segment!, ready);
    }
    return ready;
  }

  private nextReady(): number {
    return this.early.findIndex((each) => distance(each.sequence, this.next) <= 0);
  }

  private swallow(segment: Early, ready: Uint8Array[]): void {
    const known = distance(this.next, segment.sequence);
    const total = segment.payload.length + (segment.fin ? 1 : 0);
    if (this.finished || known >= total) return;
    const fresh = segment.payload.subarray(Math.min(known, segment.payload.length));
    if (fresh.length > 0) ready.push(fresh);
    this.next = (segment.sequence + total) >>> 0;
    this.finished = segment.fin;
  }
}

/**
 * One TCP connection, RFC 9293 §3.10: handshake from either side, data in order, retransmission, FIN and RST,
 * TIME-WAIT; challenge acknowledgements of RFC 5961. What the conversations here need, and no more.
 *
 * Does not model: congestion control past a fixed flight of ten segments, selective acknowledgement, window scaling,
 * urgent data, delayed acknowledgement (one goes out at once unless data carries it).
 * @module
 */
import * as tcp from '../wire/tcp.ts';
import { type Host, milliseconds, type Unreachable } from './endpoint.ts';
import { Inbox } from './tcp-inbox.ts';
import { distance, Outbox, type Piece } from './tcp-outbox.ts';
import { retriesIn, type TcpPolicy } from './tcp-policy.ts';
import {
  DEFAULT_SEGMENT_SIZE,
  HEADERS,
  OUR_SEGMENT_SIZE,
  OUR_WINDOW,
  SMALLEST_SEGMENT,
  segmentLength,
  sendSegment,
  type TcpAddresses,
} from './tcp-segment.ts';
import type { TcpEnd, TcpState, TcpUser } from './tcp-user.ts';
import type { Timers } from './timers.ts';

const CHALLENGE_INTERVAL = milliseconds(500);

export class TcpConnection {
  readonly addresses: TcpAddresses;
  state: TcpState = 'closed';
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly policy: TcpPolicy;
  private readonly user: TcpUser;
  private readonly outbox: Outbox;
  private inbox = new Inbox(0);
  private acknowledgeDue = false;
  private quietUntil = 0;

  constructor(host: Host, timers: Timers, addresses: TcpAddresses, policy: TcpPolicy, user: TcpUser) {
    this.host = host;
    this.timers = timers;
    this.addresses = addresses;
    this.policy = policy;
    this.user = user;
    this.outbox = new Outbox(host.rng.u32(), policy);
  }

  /** Active open. */
  connect(): void {
    this.state = 'syn-sent';
    this.outbox.sendSyn(this.host.now);
    this.sendSyn();
    this.await();
  }

  /** Passive open, with the SYN that a listener took. */
  accept(syn: tcp.Fields): void {
    this.state = 'syn-received';
    this.meet(syn);
    this.outbox.sendSyn(this.host.now);
    this.sendSyn();
    this.await();
  }

  send(bytes: Uint8Array): void {
    if (this.state === 'closed' || this.state === 'time-wait') return;
    this.outbox.add(bytes);
    this.push();
  }

  /** Sends what waits, then FIN. An attempt that has not been answered yet is dropped instead. */
  close(): void {
    if (this.state === 'syn-sent' || this.state === 'syn-received') this.abort();
    if (this.state !== 'established' && this.state !== 'close-wait') return;
    this.state = this.state === 'established' ? 'fin-wait-1' : 'last-ack';
    this.outbox.finish();
    this.push();
  }

  /** Gives up at once and says so. */
  abort(): void {
    if (this.state === 'closed') return;
    if (this.state !== 'syn-sent' && this.state !== 'time-wait') this.emit(tcp.RST | tcp.ACK, this.outbox.next);
    this.end('aborted');
  }

  /** Whether a segment with these ends is this connection's. */
  owns(source: number, sourcePort: number, destinationPort: number): boolean {
    const { remote, remotePort, localPort } = this.addresses;
    return this.state !== 'closed' && source === remote && sourcePort === remotePort && destinationPort === localPort;
  }

  /**
   * An ICMP error ends an attempt; it does not end a connection that stands (RFC 1122 §4.2.3.9, as Linux reads it).
   * One that names a smaller packet size is heeded at once (RFC 1191).
   */
  unreachable(error: Unreachable): void {
    if (error.mtu !== undefined) {
      this.outbox.segmentSize = Math.min(this.outbox.segmentSize, Math.max(error.mtu - HEADERS, SMALLEST_SEGMENT));
      this.retransmit();
    } else if (this.state === 'syn-sent') this.end('unreachable');
  }

  receive(segment: tcp.Fields): void {
    const acceptable = this.inbox.accepts(segment.sequence, segmentLength(segment), OUR_WINDOW);
    if (this.state === 'syn-sent') this.receiveInSynSent(segment);
    else if (segment.flags & tcp.RST) this.receiveReset(segment, acceptable);
    else if (segment.flags & tcp.SYN) this.receiveLateSyn(segment);
    else if (!acceptable) this.receiveStray(segment);
    else if (segment.flags & tcp.ACK && this.receiveAcknowledgment(segment)) this.receiveText(segment);
  }

  private receiveInSynSent(segment: tcp.Fields): void {
    const answers = (segment.flags & tcp.ACK) !== 0;
    if (answers && segment.acknowledgment !== this.outbox.next) {
      if (!(segment.flags & tcp.RST)) this.emit(tcp.RST, segment.acknowledgment);
    } else if (segment.flags & tcp.RST) {
      if (answers) this.end('refused');
    } else if (segment.flags & tcp.SYN) {
      this.meet(segment);
      this.acknowledgeDue = true;
      if (answers) this.establish(segment);
      else this.state = 'syn-received';
      // Without an answer in it, both sides called at once (RFC 9293 §3.5).
      if (this.state === 'syn-received') this.sendSyn();
      this.acknowledge();
    }
  }

  private establish(segment: tcp.Fields): void {
    this.outbox.acknowledgeSyn(segment.acknowledgment, this.host.now);
    this.outbox.window = segment.window;
    this.timers.clear('retransmit');
    this.state = 'established';
    // The third segment of the handshake waits for no data.
    this.acknowledge();
    this.user.opened();
  }

  /** RFC 5961 §3.2: only the exact number ends a connection; a near miss is challenged. */
  private receiveReset(segment: tcp.Fields, acceptable: boolean): void {
    if (!acceptable) return;
    if (segment.sequence !== this.inbox.next) this.challenge();
    else if (this.state === 'time-wait') this.forget();
    else this.end('reset');
  }

  private receiveLateSyn(segment: tcp.Fields): void {
    if (this.state === 'syn-received' && segment.sequence === this.inbox.initial) this.sendSyn();
    else this.challenge();
  }

  /** What lies outside the window is old, and its sender missed our acknowledgement. */
  private receiveStray(segment: tcp.Fields): void {
    if (this.state === 'time-wait') this.rest();
    if (segmentLength(segment) > 0) this.emit(tcp.ACK, this.outbox.next);
    else this.challenge();
  }

  /**
   * Says where we are to who seems to be elsewhere; not more than twice a second, or two ends that disagree would go
   * on for ever (Linux: tcp_invalid_ratelimit).
   */
  private challenge(): void {
    if (this.host.now < this.quietUntil) return;
    this.quietUntil = this.host.now + CHALLENGE_INTERVAL;
    this.emit(tcp.ACK, this.outbox.next);
  }

  /** Answers whether the segment's text may be read. */
  private receiveAcknowledgment(segment: tcp.Fields): boolean {
    const number = segment.acknowledgment;
    if (this.state === 'syn-received') {
      if (number === this.outbox.next) this.establish(segment);
      else this.emit(tcp.RST, number);
      return number === this.outbox.next;
    }
    if (distance(number, this.outbox.next) > 0) {
      // It acknowledges what was never sent.
      this.challenge();
      return false;
    }
    if (distance(number, this.outbox.unacknowledged) >= 0) this.outbox.window = segment.window;
    if (this.outbox.acknowledge(number, this.host.now)) this.await();
    if (this.outbox.finished) this.ourFinAcknowledged();
    return true;
  }

  private ourFinAcknowledged(): void {
    if (this.state === 'closing') this.rest();
    else if (this.state === 'last-ack') this.end('finished');
    else if (this.state === 'fin-wait-1') {
      this.state = 'fin-wait-2';
      // A peer that never finishes is not waited for for ever.
      this.timers.set('time-wait', this.policy.timeWait, () => this.end('finished'));
    }
  }

  private receiveText(segment: tcp.Fields): void {
    const fin = (segment.flags & tcp.FIN) !== 0;
    if (segment.payload.length > 0 || fin) {
      this.acknowledgeDue = true;
      const before = this.inbox.finished;
      for (const bytes of this.inbox.take(segment.sequence, segment.payload, fin))
        if (this.state !== 'closed') this.user.data(bytes);
      if (this.inbox.finished && !before) this.peerFinished();
    }
    this.push();
    this.acknowledge();
  }

  /** Sends an acknowledgement that is due and that nothing has carried yet. */
  private acknowledge(): void {
    if (this.acknowledgeDue && this.state !== 'closed') this.emit(tcp.ACK, this.outbox.next);
  }

  private peerFinished(): void {
    const over = this.state === 'fin-wait-2';
    if (this.state === 'established') this.state = 'close-wait';
    else if (this.state === 'fin-wait-1') this.state = 'closing';
    this.user.peerFinished();
    if (over) this.rest();
  }

  /** TIME-WAIT: everything is said; strays are still answered for a while. */
  private rest(): void {
    const first = this.state !== 'time-wait';
    this.state = 'time-wait';
    this.timers.clear('retransmit');
    this.timers.set('time-wait', this.policy.timeWait, () => this.forget());
    if (first) this.user.ended('finished');
  }

  private forget(): void {
    this.state = 'closed';
    this.timers.clearAll();
  }

  private end(why: TcpEnd): void {
    this.forget();
    this.user.ended(why);
  }

  /** Takes the peer's first sequence number, window and segment size. */
  private meet(syn: tcp.Fields): void {
    this.inbox = new Inbox(syn.sequence);
    this.outbox.window = syn.window;
    const named = syn.options.find((option) => option.kind === 'mss');
    this.outbox.segmentSize = Math.min(named?.value ?? DEFAULT_SEGMENT_SIZE, OUR_SEGMENT_SIZE);
  }

  private push(): void {
    if (this.state === 'syn-sent' || this.state === 'syn-received' || this.state === 'closed') return;
    const { now } = this.host;
    for (let piece = this.outbox.take(now); piece; piece = this.outbox.take(now)) this.emitPiece(piece);
    if (!this.timers.isSet('retransmit')) this.await();
  }

  /** Sets the retransmission timer anew where something is under way or stuck, and clears it otherwise. */
  private await(): void {
    if (this.outbox.inFlight === 0 && !this.outbox.hasUnsent) this.timers.clear('retransmit');
    else this.timers.set('retransmit', this.outbox.patience, () => this.retransmit());
  }

  private retransmit(): void {
    if (this.outbox.retries >= retriesIn(this.state, this.policy)) {
      this.end('timeout');
      return;
    }
    const piece = this.outbox.again(this.host.now);
    if (this.state === 'syn-sent' || this.state === 'syn-received') this.sendSyn();
    else if (piece) this.emitPiece(piece);
    this.await();
  }

  private sendSyn(): void {
    const options = [{ kind: 'mss', value: OUR_SEGMENT_SIZE }] as const;
    const flags = this.state === 'syn-sent' ? tcp.SYN : tcp.SYN | tcp.ACK;
    this.emit(flags, (this.outbox.next - 1) >>> 0, undefined, options);
  }

  private emitPiece(piece: Piece): void {
    const push = piece.last && piece.payload.length > 0 ? tcp.PSH : 0;
    this.emit(tcp.ACK | push | (piece.fin ? tcp.FIN : 0), piece.sequence, piece.payload);
  }

  private emit(flags: number, sequence: number, payload?: Uint8Array, options: tcp.Fields['options'] = []): void {
    const acknowledges = (flags & tcp.ACK) !== 0;
    if (acknowledges) this.acknowledgeDue = false;
    const acknowledgment = acknowledges ? this.inbox.next : 0;
    const segment = { flags, sequence, acknowledgment, options, ...(payload ? { payload } : {}) };
    sendSegment(this.host, this.addresses, segment);
  }
}

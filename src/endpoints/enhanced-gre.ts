/**
 * One call's data channel: enhanced GRE with sequence and acknowledgement numbers, RFC 2637 §4. Nothing is ever sent
 * again; the numbers serve to drop what comes late and to keep the sender from flooding the receiver.
 * @module
 */
import * as gre from '../wire/gre.ts';
import { type Host, milliseconds, seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

export interface GreSettings {
  readonly remote: number;
  /** The id that the receiver gave out goes into every packet. */
  readonly peerCallId: number;
  /** How many packets the peer will take unacknowledged, and how long it needs for one. */
  readonly peerWindow: number;
  readonly peerDelay: number;
}

/** No acknowledgement is kept back longer (§4.3 leaves the time open; pptp-linux waits half a second). */
const ACKNOWLEDGE_AFTER = milliseconds(500);
/** §4.4: bounds of the adaptive time-out. */
const SMALLEST_TIMEOUT = milliseconds(500);
const LARGEST_TIMEOUT = seconds(8);
/** More frames than this wait for the window: the oldest is dropped, as from any full queue. */
const MOST_WAITING = 64;

export class EnhancedGre {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly settings: GreSettings;
  private readonly deliver: (payload: Uint8Array) => void;
  private nextSequence = 0;
  /** Highest sequence number that came; -1 before the first. */
  private received = -1;
  private acknowledged = -1;
  private acknowledgedByPeer = -1;
  private window: number;
  private sinceGrown = 0;
  private waiting: Uint8Array[] = [];
  private roundTrip: number;
  private deviation = 0;
  private readonly sentAt = new Map<number, number>();

  constructor(host: Host, timers: Timers, settings: GreSettings, deliver: (payload: Uint8Array) => void) {
    this.host = host;
    this.timers = timers;
    this.settings = settings;
    this.deliver = deliver;
    this.window = Math.max(1, Math.ceil(settings.peerWindow / 2));
    this.roundTrip = settings.peerDelay;
  }

  send(payload: Uint8Array): void {
    this.waiting.push(payload);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.flush();
  }

  receive(packet: gre.Enhanced): void {
    if (packet.acknowledgment !== undefined) this.receiveAcknowledgment(packet.acknowledgment);
    if (packet.sequence === undefined || packet.payload.length === 0) return;
    // Late and repeated packets are dropped, gaps are accepted (§4.2.3).
    const ahead = (packet.sequence - this.received) | 0;
    if (ahead <= 0) return;
    this.received = packet.sequence;
    if (!this.timers.isSet('acknowledge')) this.timers.set('acknowledge', ACKNOWLEDGE_AFTER, () => this.acknowledge());
    this.deliver(packet.payload);
  }

  down(): void {
    this.timers.clearAll();
    this.waiting = [];
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.inFlight < this.window) this.emit(this.waiting.shift());
  }

  private get inFlight(): number {
    return (this.nextSequence - 1 - this.acknowledgedByPeer) | 0;
  }

  private acknowledge(): void {
    if (this.received !== this.acknowledged) this.emit(undefined);
  }

  /** A data packet carries an acknowledgement that is due; without data there is nothing but the acknowledgement. */
  private emit(payload: Uint8Array | undefined): void {
    const { peerCallId, remote } = this.settings;
    const due = this.received !== this.acknowledged;
    if (due) {
      this.acknowledged = this.received;
      this.timers.clear('acknowledge');
    }
    const packet = gre.encode({
      version: 1,
      callId: peerCallId,
      ...(payload ? { sequence: this.takeSequence() } : {}),
      ...(due ? { acknowledgment: this.received >>> 0 } : {}),
      payload: payload ?? new Uint8Array(0),
    });
    this.host.send({ protocol: gre.PROTOCOL, destination: remote, payload: packet });
  }

  private takeSequence(): number {
    const sequence = this.nextSequence;
    this.nextSequence = (sequence + 1) >>> 0;
    this.sentAt.set(sequence, this.host.now);
    if (!this.timers.isSet('window')) this.timers.set('window', this.patience, () => this.windowTimeout());
    return sequence;
  }

  private receiveAcknowledgment(number: number): void {
    const advance = (number - this.acknowledgedByPeer) | 0;
    if (advance <= 0 || ((this.nextSequence - 1 - number) | 0) < 0) return;
    this.measure(number);
    this.acknowledgedByPeer = number | 0;
    this.sinceGrown += advance;
    // §4.2.1.2: one more for every window that came through.
    if (this.sinceGrown >= this.window && this.window < this.settings.peerWindow) {
      this.window++;
      this.sinceGrown = 0;
    }
    if (this.inFlight === 0) this.timers.clear('window');
    else this.timers.set('window', this.patience, () => this.windowTimeout());
    this.flush();
  }

  /** §4.2.1.3: what was not acknowledged in time counts as lost, and the window is halved. */
  private windowTimeout(): void {
    this.window = Math.max(1, Math.ceil(this.window / 2));
    this.sinceGrown = 0;
    this.acknowledgedByPeer = (this.nextSequence - 1) | 0;
    this.sentAt.clear();
    // §4.4: chi is 2 times the round trip.
    this.roundTrip = Math.min(Math.max(2 * this.roundTrip, SMALLEST_TIMEOUT), LARGEST_TIMEOUT);
    this.flush();
  }

  private measure(number: number): void {
    const at = this.sentAt.get(number);
    for (const sequence of this.sentAt.keys()) if (((sequence - number) | 0) <= 0) this.sentAt.delete(sequence);
    if (at === undefined) return;
    const difference = this.host.now - at - this.roundTrip;
    this.roundTrip += difference / 8;
    this.deviation += (Math.abs(difference) - this.deviation) / 4;
  }

  /** §4.4: round trip and four times its deviation. */
  private get patience(): number {
    const wanted = Math.round(this.roundTrip + 4 * this.deviation);
    return Math.min(Math.max(wanted, SMALLEST_TIMEOUT) + ACKNOWLEDGE_AFTER, LARGEST_TIMEOUT);
  }
}

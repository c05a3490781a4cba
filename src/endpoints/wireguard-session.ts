/**
 * One pair of WireGuard transport keys: what it seals and opens, how old it is, which counters it has seen
 * (whitepaper §5.4.6; window after RFC 6479, as wide as the Linux kernel's).
 * @module
 */
import { open, seal, type TransportKeys } from './crypto/noise.ts';
import { seconds } from './endpoint.ts';

/** Constants of the whitepaper's §6.1. */
export const REKEY_AFTER = seconds(120);
export const REJECT_AFTER = seconds(180);
const WINDOW = 8192 - 64;
export const REKEY_AFTER_MESSAGES = 1n << 60n;
const REJECT_AFTER_MESSAGES = (1n << 64n) - 1n - BigInt(WINDOW) - 1n;
const PADDING = 16;

/** Remembers the counters of the last 8128 packets. */
export class CounterWindow {
  private highest = -1n;
  private readonly seen = new Set<bigint>();

  /** Whether the counter is new; it is not the next time. */
  accept(counter: bigint): boolean {
    if (counter >= REJECT_AFTER_MESSAGES || counter + BigInt(WINDOW) < this.highest || this.seen.has(counter))
      return false;
    this.seen.add(counter);
    if (counter > this.highest) {
      this.highest = counter;
      if (this.seen.size > 2 * WINDOW) this.forget();
    }
    return true;
  }

  private forget(): void {
    for (const counter of this.seen) if (counter + BigInt(WINDOW) < this.highest) this.seen.delete(counter);
  }
}

export interface SessionFields {
  /** The index by which the peer names this session to us, and we to it. */
  readonly local: number;
  readonly remote: number;
  /** Whether we opened the handshake: only that side renews keys by age. */
  readonly initiator: boolean;
  readonly born: number;
  readonly keys: TransportKeys;
}

export class Session {
  readonly local: number;
  readonly remote: number;
  readonly initiator: boolean;
  readonly born: number;
  sent = 0n;
  private readonly keys: TransportKeys;
  private readonly window = new CounterWindow();

  constructor(fields: SessionFields) {
    this.local = fields.local;
    this.remote = fields.remote;
    this.initiator = fields.initiator;
    this.born = fields.born;
    this.keys = fields.keys;
  }

  /** Whether it may still carry data. */
  isFresh(now: number): boolean {
    return now - this.born < REJECT_AFTER && this.sent < REJECT_AFTER_MESSAGES;
  }

  /** An empty packet is a keepalive; others are padded to 16 bytes, but not past the tunnel's MTU. */
  seal(packet: Uint8Array, mtu: number): { readonly counter: bigint; readonly body: Uint8Array } {
    const aligned = Math.ceil(packet.length / PADDING) * PADDING;
    const padded = new Uint8Array(Math.max(packet.length, Math.min(aligned, mtu)));
    padded.set(packet);
    const counter = this.sent++;
    return { counter, body: seal(this.keys.send, counter, padded) };
  }

  /** The packet with its padding, or undefined where it is forged, repeated or too late. */
  open(counter: bigint, body: Uint8Array, now: number): Uint8Array | undefined {
    if (now - this.born >= REJECT_AFTER) return undefined;
    const packet = open(this.keys.receive, counter, body);
    return packet && this.window.accept(counter) ? packet : undefined;
  }
}

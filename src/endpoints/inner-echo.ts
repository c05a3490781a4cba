/**
 * The proof that a tunnel is up: ICMP echo requests sent through it, and their answers. The packets are whole IPv4
 * packets with the addresses of the tunnel's inside; the tunnel around them knows nothing of what they carry.
 * Answers the other side's requests as well.
 * @module
 */
import * as icmp from '../wire/icmp.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { type Host, seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

export interface EchoPlan {
  /** The address inside the tunnel to ask. */
  readonly target: number;
  /** When to ask, counted from the moment the tunnel stands. Default: at once, after one and after two seconds. */
  readonly at?: readonly number[];
  /** After the last of them, again and again at this interval. */
  readonly every?: number;
  /** How long to wait for one answer. */
  readonly patience?: number;
}

export interface EchoUser {
  /** Takes a whole inner packet into the tunnel. */
  send(packet: Uint8Array): void;
  /** The first answer, and the first after a silence. */
  alive(): void;
  /** Several requests in a row, or the last one, went unanswered. */
  silent(asked: number, answered: number): void;
}

/** As many unanswered requests in a row as people take for "it does not work". */
const MISSES = 3;
const AT = [0, seconds(1), seconds(2)];
const PATIENCE = seconds(3);
const DATA_LEN = 56;
/** A whole request or answer as it goes into the tunnel: IPv4, ICMP, data. */
export const INNER_ECHO_LENGTH = 20 + 8 + DATA_LEN;

export class InnerEcho {
  private readonly timers: Timers;
  private readonly address: number;
  private readonly user: EchoUser;
  private readonly identifier: number;
  private plan: EchoPlan | undefined;
  private next = 0;
  private asked = 0;
  private answered = 0;
  private missed = 0;
  private standing: 'unknown' | 'alive' | 'silent' = 'unknown';
  private packets = 0;

  /** `address`: our own inside the tunnel. */
  constructor(host: Host, timers: Timers, address: number, user: EchoUser) {
    this.timers = timers;
    this.address = address;
    this.user = user;
    this.identifier = host.rng.u16();
  }

  begin(plan: EchoPlan): void {
    this.plan = plan;
    this.next = 0;
    this.schedule(0);
  }

  /** Takes a packet that came out of the tunnel. Answers whether it was an echo for us. */
  receive(bytes: Uint8Array): boolean {
    const packet = ipv4.parse(bytes);
    if (!packet.ok || packet.value.protocol !== icmp.PROTOCOL || packet.value.destination !== this.address)
      return false;
    const message = icmp.parse(packet.value.payload);
    if (!message.ok) return false;
    if (message.value.kind === 'echo-request') {
      this.emit(packet.value.source, { ...message.value, kind: 'echo-reply' });
      return true;
    }
    if (message.value.kind !== 'echo-reply' || message.value.identifier !== this.identifier) return false;
    this.hear(message.value.sequence);
    return true;
  }

  private schedule(elapsed: number): void {
    const at = this.due(elapsed);
    if (at === undefined) return;
    if (at <= elapsed) this.ask(at);
    else this.timers.set('ask', at - elapsed, () => this.ask(at));
  }

  private due(elapsed: number): number | undefined {
    const { at = AT, every } = this.plan!;
    return at[this.next] ?? (every === undefined ? undefined : elapsed + every);
  }

  private ask(at: number): void {
    const plan = this.plan!;
    const sequence = ++this.next;
    this.asked++;
    this.timers.set(`answer ${sequence}`, plan.patience ?? PATIENCE, () => this.miss(sequence));
    const data = new Uint8Array(DATA_LEN).map((_, index) => index);
    this.emit(plan.target, { kind: 'echo-request', identifier: this.identifier, sequence, data });
    this.schedule(at);
  }

  private hear(sequence: number): void {
    if (!this.timers.isSet(`answer ${sequence}`)) return;
    this.timers.clear(`answer ${sequence}`);
    this.answered++;
    this.missed = 0;
    if (this.standing === 'alive') return;
    this.standing = 'alive';
    this.user.alive();
  }

  private miss(sequence: number): void {
    this.missed++;
    const last = sequence === this.next && this.due(0) === undefined;
    if (this.standing === 'silent' || (this.missed < MISSES && !last)) return;
    this.standing = 'silent';
    this.user.silent(this.asked, this.answered);
  }

  private emit(destination: number, message: icmp.Message): void {
    const id = ++this.packets;
    const payload = icmp.encode(message);
    this.user.send(
      ipv4.encode({ source: this.address, destination, protocol: icmp.PROTOCOL, id, dontFragment: true, payload }),
    );
  }
}

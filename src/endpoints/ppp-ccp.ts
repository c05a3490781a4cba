/** CCP for the one thing tunnels use it for: agreeing on MPPE, stateless, with 128-bit keys (RFC 3078 §2). @module */
import * as ccp from '../wire/ccp.ts';
import { Automaton, type Finish, type Judgement, type Negotiator } from './ppp-automaton.ts';
import type { Timers } from './timers.ts';

export interface CcpUser {
  transmit(packet: Uint8Array): void;
  opened(): void;
  /** The peer does not want what we must have, or does not answer. */
  failed(why: 'timeout' | 'refused'): void;
}

const WANTED = ccp.STATELESS | ccp.MPPE_128;

export class Ccp implements Negotiator<ccp.Option> {
  readonly automaton: Automaton<ccp.Option>;
  private readonly user: CcpUser;
  private bits: number;

  /** `bits`: what to propose at first. Windows lists all it has; the peer then names the one to use. */
  constructor(timers: Timers, bits: number, user: CcpUser) {
    this.user = user;
    this.bits = bits;
    this.automaton = new Automaton<ccp.Option>(ccp, timers, this, (packet) => user.transmit(packet));
  }

  request(): readonly ccp.Option[] {
    return [{ kind: 'mppe', bits: this.bits }];
  }

  judge(options: readonly ccp.Option[]): Judgement<ccp.Option> {
    const others = options.filter((option) => option.kind !== 'mppe');
    if (others.length > 0) return { verdict: 'reject', options: others };
    const agreed = options.some((option) => option.kind === 'mppe' && option.bits === WANTED);
    return agreed ? { verdict: 'ack' } : { verdict: 'nak', options: [{ kind: 'mppe', bits: WANTED }] };
  }

  naked(options: readonly ccp.Option[]): void {
    const named = options.find((option) => option.kind === 'mppe');
    if (named?.kind === 'mppe' && named.bits === WANTED) this.bits = WANTED;
    else this.user.failed('refused');
  }

  rejected(): void {
    this.user.failed('refused');
  }

  opened(): void {
    this.user.opened();
  }

  /** Stateless keys need no reset; a renegotiation begins with fresh ones when it opens again. */
  lowered(): void {}

  finished(why: Finish): void {
    this.user.failed(why === 'timeout' ? 'timeout' : 'refused');
  }

  extra(packet: ccp.Packet): boolean {
    return packet.kind === 'reset-request' || packet.kind === 'reset-ack';
  }
}

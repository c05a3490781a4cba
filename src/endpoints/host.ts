/** What one endpoint sees of the host it runs on. @module */
import type { Rng } from '../lib/rng.ts';
import type { Host, Notice, Outgoing, Secret, Status, Symptom } from './endpoint.ts';
import type { Platform } from './stack.ts';

/** The part of the stack below that it is shown. */
export interface Below {
  readonly address: number;
  send(packet: Outgoing): void;
}

/** A class, and no object with getters of its own: what is learnt of how one host is used serves all others. */
export class EndpointHost implements Host {
  readonly rng: Rng;
  private readonly session: string;
  private readonly below: Below;
  private readonly platform: Platform;

  constructor(session: string, below: Below, platform: Platform) {
    this.session = session;
    this.below = below;
    this.platform = platform;
    this.rng = platform.rng.fork(session);
  }

  get address(): number {
    return this.below.address;
  }

  get now(): number {
    return this.platform.now;
  }

  send(packet: Outgoing): void {
    this.below.send(packet);
  }

  setTimer(name: string, delay: number): void {
    this.platform.setTimer(`${this.session}|${name}`, delay);
  }

  clearTimer(name: string): void {
    this.platform.clearTimer(`${this.session}|${name}`);
  }

  phase(session: string, phase: string, status: Status, notice?: Notice): void {
    this.platform.phase(session, phase, status, notice);
  }

  symptom(session: string, symptom: Symptom): void {
    this.platform.symptom(session, symptom);
  }

  secret(secret: Secret): void {
    this.platform.secret(secret);
  }
}

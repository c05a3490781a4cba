/**
 * What the world does for the stack of one node. A class, as the host in `endpoints/host.ts` is: of an object with a
 * getter of its own the engine that runs us learns nothing for the next one, and keeps the whole world that it shows.
 * @module
 */
import type { Notice, Secret, Status, Symptom } from '../endpoints/endpoint.ts';
import type { Platform, Stack } from '../endpoints/stack.ts';
import type { Rng } from '../lib/rng.ts';

/** How a conversation stands from here on. */
export interface Told {
  readonly phase: string;
  readonly status: Status;
  readonly notice?: Notice;
}

/** What the world does for all its nodes. */
export interface Ground {
  readonly now: number;
  plan(time: number, run: () => void): void;
  send(node: string, packet: Uint8Array, on: 'wan' | undefined): void;
  phase(node: string, session: string, told: Told): void;
  symptom(node: string, session: string, symptom: Symptom): void;
  secret(secret: Secret): void;
}

export class NodePlatform implements Platform {
  readonly rng: Rng;
  /** The stack that stands on it. */
  stack: Stack | undefined;
  private readonly ground: Ground;
  private readonly node: string;
  private readonly on: 'wan' | undefined;
  private readonly timers = new Map<string, number>();
  private set = 0;

  /** `on`: the interface it sends by, where it has several. */
  constructor(ground: Ground, node: string, rng: Rng, on: 'wan' | undefined) {
    this.ground = ground;
    this.node = node;
    this.rng = rng;
    this.on = on;
  }

  get now(): number {
    return this.ground.now;
  }

  transmit(packet: Uint8Array): void {
    this.ground.send(this.node, packet, this.on);
  }

  setTimer(name: string, delay: number): void {
    const mine = ++this.set;
    this.timers.set(name, mine);
    this.ground.plan(this.now + delay, () => {
      if (this.timers.get(name) !== mine) return;
      this.timers.delete(name);
      this.stack?.timer(name);
    });
  }

  clearTimer(name: string): void {
    this.timers.delete(name);
  }

  phase(session: string, phase: string, status: Status, notice?: Notice): void {
    this.ground.phase(this.node, session, { phase, status, ...(notice ? { notice } : {}) });
  }

  symptom(session: string, symptom: Symptom): void {
    this.ground.symptom(this.node, session, symptom);
  }

  secret(secret: Secret): void {
    this.ground.secret(secret);
  }
}

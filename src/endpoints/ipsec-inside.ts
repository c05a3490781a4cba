/**
 * The inside of a tunnel: a host's stack of its own, on which endpoints run as they would on a wire. What they send is
 * wrapped by the tunnel around them; what comes out of it is handed to them. Their phases and symptoms are told under
 * the tunnel's session, for to its user it is one connection.
 * @module
 */

import type { Endpoint, Host, Status, Symptom } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import { Stack } from './stack.ts';
import type { Timers } from './timers.ts';

export interface InsideUser {
  readonly send: (packet: Uint8Array) => void;
  readonly phase: (phase: string, status: Status) => void;
  readonly symptom: (symptom: Symptom) => void;
  /** The first answer to an echo request, and the first after a silence. */
  readonly alive: () => void;
  readonly silent: (asked: number, answered: number) => void;
}

export interface InsideOptions {
  readonly address: number;
  readonly endpoints: readonly Endpoint[];
  /** Left out: no echo requests of our own. Those of others are answered in any case. */
  readonly echo?: EchoPlan;
  readonly mtu: number;
}

export class Inside {
  private readonly stack: Stack;
  private readonly echo: InnerEcho;
  private readonly plan: EchoPlan | undefined;
  private readonly timers: Timers;

  constructor(host: Host, timers: Timers, options: InsideOptions, user: InsideUser) {
    this.timers = timers.within('inside');
    this.plan = options.echo;
    this.echo = new InnerEcho(host, timers.within('echo'), options.address, user);
    const own = this.timers;
    this.stack = new Stack(
      { addresses: [options.address], endpoints: options.endpoints, mtu: options.mtu },
      {
        get now() {
          return host.now;
        },
        rng: host.rng.fork('inside'),
        transmit: (packet) => user.send(packet),
        setTimer: (name, delay) => own.set(name, delay, () => this.stack.timer(name)),
        clearTimer: (name) => own.clear(name),
        phase: (_session, phase, status) => user.phase(phase, status),
        symptom: (_session, symptom) => user.symptom(symptom),
        secret: (secret) => host.secret(secret),
      },
    );
  }

  start(): void {
    if (this.plan) this.echo.begin(this.plan);
    this.stack.start();
  }

  /** The user hangs up: what runs inside says its own goodbyes first. */
  stop(): void {
    this.stack.stop();
  }

  receive(packet: Uint8Array): void {
    if (!this.echo.receive(packet)) this.stack.receive(packet);
  }
}

/**
 * The inside of a tunnel: a host's stack of its own, on which endpoints run as they would on a wire. What they send is
 * wrapped by the tunnel around them; what comes out of it is handed to them.
 * @module
 */
import type { Rng } from '../lib/rng.ts';
import type { Endpoint, Host, Secret, Status, Symptom } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import type { Mode } from './ipsec-data-plane.ts';
import { type Platform, Stack } from './stack.ts';
import type { Timers } from './timers.ts';

export interface InsideUser {
  readonly send: (packet: Uint8Array) => void;
  readonly phase: (session: string, phase: string, status: Status) => void;
  readonly symptom: (session: string, symptom: Symptom) => void;
  /** The first answer to an echo request, and the first after a silence. */
  readonly alive: () => void;
  readonly silent: (asked: number, answered: number) => void;
}

export interface InsideOptions {
  readonly address: number;
  readonly endpoints: readonly Endpoint[];
  /** Left out: no echo requests of our own. Those of others are answered in any case. */
  readonly echo?: EchoPlan;
  readonly mode: Mode;
}

/**
 * Room inside a tunnel: 1500 less IP, UDP, ESP header, IV, ICV, trailer and padding, rounded down. Transport mode takes
 * whole packets and leaves the cutting to the IP layer below it (RFC 4303 §3.3.4).
 */
const MTU: Readonly<Record<Mode, number>> = { tunnel: 1400, transport: 65_535 };

export class Inside {
  private readonly stack: Stack;
  private readonly echo: InnerEcho;
  private readonly plan: EchoPlan | undefined;
  private readonly timers: Timers;

  constructor(host: Host, timers: Timers, options: InsideOptions, user: InsideUser) {
    this.timers = timers.within('inside');
    this.plan = options.echo;
    this.echo = new InnerEcho(host, timers.within('echo'), options.address, user);
    const platform = new InsidePlatform(host, this.timers, user);
    this.stack = new Stack(
      { addresses: [options.address], endpoints: options.endpoints, mtu: MTU[options.mode] },
      platform,
    );
    platform.stack = this.stack;
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

/** What the tunnel does for the stack inside it. */
class InsidePlatform implements Platform {
  readonly rng: Rng;
  stack: Stack | undefined;
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly user: InsideUser;

  constructor(host: Host, timers: Timers, user: InsideUser) {
    this.rng = host.rng.fork('inside');
    this.host = host;
    this.timers = timers;
    this.user = user;
  }

  get now(): number {
    return this.host.now;
  }

  transmit(packet: Uint8Array): void {
    this.user.send(packet);
  }

  setTimer(name: string, delay: number): void {
    this.timers.set(name, delay, () => this.stack?.timer(name));
  }

  clearTimer(name: string): void {
    this.timers.clear(name);
  }

  phase(session: string, phase: string, status: Status): void {
    this.user.phase(session, phase, status);
  }

  symptom(session: string, symptom: Symptom): void {
    this.user.symptom(session, symptom);
  }

  secret(secret: Secret): void {
    this.host.secret(secret);
  }
}

/**
 * A laboratory for endpoints without a router: hosts with IP stacks on one wire, a simulated clock, and a filter that
 * may drop, change or multiply what passes. Time is integer microseconds; events are ordered by time, then by sequence.
 */
import type { Endpoint, Secret, Status, Symptom } from '../../src/endpoints/endpoint.ts';
import { Stack } from '../../src/endpoints/stack.ts';
import { u32 } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';

export interface HostSetup {
  readonly name: string;
  /** The first is the usual source. */
  readonly addresses: readonly [number, ...number[]];
  readonly endpoints: readonly Endpoint[];
}

export interface Sent {
  readonly at: number;
  readonly from: string;
  readonly packet: Uint8Array;
  /** False where the filter took it away. */
  passed: boolean;
}

export interface LabOptions {
  readonly hosts: readonly HostSetup[];
  readonly seed?: number;
  /** Microseconds from host to host. Default 10 ms. */
  readonly delay?: number;
  /** What becomes of a packet on the wire: nothing, itself, something else, several. */
  readonly filter?: (packet: Uint8Array, from: string, at: number) => Uint8Array | readonly Uint8Array[] | undefined;
}

export interface PhaseNote {
  readonly at: number;
  readonly host: string;
  readonly session: string;
  readonly phase: string;
  readonly status: Status;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Lab {
  now = 0;
  readonly sent: Sent[] = [];
  readonly phases: PhaseNote[] = [];
  readonly symptoms: {
    readonly at: number;
    readonly host: string;
    readonly session: string;
    readonly symptom: Symptom;
  }[] = [];
  readonly secrets: Secret[] = [];
  readonly stacks = new Map<string, Stack>();
  private readonly options: LabOptions;
  private readonly queue: Planned[] = [];
  private order = 0;

  constructor(options: LabOptions) {
    this.options = options;
    for (const setup of options.hosts) this.stacks.set(setup.name, this.boot(setup));
  }

  start(host: string, session?: string): this {
    this.stacks.get(host)!.start(session);
    return this;
  }

  stop(host: string, session?: string): this {
    this.stacks.get(host)!.stop(session);
    return this;
  }

  /** Runs the events of the next `duration` microseconds. */
  run(duration: number): this {
    const end = this.now + duration;
    for (let next = this.queue[0]; next && next.at <= end; next = this.queue[0]) {
      this.queue.shift();
      this.now = next.at;
      next.run();
    }
    this.now = end;
    return this;
  }

  /** Runs until the host's session has this status, at most `limit` microseconds. Answers whether it came to that. */
  runUntil(host: string, status: Status, limit: number): boolean {
    const end = this.now + limit;
    while (this.statusOf(host) !== status && this.queue[0] && this.queue[0].at <= end)
      this.run(this.queue[0].at - this.now);
    return this.statusOf(host) === status;
  }

  /** The newest status a host reported, of any session or of the one named. */
  statusOf(host: string, session?: string): Status | undefined {
    return this.noteOf(host, session)?.status;
  }

  phaseOf(host: string, session?: string): string | undefined {
    return this.noteOf(host, session)?.phase;
  }

  /** Every phase a host passed through, in order. */
  phasesOf(host: string, session?: string): readonly string[] {
    return this.phases
      .filter((note) => note.host === host && (session === undefined || note.session === session))
      .map((note) => note.phase);
  }

  symptomsOf(host: string): readonly Symptom[] {
    return this.symptoms.filter((each) => each.host === host).map((each) => each.symptom);
  }

  /** Packets that were on the wire, all or those of one host. */
  packets(from?: string): readonly Uint8Array[] {
    return this.sent.filter((each) => from === undefined || each.from === from).map((each) => each.packet);
  }

  /** Puts a packet on the wire as if `from` had sent it. */
  inject(from: string, packet: Uint8Array): this {
    this.transmit(from, packet);
    return this;
  }

  private noteOf(host: string, session?: string): PhaseNote | undefined {
    return this.phases.findLast((note) => note.host === host && (session === undefined || note.session === session));
  }

  private boot(setup: HostSetup): Stack {
    const timers = new Map<string, object>();
    const lab = this;
    const { name } = setup;
    const stack: Stack = new Stack(setup, {
      get now() {
        return lab.now;
      },
      rng: new Rng(this.options.seed ?? 1).fork(name),
      transmit: (packet) => this.transmit(name, packet),
      setTimer: (timer, delay) => {
        const token = {};
        timers.set(timer, token);
        this.plan(delay, () => {
          if (timers.get(timer) !== token) return;
          timers.delete(timer);
          stack.timer(timer);
        });
      },
      clearTimer: (timer) => timers.delete(timer),
      phase: (session, phase, status) => this.phases.push({ at: this.now, host: name, session, phase, status }),
      symptom: (session, symptom) => this.symptoms.push({ at: this.now, host: name, session, symptom }),
      secret: (secret) => this.secrets.push(secret),
    });
    return stack;
  }

  private transmit(from: string, packet: Uint8Array): void {
    const filter = this.options.filter;
    const passing = filter ? (filter(packet, from, this.now) ?? []) : packet;
    const copies: readonly Uint8Array[] = passing instanceof Uint8Array ? [passing] : passing;
    this.sent.push({ at: this.now, from, packet, passed: copies.length > 0 });
    for (const copy of copies)
      this.plan(this.options.delay ?? 10_000, () => {
        const setup = this.options.hosts.find(({ addresses }) => addresses.includes(u32(copy, 16)));
        if (setup) this.stacks.get(setup.name)!.receive(copy);
      });
  }

  private plan(delay: number, run: () => void): void {
    const planned = { at: this.now + delay, order: this.order++, run };
    let at = this.queue.length;
    while (at > 0 && this.queue[at - 1]!.at > planned.at) at--;
    this.queue.splice(at, 0, planned);
  }
}

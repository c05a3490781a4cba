/**
 * Runs an experiment: hosts with real endpoints, routers, links with delay, one clock. Pure: the experiment decides
 * everything, and the trace holds all that happened.
 * @module
 */

import type { Endpoint, Secret, Status, Symptom } from '../endpoints/endpoint.ts';
import { Stack } from '../endpoints/stack.ts';
import { fromHex, u32 } from '../lib/bytes.ts';
import { Rng } from '../lib/rng.ts';
import type { TableChange } from '../router/outcome.ts';
import { profileOf } from '../router/profiles/index.ts';
import { chainsOf, helpersOf, type Switches, type SwitchName } from '../router/profiles/profile.ts';
import type { Router } from '../router/router.ts';
import { ipv4 } from '../wire/address.ts';
import { MOST_WORK, REBOOT, SECRET_COSTS } from './bounds.ts';
import { clientEndpoint, clientParts, serverEndpoints } from './cast.ts';
import { EventQueue } from './event-queue.ts';
import type { Experiment, Intervention, LinkSetup, RouterSetup, ServerSetup } from './experiment.ts';
import { type GatewayRouter, gatewayPeers, RouterGateway } from './gateway.ts';
import { Network, prefixOf } from './network.ts';
import { nodesOf } from './nodes.ts';
import type { ClientPart } from './parts.ts';
import { type Ground, NodePlatform } from './platform.ts';
import { routerOf } from './router-of.ts';
import type { Frame, Occurrence, Trace } from './trace.ts';

export interface Run extends Trace {
  /** Key material, for tools that decrypt an export. */
  readonly secrets: readonly Secret[];
  /** So much happened that it was ended before its time (`MOST_WORK`). */
  readonly cutShort?: true;
}

const LAN_LINK: LinkSetup = { delay: 1_000 };
const INTERNET_LINK: LinkSetup = { delay: 10_000 };
const SECOND = 1_000_000;

interface RunningRouter {
  /** With the WAN address of now. */
  setup: RouterSetup;
  router: Router;
  switches: Switches;
  up: boolean;
  /** How often it was told to start anew. */
  reboots: number;
}

/** `most`: the work after which it is cut short. */
export function run(experiment: Experiment, most = MOST_WORK): Run {
  const world = new World(experiment);
  world.play(most);
  return world.told;
}

/** The same a part at a time, for who must not be kept busy. Yields the work that is done so far, after each part. */
export function* runInParts(experiment: Experiment, part: number): Generator<number, Run> {
  const world = new World(experiment);
  while (world.goesOn && world.work < MOST_WORK) {
    world.play(Math.min(world.work + part, MOST_WORK), part);
    yield world.work;
  }
  return world.told;
}

class World implements Ground {
  now = 0;
  private readonly experiment: Experiment;
  private readonly queue = new EventQueue();
  private readonly network: Network;
  private readonly chance: Rng;
  private readonly occurrences: Occurrence[] = [];
  private readonly secrets: Secret[] = [];
  private readonly stacks = new Map<string, Stack>();
  private readonly routers = new Map<string, RunningRouter>();
  private readonly gateways = new Map<string, RouterGateway>();
  private readonly unplugged = new Set<string>();
  /** Clients that will dial again by themselves, each with the dialling that it waits for. */
  private readonly redials = new Map<string, object>();
  private frames = 0;

  constructor(experiment: Experiment) {
    this.experiment = experiment;
    this.network = new Network(experiment);
    this.chance = new Rng(experiment.seed).fork('links');
    for (const setup of experiment.routers) {
      const running = { setup, switches: setup.switches, up: true, reboots: 0 };
      this.routers.set(setup.id, { ...running, router: routerOf(this.experiment.seed, setup, setup.switches, 0) });
      if (setup.gateway) this.addGateway({ ...setup, gateway: setup.gateway });
    }
    const parts = clientParts(experiment);
    for (const [index, server] of experiment.servers.entries()) this.addServer(server, index, parts);
    for (const part of parts) this.addClient(part);
    for (const each of experiment.interventions ?? []) this.queue.plan(each.at, () => this.intervene(each));
  }

  /** Until so much work is done in all, or so many events are over: not every one of them leaves an occurrence. */
  play(most: number, events = Number.POSITIVE_INFINITY): void {
    for (let i = 0; i < events && this.goesOn && this.work < most; i++) {
      this.now = this.queue.next ?? this.now;
      this.queue.take()?.();
    }
  }

  get told(): Run {
    return {
      nodes: nodesOf(this.experiment, this.network),
      occurrences: this.occurrences,
      end: this.now,
      secrets: this.secrets,
      ...(this.goesOn ? { cutShort: true } : {}),
    };
  }

  get work(): number {
    return this.occurrences.length + SECRET_COSTS * this.secrets.length;
  }

  get goesOn(): boolean {
    const { next } = this.queue;
    return next !== undefined && next <= this.experiment.duration;
  }

  private addServer(server: ServerSetup, index: number, clients: readonly ClientPart[]): void {
    const addresses: [number, ...number[]] = [ipv4(server.address), ...(server.alsoAt ?? []).map(ipv4)];
    const stack = this.boot(server.id, addresses, [
      ...serverEndpoints(server, index, clients),
      ...gatewayPeers(this.experiment, server, index),
    ]);
    this.queue.plan(0, () => stack.start());
  }

  private addClient(part: ClientPart): void {
    const { id, address, startAt } = part.setup;
    const stack = this.boot(id, [ipv4(address)], [clientEndpoint(part)]);
    if (startAt !== undefined) this.queue.plan(startAt, () => stack.start());
  }

  private addGateway(setup: GatewayRouter): void {
    const gateway = new RouterGateway(this.experiment, setup, (packet) => this.send(setup.id, packet, 'lan'));
    const [lan, ...outside] = this.network.addressesOf(setup.id) as readonly [number, number];
    const stack = this.boot(setup.id, [...outside, lan] as [number, ...number[]], [gateway], 'wan');
    this.gateways.set(setup.id, gateway);
    this.queue.plan(0, () => stack.start());
  }

  /** `on`: the interface it sends by, where it has several. */
  private boot(node: string, addresses: [number, ...number[]], endpoints: readonly Endpoint[], on?: 'wan'): Stack {
    const platform = new NodePlatform(this, node, new Rng(this.experiment.seed).fork(node), on);
    const stack = new Stack({ addresses, endpoints }, platform);
    platform.stack = stack;
    this.stacks.set(node, stack);
    return stack;
  }

  plan(time: number, run: () => void): void {
    this.queue.plan(time, run);
  }

  phase(node: string, session: string, phase: string, status: Status): void {
    this.note({ kind: 'phase', node, session: `${session}:${node}`, phase, status });
    this.heed(node, status);
  }

  symptom(node: string, session: string, { system, code, text, missing }: Symptom): void {
    const told = { system, text, missing, ...(code === undefined ? {} : { code }) };
    this.note({ kind: 'symptom', node, session: `${session}:${node}`, ...told });
  }

  secret(secret: Secret): void {
    this.secrets.push(secret);
  }

  /** Who was told to dial again does so some time after its tunnel has failed, unless its user was faster. */
  private heed(node: string, status: Status): void {
    const redial = this.experiment.clients.find(({ id }) => id === node)?.redial;
    if (status === 'up') this.redials.delete(node);
    if (status !== 'failed' || redial === undefined || this.redials.has(node)) return;
    const mine = {};
    this.redials.set(node, mine);
    this.queue.plan(this.now + redial * SECOND, () => {
      if (this.redials.get(node) !== mine) return;
      this.redials.delete(node);
      this.stacks.get(node)?.start();
    });
  }

  private note(what: Happened): void {
    this.occurrences.push({ index: this.occurrences.length, time: this.now, ...what } as Occurrence);
  }

  private frame(bytes: Uint8Array, from: string, on: string | undefined, parent?: number): Frame {
    const segment = this.network.segmentFrom(from, on);
    const receiver = this.network.receiver(segment, destinationOf(bytes), from);
    return {
      id: this.frames++,
      bytes,
      from,
      ...(receiver ? { to: receiver.node } : {}),
      ...(parent === undefined ? {} : { parent }),
    };
  }

  /** A host puts a packet on its wire. */
  send(node: string, bytes: Uint8Array, on?: 'lan' | 'wan'): void {
    const frame = this.frame(bytes, node, on);
    this.note({ kind: 'sent', node, frame });
    this.carry(frame, node, on);
  }

  /** The way along one segment: delay, chance, and whoever is at the other end. */
  private carry(frame: Frame, from: string, on: string | undefined): void {
    const segment = this.network.segmentFrom(from, on);
    const link = this.network.isOutermost(segment)
      ? (this.experiment.internet ?? INTERNET_LINK)
      : (this.experiment.lan ?? LAN_LINK);
    const receiver = this.network.receiver(segment, destinationOf(frame.bytes), from);
    const cut =
      this.isCut(from, u32(frame.bytes, 12)) ||
      (receiver !== undefined && this.isCut(receiver.node, destinationOf(frame.bytes)));
    const unlucky = link.loss !== undefined && this.chance.fraction() < link.loss;
    if (!receiver || cut || unlucky) {
      const why = cut ? 'cable' : receiver ? 'loss' : 'nobody-there';
      this.note({ kind: 'lost', node: from, frame, why });
      return;
    }
    const late = link.reorder && this.chance.fraction() < link.reorder ? 3 * link.delay : 0;
    const arrive = () => this.arrive(frame, receiver.node, receiver.on);
    this.queue.plan(this.now + link.delay + late, arrive);
    if (link.duplicate && this.chance.fraction() < link.duplicate) this.queue.plan(this.now + 2 * link.delay, arrive);
  }

  private isCut(node: string, address: number): boolean {
    return this.unplugged.has(node) || this.unplugged.has(`${node}/${this.network.uplinkAt(node, address)}`);
  }

  private arrive(frame: Frame, node: string, on: 'lan' | 'wan' | undefined): void {
    const running = this.routers.get(node);
    if (!running || !on) {
      this.note({ kind: 'received', node, frame });
      this.stacks.get(node)?.receive(frame.bytes);
      return;
    }
    if (!running.up) {
      this.note({ kind: 'lost', node, frame, why: 'cable' });
      return;
    }
    const gateway = this.gateways.get(node);
    if (gateway?.wants(on, frame.bytes)) {
      this.note({ kind: 'received', node, frame });
      if (on === 'lan') gateway.take(frame.bytes);
      else this.stacks.get(node)?.receive(frame.bytes);
      return;
    }
    const outcome = running.router.receive(on, frame.bytes, this.seconds);
    const out = outcome.out.map((each) => this.frame(each.packet, node, each.on, frame.id));
    this.note({ kind: 'routed', node, frame, on, outcome, out });
    for (const [index, each] of out.entries()) this.carry(each, node, outcome.out[index]!.on);
  }

  private intervene(what: Intervention): void {
    switch (what.do) {
      case 'switch':
        this.flip(this.running(what.router), what.name, what.on);
        break;
      case 'reboot':
        this.reboot(this.running(what.router));
        break;
      case 'flush':
        this.tell(what.router, 'flush', this.running(what.router).router.flush(this.seconds));
        break;
      case 'wan-address':
        this.readdress(this.running(what.router), what.address);
        break;
      case 'cable':
        this.plug(what);
        break;
      case 'start':
      case 'stop':
        this.tell(what.node, what.do);
        this.redials.delete(what.node);
        this.stacks.get(what.node)?.[what.do]();
        break;
      case 'packet': {
        this.tell(what.from, 'packet');
        const bytes = fromHex(what.hex);
        if (bytes && bytes.length >= 20) this.send(what.from, bytes);
        break;
      }
    }
  }

  /** The provider gives the router another address, which it keeps over a reboot; a tunnel that ends on it follows. */
  private readdress(running: RunningRouter, wan: string): void {
    const { id } = running.setup;
    const address = prefixOf(wan);
    running.setup = { ...running.setup, wan };
    const before = this.network.setWanAddress(id, address.address);
    this.tell(id, `wan-address ${wan}`, running.router.setAddress('wan', address, this.seconds));
    this.stacks.get(id)?.readdress(before, address.address);
  }

  private plug({ node, uplink, plugged }: Extract<Intervention, { do: 'cable' }>): void {
    const cable = uplink === undefined ? node : `${node}/${uplink}`;
    if (plugged) this.unplugged.delete(cable);
    else this.unplugged.add(cable);
    this.tell(node, `${uplink === undefined ? 'cable' : `${uplink} cable`} ${plugged ? 'plugged in' : 'pulled'}`);
  }

  private get seconds(): number {
    return this.now / 1_000_000;
  }

  private tell(node: string, what: string, changes: readonly TableChange[] = []): void {
    this.note({ kind: 'intervention', node, what, changes });
  }

  private running(id: string): RunningRouter {
    const running = this.routers.get(id);
    if (!running) throw new Error(`no router "${id}"`);
    return running;
  }

  /** A flip without a reboot does what it really does: rules change at once, helpers for new connections only. */
  private flip(running: RunningRouter, name: SwitchName, on: boolean): void {
    running.switches = { ...running.switches, [name]: on };
    const profile = profileOf(running.setup.profile)!;
    const { forward, input } = chainsOf(profile, running.switches, running.setup.firewall);
    running.router.setChains(forward, input);
    running.router.setHelpers(helpersOf(profile, running.switches));
    this.tell(running.setup.id, `switch ${name} ${on ? 'on' : 'off'}`);
  }

  /** Told again while it is away, it begins again from there. */
  private reboot(running: RunningRouter): void {
    const mine = ++running.reboots;
    const changes = running.router.flush(this.seconds);
    running.up = false;
    this.tell(running.setup.id, 'reboot', changes);
    const gateway = this.gateways.has(running.setup.id) ? this.stacks.get(running.setup.id) : undefined;
    gateway?.stop();
    this.queue.plan(this.now + REBOOT, () => {
      if (running.reboots !== mine) return;
      running.router = routerOf(this.experiment.seed, running.setup, running.switches, mine);
      running.up = true;
      gateway?.start();
    });
  }
}

/** An occurrence without its place and time. */
type Happened = Occurrence extends infer One ? (One extends Occurrence ? Omit<One, 'index' | 'time'> : never) : never;

const destinationOf = (bytes: Uint8Array): number => u32(bytes, 16);

/**
 * Runs an experiment: hosts with real endpoints, routers, links with delay, one clock. Pure: the experiment decides
 * everything, and the trace holds all that happened.
 * @module
 */

import type { Endpoint, Secret, Status, Symptom } from '../endpoints/endpoint.ts';
import { Stack } from '../endpoints/stack.ts';
import { u32 } from '../lib/bytes.ts';
import { Rng } from '../lib/rng.ts';
import { ipv4 } from '../wire/address.ts';
import { MOST_WORK, SECRET_COSTS } from './bounds.ts';
import { Cables } from './cables.ts';
import { clientEndpoint, clientParts, serverEndpoints } from './cast.ts';
import { EventQueue } from './event-queue.ts';
import type { Experiment, LinkSetup, ServerSetup } from './experiment.ts';
import { type GatewayRouter, gatewayPeers, RouterGateway } from './gateway.ts';
import { Interventions } from './interventions.ts';
import { Network } from './network.ts';
import { nodesOf } from './nodes.ts';
import type { ClientPart } from './parts.ts';
import { type Ground, NodePlatform, type Told } from './platform.ts';
import { RunningRouter } from './running-router.ts';
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
  private readonly cables: Cables;
  /** Clients that will dial again by themselves, each with the dialling that it waits for. */
  private readonly redials = new Map<string, object>();
  private frames = 0;

  constructor(experiment: Experiment) {
    this.experiment = experiment;
    this.network = new Network(experiment);
    this.cables = new Cables(this.network);
    this.chance = new Rng(experiment.seed).fork('links');
    for (const setup of experiment.routers) {
      this.routers.set(setup.id, new RunningRouter(experiment.seed, setup));
      if (setup.gateway) this.addGateway({ ...setup, gateway: setup.gateway });
    }
    const parts = clientParts(experiment);
    for (const [index, server] of experiment.servers.entries()) this.addServer(server, index, parts);
    for (const part of parts) this.addClient(part);
    const interventions = this.interventions();
    for (const each of experiment.interventions ?? []) this.queue.plan(each.at, () => interventions.intervene(each));
  }

  private interventions(): Interventions {
    const { network, cables, routers, stacks } = this;
    return new Interventions({
      ground: this,
      network,
      cables,
      routers,
      stacks,
      user: (node, does) => {
        this.redials.delete(node);
        stacks.get(node)?.[does]();
      },
      tell: (node, what, changes = []) => this.note({ kind: 'intervention', node, what, changes }),
    });
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

  phase(node: string, session: string, told: Told): void {
    this.note({ kind: 'phase', node, session: `${session}:${node}`, ...told });
    this.heed(node, told.status);
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
      this.cables.isCut(from, u32(frame.bytes, 12)) ||
      (receiver !== undefined && this.cables.isCut(receiver.node, destinationOf(frame.bytes)));
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
    const outcome = running.router.receive(on, frame.bytes, this.now / SECOND);
    const out = outcome.out.map((each) => this.frame(each.packet, node, each.on, frame.id));
    this.note({ kind: 'routed', node, frame, on, outcome, out });
    for (const [index, each] of out.entries()) this.carry(each, node, outcome.out[index]!.on);
  }
}

/** An occurrence without its place and time. */
type Happened = Occurrence extends infer One ? (One extends Occurrence ? Omit<One, 'index' | 'time'> : never) : never;

const destinationOf = (bytes: Uint8Array): number => u32(bytes, 16);

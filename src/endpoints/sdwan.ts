/**
 * An SD-WAN edge: a router with several uplinks and an encrypted overlay over each of them. It asks each path every
 * second whether it still carries packets, sends over the best that does, and changes over when probes stop. The
 * other end does the same, so both directions move.
 *
 * Each path is a WireGuard tunnel with a key, a port and a pair of inner addresses of its own.
 * Does not model: sharing one flow between paths, choosing by delay or price, a controller that hands out keys.
 * @module
 */
import { inPrefix, type Prefix } from '../wire/address.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { type Host, type Incoming, type Status, seconds } from './endpoint.ts';
import { type Gateway, hop } from './gateway.ts';
import { InnerEcho } from './inner-echo.ts';
import { Timers } from './timers.ts';
import { hostPrefix } from './wireguard.ts';
import { WireGuardDevice } from './wireguard-device.ts';

/** The best first. */
export interface PathOptions {
  /** "fibre", "lte". */
  readonly name: string;
  readonly privateKey: Uint8Array;
  readonly listenPort: number;
  /** Our address on the overlay of this path, and the other end's: where probes go. */
  readonly address: number;
  readonly peerAddress: number;
  readonly peerKey: Uint8Array;
  /** Where the other end is; left out, it calls us. */
  readonly endpoint?: { readonly address: number; readonly port: number };
  /** The uplink and the address on it, on a router that has several. */
  readonly uplink?: { readonly name: string; readonly address: number };
}

export interface SdWanOptions {
  /** Default "sd-wan". */
  readonly session?: string;
  /** The router's own address on its LAN. */
  readonly address: number;
  /** The networks behind the other edge. */
  readonly remote: readonly Prefix[];
  readonly paths: readonly PathOptions[];
  /** Default: one second. */
  readonly probeEvery?: number;
}

interface Path {
  readonly options: PathOptions;
  readonly device: WireGuardDevice;
  readonly probe: InnerEcho;
  alive: boolean;
}

const MTU = 1420;
const PROBE_EVERY = seconds(1);

export class SdWanEdge implements Gateway {
  readonly session: string;
  onInner?: (host: Host, packet: Uint8Array) => void;
  private readonly options: SdWanOptions;
  private host!: Host;
  private timers!: Timers;
  /** With the addresses that the uplinks have now. */
  private ways: readonly PathOptions[];
  private paths: readonly Path[] = [];
  private active: Path | undefined;

  constructor(options: SdWanOptions) {
    this.options = options;
    this.ways = options.paths;
    this.session = options.session ?? 'sd-wan';
  }

  start(host: Host): void {
    this.host = host;
    this.timers = new Timers(host);
    this.active = undefined;
    this.say('probing', 'connecting');
    this.paths = this.ways.map((way) => this.open(way));
    for (const path of this.paths) {
      for (const peer of path.device.peers) if (peer.endpoint) peer.call();
      this.beginProbes(path);
    }
  }

  stop(): void {
    for (const path of this.paths) path.device.close();
    this.paths = [];
    this.active = undefined;
    this.timers.clearAll();
    this.say('overlay down', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.paths.some((path) => path.device.receive(packet));
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  readdressed(_host: Host, before: number, after: number): void {
    this.ways = this.ways.map((way) =>
      way.uplink?.address === before ? { ...way, uplink: { ...way.uplink, address: after } } : way,
    );
    for (const path of this.paths) path.device.readdress(before, after);
  }

  outbound(host: Host, packet: Uint8Array): boolean {
    const parsed = ipv4.parse(packet);
    if (!parsed.ok || !this.options.remote.some((prefix) => inPrefix(parsed.value.destination, prefix))) return false;
    const next = hop(packet, this.options.address, MTU);
    if (next.kind === 'error') this.onInner?.(host, next.packet);
    else if (next.kind === 'on') (this.active ?? this.paths[0])?.device.send(next.packet);
    return true;
  }

  private open(options: PathOptions): Path {
    const timers = this.timers.within(options.name);
    const peer = {
      name: options.name,
      publicKey: options.peerKey,
      allowedIps: [...this.options.remote, hostPrefix(options.peerAddress)],
      ...(options.endpoint ? { endpoint: options.endpoint } : {}),
    };
    const { privateKey, listenPort, uplink } = options;
    const config = { privateKey, listenPort, peers: [peer], mtu: MTU, ...(uplink ? { uplink } : {}) };
    const device = new WireGuardDevice(this.host, timers, config, {
      deliver: (packet) => this.deliver(path, packet),
      agreed: () => {},
      retrying: () => {},
      gaveUp: () => {},
      moved: () => {},
    });
    const probe = new InnerEcho(this.host, timers.within('probe'), options.address, {
      send: (packet) => device.send(packet),
      alive: () => this.judge(path, true),
      silent: () => this.judge(path, false),
    });
    const path: Path = { options, device, probe, alive: false };
    return path;
  }

  private beginProbes(path: Path): void {
    const every = this.options.probeEvery ?? PROBE_EVERY;
    path.probe.begin({ target: path.options.peerAddress, at: [0], every, patience: every });
  }

  private deliver(path: Path, packet: Uint8Array): void {
    if (path.probe.receive(packet)) return;
    const next = hop(packet, this.options.address, Number.POSITIVE_INFINITY);
    if (next.kind === 'on') this.onInner?.(this.host, next.packet);
    else if (next.kind === 'error') path.device.send(next.packet);
  }

  private judge(path: Path, alive: boolean): void {
    path.alive = alive;
    const before = this.active;
    const best = this.paths.find((each) => each.alive);
    this.active = best;
    if (best === before && (best || before)) return;
    if (!best) this.lose();
    else
      this.say(before ? `changed over from ${before.options.name} to ${best.options.name}` : best.options.name, 'up');
  }

  private lose(): void {
    const names = this.paths.map((path) => path.options.name).join(', ');
    this.say('no path', 'failed');
    this.host.symptom(this.session, {
      system: 'sd-wan',
      text: `No path to the other site is up (${names})`,
      missing: 'no probe was answered on any uplink',
    });
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

/**
 * WireGuard on a laptop and on a server: the interface, and inside it a host that pings or is pinged. There is no
 * connection to set up or to close; what people call connected is a recent handshake and an answered ping.
 * @module
 */
import { formatIpv4, type Prefix } from '../wire/address.ts';
import type { Endpoint, Host, Incoming } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import { Timers } from './timers.ts';
import { type DeviceConfig, type DeviceUser, WireGuardDevice } from './wireguard-device.ts';
import type { Peer, PeerConfig } from './wireguard-peer.ts';

export interface WireGuardConfig extends DeviceConfig {
  readonly session?: string;
  /** Our address inside the tunnel. */
  readonly address: number;
  /** A client's proof; a server asks nobody. */
  readonly echo?: EchoPlan;
  /** Takes what comes out of the tunnel and is not for us: a router's. */
  readonly forward?: (packet: Uint8Array) => void;
}

export const everywhere: Prefix = { address: 0, length: 0 };

export function hostPrefix(address: number): Prefix {
  return { address, length: 32 };
}

export class WireGuard implements Endpoint {
  readonly session: string;
  private readonly config: WireGuardConfig;
  private running: Running | undefined;

  constructor(config: WireGuardConfig) {
    this.session = config.session ?? 'wireguard';
    this.config = config;
  }

  start(host: Host): void {
    this.running?.close();
    this.running = new Running(host, this.session, this.config);
    this.running.open();
  }

  stop(host: Host): void {
    this.running?.close();
    this.running = undefined;
    host.phase(this.session, 'interface down', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.running?.receive(packet) ?? false;
  }

  timer(_host: Host, name: string): void {
    this.running?.timers.fire(name);
  }

  /** Sends an inner packet to the peer it belongs to. Answers whether there is one. */
  send(packet: Uint8Array): boolean {
    return this.running?.send(packet) ?? false;
  }
}

/** An interface that is up, from start to stop. */
class Running implements DeviceUser {
  readonly timers: Timers;
  private readonly host: Host;
  private readonly session: string;
  private readonly config: WireGuardConfig;
  private readonly device: WireGuardDevice;
  private readonly echo: InnerEcho;
  private asking = false;
  private standing: 'connecting' | 'up' | 'failed' = 'connecting';

  constructor(host: Host, session: string, config: WireGuardConfig) {
    this.host = host;
    this.session = session;
    this.config = config;
    this.timers = new Timers(host);
    this.device = new WireGuardDevice(host, this.timers, config, this);
    this.echo = new InnerEcho(host, this.timers.within('echo'), config.address, {
      send: (packet) => this.device.send(packet),
      alive: () => this.enter('up', 'up'),
      silent: (asked, answered) => this.silent(asked, answered),
    });
  }

  open(): void {
    const callers = this.device.peers.filter((peer) => peer.endpoint);
    if (callers.length === 0) this.host.phase(this.session, 'listening', 'idle');
    else this.enter('handshake', 'connecting');
    // WireGuard stirs when there is something to send: here, the first ping that waits for keys.
    for (const peer of callers) peer.call();
  }

  close(): void {
    this.device.close();
    this.timers.clearAll();
  }

  receive(packet: Incoming): boolean {
    return this.device.receive(packet);
  }

  send(packet: Uint8Array): boolean {
    return this.device.send(packet);
  }

  deliver(packet: Uint8Array): void {
    if (!this.echo.receive(packet)) this.config.forward?.(packet);
  }

  agreed(peer: Peer): void {
    const { echo } = this.config;
    if (!echo) this.host.phase(this.session, `keys agreed with ${peer.config.name}`, 'up');
    else if (this.standing !== 'up') this.enter('keys agreed', 'connecting');
    if (!echo || this.asking) return;
    this.asking = true;
    this.echo.begin(echo);
  }

  retrying(peer: Peer, attempt: number): void {
    if (this.standing === 'connecting') this.enter(`handshake with ${peer.config.name}, try ${attempt}`, 'connecting');
  }

  gaveUp(peer: Peer, attempts: number): void {
    if (!this.config.echo) {
      this.host.phase(this.session, `${peer.config.name} no longer answers`, 'idle');
      return;
    }
    this.enter('handshake given up', 'failed');
    this.host.symptom(this.session, {
      system: 'wireguard',
      text: `Handshake for peer ${this.numberOf(peer.config)} (${addressOf(peer)}) did not complete after ${attempts} attempts, giving up`,
      missing: 'no handshake response came back for any initiation',
    });
  }

  moved(peer: Peer): void {
    const status = this.config.echo ? this.standing : 'up';
    this.host.phase(this.session, `${peer.config.name} is now at ${addressOf(peer)}`, status, 'caller-moved');
  }

  private silent(asked: number, answered: number): void {
    this.enter('no answer through the tunnel', 'failed');
    this.host.symptom(this.session, {
      system: 'ping',
      text: `${asked} packets transmitted, ${answered} received, ${Math.round((1 - answered / asked) * 100)}% packet loss`,
      missing: 'no echo reply came back through the tunnel',
    });
  }

  private enter(phase: string, status: 'connecting' | 'up' | 'failed'): void {
    this.standing = status;
    this.host.phase(this.session, phase, status);
  }

  private numberOf(peer: PeerConfig): number {
    return this.config.peers.indexOf(peer) + 1;
  }
}

function addressOf(peer: Peer): string {
  return peer.endpoint ? `${formatIpv4(peer.endpoint.address)}:${peer.endpoint.port}` : 'unknown';
}

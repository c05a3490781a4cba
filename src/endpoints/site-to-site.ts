/**
 * Two offices joined by their routers: WireGuard between the routers, plain packets on both LANs. Each router sends
 * what is for the other's network through the tunnel and everything else on its usual way.
 *
 * Does not model: fragmenting inside the tunnel. A packet too large that may be cut goes out in one piece, and the
 * outer packet is cut instead.
 * @module
 */
import { inPrefix, type Prefix } from '../wire/address.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Host, Incoming } from './endpoint.ts';
import { type Gateway, hop } from './gateway.ts';
import type { EchoPlan } from './inner-echo.ts';
import { WireGuard } from './wireguard.ts';
import type { PeerConfig } from './wireguard-peer.ts';

export interface SiteToSiteOptions {
  /** Default "site-to-site". */
  readonly session?: string;
  readonly privateKey: Uint8Array;
  /** Default 51820. */
  readonly listenPort?: number;
  /** The router's own address on its LAN. */
  readonly address: number;
  /** The other router; where both may call, both name the other's endpoint. */
  readonly peer: Omit<PeerConfig, 'allowedIps'>;
  /** The networks behind the other router. */
  readonly remote: readonly Prefix[];
  /** Proof that the tunnel works: pings to the other router's inner address. */
  readonly echo?: EchoPlan;
  readonly mtu?: number;
}

const LISTEN_PORT = 51820;
const MTU = 1420;

export class SiteToSite implements Gateway {
  readonly session: string;
  onInner?: (host: Host, packet: Uint8Array) => void;
  private readonly options: SiteToSiteOptions;
  private readonly mtu: number;
  private readonly tunnel: WireGuard;
  private host: Host | undefined;

  constructor(options: SiteToSiteOptions) {
    this.options = options;
    this.session = options.session ?? 'site-to-site';
    this.mtu = options.mtu ?? MTU;
    this.tunnel = new WireGuard({
      session: this.session,
      privateKey: options.privateKey,
      listenPort: options.listenPort ?? LISTEN_PORT,
      address: options.address,
      mtu: this.mtu,
      peers: [{ ...options.peer, allowedIps: options.remote }],
      ...(options.echo ? { echo: options.echo } : {}),
      forward: (packet) => this.inward(packet),
    });
  }

  start(host: Host): void {
    this.host = host;
    this.tunnel.start(host);
  }

  stop(host: Host): void {
    this.tunnel.stop(host);
  }

  receive(host: Host, packet: Incoming): boolean {
    return this.tunnel.receive(host, packet);
  }

  timer(host: Host, name: string): void {
    this.tunnel.timer(host, name);
  }

  outbound(host: Host, packet: Uint8Array): boolean {
    const parsed = ipv4.parse(packet);
    if (!parsed.ok || !this.options.remote.some((prefix) => inPrefix(parsed.value.destination, prefix))) return false;
    const next = hop(packet, this.options.address, this.mtu);
    if (next.kind === 'on') this.tunnel.send(next.packet);
    else if (next.kind === 'error') this.onInner?.(host, next.packet);
    return true;
  }

  /** A packet from the tunnel that is not for the router itself. Errors about it go back through the tunnel. */
  private inward(packet: Uint8Array): void {
    const next = hop(packet, this.options.address, Number.POSITIVE_INFINITY);
    if (next.kind === 'on') this.onInner?.(this.host!, next.packet);
    else if (next.kind === 'error') this.tunnel.send(next.packet);
  }
}

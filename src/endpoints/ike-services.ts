/**
 * What an IKEv2 server has to offer once a client is known: tunnels with an address from its pool, transport mode for
 * a protocol, and the stacks that listen inside.
 * @module
 */
import type { Host } from './endpoint.ts';
import type { ChildWish } from './ike-child.ts';
import { findNotify, type Payload } from './ike-message.ts';
import { NOTIFY } from './ike-numbers.ts';
import { type IkeServerOptions, TRANSFORMS, type TransportService, type TunnelService } from './ike-options.ts';
import type { DataPlane, Mode, Pair } from './ipsec-data-plane.ts';
import { Inside } from './ipsec-inside.ts';
import { Sorter } from './ipsec-overlap.ts';
import type { Path } from './ipsec-path.ts';
import { ANYWHERE, overlap, type Selector, single, subnet } from './ipsec-selectors.ts';
import type { Timers } from './timers.ts';

export class Services {
  private readonly host: Host;
  private readonly options: IkeServerOptions;
  private readonly plane: DataPlane;
  private readonly sorter: Sorter;
  private readonly leases = new Map<string, number>();
  private readonly inside: { readonly tunnel: Inside | undefined; readonly transport: Inside | undefined };

  constructor(host: Host, timers: Timers, options: IkeServerOptions, plane: DataPlane) {
    this.host = host;
    this.options = options;
    this.plane = plane;
    this.sorter = new Sorter(options.transport?.overlap ?? 'newest');
    const { tunnel, transport } = options;
    const stackOf = (mode: Mode, service: TunnelService | TransportService, address: number) =>
      new Inside(
        host,
        timers.within(mode),
        { address, mode, endpoints: service.inside?.() ?? [] },
        {
          send: (packet) => this.send(packet),
          phase: (session, phase, status) => host.phase(session, phase, status),
          symptom: (session, symptom) => host.symptom(session, symptom),
          alive: () => undefined,
          silent: () => undefined,
        },
      );
    this.inside = {
      tunnel: tunnel && stackOf('tunnel', tunnel, tunnel.innerAddress),
      transport: transport && stackOf('transport', transport, host.address),
    };
  }

  start(): void {
    this.inside.tunnel?.start();
    this.inside.transport?.start();
  }

  stop(): void {
    this.inside.tunnel?.stop();
    this.inside.transport?.stop();
  }

  /** What we would agree to for this client, by what it asks for; undefined where that is nothing. */
  wishFor(request: readonly Payload[], lease: number | undefined): ChildWish | undefined {
    const { tunnel, transport, espTransforms } = this.options;
    const transforms = espTransforms ?? TRANSFORMS;
    if (findNotify(request, NOTIFY.useTransportMode)) {
      if (!transport) return undefined;
      const ports = transport.servicePorts ?? [undefined];
      const local = ports.map((port) => single(this.host.address, transport.protocol, port));
      const remote: readonly Selector[] = [{ ...ANYWHERE, protocol: transport.protocol ?? 0 }];
      return { mode: 'transport', local, remote, transforms };
    }
    if (!tunnel) return undefined;
    const local = tunnel.local?.map(subnet) ?? [ANYWHERE];
    return { mode: 'tunnel', local, remote: [lease === undefined ? ANYWHERE : single(lease)], transforms };
  }

  /** The same client gets the same address again. */
  lease(identity: string): number | undefined {
    const { tunnel } = this.options;
    if (!tunnel) return undefined;
    const address = this.leases.get(identity) ?? (tunnel.pool ?? tunnel.innerAddress + 1) + this.leases.size;
    this.leases.set(identity, address);
    return address;
  }

  /** Whether a policy forbids this client because another one's associations cover the same packets. */
  forbids(local: readonly Selector[], remote: readonly Selector[], identity: string): boolean {
    if ((this.options.transport?.overlap ?? 'newest') !== 'refuse') return false;
    return this.plane.pairs.some(
      (other) => other.peer !== identity && overlap(other.local, local) && overlap(other.remote, remote),
    );
  }

  deliver(packet: Uint8Array, pair: Pair): void {
    if (pair.mode === 'tunnel') this.inside.tunnel?.receive(packet);
    else this.inside.transport?.receive(this.sorter.inbound(packet, pair.path));
  }

  forget(path: Path): void {
    this.sorter.forget(path);
  }

  private send(packet: Uint8Array): void {
    const sorted = this.sorter.outbound(packet);
    this.plane.send(sorted.packet, sorted.through);
  }
}

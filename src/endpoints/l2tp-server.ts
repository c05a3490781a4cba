/**
 * An L2TPv2 server for any number of clients: it tells them apart by the Tunnel IDs it gave out, never by address or
 * port. Where its answers go to and come from is a choice, for RFC 2661 §8.1 leaves it one, and NAT makes it matter.
 * @module
 */
import * as l2tp from '../wire/l2tp.ts';
import * as udp from '../wire/udp.ts';
import type { DialInOptions } from './dial-in.ts';
import type { Endpoint, Host, Incoming } from './endpoint.ts';
import { InnerPool } from './inner-pool.ts';
import { AVP, MESSAGE, numberOf } from './l2tp-avps.ts';
import { L2tpLns, type L2tpServerState } from './l2tp-lns.ts';
import type { L2tpPath } from './l2tp-tunnel.ts';
import { Timers } from './timers.ts';

/**
 * same: from the address and port that was asked, to the port it came from; what every NAT can follow.
 * another-address, another-port: legal by §8.1, and a stranger to a NAT. port-1701: always to port 1701, whatever port
 * the client (or the NAT in front of it) sends from.
 */
export type Answering =
  | { readonly way: 'same' }
  | { readonly way: 'another-address'; readonly address: number }
  | { readonly way: 'another-port'; readonly port: number }
  | { readonly way: 'port-1701' };

export interface L2tpServerOptions extends DialInOptions {
  /** Default "l2tp". */
  readonly session?: string;
  readonly answering?: Answering;
  /** Of both ends, where they prove to each other that they know one (§5.1.1). */
  readonly secret?: string;
}

export class L2tpServer implements Endpoint {
  readonly session: string;
  private readonly options: L2tpServerOptions;
  private timers!: Timers;
  private shared: L2tpServerState | undefined;
  private readonly tunnels = new Map<number, L2tpLns>();
  private opened = 0;

  constructor(options: L2tpServerOptions) {
    this.options = options;
    this.session = options.session ?? 'l2tp';
  }

  start(host: Host): void {
    if (this.shared) return;
    let calls = 0;
    this.timers = new Timers(host);
    this.shared = {
      session: this.session,
      pool: new InnerPool(this.options.pool.first, this.options.pool.size),
      secret: this.options.secret,
      nextCallNumber: () => ++calls,
      forget: (lns) => this.tunnels.delete(lns.tunnel.control.id),
    };
  }

  stop(): void {
    for (const lns of this.tunnels.values()) lns.shutDown();
  }

  receive(host: Host, packet: Incoming): boolean {
    if (packet.protocol !== udp.PROTOCOL || !this.shared) return false;
    const datagram = udp.parse(packet.payload, packet);
    if (!datagram.ok || !this.ports.includes(datagram.value.destinationPort)) return false;
    const parsed = l2tp.parse(datagram.value.payload);
    if (!parsed.ok) return true;
    const lns =
      parsed.value.tunnelId === 0
        ? this.tunnelOf(host, packet, datagram.value, parsed.value)
        : this.tunnels.get(parsed.value.tunnelId);
    lns?.receive(parsed.value);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  private get ports(): readonly number[] {
    const { answering } = this.options;
    return answering?.way === 'another-port' ? [l2tp.PORT, answering.port] : [l2tp.PORT];
  }

  /** Tunnel ID 0 is a client that has none of ours yet: an SCCRQ, or its repetition. */
  private tunnelOf(host: Host, packet: Incoming, datagram: udp.Fields, message: l2tp.Packet): L2tpLns | undefined {
    if (message.kind !== 'control' || numberOf(message.avps, AVP.messageType) !== MESSAGE.SCCRQ) return undefined;
    const path = this.pathTo(packet, datagram);
    const peerId = numberOf(message.avps, AVP.assignedTunnelId);
    for (const { tunnel } of this.tunnels.values()) {
      const { remote, remotePort } = tunnel.path;
      const same = remote === path.remote && remotePort === path.remotePort && tunnel.control.peerId === peerId;
      if (same) return this.tunnels.get(tunnel.control.id);
    }
    return this.open(host, path);
  }

  private pathTo(packet: Incoming, datagram: udp.Fields): L2tpPath {
    const { answering = { way: 'same' } } = this.options;
    return {
      local: answering.way === 'another-address' ? answering.address : packet.destination,
      localPort: answering.way === 'another-port' ? answering.port : l2tp.PORT,
      remote: packet.source,
      remotePort: answering.way === 'port-1701' ? l2tp.PORT : datagram.sourcePort,
    };
  }

  private open(host: Host, path: L2tpPath): L2tpLns {
    let id = 1 + host.rng.below(0xffff);
    while (this.tunnels.has(id)) id = 1 + host.rng.below(0xffff);
    const timers = this.timers.within(`lns-${++this.opened}`);
    const lns = new L2tpLns(host, timers, { id, path }, this.options, this.shared!);
    this.tunnels.set(id, lns);
    return lns;
  }
}

/** One end of an L2TPv2 tunnel, client's or server's: its control connection, its data, and where its packets go. @module */
import * as l2tp from '../wire/l2tp.ts';
import * as udp from '../wire/udp.ts';
import type { Host } from './endpoint.ts';
import { AVP } from './l2tp-avps.ts';
import { type ControlMessage, L2tpConnection } from './l2tp-connection.ts';
import type { Timers } from './timers.ts';

/** The addresses and ports of a tunnel: fixed once both ends have spoken (RFC 2661 §8.1). */
export interface L2tpPath {
  readonly local: number;
  readonly localPort: number;
  remote: number;
  remotePort: number;
}

export interface TunnelUser {
  message(message: ControlMessage): void;
  data(sessionId: number, frame: Uint8Array): void;
  /** The peer acknowledges nothing any more: the tunnel is cleared. */
  lost(): void;
  /** The end is through, and its state forgotten. */
  forgotten(): void;
}

export class L2tpTunnel {
  readonly path: L2tpPath;
  readonly control: L2tpConnection;
  private readonly host: Host;
  private readonly user: TunnelUser;

  constructor(host: Host, timers: Timers, id: number, path: L2tpPath, user: TunnelUser) {
    this.host = host;
    this.path = path;
    this.user = user;
    this.control = new L2tpConnection(
      host,
      timers,
      { id, idAvp: AVP.assignedTunnelId },
      {
        transmit: ({ peerId, avps = [], ...rest }) =>
          this.emit(l2tp.encodeControl({ tunnelId: peerId, avps, ...rest })),
        message: (message) => user.message(message),
        lost: () => user.lost(),
        forgotten: () => user.forgotten(),
      },
    );
  }

  sendData(sessionId: number, payload: Uint8Array, withLength: boolean): void {
    if (this.control.isEnding) return;
    this.emit(l2tp.encodeData({ tunnelId: this.control.peerId, sessionId, payload, withLength }));
  }

  receive(packet: l2tp.Packet): void {
    if (packet.kind === 'control') this.control.receive(packet, packet.sessionId, packet.avps);
    else if (!this.control.isEnding) {
      this.control.heard();
      this.user.data(packet.sessionId, packet.payload);
    }
  }

  private emit(payload: Uint8Array): void {
    const { local, localPort, remote, remotePort } = this.path;
    const fields = { sourcePort: localPort, destinationPort: remotePort, payload };
    const datagram = udp.encode(fields, { source: local, destination: remote });
    this.host.send({ protocol: udp.PROTOCOL, source: local, destination: remote, payload: datagram });
  }
}

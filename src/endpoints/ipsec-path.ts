/**
 * How the packets of an IKE SA and its children reach the peer: its address and ports as they were last seen, and
 * whether ESP travels bare (protocol 50) or in UDP (RFC 3948). One object for all who send that way, so that they
 * follow together when a NAT gives the peer a new port.
 * @module
 */
import * as esp from '../wire/esp.ts';
import * as natt from '../wire/natt.ts';
import * as udp from '../wire/udp.ts';
import type { Host } from './endpoint.ts';

/** Where a datagram came from, and at which of our ports it came in. */
export interface Origin {
  readonly address: number;
  readonly port: number;
  readonly localPort: number;
}

export class Path {
  peer: Origin;
  /** ESP goes in UDP: a NAT was found, and both ends can. */
  encapsulated = false;
  /** When anything was last sent to the peer; a keepalive is only due after silence. */
  lastSent = 0;
  private readonly host: Host;
  /** Our port that takes IKE behind the non-ESP marker. */
  private readonly floatPort: number;

  constructor(host: Host, peer: Origin, floatPort: number = natt.PORT) {
    this.host = host;
    this.peer = peer;
    this.floatPort = floatPort;
  }

  /** `to`: answers go where the request came from, even if the peer is not followed there. */
  sendIke(message: Uint8Array, to: Origin = this.peer): void {
    const marked = to.localPort === this.floatPort;
    this.sendUdp(to, marked ? natt.encode({ kind: 'ike', message }) : message, true);
  }

  /** RFC 3948 §2.1 asks for no UDP checksum around ESP, whose ICV says more. */
  sendEsp(packet: Uint8Array): void {
    if (this.encapsulated) this.sendUdp(this.peer, natt.encode({ kind: 'esp', packet }), false);
    else {
      this.lastSent = this.host.now;
      this.host.send({ protocol: esp.PROTOCOL, destination: this.peer.address, payload: packet });
    }
  }

  sendKeepalive(): void {
    this.sendUdp(this.peer, natt.encode({ kind: 'keepalive' }), true);
  }

  private sendUdp(to: Origin, payload: Uint8Array, checked: boolean): void {
    this.lastSent = this.host.now;
    const fields = { sourcePort: to.localPort, destinationPort: to.port, payload };
    const datagram = checked
      ? udp.encode(fields, { source: this.host.address, destination: to.address })
      : udp.encode(fields);
    this.host.send({ protocol: udp.PROTOCOL, destination: to.address, payload: datagram });
  }
}

export function sameOrigin(a: Origin, b: Origin): boolean {
  return a.address === b.address && a.port === b.port && a.localPort === b.localPort;
}

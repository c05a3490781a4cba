/**
 * An IKEv2 client with a shared key (RFC 7296), ESP in tunnel or transport mode (RFC 4303), and NAT traversal
 * (RFC 7296 §2.23, RFC 3948) that may be switched off.
 *
 * Does not model: certificates and EAP, MOBIKE, message fragmentation, renewal of the IKE SA itself.
 * @module
 */
import * as isakmp from '../wire/isakmp.ts';
import * as natt from '../wire/natt.ts';
import type { Endpoint, Host, Incoming } from './endpoint.ts';
import { IkeConnection } from './ike-connection.ts';
import type { IkeClientOptions } from './ike-options.ts';
import { arrival, type Ports } from './ipsec-socket.ts';
import { Timers } from './timers.ts';

export class IkeClient implements Endpoint {
  readonly session: string;
  private readonly options: IkeClientOptions;
  private readonly ports: Ports;
  private timers: Timers | undefined;
  private connection: IkeConnection | undefined;

  constructor(options: IkeClientOptions) {
    this.options = options;
    this.session = options.session ?? 'ikev2';
    this.ports = { port: options.port ?? isakmp.PORT, floatPort: options.floatPort ?? natt.PORT };
  }

  start(host: Host): void {
    this.timers?.clearAll();
    this.timers = new Timers(host);
    this.connection = new IkeConnection(host, this.timers, this.session, this.options, this.ports);
    this.connection.dial();
  }

  stop(): void {
    this.connection?.hangUp();
  }

  receive(_host: Host, packet: Incoming): boolean {
    const arrived = arrival(packet, this.ports);
    if (!arrived || !this.connection) return false;
    if (arrived.kind === 'esp' && !arrived.origin && !this.connection.expects(arrived)) return false;
    this.connection.receive(arrived);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers?.fire(name);
  }
}

/**
 * An OpenVPN client over UDP or TCP. It makes attempts (`openvpn-attempt.ts`), each with a session and a port of its
 * own. One whose first attempt fails rests with its failure; one that lost its tunnel tries again, as OpenVPN does.
 * @module
 */
import type { Endpoint, Host, Incoming, Unreachable } from './endpoint.ts';
import { Attempt, type OpenVpnClientOptions } from './openvpn-attempt.ts';
import { Timers } from './timers.ts';

export class OpenVpnClient implements Endpoint {
  readonly session: string;
  private readonly options: OpenVpnClientOptions;
  private timers!: Timers;
  private attempt: Attempt | undefined;
  private attempts = 0;

  constructor(options: OpenVpnClientOptions) {
    this.options = options;
    this.session = options.session ?? 'openvpn';
  }

  start(host: Host): void {
    this.timers ??= new Timers(host);
    this.attempt?.end();
    this.begin(host);
  }

  stop(): void {
    this.timers?.clear('restart');
    this.attempt?.leave();
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.attempt?.receive(packet) ?? false;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.attempt?.unreachable(error) ?? false;
  }

  private begin(host: Host): void {
    const timers = this.timers.within(`attempt ${++this.attempts}`);
    const again = (pause: number) => this.timers.set('restart', pause, () => this.begin(host));
    this.attempt = new Attempt(host, timers, this.session, this.options, again);
    this.attempt.begin();
  }
}

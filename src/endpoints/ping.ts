/**
 * A computer without any VPN that wants something at the far end: it pings an address, and knows no more of the way
 * there than any host does.
 * @module
 */
import * as icmp from '../wire/icmp.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Endpoint, Host, Incoming } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import { silence } from './ipsec-words.ts';
import { Timers } from './timers.ts';

export class PingClient implements Endpoint {
  readonly session = 'plain';
  private readonly plan: EchoPlan;
  private running: { readonly timers: Timers; readonly echo: InnerEcho } | undefined;

  constructor(plan: EchoPlan) {
    this.plan = plan;
  }

  start(host: Host): void {
    this.running?.timers.clearAll();
    const timers = new Timers(host);
    const { target } = this.plan;
    const echo = new InnerEcho(host, timers, host.address, {
      send: (packet) => send(host, packet),
      alive: () => host.phase(this.session, 'answers come', 'up'),
      silent: (asked, answered) => {
        host.phase(this.session, 'nothing comes back', 'failed');
        host.symptom(this.session, silence(asked, answered, target, 'ICMP'));
      },
    });
    this.running = { timers, echo };
    host.phase(this.session, 'asking', 'connecting');
    echo.begin(this.plan);
  }

  stop(host: Host): void {
    this.running?.timers.clearAll();
    this.running = undefined;
    host.phase(this.session, 'stopped', 'closed');
  }

  receive(_host: Host, { protocol, packet }: Incoming): boolean {
    return protocol === icmp.PROTOCOL && (this.running?.echo.receive(packet) ?? false);
  }

  timer(_host: Host, name: string): void {
    this.running?.timers.fire(name);
  }
}

/** The host numbers and sends it as any packet of its own. */
function send(host: Host, packet: Uint8Array): void {
  const parsed = ipv4.parse(packet);
  if (!parsed.ok) return;
  const { protocol, destination, payload } = parsed.value;
  host.send({ protocol, destination, payload });
}

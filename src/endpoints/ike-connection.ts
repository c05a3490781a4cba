/**
 * One connection of an IKEv2 client from dialling to hanging up: the initiation, then the IKE SA that stands, and what
 * runs inside its CHILD_SA. It is up when something inside says so, not when the keys are there.
 * @module
 */
import { formatIpv4 } from '../wire/address.ts';
import { EXCHANGES } from '../wire/ikev2-names.ts';
import * as isakmp from '../wire/isakmp.ts';
import * as natt from '../wire/natt.ts';
import { type Host, type Status, type Symptom, seconds } from './endpoint.ts';
import { Channel } from './ike-channel.ts';
import { type Established, Initiation } from './ike-initiation.ts';
import { CLIENT_WATCHES, type IkeClientOptions, TRANSFORMS } from './ike-options.ts';
import { IkeSa } from './ike-sa.ts';
import { DataPlane } from './ipsec-data-plane.ts';
import type { Arrived } from './ipsec-guard.ts';
import { Inside } from './ipsec-inside.ts';
import { Path } from './ipsec-path.ts';
import type { Arrival, Ports } from './ipsec-socket.ts';
import { discarded, noAnswer, silence } from './ipsec-words.ts';
import type { Timers } from './timers.ts';

/** What runs inside has this long for its own goodbyes before the associations go. */
const GOODBYE = seconds(1);

export class IkeConnection {
  private readonly host: Host;
  private readonly session: string;
  private readonly options: IkeClientOptions;
  private readonly ports: Ports;
  private readonly timers: Timers;
  private readonly plane: DataPlane;
  private readonly path: Path;
  private readonly channel: Channel;
  private status: Status = 'connecting';
  private sa: IkeSa | undefined;
  private inside: Inside | undefined;
  private hangingUp = false;
  /** Nothing of it is left. */
  private over = false;

  constructor(host: Host, timers: Timers, session: string, options: IkeClientOptions, ports: Ports) {
    this.host = host;
    this.timers = timers;
    this.session = session;
    this.options = options;
    this.ports = ports;
    const begin = options.startOn4500
      ? { address: options.server, port: natt.PORT, localPort: ports.floatPort }
      : { address: options.server, port: isakmp.PORT, localPort: ports.port };
    this.path = new Path(host, begin, ports.floatPort);
    this.plane = new DataPlane(
      {
        deliver: (packet) => this.inside?.receive(packet),
        heard: (_pair, { origin }) => this.sa?.heard(origin),
        discarded: (discard) => this.host.symptom(this.session, discarded(discard)),
      },
      options.checksums,
    );
    const spis = { initiatorSpi: host.rng.bytes(8), responderSpi: new Uint8Array(8) };
    this.channel = new Channel({ initiator: true, path: this.path, timers, rng: host.rng }, spis, {
      respond: (request) => this.sa?.respond(request),
      authentic: (origin) => this.sa?.heard(origin),
      retransmitting: (count, exchange, messageId) =>
        this.note(`retransmit ${count} of ${EXCHANGES[exchange]} request with message ID ${messageId}`),
      gaveUp: (exchange) => this.gaveUp(exchange),
    });
  }

  dial(): void {
    const { host, options, channel, path, ports } = this;
    const ground = { host, options, channel, path, floatPort: ports.floatPort, server: this.server };
    new Initiation(ground, {
      step: (phase) => this.note(phase),
      established: (established) => this.established(established),
      failed: (phase, symptoms) => this.fail(phase, symptoms),
    }).begin();
  }

  hangUp(): void {
    if (this.over) return;
    this.note('hanging up');
    this.hangingUp = true;
    this.inside?.stop();
    this.wrapUp();
  }

  receive(arrived: Arrival): void {
    if (arrived.kind === 'ike') this.channel.receive(arrived.message, arrived.origin);
    else if (arrived.kind === 'esp') this.plane.receive(arrived);
  }

  /** Whether bare ESP is for this connection: by its SPI, or because it is the server's. */
  expects(arrived: Arrived): boolean {
    return this.plane.knows(arrived) || arrived.incoming.source === this.path.peer.address;
  }

  private get server(): string {
    return this.options.serverIdentity ?? formatIpv4(this.options.server);
  }

  private established({ keys, nats, peer, child, address }: Established): void {
    const { host, timers, channel, path, plane, options } = this;
    const watches = { ...CLIENT_WATCHES, ...options.watches };
    const transforms = options.espTransforms ?? TRANSFORMS;
    this.sa = new IkeSa(
      { host, timers, channel, path, plane, keys, nats, watches, transforms, peer },
      { note: (what) => this.note(what), ended: () => this.end('the server hung up', 'closed') },
    );
    this.sa.install(child);
    const endpoints = options.inside?.() ?? [];
    const proof = options.echo !== undefined || endpoints.length > 0;
    if (proof) this.note(`keys are there, as ${formatIpv4(address)}; trying the tunnel`);
    else this.say('keys are there', 'up');
    this.inside = new Inside(
      host,
      timers,
      { address, mode: child.mode, endpoints, ...(options.echo ? { echo: options.echo } : {}) },
      {
        send: (packet) => plane.send(packet),
        phase: (_inner, phase, status) => this.heardInside(phase, status),
        symptom: (_inner, symptom) => host.symptom(this.session, symptom),
        alive: () => this.say('answers come through the tunnel', 'up'),
        silent: (asked, answered) => this.silent(asked, answered),
      },
    );
    this.inside.start();
  }

  /** To its user it is one connection: what happens inside is told as its own. */
  private heardInside(phase: string, status: Status): void {
    if (this.over) return;
    this.say(phase, status);
    if (!this.hangingUp && (status === 'closed' || status === 'failed')) this.wrapUp();
  }

  private silent(asked: number, answered: number): void {
    const carrier = this.path.encapsulated ? 'ESP in UDP' : 'bare ESP (IP protocol 50)';
    this.host.symptom(this.session, silence(asked, answered, this.options.echo!.target, carrier));
    this.say('nothing comes back through the tunnel', 'failed');
  }

  private wrapUp(): void {
    this.timers.set('goodbye', this.options.inside ? GOODBYE : 0, () => this.sayGoodbye());
  }

  private sayGoodbye(): void {
    const failed = this.status === 'failed' && !this.hangingUp;
    const done = () => (failed ? this.clear() : this.end('disconnected', 'closed'));
    if (this.sa) this.sa.close(done);
    else done();
  }

  private gaveUp(exchange: number): void {
    const symptoms = noAnswer(exchange, this.server, this.sa !== undefined, this.options.windowsKind ?? 'ikev2');
    if (this.hangingUp) this.end('disconnected; the server never confirmed it', 'closed');
    else this.fail(`no answer to ${EXCHANGES[exchange]}`, symptoms);
  }

  private fail(phase: string, symptoms: readonly Symptom[]): void {
    for (const symptom of symptoms) this.host.symptom(this.session, symptom);
    this.end(phase, 'failed');
  }

  private end(phase: string, status: Status): void {
    this.clear();
    this.say(phase, status);
  }

  private clear(): void {
    this.over = true;
    this.sa?.drop();
    this.channel.close();
    this.timers.clearAll();
  }

  private note(phase: string): void {
    this.say(phase, this.status);
  }

  private say(phase: string, status: Status): void {
    this.status = status;
    this.host.phase(this.session, phase, status);
  }
}

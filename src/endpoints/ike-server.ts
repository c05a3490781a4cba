/**
 * An IKEv2 server with a shared key (RFC 7296): any number of clients, also several behind one address, in tunnel mode
 * with an address from a pool or in transport mode.
 *
 * An IKE_SA_INIT request is known again by its whole bytes, not by its SPI: two clients behind one NAT may draw the
 * same initiator SPI (§2.1).
 * @module
 */
import { equal } from '../lib/bytes.ts';
import { formatIpv4 } from '../wire/address.ts';
import * as isakmp from '../wire/isakmp.ts';
import * as natt from '../wire/natt.ts';
import { type Endpoint, type Host, type Incoming, type Notice, type Status, seconds } from './endpoint.ts';
import { Door } from './ike-admission.ts';
import { type Envelope, readEnvelope } from './ike-message.ts';
import { EXCHANGE } from './ike-numbers.ts';
import type { IkeServerOptions } from './ike-options.ts';
import { Services } from './ike-services.ts';
import { type Admitted, Session } from './ike-session.ts';
import { DataPlane } from './ipsec-data-plane.ts';
import type { Arrived } from './ipsec-guard.ts';
import { type Origin, Path } from './ipsec-path.ts';
import { ikeSecret } from './ipsec-secrets.ts';
import { arrival } from './ipsec-socket.ts';
import { discarded } from './ipsec-words.ts';
import { Timers } from './timers.ts';

/** A client that knocked and never proved who it is, is forgotten (strongSwan's half_open_timeout). */
const HALF_OPEN = seconds(30);

interface Running {
  readonly host: Host;
  readonly timers: Timers;
  readonly plane: DataPlane;
  readonly services: Services;
  readonly door: Door;
}

export class IkeServer implements Endpoint {
  readonly session: string;
  private readonly options: IkeServerOptions;
  private running: Running | undefined;
  private sessions: readonly Session[] = [];
  private admissions = 0;
  private closing = false;

  constructor(options: IkeServerOptions) {
    this.options = options;
    this.session = options.session ?? 'ikev2';
  }

  start(host: Host): void {
    this.running?.timers.clearAll();
    const timers = new Timers(host);
    this.sessions = [];
    this.closing = false;
    const plane = new DataPlane(
      {
        deliver: (packet, pair) => this.running?.services.deliver(packet, pair),
        heard: ({ path }, { origin }) => this.sessions.find(({ admitted }) => admitted.path === path)?.heardEsp(origin),
        discarded: (discard) => host.symptom(this.session, discarded(discard)),
      },
      this.options.checksums,
    );
    const services = new Services(host, timers, this.options, plane);
    this.running = { host, timers, plane, services, door: new Door(host, this.options) };
    services.start();
    this.say('waiting for clients');
  }

  stop(): void {
    this.closing = true;
    this.running?.services.stop();
    for (const session of this.sessions) session.close();
    this.sessions = this.sessions.filter(({ isUp }) => isUp);
    this.say('closing');
  }

  receive(_host: Host, packet: Incoming): boolean {
    const arrived = arrival(packet, { port: isakmp.PORT, floatPort: natt.PORT });
    if (!arrived || !this.running) return false;
    if (arrived.kind === 'esp' && !this.expects(this.running, arrived)) return false;
    if (arrived.kind === 'esp') this.running.plane.receive(arrived);
    else if (arrived.kind === 'ike') this.receiveIke(this.running, arrived.message, arrived.origin);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.running?.timers.fire(name);
  }

  /** Bare ESP that is neither for an SPI of ours nor from a client may be for somebody else on this machine. */
  private expects({ plane }: Running, arrived: Arrived): boolean {
    const { source } = arrived.incoming;
    const known = this.sessions.some(({ admitted }) => admitted.path.peer.address === source);
    return arrived.origin !== undefined || known || plane.knows(arrived);
  }

  private receiveIke(running: Running, message: Uint8Array, origin: Origin): void {
    const envelope = readEnvelope(message);
    if (!envelope) return;
    const begins = envelope.exchange === EXCHANGE.init && !envelope.response && envelope.fromInitiator;
    if (begins) this.knock(running, message, envelope, origin);
    else {
      const own = envelope.responderSpi;
      this.sessions.find(({ admitted }) => equal(admitted.spis.responderSpi, own))?.receive(message, origin);
    }
  }

  private knock(running: Running, message: Uint8Array, envelope: Envelope, origin: Origin): void {
    if (this.closing || envelope.responderSpi.some((byte) => byte !== 0)) return;
    const known = this.sessions.find(({ admitted }) => equal(admitted.request, message));
    const admission = known?.admitted ?? running.door.knock(message, envelope, origin);
    if (!admission) return;
    if ('admitted' in admission) this.admit(running, admission.admitted, origin);
    new Path(running.host, origin).sendIke(admission.response, origin);
  }

  private admit({ host, timers, plane, services }: Running, admitted: Admitted, origin: Origin): void {
    const own = timers.within(`client ${++this.admissions}`);
    const session = new Session({ host, timers: own, options: this.options, plane, services }, admitted, {
      joined: (who) => this.joined(who),
      left: (who, why) => this.left(who, why),
      note: (what, notice) => this.say(what, notice),
    });
    this.sessions = [...this.sessions, session];
    own.set('half-open', HALF_OPEN, () => {
      if (!session.isUp) this.remove(session);
    });
    for (const secret of ikeSecret(admitted.spis, admitted.transform.name, admitted.keys)) host.secret(secret);
    this.say(`IKE_SA_INIT from ${formatIpv4(origin.address)}, port ${origin.port}`, 'caller-knocks');
  }

  private joined(session: Session): void {
    const { identity, isFirstContact, admitted } = session;
    const twins = this.sessions.filter((each) => each !== session && each.identity === identity);
    // RFC 7296 §2.4: a client that says INITIAL_CONTACT has lost whatever it had before.
    if (isFirstContact) for (const twin of twins) this.remove(twin);
    const { address, port } = admitted.path.peer;
    this.say(`${identity} connected from ${formatIpv4(address)}, port ${port}`);
  }

  private left(session: Session, why: string): void {
    this.remove(session);
    this.say(`${session.identity} ${why}`, 'caller-left');
  }

  private remove(session: Session): void {
    session.drop();
    this.sessions = this.sessions.filter((each) => each !== session);
  }

  private say(phase: string, notice?: Notice): void {
    this.running?.host.phase(this.session, phase, this.status, notice);
  }

  private get status(): Status {
    if (this.sessions.some(({ isUp }) => isUp)) return 'up';
    if (this.closing) return 'closed';
    return this.sessions.length > 0 ? 'connecting' : 'idle';
  }
}

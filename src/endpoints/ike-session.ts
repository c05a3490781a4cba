/**
 * One client of an IKEv2 server: its IKE_AUTH, and then the IKE SA that stands (RFC 7296 §1.2).
 * @module
 */

import { u32Bytes } from '../lib/bytes.ts';
import type { Transform } from './crypto/esp-transforms.ts';
import type { IkeKeys, Nonces } from './crypto/ike-keys.ts';
import type { Host, Notice } from './endpoint.ts';
import { type Answer, Channel } from './ike-channel.ts';
import { childAnswer, drawSpi, makeChild, type Settled } from './ike-child.ts';
import { authPayload, identityPayload, nameIn, protectionOf, proves } from './ike-handshake.ts';
import { find, findNotify, notify, type Payload } from './ike-message.ts';
import type { Nats, Spis } from './ike-nat.ts';
import { CFG, EXCHANGE, INTERNAL_IP4_ADDRESS, NOTIFY } from './ike-numbers.ts';
import { type IkeServerOptions, SERVER_WATCHES, TRANSFORMS } from './ike-options.ts';
import { IkeSa } from './ike-sa.ts';
import type { Services } from './ike-services.ts';
import type { DataPlane } from './ipsec-data-plane.ts';
import type { Origin, Path } from './ipsec-path.ts';
import type { Timers } from './timers.ts';

/** What IKE_SA_INIT settled. */
export interface Admitted {
  readonly spis: Spis;
  readonly transform: Transform;
  readonly keys: IkeKeys;
  readonly nonces: Nonces;
  readonly nats: Nats | undefined;
  readonly path: Path;
  /** Both messages whole: AUTH covers them, and a repeated request gets the same answer. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

export interface SessionGround {
  readonly host: Host;
  readonly timers: Timers;
  readonly options: IkeServerOptions;
  readonly plane: DataPlane;
  readonly services: Services;
}

export interface SessionUser {
  /** The client proved who it is, and its CHILD_SA stands. */
  readonly joined: (session: Session) => void;
  readonly left: (session: Session, why: string) => void;
  readonly note: (what: string, notice?: Notice) => void;
}

export class Session {
  readonly admitted: Admitted;
  /** Empty until the client has proved who it is. */
  identity = '';
  /** Whether this client believes to be the only one of its name (INITIAL_CONTACT). */
  isFirstContact = false;
  private readonly ground: SessionGround;
  private readonly user: SessionUser;
  private readonly channel: Channel;
  private sa: IkeSa | undefined;

  constructor(ground: SessionGround, admitted: Admitted, user: SessionUser) {
    this.ground = ground;
    this.admitted = admitted;
    this.user = user;
    const { path, spis, transform, keys } = admitted;
    this.channel = new Channel({ initiator: false, path, timers: ground.timers, rng: ground.host.rng }, spis, {
      respond: (request) => this.respond(request),
      authentic: (origin, exchange) => this.heard(origin, exchange),
      retransmitting: () => undefined,
      gaveUp: () => this.leave('is gone'),
    });
    this.channel.protection = protectionOf(transform, keys, false);
  }

  get isUp(): boolean {
    return this.sa !== undefined;
  }

  receive(message: Uint8Array, origin: Origin): void {
    this.channel.receive(message, origin);
  }

  /** An ESP packet of this client was authentic. */
  heardEsp(origin: Origin | undefined): void {
    this.sa?.heard(origin);
  }

  /** The server closes: it says so to its clients. */
  close(): void {
    if (this.sa) this.sa.close(() => this.leave('was told to go'));
    else this.drop();
  }

  /** Forgotten without a word. */
  drop(): void {
    this.sa?.drop();
    this.sa = undefined;
    this.channel.close();
    this.ground.timers.clearAll();
    this.ground.services.forget(this.admitted.path);
  }

  private leave(why: string): void {
    this.drop();
    this.user.left(this, why);
  }

  private heard(origin: Origin, exchange: number): void {
    // IKE_AUTH comes from wherever the client floated to (§2.23).
    if (exchange === EXCHANGE.auth && !this.sa) this.admitted.path.peer = origin;
    this.sa?.heard(origin);
  }

  private respond(request: Answer): readonly Payload[] | undefined {
    if (this.sa) return this.sa.respond(request);
    return request.envelope.exchange === EXCHANGE.auth ? this.authenticate(request.payloads) : undefined;
  }

  private authenticate(request: readonly Payload[]): readonly Payload[] {
    const { keys, nonces, request: message } = this.admitted;
    const identity = find(request, 'idi');
    const proof = identity && {
      psk: this.ground.options.psk,
      message,
      peerNonce: nonces.responder,
      prove: keys.proveInitiator,
      identity,
    };
    if (!proof || !proves(request, proof)) {
      this.user.note(`${identity ? nameIn(identity) : 'somebody'} could not prove who it is`);
      return [notify(NOTIFY.authenticationFailed)];
    }
    this.identity = nameIn(proof.identity);
    this.isFirstContact = findNotify(request, NOTIFY.initialContact) !== undefined;
    return [...this.ownProof(), ...this.child(request)];
  }

  private ownProof(): readonly Payload[] {
    const { keys, nonces, response: message } = this.admitted;
    const identity = identityPayload('idr', this.ground.options.identity);
    const { psk } = this.ground.options;
    return [identity, authPayload({ psk, message, peerNonce: nonces.initiator, prove: keys.proveResponder, identity })];
  }

  private child(request: readonly Payload[]): readonly Payload[] {
    const { services, host } = this.ground;
    const { path, nats } = this.admitted;
    const lease = find(request, 'cp')?.kind === CFG.request ? services.lease(this.identity) : undefined;
    const wish = services.wishFor(request, lease);
    const spi = drawSpi(host.rng);
    const answer = wish
      ? childAnswer(request, wish, { own: host.address, path, nats }, spi)
      : { refused: NOTIFY.tsUnacceptable };
    if ('refused' in answer) return this.refuse(answer.refused);
    const { settled } = answer;
    if (services.forbids(settled.local, settled.remote, this.identity)) return this.refuse(NOTIFY.tsUnacceptable);
    this.establish(settled, spi);
    const value = lease === undefined ? undefined : u32Bytes(lease);
    const attributes = value ? [{ type: INTERNAL_IP4_ADDRESS, value }] : [];
    return [...(value ? [{ type: 'cp', kind: CFG.reply, attributes } as const] : []), ...answer.payloads];
  }

  private refuse(type: number): readonly Payload[] {
    this.user.note(`no CHILD_SA for ${this.identity}`);
    return [notify(type)];
  }

  private establish(settled: Settled, spi: number): void {
    const { host, timers, options, plane } = this.ground;
    const { path, keys, nats, nonces } = this.admitted;
    const peer = this.identity;
    this.sa = new IkeSa(
      {
        host,
        timers,
        channel: this.channel,
        path,
        plane,
        keys,
        nats,
        watches: { ...SERVER_WATCHES, ...options.watches },
        transforms: options.espTransforms ?? TRANSFORMS,
        peer,
      },
      { note: (what, notice) => this.user.note(what, notice), ended: () => this.leave('hung up') },
    );
    this.sa.install(makeChild({ rng: host.rng, peer, settled, path, spi, derive: keys.derive, nonces, asked: false }));
    this.user.joined(this);
  }
}

/**
 * An IKE SA that stands, the same at both ends (RFC 7296 §1.3, §1.4, §2.8, §2.23): it looks after its CHILD_SAs,
 * renews them, asks whether the peer still lives, keeps the NAT's mapping open, follows the peer where its mapping
 * moves, and takes everything down in good order.
 * @module
 */

import { equal, u32Bytes } from '../lib/bytes.ts';
import type { TransformName } from './crypto/esp-transforms.ts';
import type { IkeKeys, Nonces } from './crypto/ike-keys.ts';
import { type Host, milliseconds, type Notice } from './endpoint.ts';
import type { Answer, Channel } from './ike-channel.ts';
import {
  type ChildSa,
  type ChildWish,
  childAnswer,
  childOffer,
  childSettled,
  drawSpi,
  makeChild,
  type Sight,
} from './ike-child.ts';
import { find, findNotify, notify, type Payload } from './ike-message.ts';
import type { Nats } from './ike-nat.ts';
import { EXCHANGE, NOTIFY, PROTOCOL_ID } from './ike-numbers.ts';
import type { DataPlane } from './ipsec-data-plane.ts';
import { type Origin, type Path, sameOrigin } from './ipsec-path.ts';
import { espSecret } from './ipsec-secrets.ts';
import type { Timers } from './timers.ts';

/** How long each watch waits, in microseconds; 0 switches it off. */
export interface Watches {
  /** A byte 0xff to the peer after this much silence of ours, if a NAT stands before us (RFC 3948 §4). */
  readonly keepalive: number;
  /** An empty INFORMATIONAL after this much silence of the peer's (RFC 7296 §2.4). */
  readonly deadPeer: number;
  /** A CHILD_SA is renewed at this age. */
  readonly rekey: number;
}

export interface IkeSaGround {
  readonly host: Host;
  readonly timers: Timers;
  readonly channel: Channel;
  readonly path: Path;
  readonly plane: DataPlane;
  readonly keys: IkeKeys;
  readonly nats: Nats | undefined;
  readonly watches: Watches;
  readonly transforms: readonly TransformName[];
  readonly peer: string;
}

export interface IkeSaUser {
  /** Something worth saying happened; the SA stands as before. */
  readonly note: (what: string, notice?: Notice) => void;
  /** The peer took the SA down. */
  readonly ended: () => void;
}

export const NONCE_LEN = 32;
/** A peer that is renewing the same CHILD_SA just now is asked again after this, and a random bit more. */
const TRY_AGAIN = milliseconds(500);

export class IkeSa {
  readonly ground: IkeSaGround;
  private readonly user: IkeSaUser;
  private readonly own = new Set<ChildSa>();
  private renewing: ChildSa | undefined;
  private lastHeard: number;

  constructor(ground: IkeSaGround, user: IkeSaUser) {
    this.ground = ground;
    this.user = user;
    this.lastHeard = ground.host.now;
    this.watchKeepalive();
    this.watchPeer();
  }

  get children(): readonly ChildSa[] {
    return [...this.own];
  }

  get sight(): Sight {
    const { host, path, nats } = this.ground;
    return { own: host.address, path, nats };
  }

  install(child: ChildSa): void {
    const { host, plane, timers, watches } = this.ground;
    this.own.add(child);
    plane.add(child);
    for (const secret of espSecret(child.guard.outbound.keying)) host.secret(secret);
    if (watches.rekey > 0) timers.set('rekey', watches.rekey, () => this.renew(child));
  }

  /** A message or an ESP packet was authentic and new. `origin`: undefined for bare ESP, which has no ports. */
  heard(origin: Origin | undefined): void {
    const { host, path, nats } = this.ground;
    this.lastHeard = host.now;
    // §2.23: who sits behind a NAT itself does not follow, or a forger could lead it about.
    if (!origin || !nats || nats.here || sameOrigin(origin, path.peer)) return;
    path.peer = origin;
    this.user.note(`${this.ground.peer} moved, following it to port ${origin.port}`, 'caller-moved');
  }

  respond({ payloads, envelope }: Answer): readonly Payload[] | undefined {
    if (envelope.exchange === EXCHANGE.informational) return this.informed(payloads);
    if (envelope.exchange !== EXCHANGE.createChild) return [notify(NOTIFY.invalidSyntax)];
    const old = this.meant(payloads);
    if (!old) return [notify(findNotify(payloads, NOTIFY.rekeySa) ? NOTIFY.childSaNotFound : NOTIFY.noAdditionalSas)];
    if (old === this.renewing) return [notify(NOTIFY.temporaryFailure)];
    return this.renewed(old, payloads);
  }

  /** Says goodbye and ends; the peer's answer is not worth waiting for, but it may need asking twice. */
  close(done: () => void): void {
    this.stopWatching();
    this.ground.channel.request(
      EXCHANGE.informational,
      [{ type: 'delete', protocol: PROTOCOL_ID.ike, spis: [] }],
      () => {
        this.drop();
        done();
      },
    );
  }

  /** Forgets everything without a word. */
  drop(): void {
    this.stopWatching();
    this.ground.channel.close();
    for (const child of this.own) this.ground.plane.remove(child);
    this.own.clear();
  }

  private informed(payloads: readonly Payload[]): readonly Payload[] {
    const deletion = find(payloads, 'delete');
    if (!deletion) return [];
    if (deletion.protocol === PROTOCOL_ID.ike) {
      this.stopWatching();
      // The answer has to leave before the SA is forgotten.
      this.ground.timers.set('deleted', 0, () => {
        this.drop();
        this.user.ended();
      });
      return [];
    }
    const gone = this.children.filter(({ guard }) => deletion.spis.some((spi) => equal(spi, u32Bytes(guard.peerSpi))));
    for (const child of gone) this.remove(child);
    // §1.4.1: the answer names the SAs of the other direction.
    const spis = gone.map(({ guard }) => u32Bytes(guard.spi));
    return spis.length === 0 ? [] : [{ type: 'delete', protocol: PROTOCOL_ID.esp, spis }];
  }

  private remove(child: ChildSa): void {
    this.own.delete(child);
    this.ground.plane.remove(child);
  }

  /** The CHILD_SA that a request wants renewed: it is named by the asker's inbound SPI, our outbound one. */
  private meant(payloads: readonly Payload[]): ChildSa | undefined {
    const rekey = findNotify(payloads, NOTIFY.rekeySa);
    return rekey && this.children.find(({ guard }) => equal(rekey.spi, u32Bytes(guard.peerSpi)));
  }

  private wishFor({ mode, local, remote }: ChildSa): ChildWish {
    return { mode, local, remote, transforms: this.ground.transforms };
  }

  private renewed(old: ChildSa, payloads: readonly Payload[]): readonly Payload[] {
    const { host, keys, path, peer } = this.ground;
    const spi = drawSpi(host.rng);
    const answer = childAnswer(payloads, this.wishFor(old), this.sight, spi);
    const theirNonce = find(payloads, 'nonce')?.data;
    if ('refused' in answer) return [notify(answer.refused)];
    if (!theirNonce) return [notify(NOTIFY.invalidSyntax)];
    const ourNonce = host.rng.bytes(NONCE_LEN);
    const nonces = { initiator: theirNonce, responder: ourNonce };
    const { settled } = answer;
    this.install(makeChild({ rng: host.rng, peer, settled, path, spi, derive: keys.derive, nonces, asked: false }));
    this.user.note(`CHILD_SA renewed at the wish of ${peer}`);
    return [...answer.payloads, { type: 'nonce', data: ourNonce }];
  }

  private renew(old: ChildSa): void {
    const { host, channel, timers } = this.ground;
    if (!this.own.has(old)) return;
    this.renewing = old;
    const spi = drawSpi(host.rng);
    const nonce = host.rng.bytes(NONCE_LEN);
    const payloads: Payload[] = [
      notify(NOTIFY.rekeySa, undefined, u32Bytes(old.guard.spi)),
      ...childOffer(this.wishFor(old), spi),
      { type: 'nonce', data: nonce },
    ];
    channel.request(EXCHANGE.createChild, payloads, ({ payloads: answer }) => {
      this.renewing = undefined;
      if (findNotify(answer, NOTIFY.temporaryFailure)) {
        timers.set('rekey', TRY_AGAIN + host.rng.below(TRY_AGAIN), () => this.renew(old));
      } else this.replace(old, spi, nonce, answer);
    });
  }

  private replace(old: ChildSa, spi: number, nonce: Uint8Array, answer: readonly Payload[]): void {
    const { host, channel, keys, path, peer } = this.ground;
    const settled = childSettled(answer, this.wishFor(old), this.sight);
    const theirNonce = find(answer, 'nonce')?.data;
    if (!settled || !theirNonce) {
      this.user.note(`${peer} did not renew the CHILD_SA`);
      return;
    }
    const nonces: Nonces = { initiator: nonce, responder: theirNonce };
    this.install(makeChild({ rng: host.rng, peer, settled, path, spi, derive: keys.derive, nonces, asked: true }));
    this.user.note('CHILD_SA renewed');
    const spis = [u32Bytes(old.guard.spi)];
    channel.request(EXCHANGE.informational, [{ type: 'delete', protocol: PROTOCOL_ID.esp, spis }], () =>
      this.remove(old),
    );
  }

  private watchKeepalive(): void {
    const { host, timers, path, nats, watches } = this.ground;
    if (!nats?.here || watches.keepalive === 0) return;
    const quiet = host.now - path.lastSent;
    if (quiet >= watches.keepalive) path.sendKeepalive();
    const rest = watches.keepalive - (quiet >= watches.keepalive ? 0 : quiet);
    timers.set('keepalive', rest, () => this.watchKeepalive());
  }

  private watchPeer(): void {
    const { host, timers, channel, watches } = this.ground;
    if (watches.deadPeer === 0) return;
    const quiet = host.now - this.lastHeard;
    if (quiet >= watches.deadPeer && !channel.busy) channel.request(EXCHANGE.informational, [], () => undefined);
    const rest = quiet >= watches.deadPeer ? watches.deadPeer : watches.deadPeer - quiet;
    timers.set('dead-peer', rest, () => this.watchPeer());
  }

  private stopWatching(): void {
    for (const name of ['keepalive', 'dead-peer', 'rekey']) this.ground.timers.clear(name);
  }
}

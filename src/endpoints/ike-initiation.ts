/**
 * The two exchanges that begin an IKEv2 connection, from the initiator's side (RFC 7296 §1.2):
 *
 *     IKE_SA_INIT   SAi1 KEi Ni N(NAT_DETECTION…)  →        ←  SAr1 KEr Nr N(NAT_DETECTION…)
 *     (was a NAT found: from here on port 4500, behind the non-ESP marker, and ESP in UDP)
 *     IKE_AUTH      SK{IDi AUTH CP SAi2 TSi TSr}   →        ←  SK{IDr AUTH CP SAr2 TSi TSr}
 *
 * @module
 */
import { assert } from '../lib/assert.ts';
import { u16, u32 } from '../lib/bytes.ts';
import * as natt from '../wire/natt.ts';
import type { IkeKeys, Nonces } from './crypto/ike-keys.ts';
import { type KeyPair, keyPair } from './crypto/key-exchange.ts';
import type { Host, Symptom } from './endpoint.ts';
import type { Answer, Channel } from './ike-channel.ts';
import { type ChildSa, type ChildWish, childOffer, childSettled, drawSpi, makeChild } from './ike-child.ts';
import { authPayload, deriveKeys, identityPayload, nameIn, protectionOf, proves } from './ike-handshake.ts';
import { find, findNotify, notify, type Payload } from './ike-message.ts';
import { detectNats, type Nats, natDetection } from './ike-nat.ts';
import { CFG, EXCHANGE, FIRST_STATUS, INTERNAL_IP4_ADDRESS, NOTIFY, PROTOCOL_ID } from './ike-numbers.ts';
import { GROUPS, type IkeClientOptions, TRANSFORMS } from './ike-options.ts';
import { choose, offerIke } from './ike-proposal.ts';
import { NONCE_LEN } from './ike-sa.ts';
import type { Path } from './ipsec-path.ts';
import { ANYWHERE, single, subnet } from './ipsec-selectors.ts';
import { badProof, refused } from './ipsec-words.ts';

export interface Ground {
  readonly host: Host;
  readonly options: IkeClientOptions;
  readonly channel: Channel;
  readonly path: Path;
  readonly floatPort: number;
  /** How the server is called until it has said its name. */
  readonly server: string;
}

export interface Established {
  readonly keys: IkeKeys;
  readonly nats: Nats | undefined;
  readonly peer: string;
  readonly child: ChildSa;
  /** Our address inside. */
  readonly address: number;
}

export interface InitiationUser {
  readonly step: (phase: string) => void;
  readonly established: (established: Established) => void;
  readonly failed: (phase: string, symptoms: readonly Symptom[]) => void;
}

/** What IKE_SA_INIT leaves behind for IKE_AUTH. */
interface Agreed {
  readonly keys: IkeKeys;
  readonly nonces: Nonces;
  readonly nats: Nats | undefined;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

export class Initiation {
  private readonly ground: Ground;
  private readonly user: InitiationUser;
  private readonly nonce: Uint8Array;
  private pair: KeyPair;
  private cookie: Uint8Array | undefined;

  constructor(ground: Ground, user: InitiationUser) {
    this.ground = ground;
    this.user = user;
    this.nonce = ground.host.rng.bytes(NONCE_LEN);
    this.pair = this.drawPair(this.groups[0]!);
  }

  /** IKE_SA_INIT, also once more with what the responder asked for. */
  begin(): void {
    const { options, channel, host, path } = this.ground;
    const { publicValue: data, group } = this.pair;
    const own = { address: host.address, port: path.peer.localPort };
    const payloads: readonly Payload[] = [
      ...(this.cookie ? [notify(NOTIFY.cookie, this.cookie)] : []),
      { type: 'sa', proposals: offerIke(options.ikeTransforms ?? TRANSFORMS, this.groups) },
      { type: 'ke', group, data },
      { type: 'nonce', data: this.nonce },
      ...((options.natTraversal ?? true) ? natDetection(channel.spis, own, path.peer) : []),
    ];
    const request = channel.request(EXCHANGE.init, payloads, (answer) => this.initiated(request!, answer));
    this.user.step('asking for an IKE SA');
  }

  private get groups(): readonly number[] {
    return this.ground.options.groups ?? GROUPS;
  }

  private drawPair(group: number): KeyPair {
    const pair = keyPair(group, this.ground.host.rng);
    assert(pair, `group ${group} is not one of ours`);
    return pair;
  }

  private initiated(request: Uint8Array, answer: Answer): void {
    const { payloads } = answer;
    const cookie = findNotify(payloads, NOTIFY.cookie)?.data;
    const group = findNotify(payloads, NOTIFY.invalidKeyExchange)?.data;
    const better = group?.length === 2 && this.groups.includes(u16(group, 0)) ? u16(group, 0) : undefined;
    if (cookie === undefined && better === undefined) {
      this.agree(request, answer);
      return;
    }
    // §2.6, §2.7: the same request again, with the cookie or with a key of the group that the responder prefers.
    this.cookie = cookie ?? this.cookie;
    if (better !== undefined) this.pair = this.drawPair(better);
    this.ground.channel.beginAgain();
    this.begin();
  }

  private agree(request: Uint8Array, answer: Answer): void {
    const { payloads, envelope, bytes } = answer;
    const { channel, options } = this.ground;
    const ke = find(payloads, 'ke');
    const theirNonce = find(payloads, 'nonce')?.data;
    const names = options.ikeTransforms ?? TRANSFORMS;
    const choice = choose(find(payloads, 'sa')?.proposals ?? [], PROTOCOL_ID.ike, names, this.groups);
    const shared = ke && ke.group === this.pair.group ? this.pair.shared(ke.data) : undefined;
    if (!choice || !theirNonce || !shared) {
      this.refuse(payloads, NOTIFY.noProposalChosen);
      return;
    }
    channel.spis = { ...channel.spis, responderSpi: envelope.responderSpi };
    const nonces = { initiator: this.nonce, responder: theirNonce };
    const keys = deriveKeys(choice.transform, nonces, shared, channel.spis);
    channel.protection = protectionOf(choice.transform, keys, true);
    const nats = this.look(answer);
    this.authenticate({ keys, nonces, nats, request, response: bytes });
  }

  /** Compares the peer's NAT_DETECTION hashes with what arrived, and floats if they differ (§2.23). */
  private look({ payloads, origin }: Answer): Nats | undefined {
    const { options, channel, host, path, floatPort } = this.ground;
    if (!(options.natTraversal ?? true)) return undefined;
    const own = { address: host.address, port: origin.localPort };
    const nats = detectNats(payloads, channel.spis, origin, own);
    if (!nats) return undefined;
    if (nats.here || nats.there) {
      path.encapsulated = true;
      path.peer = { address: path.peer.address, port: natt.PORT, localPort: floatPort };
      this.user.step(`${nats.here ? 'local' : 'remote'} host is behind NAT, moving to port ${natt.PORT}`);
    }
    return nats;
  }

  private authenticate(agreed: Agreed): void {
    const { options, channel, host } = this.ground;
    const identity = identityPayload('idi', options.identity);
    const spi = drawSpi(host.rng);
    const { keys, nonces, request } = agreed;
    const payloads: readonly Payload[] = [
      identity,
      notify(NOTIFY.initialContact),
      authPayload({
        psk: options.psk,
        message: request,
        peerNonce: nonces.responder,
        prove: keys.proveInitiator,
        identity,
      }),
      ...(this.wantsAddress
        ? [
            {
              type: 'cp',
              kind: CFG.request,
              attributes: [{ type: INTERNAL_IP4_ADDRESS, value: new Uint8Array(0) }],
            } as const,
          ]
        : []),
      ...childOffer(this.wish, spi),
    ];
    channel.request(EXCHANGE.auth, payloads, (answer) => this.authenticated(agreed, spi, answer.payloads));
    this.user.step('proving who we are');
  }

  private get wantsAddress(): boolean {
    const { use } = this.ground.options;
    return use?.mode !== 'transport' && (use?.virtualAddress ?? true);
  }

  private get wish(): ChildWish {
    const { options, host, path } = this.ground;
    const transforms = options.espTransforms ?? TRANSFORMS;
    const use = options.use ?? { mode: 'tunnel' };
    if (use.mode === 'transport') {
      const local = [single(host.address, use.protocol, use.ownPort)];
      const remote = [single(path.peer.address, use.protocol, use.servicePort)];
      return { mode: 'transport', local, remote, transforms };
    }
    const local = [this.wantsAddress ? ANYWHERE : single(host.address)];
    return { mode: 'tunnel', local, remote: use.remote?.map(subnet) ?? [ANYWHERE], transforms };
  }

  private authenticated(agreed: Agreed, spi: number, payloads: readonly Payload[]): void {
    const { options, host, path } = this.ground;
    const { keys, nonces, nats, response: message } = agreed;
    const identity = find(payloads, 'idr');
    const peer = identity ? nameIn(identity) : this.ground.server;
    const own = { psk: options.psk, message, peerNonce: nonces.initiator, prove: keys.proveResponder };
    const settled = childSettled(payloads, this.wish, { own: host.address, path, nats });
    if (!identity) this.refuse(payloads, NOTIFY.authenticationFailed);
    else if (!proves(payloads, { ...own, identity }) || (options.serverIdentity ?? peer) !== peer)
      this.user.failed(`${peer} could not prove who it is`, badProof(peer, this.windowsKind));
    else if (!settled) this.refuse(payloads, NOTIFY.tsUnacceptable);
    else {
      const child = makeChild({ rng: host.rng, peer, settled, path, spi, derive: keys.derive, nonces, asked: true });
      const assigned = find(payloads, 'cp')?.attributes.find(({ type }) => type === INTERNAL_IP4_ADDRESS)?.value;
      const address = assigned?.length === 4 ? u32(assigned, 0) : host.address;
      this.user.established({ keys, nats, peer, child, address });
    }
  }

  private get windowsKind() {
    return this.ground.options.windowsKind ?? 'ikev2';
  }

  /** The answer lacks what it must have: for the reason it gives, or else for the one that must be meant. */
  private refuse(payloads: readonly Payload[], otherwise: number): void {
    const errors = payloads.flatMap((each) =>
      each.type === 'notify' && each.notify < FIRST_STATUS ? [each.notify] : [],
    );
    const type = errors[0] ?? otherwise;
    this.user.failed(`refused by ${this.ground.server}`, refused(type, this.ground.server, this.windowsKind));
  }
}

/**
 * One WireGuard peer: its handshake, its keys, its timers and the packets that wait for keys.
 * Rules and constants of the whitepaper's §6, in the order in which the Linux kernel applies them
 * (drivers/net/wireguard: timers.c, send.c, receive.c).
 *
 * Does not model: the limit of handshakes per second, pre-computed static keys, several cores.
 * @module
 */
import type { Prefix } from '../wire/address.ts';
import * as wireguard from '../wire/wireguard.ts';
import { toBase64 } from './base64.ts';
import { Initiator, type Responder } from './crypto/noise.ts';
import { drawKeyPair, type KeyPair } from './crypto/x25519.ts';
import { type Host, milliseconds, seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';
import { type Address, OutgoingMacs } from './wireguard-cookie.ts';
import { Keyring } from './wireguard-keyring.ts';
import {
  type Cookie,
  type Data,
  encodeInitiation,
  encodeResponse,
  type Initiation,
  noiseOf,
  PROLOGUE,
  type Response,
  timeStamp,
} from './wireguard-messages.ts';
import { REJECT_AFTER, REKEY_AFTER, REKEY_AFTER_MESSAGES, Session } from './wireguard-session.ts';

const REKEY_TIMEOUT = seconds(5);
const JITTER = milliseconds(333);
const KEEPALIVE_TIMEOUT = seconds(10);
/** 90 seconds of retries; the kernel's log then counts two attempts more. */
const MOST_RETRIES = 18;
const MOST_STAGED = 128;
/** Handshakes go out as DSCP AF41; data as best effort. */
const HANDSHAKE_TOS = 0x88;

export interface PeerConfig {
  /** For people: "laptop A". */
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly presharedKey?: Uint8Array;
  /** Inner addresses that are sent to it and taken from it. */
  readonly allowedIps: readonly Prefix[];
  /** Where it is reached at first; left out where it calls us. */
  readonly endpoint?: Address;
  readonly persistentKeepalive?: number;
}

/** What a peer needs of the interface it belongs to. */
export interface PeerLink {
  readonly own: KeyPair;
  readonly mtu: number;
  /** A new index by which messages find this peer. */
  register(peer: Peer): number;
  transmit(to: Address, bytes: Uint8Array, tos: number): void;
  /** New keys may be used: after a response came, or the first data under them. */
  agreed(peer: Peer): void;
  retrying(peer: Peer, attempt: number): void;
  gaveUp(peer: Peer, attempts: number): void;
  moved(peer: Peer): void;
}

export class Peer {
  readonly config: PeerConfig;
  endpoint: Address | undefined;
  /** The time stamp of the last initiation taken: older ones are replays. */
  lastStamp: Uint8Array = new Uint8Array(12);
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly link: PeerLink;
  private readonly macs: OutgoingMacs;
  private readonly presharedKey: Uint8Array;
  private handshake: { readonly noise: Initiator; readonly local: number } | undefined;
  private readonly keys = new Keyring();
  private staged: Uint8Array[] = [];
  private attempts = 0;
  private handshakeSentAt = Number.NEGATIVE_INFINITY;
  private lastMinuteSent = false;
  private anotherKeepalive = false;

  constructor(host: Host, timers: Timers, link: PeerLink, config: PeerConfig) {
    this.host = host;
    this.timers = timers;
    this.link = link;
    this.config = config;
    this.endpoint = config.endpoint;
    this.macs = new OutgoingMacs(config.publicKey);
    this.presharedKey = config.presharedKey ?? new Uint8Array(32);
  }

  send(packet: Uint8Array): void {
    if (this.staged.length >= MOST_STAGED) this.staged.shift();
    this.staged.push(packet);
    this.flush();
  }

  /** Opens a handshake before there is anything to send. */
  call(): void {
    this.initiate();
  }

  sendKeepalive(): void {
    if (this.staged.length === 0) this.staged.push(new Uint8Array(0));
    this.flush();
  }

  /** Takes the response to our initiation. */
  takeResponse(message: Response, from: Address): void {
    const { handshake } = this;
    if (!handshake || handshake.local !== message.receiver || !handshake.noise.read(noiseOf(message))) return;
    this.handshake = undefined;
    this.follow(from);
    const session = this.begin(message.sender, handshake.local, handshake.noise, true);
    this.keys.use(session);
    this.completed();
    this.link.agreed(this);
    this.flush();
    // The responder may not use the keys before it hears from us under them.
    if (session.sent === 0n) this.sendKeepalive();
    this.heard();
  }

  /** Answers an initiation that was found to be this peer's. */
  respond(message: Initiation, noise: Responder, from: Address): void {
    const ephemeral = this.drawEphemeral();
    const body = noise.write(ephemeral, this.presharedKey, new Uint8Array(0));
    if (!body) return;
    this.follow(from);
    this.handshakeSentAt = this.host.now;
    const local = this.link.register(this);
    this.keys.await(this.begin(message.sender, local, noise, false));
    this.transmitHandshake(encodeResponse(local, message.sender, body));
    this.heard();
  }

  takeCookie(message: Cookie): void {
    this.macs.take({ nonce: message.nonce, encrypted: message.encryptedCookie }, this.host.now);
  }

  /** The inner packet, or undefined where there is none: a keepalive, a forgery, a repetition. */
  takeData(message: Data, from: Address): Uint8Array | undefined {
    const session = this.keys.find(message.receiver);
    const packet = session?.open(message.counter, message.body, this.host.now);
    if (!session || !packet) return undefined;
    this.follow(from);
    if (this.keys.confirm(session)) this.confirmed();
    this.renewLate();
    this.heard();
    if (packet.length === 0) return undefined;
    if (this.timers.isSet('keepalive')) this.anotherKeepalive = true;
    else this.timers.set('keepalive', KEEPALIVE_TIMEOUT, () => this.keepaliveDue());
    return packet;
  }

  /** Forgets all keys and stops all timers. */
  forget(): void {
    this.timers.clearAll();
    this.handshake = undefined;
    this.keys.clear();
    this.staged = [];
  }

  private flush(): void {
    if (this.staged.length === 0) return;
    const session = this.keys.current;
    if (!session?.isFresh(this.host.now)) {
      this.initiate();
      return;
    }
    const packets = this.staged;
    this.staged = [];
    for (const packet of packets) this.transmitData(session, packet);
    this.sentAuthenticated();
    if (packets.some((packet) => packet.length > 0) && !this.timers.isSet('new-handshake'))
      this.timers.set('new-handshake', KEEPALIVE_TIMEOUT + REKEY_TIMEOUT + this.jitter(), () => this.initiate());
    const old = session.initiator && this.host.now - session.born >= REKEY_AFTER;
    if (old || session.sent > REKEY_AFTER_MESSAGES) this.initiate();
  }

  private transmitData(session: Session, packet: Uint8Array): void {
    if (!this.endpoint) return;
    const sealed = session.seal(packet, this.link.mtu);
    this.link.transmit(this.endpoint, wireguard.encode({ type: 'data', receiver: session.remote, ...sealed }), 0);
  }

  /** Opens a handshake, unless one was sent within the last five seconds. */
  private initiate(retry = false): void {
    if (!retry) this.attempts = 0;
    if (!this.endpoint || this.host.now - this.handshakeSentAt < REKEY_TIMEOUT) return;
    this.handshakeSentAt = this.host.now;
    const noise = new Initiator({
      prologue: PROLOGUE,
      own: this.link.own,
      ephemeral: this.drawEphemeral(),
      remote: this.config.publicKey,
      presharedKey: this.presharedKey,
    });
    const local = this.link.register(this);
    const body = noise.write(timeStamp(this.host.now));
    this.handshake = { noise, local };
    this.transmitHandshake(encodeInitiation(local, body));
    this.timers.set('retry', REKEY_TIMEOUT + this.jitter(), () => this.retry());
  }

  private retry(): void {
    if (this.attempts > MOST_RETRIES) {
      this.timers.clear('keepalive');
      this.staged = [];
      this.link.gaveUp(this, MOST_RETRIES + 2);
    } else {
      this.attempts++;
      this.link.retrying(this, this.attempts + 1);
      this.initiate(true);
    }
  }

  private transmitHandshake(message: Uint8Array): void {
    this.macs.sign(message, this.host.now);
    this.sentAuthenticated();
    this.link.transmit(this.endpoint!, message, HANDSHAKE_TOS);
  }

  private begin(remote: number, local: number, noise: Initiator | Responder, initiator: boolean): Session {
    this.timers.set('zero', 3 * REJECT_AFTER, () => this.forget());
    return new Session({ local, remote, initiator, born: this.host.now, keys: noise.keys() });
  }

  /** The initiator has used the new keys, so the responder may do so too. */
  private confirmed(): void {
    this.completed();
    this.link.agreed(this);
    this.flush();
  }

  private completed(): void {
    this.timers.clear('retry');
    this.attempts = 0;
    this.lastMinuteSent = false;
  }

  /** Having received under keys that end soon, with time for one more attempt (whitepaper §6.2). */
  private renewLate(): void {
    const session = this.keys.current;
    const late = REJECT_AFTER - KEEPALIVE_TIMEOUT - REKEY_TIMEOUT;
    if (this.lastMinuteSent || !session?.initiator || this.host.now - session.born < late) return;
    this.lastMinuteSent = true;
    this.initiate();
  }

  private keepaliveDue(): void {
    this.sendKeepalive();
    if (!this.anotherKeepalive) return;
    this.anotherKeepalive = false;
    this.timers.set('keepalive', KEEPALIVE_TIMEOUT, () => this.keepaliveDue());
  }

  private sentAuthenticated(): void {
    this.timers.clear('keepalive');
    this.traversed();
  }

  private heard(): void {
    this.timers.clear('new-handshake');
    this.traversed();
  }

  private traversed(): void {
    const every = this.config.persistentKeepalive;
    if (every) this.timers.set('persistent', every, () => this.sendKeepalive());
  }

  /** Roaming: the peer is wherever its last authentic packet came from. */
  private follow(from: Address): void {
    if (this.endpoint?.address === from.address && this.endpoint.port === from.port) return;
    const first = this.endpoint === undefined;
    this.endpoint = from;
    if (!first) this.link.moved(this);
  }

  private drawEphemeral(): KeyPair {
    const pair = drawKeyPair(this.host.rng);
    // The lines of Wireshark's wg.keylog_file; the pre-shared key belongs to the ephemeral key before it.
    const line = (name: string, key: Uint8Array) =>
      this.host.secret({ kind: 'wireguard-keylog', line: `${name} = ${toBase64(key)}` });
    line('LOCAL_STATIC_PRIVATE_KEY', this.link.own.secret);
    line('REMOTE_STATIC_PUBLIC_KEY', this.config.publicKey);
    line('LOCAL_EPHEMERAL_PRIVATE_KEY', pair.secret);
    if (this.config.presharedKey) line('PRESHARED_KEY', this.config.presharedKey);
    return pair;
  }

  private jitter(): number {
    return this.host.rng.below(JITTER);
  }
}

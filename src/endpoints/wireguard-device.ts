/**
 * A WireGuard interface: one key, one UDP port, any number of peers. Inner packets go to the peer whose allowed
 * addresses hold their destination, and are taken from a peer only with a source among its allowed addresses.
 * Whatever does not authenticate gets no answer, so a closed port and a WireGuard port look alike to a stranger.
 * @module
 */
import { equal, u16 } from '../lib/bytes.ts';
import { inPrefix, type Prefix } from '../wire/address.ts';
import * as ipv4 from '../wire/ipv4.ts';
import * as udp from '../wire/udp.ts';
import * as wireguard from '../wire/wireguard.ts';
import { Responder } from './crypto/noise.ts';
import { type KeyPair, keyPair } from './crypto/x25519.ts';
import type { Host, Incoming } from './endpoint.ts';
import type { Timers } from './timers.ts';
import { type Address, MacChecker } from './wireguard-cookie.ts';
import { type Initiation, noiseOf, PROLOGUE } from './wireguard-messages.ts';
import { Peer, type PeerConfig, type PeerLink } from './wireguard-peer.ts';

export interface DeviceConfig {
  readonly privateKey: Uint8Array;
  /** Left out: a random one, as a client that nobody calls has. */
  readonly listenPort?: number;
  readonly peers: readonly PeerConfig[];
  /** Default 1420: what fits with all headers into 1500 bytes, over IPv6 too. */
  readonly mtu?: number;
  /** As if more handshakes waited than can be worked off: initiations without a cookie get one instead of an answer. */
  readonly underLoad?: boolean;
  /** The local address to speak from and the uplink to leave by, on a host that has several. */
  readonly uplink?: { readonly name: string; readonly address: number };
}

export interface DeviceUser {
  /** An inner packet came in, whole and without padding. */
  deliver(packet: Uint8Array, from: Peer): void;
  agreed(peer: Peer): void;
  retrying(peer: Peer, attempt: number): void;
  gaveUp(peer: Peer, attempts: number): void;
  moved(peer: Peer): void;
}

export class WireGuardDevice implements PeerLink {
  readonly own: KeyPair;
  readonly mtu: number;
  readonly port: number;
  readonly peers: readonly Peer[];
  private readonly host: Host;
  private readonly config: DeviceConfig;
  private uplink: DeviceConfig['uplink'];
  private readonly user: DeviceUser;
  private readonly macs: MacChecker;
  private readonly byIndex = new Map<number, Peer>();

  constructor(host: Host, timers: Timers, config: DeviceConfig, user: DeviceUser) {
    this.host = host;
    this.config = config;
    this.uplink = config.uplink;
    this.user = user;
    this.own = keyPair(config.privateKey);
    this.mtu = config.mtu ?? 1420;
    this.port = config.listenPort ?? 32768 + host.rng.below(28232);
    this.macs = new MacChecker(this.own.public, host.rng);
    this.peers = config.peers.map((peer, index) => new Peer(host, timers.within(`peer ${index + 1}`), this, peer));
  }

  /** Sends an inner packet to the peer it belongs to. Answers whether there is one. */
  send(packet: Uint8Array): boolean {
    const inner = ipv4.parse(packet);
    if (!inner.ok) return false;
    const peer = this.peerFor(inner.value.destination);
    peer?.send(packet);
    return peer !== undefined;
  }

  /** Answers whether the packet was for this interface's port. */
  receive(packet: Incoming): boolean {
    if (packet.protocol !== udp.PROTOCOL || (this.uplink && packet.destination !== this.uplink.address)) return false;
    const datagram = udp.parse(packet.payload);
    if (!datagram.ok || datagram.value.destinationPort !== this.port) return false;
    const { sourcePort, payload } = datagram.value;
    if (udp.parse(packet.payload, packet).ok) this.take(payload, { address: packet.source, port: sourcePort });
    return true;
  }

  /** The uplink has another address. The peers find out by the next packet from there, and answer to it. */
  readdress(before: number, after: number): void {
    if (this.uplink?.address === before) this.uplink = { ...this.uplink, address: after };
  }

  /** All keys forgotten, all timers stopped. WireGuard says no farewell. */
  close(): void {
    for (const peer of this.peers) peer.forget();
    this.byIndex.clear();
  }

  register(peer: Peer): number {
    let index = this.host.rng.u32();
    while (this.byIndex.has(index)) index = this.host.rng.u32();
    this.byIndex.set(index, peer);
    return index;
  }

  transmit(to: Address, bytes: Uint8Array, tos: number): void {
    const { uplink } = this;
    const source = uplink?.address ?? this.host.address;
    const payload = udp.encode(
      { sourcePort: this.port, destinationPort: to.port, payload: bytes },
      { source, destination: to.address },
    );
    this.host.send({
      protocol: udp.PROTOCOL,
      source,
      destination: to.address,
      payload,
      tos,
      dontFragment: false,
      ...(uplink ? { via: uplink.name } : {}),
    });
  }

  agreed(peer: Peer): void {
    this.user.agreed(peer);
  }

  retrying(peer: Peer, attempt: number): void {
    this.user.retrying(peer, attempt);
  }

  gaveUp(peer: Peer, attempts: number): void {
    this.user.gaveUp(peer, attempts);
  }

  moved(peer: Peer): void {
    this.user.moved(peer);
  }

  private take(bytes: Uint8Array, from: Address): void {
    const parsed = wireguard.parse(bytes);
    if (!parsed.ok) return;
    const message = parsed.value;
    switch (message.type) {
      case 'initiation':
        this.takeInitiation(bytes, message, from);
        return;
      case 'response':
        if (this.macs.meantForUs(bytes)) this.byIndex.get(message.receiver)?.takeResponse(message, from);
        return;
      case 'cookie':
        this.byIndex.get(message.receiver)?.takeCookie(message);
        return;
      case 'data': {
        const peer = this.byIndex.get(message.receiver);
        const packet = peer?.takeData(message, from);
        if (peer && packet) this.deliver(packet, peer);
      }
    }
  }

  private takeInitiation(bytes: Uint8Array, message: Initiation, from: Address): void {
    if (!this.macs.meantForUs(bytes)) return;
    if (this.config.underLoad && !this.macs.carriesCookie(bytes, from, this.host.now)) {
      const { nonce, encrypted } = this.macs.reply(bytes, from, this.host.now);
      const cookie = { type: 'cookie', receiver: message.sender, nonce, encryptedCookie: encrypted } as const;
      this.transmit(from, wireguard.encode(cookie), 0);
      return;
    }
    const noise = new Responder({ prologue: PROLOGUE, own: this.own });
    const heard = noise.read(noiseOf(message));
    const peer = heard && this.peers.find((each) => equal(each.config.publicKey, heard.remote));
    if (!peer || !isLater(heard.payload, peer.lastStamp)) return;
    peer.lastStamp = heard.payload;
    peer.respond(message, noise, from);
  }

  private deliver(padded: Uint8Array, peer: Peer): void {
    const inner = ipv4.parse(padded);
    if (!inner.ok || !allows(peer.config.allowedIps, inner.value.source)) return;
    this.user.deliver(padded.subarray(0, u16(padded, 2)), peer);
  }

  private peerFor(destination: number): Peer | undefined {
    let best: { readonly peer: Peer; readonly length: number } | undefined;
    for (const peer of this.peers)
      for (const prefix of peer.config.allowedIps)
        if (inPrefix(destination, prefix) && prefix.length > (best?.length ?? -1))
          best = { peer, length: prefix.length };
    return best?.peer;
  }
}

function allows(prefixes: readonly Prefix[], address: number): boolean {
  return prefixes.some((prefix) => inPrefix(address, prefix));
}

/** Whether one time stamp comes after another, byte by byte. */
function isLater(stamp: Uint8Array, before: Uint8Array): boolean {
  const at = stamp.findIndex((byte, index) => byte !== before[index]);
  return at >= 0 && stamp[at]! > before[at]!;
}

/**
 * OpenVPN's data channel: packets under AES-256-GCM in DATA_V2, and the pings that keep it alive.
 *
 *     |0 opcode, key |1 peer ID 3 |4 packet ID 4 |8 tag 16 |24 ciphertext …
 *
 * Opcode, peer ID and packet ID are covered by the tag. The nonce is the packet ID and eight bytes never sent.
 * @module
 */
import { concat, equal, hex, putU32, u32 } from '../lib/bytes.ts';
import { OPCODE } from '../wire/openvpn-form.ts';
import * as aesGcm from './crypto/aes-gcm.ts';
import { ReplayWindow } from './esp-replay.ts';
import type { DataKey } from './openvpn-keys.ts';
import type { DataV2 } from './openvpn-link.ts';
import type { Timers } from './timers.ts';

const TAG_LEN = 16;
const ID_LEN = 4;
/** What OpenVPN sends, encrypted, when it has nothing else to send. */
const PING = hex('2a187bf3641eb4cb07ed2d0a981fc748');

export interface TunnelOptions {
  readonly peerId: number;
  readonly send: DataKey;
  readonly receive: DataKey;
  /** After so long without sending, a ping. 0: never. */
  readonly ping: number;
  /** After so long without receiving, the tunnel counts as lost. 0: never. */
  readonly pingRestart: number;
}

export interface TunnelUser {
  transmit(packet: DataV2): void;
  /** An inner packet came out. */
  packet(packet: Uint8Array): void;
  /** Nothing came for the whole of `pingRestart`. */
  silent(): void;
}

export class OpenVpnTunnel {
  private readonly timers: Timers;
  private readonly options: TunnelOptions;
  private readonly user: TunnelUser;
  private readonly window = new ReplayWindow();
  private packets = 0;

  constructor(timers: Timers, options: TunnelOptions, user: TunnelUser) {
    this.timers = timers;
    this.options = options;
    this.user = user;
    this.sent();
    this.heard();
  }

  send(packet: Uint8Array): void {
    const { peerId, send } = this.options;
    const id = new Uint8Array(ID_LEN);
    putU32(id, 0, ++this.packets);
    const sealed = aesGcm.seal(send.key, concat(id, send.implicitIv), concat(head(peerId), id), packet);
    const end = sealed.length - TAG_LEN;
    const body = concat(id, sealed.subarray(end), sealed.subarray(0, end));
    this.user.transmit({ kind: 'data-v2', keyId: 0, peerId, body });
    this.sent();
  }

  /** Answers whether the packet is authentic and new. */
  receive(packet: DataV2): boolean {
    const plain = this.open(packet);
    if (!plain) return false;
    this.heard();
    if (!equal(plain, PING)) this.user.packet(plain);
    return true;
  }

  close(): void {
    this.timers.clearAll();
  }

  private open(packet: DataV2): Uint8Array | undefined {
    const { body, peerId } = packet;
    if (body.length < ID_LEN + TAG_LEN) return undefined;
    const id = body.subarray(0, ID_LEN);
    if (!this.window.admits(u32(id, 0))) return undefined;
    const sealed = concat(body.subarray(ID_LEN + TAG_LEN), body.subarray(ID_LEN, ID_LEN + TAG_LEN));
    const { key, implicitIv } = this.options.receive;
    const plain = aesGcm.open(key, concat(id, implicitIv), concat(head(peerId), id), sealed);
    if (plain) this.window.note(u32(id, 0));
    return plain;
  }

  private sent(): void {
    if (this.options.ping > 0) this.timers.set('ping', this.options.ping, () => this.send(PING));
  }

  private heard(): void {
    if (this.options.pingRestart > 0) this.timers.set('restart', this.options.pingRestart, () => this.user.silent());
  }
}

/** Opcode, key 0 and peer ID, as they stand before the packet ID. */
function head(peerId: number): Uint8Array {
  return Uint8Array.of(OPCODE.dataV2 << 3, peerId >>> 16, peerId >>> 8, peerId);
}

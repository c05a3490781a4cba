/**
 * OpenVPN's control channel, either end: a hard reset each way names the session, then TLS runs in pieces through the
 * reliability layer. What is written here comes out at the other end in order and in secret.
 *
 *     HARD_RESET_CLIENT_V2 0  →
 *                             ←  HARD_RESET_SERVER_V2 0, acknowledging 0
 *     CONTROL_V1 1 …          ↔  CONTROL_V1 1 …, ACK_V1
 * @module
 */
import { equal } from '../lib/bytes.ts';
import { OPCODE } from '../wire/openvpn-form.ts';
import type { Host } from './endpoint.ts';
import type { Control } from './openvpn-link.ts';
import { type Message, Reliable } from './openvpn-reliable.ts';
import type { Timers } from './timers.ts';
import { TlsClient } from './tls-client.ts';
import type { TlsEnd, TlsSession, TlsUser } from './tls-session.ts';

export interface ControlUser {
  transmit(packet: Control): void;
  /** The other side named its session; TLS begins. */
  met(): void;
  established(session: TlsSession): void;
  data(bytes: Uint8Array): void;
  /** TLS ended, with an alert or without. */
  ended(how: TlsEnd): void;
}

/** So much of TLS in a packet that it stays under --tls-mtu's default of 1250 bytes. */
const PIECE = 1150;
const KEY_ID = 0;
const NOTHING = new Uint8Array(0);

export class ControlChannel {
  /** The name of our side of the session, drawn anew for each. */
  readonly sessionId: Uint8Array;
  peerSessionId: Uint8Array | undefined;
  private readonly host: Host;
  private readonly user: ControlUser;
  private readonly reliable: Reliable;
  private readonly makeTls: (user: TlsUser) => TlsSession;
  private tls: TlsSession | undefined;

  constructor(host: Host, timers: Timers, makeTls: (user: TlsUser) => TlsSession, user: ControlUser) {
    this.host = host;
    this.user = user;
    this.makeTls = makeTls;
    this.sessionId = host.rng.bytes(8);
    this.reliable = new Reliable(() => host.now, timers.within('reliable'), {
      transmit: (message, acks) => this.transmit(message.opcode, acks, message.payload, message.id),
      acknowledge: (acks) => this.transmit(OPCODE.ack, acks, NOTHING),
      deliver: (opcode, payload) => this.deliver(opcode, payload),
    });
  }

  /** The client's first word. */
  start(): void {
    this.reliable.send(OPCODE.hardResetClientV2, NOTHING);
  }

  write(bytes: Uint8Array): void {
    this.tls?.write(bytes);
  }

  receive(packet: Control): void {
    const isReset = packet.opcode === OPCODE.hardResetClientV2 || packet.opcode === OPCODE.hardResetServerV2;
    if (!this.peerSessionId && isReset) this.peerSessionId = packet.sessionId.slice();
    if (!this.peerSessionId || !equal(this.peerSessionId, packet.sessionId)) return;
    // Acknowledgements name the session they are for.
    if (packet.remoteSessionId && !equal(packet.remoteSessionId, this.sessionId)) return;
    const { opcode, messageId: id, payload } = packet;
    const message: Message | undefined = id === undefined ? undefined : { opcode, id, payload };
    this.reliable.receive(packet.acks, message);
  }

  private deliver(opcode: number, payload: Uint8Array): void {
    if (opcode === OPCODE.control) this.tls?.receive(payload);
    else if (opcode === OPCODE.hardResetServerV2 || opcode === OPCODE.hardResetClientV2) this.meet(opcode);
  }

  private meet(opcode: number): void {
    if (this.tls) return;
    if (opcode === OPCODE.hardResetClientV2) this.reliable.send(OPCODE.hardResetServerV2, NOTHING);
    this.user.met();
    const session = this.makeTls({
      send: (bytes) => this.sendPieces(bytes),
      established: () => this.user.established(session),
      data: (bytes) => this.user.data(bytes),
      ended: (how) => this.user.ended(how),
      secret: (line) => this.host.secret({ kind: 'tls-keylog', line }),
    });
    this.tls = session;
    if (session instanceof TlsClient) session.start();
  }

  private sendPieces(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) this.reliable.send(OPCODE.control, bytes.subarray(at, at + PIECE));
  }

  private transmit(opcode: number, acks: readonly number[], payload: Uint8Array, messageId?: number): void {
    const { sessionId, peerSessionId } = this;
    this.user.transmit({
      kind: 'control',
      opcode,
      keyId: KEY_ID,
      sessionId,
      acks,
      ...(acks.length > 0 && peerSessionId ? { remoteSessionId: peerSessionId } : {}),
      ...(messageId === undefined ? {} : { messageId }),
      payload,
    });
  }
}

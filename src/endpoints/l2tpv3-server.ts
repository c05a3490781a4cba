/**
 * An L2TPv3 responder for any number of initiators (RFC 3931). It tells control connections apart by the ids it gave
 * out, and data by session id and cookie, never by address; it answers to where a connection was asked for from.
 * @module
 */
import * as l2tp from '../wire/l2tp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import type { Carrier, Packet } from '../wire/l2tpv3.ts';
import type { Endpoint, Host, Incoming, Status } from './endpoint.ts';
import { AVP, DISCONNECT, ERROR, MESSAGE, message, numberOf, resultCode, STOP } from './l2tp-avps.ts';
import { type ControlMessage, L2tpConnection } from './l2tp-connection.ts';
import { arrive, type L2tpv3Path, sendControl, sendData } from './l2tpv3-path.ts';
import { ACTIVE_CIRCUIT, drawId, introductionOf, L2tpv3Session, type SessionOptions } from './l2tpv3-session.ts';
import { Timers } from './timers.ts';

export interface L2tpv3ServerOptions extends SessionOptions {
  readonly carrier: Carrier;
  /** Default "l2tpv3". */
  readonly session?: string;
}

/** A control connection and the sessions in it. */
interface Peer {
  readonly control: L2tpConnection;
  readonly path: L2tpv3Path;
  readonly sessions: Map<number, Circuit>;
}

interface Circuit {
  readonly session: L2tpv3Session;
  readonly peer: Peer;
  /** "l2tpv3#1" */
  readonly name: string;
}

const NAME = 'server';

export class L2tpv3Server implements Endpoint {
  readonly session: string;
  private readonly options: L2tpv3ServerOptions;
  private host!: Host;
  private timers: Timers | undefined;
  private readonly peers = new Map<number, Peer>();
  private readonly circuits = new Map<number, Circuit>();
  private counted = 0;

  constructor(options: L2tpv3ServerOptions) {
    this.options = options;
    this.session = options.session ?? 'l2tpv3';
  }

  start(host: Host): void {
    if (this.timers) return;
    this.host = host;
    this.timers = new Timers(host);
  }

  stop(): void {
    for (const peer of this.peers.values()) {
      this.closeAll(peer);
      peer.control.stop(resultCode(STOP.shutdown));
    }
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (!this.timers) return false;
    const arrived = arrive(packet, this.options.carrier, l2tp.PORT);
    if (!arrived || arrived === 'damaged') return arrived !== undefined;
    this.take(arrived.packet, arrived.path);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers?.fire(name);
  }

  private take(packet: Packet, path: L2tpv3Path): void {
    if (packet.kind === 'data') {
      const circuit = this.circuits.get(packet.sessionId);
      circuit?.peer.control.heard();
      circuit?.session.receive(packet.body);
      return;
    }
    const peer = packet.connectionId === 0 ? this.asked(packet.avps, path) : this.peers.get(packet.connectionId);
    peer?.control.receive(packet, 0, packet.avps);
  }

  /** Id 0 is a peer that has none of ours yet: an SCCRQ, or its repetition. */
  private asked(avps: readonly Avp[], path: L2tpv3Path): Peer | undefined {
    if (numberOf(avps, AVP.messageType) !== MESSAGE.SCCRQ) return undefined;
    const theirs = numberOf(avps, AVP.assignedConnectionId);
    for (const peer of this.peers.values()) {
      const { remote, remotePort } = peer.path;
      if (remote === path.remote && remotePort === path.remotePort && peer.control.peerId === theirs) return peer;
    }
    return this.open(path);
  }

  private open(path: L2tpv3Path): Peer {
    const id = drawId(this.host, this.peers);
    const timers = this.timers!.within(`connection-${++this.counted}`);
    const control = new L2tpConnection(
      this.host,
      timers,
      { id, idAvp: AVP.assignedConnectionId },
      {
        transmit: (numbered) => sendControl(this.host, path, numbered),
        message: (incoming) => this.receiveMessage(peer, incoming),
        lost: () => this.closeAll(peer, 'the other end acknowledged nothing any more'),
        forgotten: () => this.peers.delete(id),
      },
    );
    const peer: Peer = { control, path, sessions: new Map() };
    this.peers.set(id, peer);
    return peer;
  }

  private receiveMessage(peer: Peer, incoming: ControlMessage): void {
    const { control } = peer;
    switch (incoming.type) {
      case MESSAGE.SCCRQ:
        if (control.peerId === 0) this.greet(peer, incoming.avps);
        break;
      case MESSAGE.SCCCN:
        control.established();
        break;
      case MESSAGE.ICRQ:
        this.openSession(peer, incoming.avps);
        break;
      case MESSAGE.ICCN:
        this.connected(peer, incoming.avps);
        break;
      case MESSAGE.CDN:
        this.close(peer, numberOf(incoming.avps, AVP.remoteSessionId));
        break;
      case MESSAGE.StopCCN:
        this.closeAll(peer);
        control.linger();
        break;
      default:
        this.closeAll(peer);
        control.stop(resultCode(STOP.error, ERROR.unknownMandatory));
    }
  }

  private greet({ control, path }: Peer, avps: readonly Avp[]): void {
    control.meet(avps);
    control.send(0, message(MESSAGE.SCCRP, ...introductionOf(NAME, path.local, control.id)));
  }

  private openSession(peer: Peer, avps: readonly Avp[]): void {
    const name = `${this.session}#${++this.counted}`;
    const timers = this.timers!.within(name);
    const session = new L2tpv3Session(this.host, timers, drawId(this.host, this.circuits), this.options, {
      transmit: (frame) => sendData(this.host, peer.path, session.peerId, session.body(frame)),
      // It answers and never asks.
      alive: () => {},
      silent: () => {},
    });
    session.meet(avps);
    if (numberOf(avps, AVP.pseudowireType) !== session.type) {
      this.refuse(peer, session);
      return;
    }
    const circuit = { session, peer, name };
    peer.sessions.set(session.id, circuit);
    this.circuits.set(session.id, circuit);
    this.say(name, 'session', 'connecting');
    const status = [AVP.circuitStatus, ACTIVE_CIRCUIT] as const;
    peer.control.send(0, message(MESSAGE.ICRP, ...session.introduction(), status));
  }

  /** A pseudowire that we do not do here (§5.4.3). */
  private refuse(peer: Peer, session: L2tpv3Session): void {
    const why = [AVP.resultCode, resultCode(DISCONNECT.error, ERROR.badValue)] as const;
    peer.control.send(0, message(MESSAGE.CDN, why, ...session.ids));
  }

  private connected(peer: Peer, avps: readonly Avp[]): void {
    const circuit = peer.sessions.get(numberOf(avps, AVP.remoteSessionId) ?? 0);
    if (circuit) this.say(circuit.name, 'up', 'up');
  }

  private close(peer: Peer, id: number | undefined, broken?: string): void {
    const circuit = id === undefined ? undefined : peer.sessions.get(id);
    if (!circuit) return;
    circuit.session.end.down();
    peer.sessions.delete(circuit.session.id);
    this.circuits.delete(circuit.session.id);
    if (broken === undefined) this.say(circuit.name, 'closed', 'closed');
    else {
      this.host.symptom(circuit.name, { system: 'l2tpv3', text: 'The L2TPv3 pseudowire is down.', missing: broken });
      this.say(circuit.name, 'failed', 'failed');
    }
  }

  private closeAll(peer: Peer, broken?: string): void {
    for (const id of [...peer.sessions.keys()]) this.close(peer, id, broken);
  }

  private say(name: string, phase: string, status: Status): void {
    this.host.phase(name, phase, status);
  }
}

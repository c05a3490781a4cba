/**
 * An L2TPv3 initiator (RFC 3931): a control connection over IP 115 or over UDP 1701, one session with a cookie, and
 * pings through its pseudowire.
 * @module
 */
import * as l2tp from '../wire/l2tp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import type { Carrier, Packet } from '../wire/l2tpv3.ts';
import type { Endpoint, Host, Incoming, Status, Unreachable } from './endpoint.ts';
import { AVP, DISCONNECT, ERROR, MESSAGE, message, resultCode, resultOf, STOP } from './l2tp-avps.ts';
import { type ControlMessage, L2tpConnection } from './l2tp-connection.ts';
import { arrive, type L2tpv3Path, pathTo, sendControl, sendData } from './l2tpv3-path.ts';
import { ACTIVE_CIRCUIT, drawId, introductionOf, L2tpv3Session, type SessionOptions } from './l2tpv3-session.ts';
import { Timers } from './timers.ts';

export interface L2tpv3ClientOptions extends SessionOptions {
  readonly server: number;
  readonly carrier: Carrier;
  /** The server's address inside: what to ping. */
  readonly target: number;
  /** When to ping, counted from the moment the session stands. */
  readonly echoAt?: readonly number[];
  /** Over UDP. Default 1701. */
  readonly localPort?: number | 'ephemeral';
  /** Default "l2tpv3". */
  readonly session?: string;
}

/** What this end is called towards the other. */
const NAME = 'laptop';
/** The circuit that the session is for, by the name both ends know it under (§5.4.4). */
const CIRCUIT = 'circuit-1';

export class L2tpv3Client implements Endpoint {
  readonly session: string;
  private readonly options: L2tpv3ClientOptions;
  private host!: Host;
  private timers!: Timers;
  private path!: L2tpv3Path;
  private control: L2tpConnection | undefined;
  private circuit: L2tpv3Session | undefined;
  /** Control connections by our id: the one in use, and those whose end is not forgotten yet. */
  private readonly connections = new Map<number, L2tpConnection>();
  private attempts = 0;
  private state: 'idle' | 'connection' | 'session' | 'echo' | 'up' | 'over' = 'idle';

  constructor(options: L2tpv3ClientOptions) {
    this.options = options;
    this.session = options.session ?? 'l2tpv3';
  }

  start(host: Host): void {
    if (this.state !== 'idle' && this.state !== 'over') return;
    this.host = host;
    this.timers ??= new Timers(host);
    const { server, carrier, localPort = l2tp.PORT } = this.options;
    const port = localPort === 'ephemeral' ? 49_152 + host.rng.below(16_384) : localPort;
    this.path = pathTo(host, server, carrier, port);
    const id = drawId(host, this.connections);
    const timers = this.timers.within(`connection-${++this.attempts}`);
    const { path } = this;
    const control = new L2tpConnection(
      host,
      timers,
      { id, idAvp: AVP.assignedConnectionId },
      {
        transmit: (numbered) => sendControl(host, path, numbered),
        message: (incoming) => this.receiveMessage(incoming),
        lost: () => this.lost(),
        forgotten: () => this.connections.delete(id),
      },
    );
    this.control = control;
    this.connections.set(id, control);
    this.enter('connection');
    control.send(0, message(MESSAGE.SCCRQ, ...introductionOf(NAME, host.address, id)));
  }

  stop(): void {
    if (this.state === 'idle' || this.state === 'over') return;
    this.tearDown();
    this.say('closed', 'closed');
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (this.connections.size === 0) return false;
    const arrived = arrive(packet, this.options.carrier, this.path.localPort);
    if (!arrived || arrived === 'damaged') return arrived !== undefined;
    if (packet.source === this.options.server) this.take(arrived.packet);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  /** The other end says that it speaks no L2TPv3. */
  unreachable(_host: Host, error: Unreachable): boolean {
    const ours = error.destination === this.options.server && this.state === 'connection' && error.type === 3;
    if (ours) this.fail(`the first message was answered with ICMP unreachable, code ${error.code}`);
    return ours;
  }

  private take(packet: Packet): void {
    if (packet.kind === 'control') this.connections.get(packet.connectionId)?.receive(packet, 0, packet.avps);
    else if (packet.sessionId === this.circuit?.id) {
      this.control?.heard();
      this.circuit.receive(packet.body);
    }
  }

  private receiveMessage(incoming: ControlMessage): void {
    switch (incoming.type) {
      case MESSAGE.SCCRP:
        if (this.state === 'connection') this.openSession(incoming.avps);
        break;
      case MESSAGE.ICRP:
        if (this.state === 'session') this.sessionAnswered(incoming.avps);
        break;
      case MESSAGE.CDN:
        this.circuit = undefined;
        this.fail(`the other end sent CDN, result ${resultOf(incoming.avps)}`);
        break;
      case MESSAGE.StopCCN:
        this.control?.linger();
        this.fail(`the other end sent StopCCN, result ${resultOf(incoming.avps)}`);
        break;
      default:
        this.control?.stop(resultCode(STOP.error, ERROR.unknownMandatory));
        this.fail('the other end sent a message that cannot be taken here');
    }
  }

  private openSession(avps: readonly Avp[]): void {
    const control = this.control!;
    control.meet(avps);
    control.send(0, message(MESSAGE.SCCCN));
    control.established();
    this.enter('session');
    const timers = this.timers.within(`session-${this.attempts}`);
    const circuit = new L2tpv3Session(this.host, timers, drawId(this.host, new Set()), this.options, {
      transmit: (frame) => sendData(this.host, this.path, circuit.peerId, circuit.body(frame)),
      alive: () => {
        this.state = 'up';
        this.say('up', 'up');
      },
      silent: (asked, answered) => this.silent(asked, answered),
    });
    this.circuit = circuit;
    control.send(
      0,
      message(
        MESSAGE.ICRQ,
        ...circuit.introduction(),
        [AVP.callSerialNumber, 1],
        [AVP.pseudowireType, circuit.type],
        [AVP.remoteEndId, CIRCUIT],
        [AVP.circuitStatus, ACTIVE_CIRCUIT],
      ),
    );
  }

  private sessionAnswered(avps: readonly Avp[]): void {
    const circuit = this.circuit!;
    circuit.meet(avps);
    this.control!.send(0, message(MESSAGE.ICCN, ...circuit.ids, [AVP.circuitStatus, ACTIVE_CIRCUIT]));
    this.enter('echo');
    const { target, echoAt } = this.options;
    circuit.end.begin({ target, ...(echoAt ? { at: echoAt } : {}) });
  }

  private silent(asked: number, answered: number): void {
    this.report(`${asked} echo requests went into the pseudowire, ${answered} answers came out`);
    this.say('silent', 'failed');
  }

  private lost(): void {
    this.fail(this.state === 'connection' ? 'no SCCRP arrived' : 'the other end acknowledged nothing any more');
  }

  private fail(missing: string): void {
    if (this.state === 'over') return;
    this.report(missing);
    this.say('failed', 'failed');
    this.tearDown();
  }

  private report(missing: string): void {
    const text = this.state === 'up' ? 'The L2TPv3 pseudowire is down.' : 'The L2TPv3 pseudowire did not come up.';
    this.host.symptom(this.session, { system: 'l2tpv3', text, missing });
  }

  private tearDown(): void {
    this.state = 'over';
    const { circuit, control } = this;
    circuit?.end.down();
    if (circuit && circuit.peerId !== 0) {
      control?.send(0, message(MESSAGE.CDN, [AVP.resultCode, resultCode(DISCONNECT.admin)], ...circuit.ids));
    }
    control?.stop(resultCode(STOP.general));
    this.circuit = undefined;
    this.control = undefined;
  }

  private enter(state: 'connection' | 'session' | 'echo'): void {
    this.state = state;
    this.say(state, 'connecting');
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.session, phase, status);
  }
}

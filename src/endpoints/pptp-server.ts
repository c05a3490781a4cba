/**
 * A PPTP server for any number of clients, also for several that come from one address: it tells their calls apart by
 * the Call IDs it gave out, and their control connections by TCP's ports. RFC 2637.
 * @module
 */
import * as gre from '../wire/gre.ts';
import { PORT } from '../wire/pptp.ts';
import type { DialInOptions } from './dial-in.ts';
import type { Endpoint, Host, Incoming, Unreachable } from './endpoint.ts';
import { InnerPool } from './inner-pool.ts';
import { PptpControl, type PptpServerState } from './pptp-control.ts';
import { PPTP_SERVER } from './pptp-profile.ts';
import { TcpListener } from './tcp-listener.ts';
import { Timers } from './timers.ts';

export interface PptpServerOptions extends DialInOptions {
  /** Default "pptp". */
  readonly session?: string;
  /** Call IDs are counted up from here. Default: drawn. */
  readonly firstCallId?: number;
}

const CALL_IDS = 0x10000;

export class PptpServer implements Endpoint {
  readonly session: string;
  private readonly options: PptpServerOptions;
  private timers!: Timers;
  private listener: TcpListener | undefined;
  private controls: PptpControl[] = [];

  constructor(options: PptpServerOptions) {
    this.options = options;
    this.session = options.session ?? 'pptp';
  }

  start(host: Host): void {
    if (this.listener) return;
    this.timers = new Timers(host);
    const shared = this.sharedState(host);
    let accepted = 0;
    this.listener = new TcpListener(host, this.timers.within('tcp'), {
      port: PORT,
      policy: PPTP_SERVER.tcp,
      accept: (connection) => {
        const timers = this.timers.within(`control-${++accepted}`);
        const control = new PptpControl(host, timers, connection, this.options, shared);
        this.controls = [...this.controls.filter((each) => !each.isOver), control];
        return control;
      },
    });
  }

  stop(): void {
    for (const control of this.controls) control.shutDown();
  }

  receive(_host: Host, packet: Incoming): boolean {
    if (packet.protocol === gre.PROTOCOL) return this.receiveGre(packet);
    return this.listener?.receive(packet) ?? false;
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return this.listener?.unreachable(error) ?? false;
  }

  /** Enhanced GRE is ours even where no call fits: it is then dropped without a word (RFC 2637 §4.2). */
  private receiveGre(packet: Incoming): boolean {
    const parsed = gre.parse(packet.payload);
    if (!parsed.ok || parsed.value.version !== 1) return false;
    for (const control of this.controls) if (control.receive(packet.source, parsed.value)) return true;
    return true;
  }

  private sharedState(host: Host): PptpServerState {
    const taken = new Set<number>();
    let next = this.options.firstCallId ?? host.rng.u16();
    let calls = 0;
    return {
      session: this.session,
      pool: new InnerPool(this.options.pool.first, this.options.pool.size),
      takeCallId: () => {
        if (taken.size === CALL_IDS) return undefined;
        while (taken.has(next)) next = (next + 1) % CALL_IDS;
        const callId = next;
        next = (next + 1) % CALL_IDS;
        taken.add(callId);
        return callId;
      },
      giveBackCallId: (callId) => taken.delete(callId),
      nextCallNumber: () => ++calls,
    };
  }
}

/**
 * What the servers of PPTP and L2TP have in common: for each call a PPP link that demands a password, hands out an
 * inner address and answers pings inside; and what the server's log says when that fails.
 * @module
 */
import type * as lcp from '../wire/lcp.ts';
import { type Host, type Status, seconds } from './endpoint.ts';
import { InnerEcho } from './inner-echo.ts';
import type { InnerPool } from './inner-pool.ts';
import type { AuthenticationMethod } from './ppp-lcp.ts';
import { type PppEnd, PppLink } from './ppp-link.ts';
import type { Timers } from './timers.ts';
import type { TunnelFailure, TunnelProtocol } from './tunnel-failure.ts';
import { symptomOf } from './tunnel-words.ts';

export interface DialInOptions {
  /** The server's own address inside. */
  readonly innerAddress: number;
  /** First of the addresses it hands out, and how many there are. */
  readonly pool: { readonly first: number; readonly size: number };
  readonly users: ReadonlyMap<string, string>;
  /** Default "mppe-128". */
  readonly encryption?: 'mppe-128' | 'none';
  /** Default MS-CHAPv2. */
  readonly authentication?: AuthenticationMethod;
  /** Default: every 30 seconds, the link given up after 4 unanswered. */
  readonly lcpEcho?: { readonly interval: number; readonly failures: number };
}

export interface DialInSurroundings {
  /** Names the call in the trace: "pptp#1". */
  readonly session: string;
  readonly protocol: TunnelProtocol;
  readonly name: string;
  readonly lcpOptions: readonly lcp.Option[];
  readonly mppeBits: number;
  readonly pool: InnerPool;
  transmit(frame: Uint8Array): void;
  /** The link is dead; the call has no use any more. */
  ended(): void;
}

const LCP_ECHO = { interval: seconds(30), failures: 4 };

export class DialIn {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly around: DialInSurroundings;
  private readonly address: number | undefined;
  private readonly link: PppLink;
  private readonly echo: InnerEcho;
  private isOver = false;

  constructor(host: Host, timers: Timers, options: DialInOptions, around: DialInSurroundings) {
    this.host = host;
    this.timers = timers;
    this.around = around;
    this.address = around.pool.take();
    const settings = {
      lcp: {
        options: around.lcpOptions,
        demand: options.authentication ?? 'ms-chap-v2',
        answers: [],
        echo: options.lcpEcho ?? LCP_ECHO,
      },
      ipcp: { address: options.innerAddress, ...(this.address === undefined ? {} : { assign: this.address }) },
      server: { name: around.name, passwords: options.users },
      ...(options.encryption === 'none' ? {} : { mppeBits: around.mppeBits }),
    };
    this.echo = new InnerEcho(host, timers.within('echo'), options.innerAddress, {
      send: (packet) => this.link.send(packet),
      // It answers and never asks.
      alive: () => {},
      silent: () => {},
    });
    this.link = new PppLink(host, timers.within('ppp'), settings, {
      transmit: (frame) => around.transmit(frame),
      phase: (phase) => phase !== 'network' && this.say(phase, 'connecting'),
      opened: () => this.say('up', 'up'),
      packet: (packet) => this.echo.receive(packet),
      ended: (end) => this.linkEnded(end),
    });
  }

  open(): void {
    this.link.open();
  }

  /** The server hangs up in order; `ended` follows. */
  close(): void {
    this.link.close();
  }

  /** The call is gone: nothing more is sent. */
  down(why: 'closed' | TunnelFailure): void {
    if (this.isOver) return;
    this.isOver = true;
    this.link.down();
    this.timers.clearAll();
    if (this.address !== undefined) this.around.pool.giveBack(this.address);
    if (why === 'closed') this.say('closed', 'closed');
    else {
      this.host.symptom(this.around.session, symptomOf('linux', this.around.protocol, why));
      this.say('failed', 'failed');
    }
  }

  receive(frame: Uint8Array): void {
    this.link.receive(frame);
  }

  private linkEnded(end: PppEnd): void {
    if (end.kind === 'closed' || end.kind === 'terminated') this.down('closed');
    else if (end.kind === 'timeout' && end.during === 'lcp') this.down({ kind: 'no-frames', heard: end.heard });
    else this.down({ kind: 'ppp', end });
    this.around.ended();
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.around.session, phase, status);
  }
}

/**
 * What the clients of PPTP and L2TP have in common: a PPP link to the server, pings through it as the proof that it
 * works, and what to say when it does not. The tunnel around it carries frames and nothing more.
 * @module
 */
import type * as lcp from '../wire/lcp.ts';
import type { Host, Status } from './endpoint.ts';
import { InnerEcho } from './inner-echo.ts';
import type { InnerAddresses } from './ppp-ipcp.ts';
import type { AuthenticationMethod } from './ppp-lcp.ts';
import { type PppEnd, PppLink, type PppSettings } from './ppp-link.ts';
import type { Timers } from './timers.ts';
import type { TunnelFailure, TunnelProtocol } from './tunnel-failure.ts';
import { type ClientSystem, symptomOf } from './tunnel-words.ts';

export interface DialUpOptions {
  readonly userName: string;
  readonly password: string;
  /** Default "windows". */
  readonly system?: ClientSystem;
  /** Default "mppe-128". */
  readonly encryption?: 'mppe-128' | 'none';
  /** How we would prove ourselves, best first. Default MS-CHAPv2 alone. */
  readonly authentication?: readonly AuthenticationMethod[];
  /** LCP echoes while the link stands. Default: none, as in Windows. */
  readonly lcpEcho?: { readonly interval: number; readonly failures: number };
  /** What to ping inside. Default: the server's inner address. */
  readonly target?: number;
  /** When to ping, counted from the moment the link stands. */
  readonly echoAt?: readonly number[];
}

/** What the tunnel around the link knows of it. */
export interface DialUpSurroundings {
  readonly session: string;
  readonly protocol: TunnelProtocol;
  readonly lcpOptions: readonly lcp.Option[];
  readonly mppeBits: number;
  transmit(frame: Uint8Array): void;
  up(): void;
  /** The link is dead: hung up by us, or with a failure. */
  ended(failure: TunnelFailure | undefined): void;
}

export class DialUp {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly options: DialUpOptions;
  private readonly around: DialUpSurroundings;
  private readonly link: PppLink;
  private echo: InnerEcho | undefined;
  private isUp = false;

  constructor(host: Host, timers: Timers, options: DialUpOptions, around: DialUpSurroundings) {
    this.host = host;
    this.timers = timers;
    this.options = options;
    this.around = around;
    this.link = new PppLink(host, timers.within('ppp'), this.settings(), {
      transmit: (frame) => around.transmit(frame),
      phase: (phase) => this.say(phase === 'network' ? 'echo' : phase, 'connecting'),
      opened: (addresses) => this.opened(addresses),
      packet: (packet) => this.echo?.receive(packet),
      ended: (end) => this.linkEnded(end),
    });
  }

  open(): void {
    this.link.open();
  }

  close(): void {
    this.link.close();
  }

  down(): void {
    this.link.down();
    this.timers.clearAll();
  }

  receive(frame: Uint8Array): void {
    this.link.receive(frame);
  }

  /** Nothing of the server ever came through the tunnel. */
  get isDeaf(): boolean {
    return !this.link.hasHeard;
  }

  private settings(): PppSettings {
    const { userName, password, lcpEcho, authentication, encryption } = this.options;
    const { lcpOptions, mppeBits } = this.around;
    return {
      lcp: {
        options: lcpOptions,
        answers: authentication ?? ['ms-chap-v2'],
        ...(lcpEcho ? { echo: lcpEcho } : {}),
      },
      ipcp: { address: 0 },
      client: { userName, password },
      ...(encryption === 'none' ? {} : { mppeBits }),
    };
  }

  private opened(addresses: InnerAddresses): void {
    const timers = this.timers.within('echo');
    // Where the link was negotiated anew, nobody waits for the pings of before.
    timers.clearAll();
    this.echo = new InnerEcho(this.host, timers, addresses.own, {
      send: (packet) => this.link.send(packet),
      alive: () => {
        this.isUp = true;
        this.around.up();
        this.say('up', 'up');
      },
      silent: (asked, answered) => this.silent({ kind: 'no-echo', asked, answered }),
    });
    const { target, echoAt } = this.options;
    this.echo.begin({ target: target ?? addresses.peer, ...(echoAt ? { at: echoAt } : {}) });
  }

  private linkEnded(end: PppEnd): void {
    this.timers.clearAll();
    if (end.kind === 'closed') this.around.ended(undefined);
    else if (end.kind === 'timeout' && end.during === 'lcp' && !this.isUp)
      this.around.ended({ kind: 'no-frames', heard: end.heard });
    else this.around.ended({ kind: 'ppp', end });
  }

  /** The tunnel stands, and nothing comes through it: the user is told, and nothing is torn down. */
  private silent(failure: TunnelFailure): void {
    const { session, protocol } = this.around;
    this.host.symptom(session, symptomOf(this.options.system ?? 'windows', protocol, failure));
    this.say('silent', 'failed');
  }

  private say(phase: string, status: Status): void {
    this.host.phase(this.around.session, phase, status);
  }
}

/**
 * LCP as one end of a tunnel speaks it: what it asks for, what it lets the other end have, and the echoes that show
 * whether the link is alive. RFC 1661 §5 and §6.
 * @module
 */
import * as lcp from '../wire/lcp.ts';
import * as ppp from '../wire/ppp.ts';
import type { Host } from './endpoint.ts';
import { Automaton, type Finish, type Judgement, type Negotiator } from './ppp-automaton.ts';
import type { Timers } from './timers.ts';

export type AuthenticationMethod = 'ms-chap-v2' | 'chap-md5';

export interface LcpSettings {
  /** Asked for besides the magic number and authentication; dropped one by one where the peer rejects them. */
  readonly options: readonly lcp.Option[];
  /** How the peer must prove itself; left out, it need not. */
  readonly demand?: AuthenticationMethod;
  /** The ways in which we would prove ourselves, best first. */
  readonly answers: readonly AuthenticationMethod[];
  /** Echo-Requests once open; after so many unanswered ones the link is dead. */
  readonly echo?: { readonly interval: number; readonly failures: number };
}

export interface LcpAgreement {
  /** How we must prove ourselves to the peer. */
  readonly authenticateBy: AuthenticationMethod | undefined;
  /** The peer reads frames without FF 03, and with one-byte protocol numbers. */
  readonly maySkipAddress: boolean;
  readonly mayShortenProtocol: boolean;
}

export interface LcpUser {
  transmit(packet: Uint8Array): void;
  opened(agreement: LcpAgreement): void;
  lowered(ending: boolean): void;
  finished(why: Finish | 'refuses-authentication'): void;
  protocolRejected(protocol: number): void;
  /** As many echoes as the settings allow went unanswered. */
  silent(): void;
}

const ALGORITHM = { 'ms-chap-v2': lcp.MS_CHAP_V2, 'chap-md5': lcp.CHAP_MD5 } as const;
const SMALLEST_MRU = 128;
const DEFAULT_MRU = 1500;
const NONE = new Uint8Array(0);

export class Lcp implements Negotiator<lcp.Option> {
  private readonly automaton: Automaton<lcp.Option>;
  private readonly timers: Timers;
  private readonly host: Host;
  private readonly settings: LcpSettings;
  private readonly user: LcpUser;
  private wishes: readonly lcp.Option[];
  private magic: number;
  private agreement: LcpAgreement = { authenticateBy: undefined, maySkipAddress: false, mayShortenProtocol: false };
  private unanswered = 0;
  private refused = false;

  constructor(host: Host, timers: Timers, settings: LcpSettings, user: LcpUser) {
    this.host = host;
    this.timers = timers;
    this.settings = settings;
    this.user = user;
    this.magic = host.rng.u32();
    this.wishes = [...settings.options, ...demanded(settings.demand)];
    this.automaton = new Automaton<lcp.Option>(lcp, timers, this, (packet) => user.transmit(packet));
  }

  open(): void {
    this.automaton.open();
  }

  close(): void {
    this.automaton.close();
  }

  receive(bytes: Uint8Array): void {
    this.automaton.receive(bytes);
  }

  /** Says that we do not speak a protocol that the peer used (§5.7). */
  rejectProtocol(protocol: number, data: Uint8Array): void {
    if (this.automaton.state !== 'opened') return;
    this.automaton.send({ kind: 'protocol-reject', identifier: this.automaton.nextIdentifier(), protocol, data });
  }

  request(): readonly lcp.Option[] {
    return [...this.wishes, { kind: 'magic', value: this.magic }];
  }

  judge(options: readonly lcp.Option[]): Judgement<lcp.Option> {
    const rejected = options.filter((option) => !this.understands(option));
    if (rejected.length > 0) return { verdict: 'reject', options: rejected };
    const better = options.flatMap((option) => this.counterProposal(option) ?? []);
    if (better.length > 0) return { verdict: 'nak', options: better };
    this.agreement = {
      authenticateBy: options.map((option) => methodOf(option)).find((method) => method !== undefined),
      maySkipAddress: options.some(({ kind }) => kind === 'acfc'),
      mayShortenProtocol: options.some(({ kind }) => kind === 'pfc'),
    };
    return { verdict: 'ack' };
  }

  naked(options: readonly lcp.Option[]): void {
    for (const option of options) {
      if (option.kind === 'magic') this.magic = this.host.rng.u32();
      if (option.kind !== 'mru' && option.kind !== 'accm') continue;
      this.wishes = this.wishes.map((wish) => (wish.kind === option.kind ? option : wish));
    }
  }

  rejected(options: readonly lcp.Option[]): void {
    const kinds = options.map(({ kind }) => kind);
    this.wishes = this.wishes.filter(({ kind }) => !kinds.includes(kind));
    if (!kinds.includes('authentication-chap')) return;
    this.refused = true;
    this.automaton.close();
  }

  opened(): void {
    this.unanswered = 0;
    this.scheduleEcho();
    this.user.opened(this.agreement);
  }

  lowered(ending: boolean): void {
    this.timers.clear('echo');
    this.user.lowered(ending);
  }

  finished(why: Finish): void {
    this.user.finished(this.refused ? 'refuses-authentication' : why);
  }

  extra(packet: lcp.Packet): boolean {
    const open = this.automaton.state === 'opened';
    switch (packet.kind) {
      case 'echo-request':
        if (open) this.automaton.send({ ...packet, kind: 'echo-reply', magic: this.magic });
        return true;
      case 'echo-reply':
        if (packet.magic !== this.magic) this.unanswered = 0;
        return true;
      case 'protocol-reject':
        if (open) this.user.protocolRejected(packet.protocol);
        return true;
      default:
        return packet.kind === 'discard-request' || packet.kind === 'identification';
    }
  }

  private understands(option: lcp.Option): boolean {
    if (option.kind === 'authentication' || option.kind === 'authentication-chap')
      return this.settings.answers.length > 0;
    return ['mru', 'accm', 'magic', 'pfc', 'acfc'].includes(option.kind);
  }

  private counterProposal(option: lcp.Option): lcp.Option | undefined {
    if (option.kind === 'mru' && option.value < SMALLEST_MRU) return { kind: 'mru', value: DEFAULT_MRU };
    if (option.kind === 'magic' && (option.value === this.magic || option.value === 0))
      return { kind: 'magic', value: this.host.rng.u32() };
    if (option.kind !== 'authentication' && option.kind !== 'authentication-chap') return undefined;
    const method = methodOf(option);
    return method && this.settings.answers.includes(method) ? undefined : demanded(this.settings.answers[0])[0];
  }

  private scheduleEcho(): void {
    const { echo } = this.settings;
    if (echo) this.timers.set('echo', echo.interval, () => this.sendEcho(echo.failures));
  }

  private sendEcho(failures: number): void {
    if (this.unanswered >= failures) {
      this.user.silent();
      return;
    }
    this.unanswered++;
    const identifier = this.automaton.nextIdentifier();
    this.automaton.send({ kind: 'echo-request', identifier, magic: this.magic, data: NONE });
    this.scheduleEcho();
  }
}

function demanded(method: AuthenticationMethod | undefined): readonly lcp.Option[] {
  if (!method) return [];
  return [{ kind: 'authentication-chap', protocol: ppp.CHAP, algorithm: ALGORITHM[method] }];
}

function methodOf(option: lcp.Option): AuthenticationMethod | undefined {
  if (option.kind !== 'authentication-chap' || option.protocol !== ppp.CHAP) return undefined;
  if (option.algorithm === lcp.MS_CHAP_V2) return 'ms-chap-v2';
  return option.algorithm === lcp.CHAP_MD5 ? 'chap-md5' : undefined;
}

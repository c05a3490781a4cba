/** IPCP: one end hands out an address, the other takes it (RFC 1332 §3.3, RFC 1877). @module */
import * as ipcp from '../wire/ipcp.ts';
import { Automaton, type Finish, type Judgement, type Negotiator } from './ppp-automaton.ts';
import type { Timers } from './timers.ts';

export interface IpcpSettings {
  /** Our own address inside the tunnel; 0 asks the peer for one. */
  readonly address: number;
  /** The address the peer must take; left out, it may have whatever it names. */
  readonly assign?: number;
  /** Name server told to a peer that asks for one. */
  readonly nameServer?: number;
  /** Ask the peer for a name server. */
  readonly wantNameServer?: boolean;
}

export interface InnerAddresses {
  readonly own: number;
  readonly peer: number;
}

export interface IpcpUser {
  transmit(packet: Uint8Array): void;
  opened(addresses: InnerAddresses): void;
  lowered(): void;
  failed(why: 'timeout' | 'refused'): void;
}

export class Ipcp implements Negotiator<ipcp.Option> {
  readonly automaton: Automaton<ipcp.Option>;
  private readonly settings: IpcpSettings;
  private readonly user: IpcpUser;
  private wishes: readonly ipcp.Option[];
  private peer = 0;

  constructor(timers: Timers, settings: IpcpSettings, user: IpcpUser) {
    this.settings = settings;
    this.user = user;
    this.wishes = [
      { kind: 'address', value: settings.address },
      ...(settings.wantNameServer ? [{ kind: 'primary-dns', value: 0 } as const] : []),
    ];
    this.automaton = new Automaton<ipcp.Option>(ipcp, timers, this, (packet) => user.transmit(packet));
  }

  request(): readonly ipcp.Option[] {
    return this.wishes;
  }

  judge(options: readonly ipcp.Option[]): Judgement<ipcp.Option> {
    const rejected = options.filter((option) => !this.understands(option));
    if (rejected.length > 0) return { verdict: 'reject', options: rejected };
    const better = options.flatMap((option) => this.counterProposal(option) ?? []);
    if (better.length > 0) return { verdict: 'nak', options: better };
    for (const option of options) if (option.kind === 'address') this.peer = option.value;
    return { verdict: 'ack' };
  }

  naked(options: readonly ipcp.Option[]): void {
    this.wishes = this.wishes.map((wish) => {
      const offer = options.find(({ kind }) => kind === wish.kind);
      return offer && this.mayTake(wish) ? offer : wish;
    });
  }

  rejected(options: readonly ipcp.Option[]): void {
    const kinds = options.map(({ kind }) => kind);
    this.wishes = this.wishes.filter(({ kind }) => !kinds.includes(kind));
    if (kinds.includes('address')) this.user.failed('refused');
  }

  opened(): void {
    const own = this.wishes.find((wish) => wish.kind === 'address');
    const address = own?.kind === 'address' ? own.value : 0;
    if (address === 0) this.user.failed('refused');
    else this.user.opened({ own: address, peer: this.peer });
  }

  lowered(): void {
    this.user.lowered();
  }

  finished(why: Finish): void {
    this.user.failed(why === 'timeout' ? 'timeout' : 'refused');
  }

  extra(): boolean {
    return false;
  }

  /** An address of our own is not given up for another. */
  private mayTake(wish: ipcp.Option): boolean {
    return wish.kind !== 'address' || this.settings.address === 0;
  }

  private understands(option: ipcp.Option): boolean {
    return option.kind === 'address' || (option.kind === 'primary-dns' && this.settings.nameServer !== undefined);
  }

  private counterProposal(option: ipcp.Option): ipcp.Option | undefined {
    const { assign, nameServer } = this.settings;
    const wanted = option.kind === 'address' ? assign : option.kind === 'primary-dns' ? nameServer : undefined;
    if (wanted === undefined || !('value' in option) || option.value === wanted) return undefined;
    return { ...option, value: wanted };
  }
}

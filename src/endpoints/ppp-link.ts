/**
 * A PPP link from its first frame to its last: LCP, authentication, encryption, an address, then packets. Both ends of
 * PPTP and of L2TP run it; the tunnel below only carries its frames.
 * @module
 */
import { concat } from '../lib/bytes.ts';
import * as ppp from '../wire/ppp.ts';
import { startKey } from './crypto/mppe-keys.ts';
import type { Host } from './endpoint.ts';
import { MppeReceiver, MppeSender } from './mppe.ts';
import type { Finish } from './ppp-automaton.ts';
import { Ccp } from './ppp-ccp.ts';
import { ChapAuthenticator, ChapPeer, type ChapUser, type KeyMaterial } from './ppp-chap.ts';
import { type InnerAddresses, Ipcp, type IpcpSettings } from './ppp-ipcp.ts';
import { Lcp, type LcpAgreement, type LcpSettings } from './ppp-lcp.ts';
import type { Timers } from './timers.ts';

export interface PppSettings {
  readonly lcp: LcpSettings;
  readonly ipcp: IpcpSettings;
  /** Bits to propose for MPPE, which must then come about; left out, packets go in clear. */
  readonly mppeBits?: number;
  /** The server's: its name, and who may come in. */
  readonly server?: { readonly name: string; readonly passwords: ReadonlyMap<string, string> };
  /** The client's. */
  readonly client?: { readonly userName: string; readonly password: string };
}

export type PppPhase = 'lcp' | 'authentication' | 'encryption' | 'address' | 'network';

export type PppEnd =
  /** Somebody had to answer and did not; `heard`: whether any frame of the peer ever came. */
  | { readonly kind: 'timeout'; readonly during: PppPhase; readonly heard: boolean }
  /** `code`: Windows' own number, 691 for a wrong name or password. */
  | { readonly kind: 'authentication-failed'; readonly code: number }
  | { readonly kind: 'refuses-authentication' }
  | { readonly kind: 'no-encryption' }
  | { readonly kind: 'no-address' }
  /** LCP echoes went unanswered. */
  | { readonly kind: 'silent' }
  /** The peer hung up, or we did. */
  | { readonly kind: 'terminated' | 'closed' };

export interface PppUser {
  transmit(frame: Uint8Array): void;
  phase(phase: PppPhase): void;
  opened(addresses: InnerAddresses): void;
  /** A whole packet came out of the link. */
  packet(packet: Uint8Array): void;
  /** Said once; the link is then dead. */
  ended(end: PppEnd): void;
}

export class PppLink {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly settings: PppSettings;
  private readonly user: PppUser;
  private readonly lcp: Lcp;
  private agreement: LcpAgreement = { authenticateBy: undefined, maySkipAddress: false, mayShortenProtocol: false };
  private chap: ChapAuthenticator | ChapPeer | undefined;
  private ccp: Ccp | undefined;
  private ipcp: Ipcp | undefined;
  private keys: KeyMaterial | undefined;
  private sender: MppeSender | undefined;
  private receiver: MppeReceiver | undefined;
  private phase: PppPhase = 'lcp';
  private heard = false;
  private over = false;
  /** Set once we hang up: why. */
  private verdict: PppEnd | undefined;

  constructor(host: Host, timers: Timers, settings: PppSettings, user: PppUser) {
    this.host = host;
    this.timers = timers;
    this.settings = settings;
    this.user = user;
    this.lcp = new Lcp(host, timers.within('lcp'), settings.lcp, {
      transmit: (packet) => this.transmit(ppp.LCP, packet),
      opened: (agreement) => this.lcpOpened(agreement),
      lowered: (ending) => this.lowerLayers(ending),
      finished: (why) => this.lcpFinished(why),
      protocolRejected: (protocol) => this.protocolRejected(protocol),
      silent: () => this.fail({ kind: 'silent' }),
    });
  }

  open(): void {
    this.enter('lcp');
    this.lcp.open();
  }

  /** Hangs up in order; `ended` follows. */
  close(): void {
    if (!this.over) this.fail({ kind: 'closed' });
  }

  /** The tunnel below is gone: says nothing more to anybody. */
  down(): void {
    this.over = true;
    this.timers.clearAll();
  }

  /** Whether any frame of the peer came. */
  get hasHeard(): boolean {
    return this.heard;
  }

  send(packet: Uint8Array): void {
    if (!this.over && this.phase === 'network') this.transmit(ppp.IPV4, packet);
  }

  receive(frame: Uint8Array): void {
    const parsed = ppp.parse(frame);
    if (!parsed.ok || this.over) return;
    this.heard = true;
    const { protocol, payload } = parsed.value;
    if (protocol !== ppp.COMPRESSED) this.receivePlain(protocol, payload);
    else {
      const plain = this.receiver?.decrypt(payload);
      const inner = plain ? ppp.parse(plain) : undefined;
      if (inner?.ok) this.receiveInner(inner.value.protocol, inner.value.payload);
    }
  }

  private receivePlain(protocol: number, payload: Uint8Array): void {
    if (protocol === ppp.LCP) this.lcp.receive(payload);
    else if (this.phase === 'lcp')
      // RFC 1661 §3.4: nothing but LCP before LCP is open; the peer will repeat itself.
      return;
    else if (protocol === ppp.CHAP && this.chap) this.chap.receive(payload);
    else if (protocol === ppp.CCP && this.settings.mppeBits !== undefined) this.ccp?.automaton.receive(payload);
    else if (protocol === ppp.IPCP) this.ipcp?.automaton.receive(payload);
    // Where encryption was agreed on, a packet in clear is not ours (RFC 3078 §2).
    else if (protocol === ppp.IPV4 && !this.receiver) this.receiveInner(protocol, payload);
    else if (protocol !== ppp.IPV4) this.lcp.rejectProtocol(protocol, payload);
  }

  private receiveInner(protocol: number, payload: Uint8Array): void {
    if (protocol === ppp.IPV4 && this.phase === 'network') this.user.packet(payload);
  }

  private lcpOpened(agreement: LcpAgreement): void {
    this.agreement = agreement;
    const { server, client, lcp } = this.settings;
    const user: ChapUser = {
      transmit: (packet) => this.transmit(ppp.CHAP, packet),
      passed: (_userName, keys) => this.authenticated(keys),
      failed: (code) => this.fail({ kind: 'authentication-failed', code }),
      silent: () => this.fail(this.timeout()),
    };
    const timers = this.timers.within('chap');
    if (lcp.demand && server) {
      this.chap = new ChapAuthenticator(this.host, timers, { method: lcp.demand, ...server }, user);
    } else if (agreement.authenticateBy && client) {
      this.chap = new ChapPeer(this.host, timers, { method: agreement.authenticateBy, ...client }, user);
    }
    if (this.chap) {
      this.enter('authentication');
      this.chap.begin();
    } else this.authenticated(undefined);
  }

  private authenticated(keys: KeyMaterial | undefined): void {
    this.keys = keys;
    const bits = this.settings.mppeBits;
    if (bits === undefined) this.negotiateAddress();
    else if (!keys) this.fail({ kind: 'no-encryption' });
    else {
      this.enter('encryption');
      this.ccp = new Ccp(this.timers.within('ccp'), bits, {
        transmit: (packet) => this.transmit(ppp.CCP, packet),
        opened: () => this.encrypted(),
        failed: (why) => this.fail(why === 'timeout' ? this.timeout() : { kind: 'no-encryption' }),
      });
      this.ccp.automaton.open();
    }
  }

  private encrypted(): void {
    const { password, ntResponse } = this.keys!;
    const [send, receive] = this.settings.server
      ? (['server-sends', 'client-sends'] as const)
      : (['client-sends', 'server-sends'] as const);
    this.sender = new MppeSender(startKey(password, ntResponse, send));
    this.receiver = new MppeReceiver(startKey(password, ntResponse, receive));
    if (!this.ipcp) this.negotiateAddress();
  }

  private negotiateAddress(): void {
    this.enter('address');
    this.ipcp = new Ipcp(this.timers.within('ipcp'), this.settings.ipcp, {
      transmit: (packet) => this.transmit(ppp.IPCP, packet),
      opened: (addresses) => {
        this.enter('network');
        this.user.opened(addresses);
      },
      lowered: () => this.enter('address'),
      failed: (why) => this.fail(why === 'timeout' ? this.timeout() : { kind: 'no-address' }),
    });
    this.ipcp.automaton.open();
  }

  /** LCP ends or begins anew: everything above it goes with it (RFC 1661 §3.4). */
  private lowerLayers(ending: boolean): void {
    if (ending) this.phase = 'lcp';
    else this.enter('lcp');
    for (const part of ['chap', 'ccp', 'ipcp']) this.timers.within(part).clearAll();
    this.chap = undefined;
    this.ccp = undefined;
    this.ipcp = undefined;
    this.sender = undefined;
    this.receiver = undefined;
  }

  private lcpFinished(why: Finish | 'refuses-authentication'): void {
    if (this.verdict) this.end(this.verdict);
    else if (why === 'timeout') this.end(this.timeout());
    else this.end({ kind: why });
  }

  private protocolRejected(protocol: number): void {
    if (protocol === ppp.CCP) this.fail({ kind: 'no-encryption' });
    else if (protocol === ppp.IPCP) this.fail({ kind: 'no-address' });
  }

  private timeout(): PppEnd {
    return { kind: 'timeout', during: this.phase, heard: this.heard };
  }

  /** Hang up in order, and remember why. */
  private fail(end: PppEnd): void {
    if (this.over || this.verdict) return;
    this.verdict = end;
    this.lcp.close();
  }

  private end(end: PppEnd): void {
    if (this.over) return;
    this.down();
    this.user.ended(end);
  }

  private enter(phase: PppPhase): void {
    this.phase = phase;
    if (!this.verdict) this.user.phase(phase);
  }

  /** LCP frames always go uncompressed, so that they are read whatever was agreed (RFC 1661 §6.5, §6.6). */
  private transmit(protocol: number, payload: Uint8Array): void {
    if (this.sender && protocol === ppp.IPV4) {
      const plain = concat(Uint8Array.of(protocol >>> 8, protocol), payload);
      this.frame(ppp.COMPRESSED, this.sender.encrypt(plain));
    } else this.frame(protocol, payload);
  }

  private frame(protocol: number, payload: Uint8Array): void {
    const compress = protocol !== ppp.LCP && this.phase !== 'lcp';
    const addressControl = !(compress && this.agreement.maySkipAddress);
    const shortProtocol = compress && this.agreement.mayShortenProtocol && protocol < 0x100;
    this.user.transmit(ppp.encode({ protocol, addressControl, shortProtocol, payload }));
  }
}

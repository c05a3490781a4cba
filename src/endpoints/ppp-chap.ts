/**
 * CHAP, both ends: RFC 1994 with MD5, and MS-CHAPv2 (RFC 2759), where the server proves itself as well and both ends
 * come away with what MPPE's keys are made of.
 * @module
 */

import { equal, toHex } from '../lib/bytes.ts';
import * as chap from '../wire/chap.ts';
import { chapMd5 } from './crypto/chap-md5.ts';
import { authenticatorResponse, ntResponse } from './crypto/mschap.ts';
import { type Host, seconds } from './endpoint.ts';
import type { AuthenticationMethod } from './ppp-lcp.ts';
import type { Timers } from './timers.ts';

/** What MPPE needs to know of an exchange that went well; undefined after CHAP with MD5, which gives no keys. */
export interface KeyMaterial {
  readonly password: string;
  readonly ntResponse: Uint8Array;
}

export interface ChapUser {
  transmit(packet: Uint8Array): void;
  /** `userName`: who proved himself, or as whom we did. */
  passed(userName: string, keys: KeyMaterial | undefined): void;
  /** `code`: that of MS-CHAPv2, which is Windows' own error number; 691 is a wrong name or password. */
  failed(code: number): void;
  /** The other end said nothing for as long as we ask. */
  silent(): void;
}

/** RFC 1994 leaves both to the implementation; these are pppd's. */
const RESTART = seconds(3);
const MAX_SENT = 10;
const WRONG_PASSWORD = 691;

/** The end that asks for the proof. */
export class ChapAuthenticator {
  private readonly timers: Timers;
  private readonly method: AuthenticationMethod;
  private readonly name: string;
  private readonly passwords: ReadonlyMap<string, string>;
  private readonly user: ChapUser;
  private readonly challenge: Uint8Array;
  private readonly identifier: number;
  private sent = 0;
  /** What we said to the response; a repeated response gets it again (RFC 1994 §4.2). */
  private verdict: Uint8Array | undefined;

  constructor(
    host: Host,
    timers: Timers,
    settings: {
      readonly method: AuthenticationMethod;
      readonly name: string;
      readonly passwords: ReadonlyMap<string, string>;
    },
    user: ChapUser,
  ) {
    this.timers = timers;
    this.method = settings.method;
    this.name = settings.name;
    this.passwords = settings.passwords;
    this.user = user;
    this.challenge = host.rng.bytes(16);
    this.identifier = host.rng.below(256);
  }

  begin(): void {
    if (this.sent++ >= MAX_SENT) {
      this.user.silent();
      return;
    }
    const { identifier, challenge: value, name } = this;
    this.user.transmit(chap.encode({ kind: 'challenge', identifier, value, name }));
    this.timers.set('challenge', RESTART, () => this.begin());
  }

  receive(bytes: Uint8Array): void {
    const parsed = chap.parse(bytes);
    if (!parsed.ok || parsed.value.kind !== 'response' || parsed.value.identifier !== this.identifier) return;
    if (this.verdict) this.user.transmit(this.verdict);
    else this.judge(parsed.value.name, parsed.value.value);
  }

  private judge(userName: string, value: Uint8Array): void {
    this.timers.clear('challenge');
    const password = this.passwords.get(userName.slice(userName.lastIndexOf('\\') + 1));
    const proof =
      password === undefined
        ? undefined
        : this.method === 'chap-md5'
          ? this.checkMd5(password, value)
          : this.checkV2(userName, password, value);
    const { identifier } = this;
    this.verdict = chap.encode(
      proof
        ? { kind: 'success', identifier, message: proof.message }
        : { kind: 'failure', identifier, message: this.refusal() },
    );
    this.user.transmit(this.verdict);
    if (proof) this.user.passed(userName, proof.keys);
    else this.user.failed(WRONG_PASSWORD);
  }

  private checkMd5(password: string, value: Uint8Array) {
    const right = equal(value, chapMd5(this.identifier, password, this.challenge));
    return right ? { message: `Welcome to ${this.name}.`, keys: undefined } : undefined;
  }

  private checkV2(userName: string, password: string, value: Uint8Array) {
    const response = chap.parseMsChapV2(value);
    if (!response) return undefined;
    const { peerChallenge } = response;
    const exchange = { userName, password, authenticatorChallenge: this.challenge, peerChallenge };
    if (!equal(response.ntResponse, ntResponse(exchange))) return undefined;
    const message = `${authenticatorResponse(exchange, response.ntResponse)} M=Access granted`;
    return { message, keys: { password, ntResponse: response.ntResponse } };
  }

  private refusal(): string {
    if (this.method === 'chap-md5') return 'Access denied';
    return `E=${WRONG_PASSWORD} R=0 C=${toHex(this.challenge).toUpperCase()} V=3 M=Access denied`;
  }
}

/** The end that proves itself. */
export class ChapPeer {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly method: AuthenticationMethod;
  private readonly userName: string;
  private readonly password: string;
  private readonly user: ChapUser;
  private sent = 0;
  private response: { readonly identifier: number; readonly packet: Uint8Array } | undefined;
  /** How a genuine server's Success begins; after CHAP with MD5 any does. */
  private expected = '';
  private keys: KeyMaterial | undefined;
  private done = false;

  constructor(
    host: Host,
    timers: Timers,
    settings: { readonly method: AuthenticationMethod; readonly userName: string; readonly password: string },
    user: ChapUser,
  ) {
    this.host = host;
    this.timers = timers;
    this.method = settings.method;
    this.userName = settings.userName;
    this.password = settings.password;
    this.user = user;
  }

  /** Waits for the challenge no longer than the other end would repeat it. */
  begin(): void {
    this.timers.set('response', RESTART * MAX_SENT, () => this.user.silent());
  }

  receive(bytes: Uint8Array): void {
    const parsed = chap.parse(bytes);
    if (!parsed.ok) return;
    const packet = parsed.value;
    if (packet.kind === 'challenge') this.answer(packet.identifier, packet.value);
    if (packet.kind !== 'success' && packet.kind !== 'failure') return;
    if (this.done || packet.identifier !== this.response?.identifier) return;
    this.done = true;
    this.timers.clear('response');
    if (packet.kind === 'success') this.succeed(packet.message);
    else this.user.failed(Number(/E=(\d+)/.exec(packet.message)?.[1] ?? WRONG_PASSWORD));
  }

  private answer(identifier: number, challenge: Uint8Array): void {
    if (this.response?.identifier !== identifier) this.prepare(identifier, challenge);
    this.send();
  }

  private prepare(identifier: number, challenge: Uint8Array): void {
    this.sent = 0;
    const value =
      this.method === 'chap-md5' ? chapMd5(identifier, this.password, challenge) : this.respondV2(challenge);
    const packet = chap.encode({ kind: 'response', identifier, value, name: this.userName });
    this.response = { identifier, packet };
  }

  private respondV2(authenticatorChallenge: Uint8Array): Uint8Array {
    const { userName, password } = this;
    const peerChallenge = this.host.rng.bytes(16);
    const exchange = { userName, password, authenticatorChallenge, peerChallenge };
    const response = ntResponse(exchange);
    this.keys = { password, ntResponse: response };
    this.expected = authenticatorResponse(exchange, response);
    return chap.encodeMsChapV2({ peerChallenge, ntResponse: response });
  }

  private send(): void {
    if (this.sent++ >= MAX_SENT) this.user.silent();
    else {
      this.user.transmit(this.response!.packet);
      if (!this.done) this.timers.set('response', RESTART, () => this.send());
    }
  }

  /** MS-CHAPv2: a server that does not know the password cannot say what we expect (RFC 2759 §5). */
  private succeed(message: string): void {
    if (message.startsWith(this.expected)) this.user.passed(this.userName, this.keys);
    else this.user.failed(WRONG_PASSWORD);
  }
}

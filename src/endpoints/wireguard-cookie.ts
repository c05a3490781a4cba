/**
 * WireGuard's two MACs and its cookie (whitepaper §5.4.4, §5.4.7). mac1 proves that the sender knows whom it calls;
 * without it a WireGuard port answers nothing at all. Under load a server answers with a cookie bound to the source
 * address and port it saw, and takes only messages whose mac2 is made with it.
 *
 * Both stand at the end of handshake messages:   … |mac1 16 |mac2 16
 * @module
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, equal, putU16, putU32 } from '../lib/bytes.ts';
import type { Rng } from '../lib/rng.ts';
import { blake2s } from './crypto/blake2s.ts';
import { seconds } from './endpoint.ts';

const MAC_LEN = 16;
const NONCE_LEN = 24;
const LABEL_MAC1 = utf8ToBytes('mac1----');
const LABEL_COOKIE = utf8ToBytes('cookie--');
/** A server draws a new cookie secret this often; a client stops using a cookie a little earlier. */
const SECRET_AGE = seconds(120);
const COOKIE_AGE = seconds(115);

export interface Address {
  readonly address: number;
  readonly port: number;
}

export interface CookieReply {
  readonly nonce: Uint8Array;
  readonly encrypted: Uint8Array;
}

function mac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return blake2s(data, key, MAC_LEN);
}

const upToMac1 = (message: Uint8Array) => message.subarray(0, message.length - 2 * MAC_LEN);
const upToMac2 = (message: Uint8Array) => message.subarray(0, message.length - MAC_LEN);
const mac1Of = (message: Uint8Array) => message.subarray(message.length - 2 * MAC_LEN, message.length - MAC_LEN);
const mac2Of = (message: Uint8Array) => message.subarray(message.length - MAC_LEN);

/** What we put on messages to one peer. */
export class OutgoingMacs {
  private readonly mac1Key: Uint8Array;
  private readonly cookieKey: Uint8Array;
  private lastMac1: Uint8Array | undefined;
  private cookie: { readonly value: Uint8Array; readonly at: number } | undefined;

  constructor(remotePublic: Uint8Array) {
    this.mac1Key = blake2s(concat(LABEL_MAC1, remotePublic));
    this.cookieKey = blake2s(concat(LABEL_COOKIE, remotePublic));
  }

  /** Fills in the last 32 bytes of a handshake message. */
  sign(message: Uint8Array, now: number): void {
    mac1Of(message).set(mac(this.mac1Key, upToMac1(message)));
    this.lastMac1 = mac1Of(message).slice();
    if (this.cookie && now - this.cookie.at < COOKIE_AGE)
      mac2Of(message).set(mac(this.cookie.value, upToMac2(message)));
  }

  /** Takes a cookie that answers our last message; a second one, or one for another message, is left. */
  take(reply: CookieReply, now: number): boolean {
    if (!this.lastMac1) return false;
    try {
      const value = xchacha20poly1305(this.cookieKey, reply.nonce, this.lastMac1).decrypt(reply.encrypted);
      this.cookie = { value, at: now };
      this.lastMac1 = undefined;
      return true;
    } catch {
      return false;
    }
  }
}

/** How we judge what arrives. */
export class MacChecker {
  private readonly mac1Key: Uint8Array;
  private readonly cookieKey: Uint8Array;
  private readonly rng: Rng;
  private secret = new Uint8Array(32);
  private secretBorn = Number.NEGATIVE_INFINITY;

  constructor(ownPublic: Uint8Array, rng: Rng) {
    this.mac1Key = blake2s(concat(LABEL_MAC1, ownPublic));
    this.cookieKey = blake2s(concat(LABEL_COOKIE, ownPublic));
    this.rng = rng;
  }

  meantForUs(message: Uint8Array): boolean {
    return equal(mac1Of(message), mac(this.mac1Key, upToMac1(message)));
  }

  carriesCookie(message: Uint8Array, from: Address, now: number): boolean {
    return equal(mac2Of(message), mac(this.cookieFor(from, now), upToMac2(message)));
  }

  /** The cookie for whoever sent `message`, sealed so that only a sender of that very message can read it. */
  reply(message: Uint8Array, from: Address, now: number): CookieReply {
    const nonce = this.rng.bytes(NONCE_LEN);
    const sealing = xchacha20poly1305(this.cookieKey, nonce, mac1Of(message));
    return { nonce, encrypted: sealing.encrypt(this.cookieFor(from, now)) };
  }

  private cookieFor(from: Address, now: number): Uint8Array {
    if (now - this.secretBorn >= SECRET_AGE) {
      this.secret = new Uint8Array(this.rng.bytes(32));
      this.secretBorn = now;
    }
    const source = new Uint8Array(6);
    putU32(source, 0, from.address);
    putU16(source, 4, from.port);
    return mac(this.secret, source);
  }
}

/**
 * MS-CHAPv2, RFC 2759 §8: what a client proves its password with, and what a server proves its own knowledge with.
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { concat, toHex } from '../../lib/bytes.ts';
import { desEncrypt } from './des.ts';
import { md4 } from './md4.ts';

/** The two constants of GenerateAuthenticatorResponse, RFC 2759 §8.7. */
const MAGIC_1 = ascii('Magic server to client signing constant');
const MAGIC_2 = ascii('Pad to make it do more than one iteration');

export interface Exchange {
  readonly userName: string;
  readonly password: string;
  /** 16 bytes each: the server's, sent in the Challenge, and the client's, sent in the Response. */
  readonly authenticatorChallenge: Uint8Array;
  readonly peerChallenge: Uint8Array;
}

/** Text as one byte a character; names and messages here are ASCII. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** MD4 of the password in UTF-16, low byte first (RFC 2759 §8.3). */
export function passwordHash(password: string): Uint8Array {
  const unicode = new Uint8Array(2 * password.length);
  for (let i = 0; i < password.length; i++) {
    unicode[2 * i] = password.charCodeAt(i);
    unicode[2 * i + 1] = password.charCodeAt(i) >>> 8;
  }
  return md4(unicode);
}

/** The 24 bytes a client answers a challenge with (RFC 2759 §8.1). */
export function ntResponse(exchange: Exchange): Uint8Array {
  return challengeResponse(challengeHash(exchange), passwordHash(exchange.password));
}

/** "S=" and forty hex digits: the proof a server sends in its Success message (RFC 2759 §8.7). */
export function authenticatorResponse(exchange: Exchange, response: Uint8Array): string {
  const hashHash = md4(passwordHash(exchange.password));
  const first = sha1(concat(hashHash, response, MAGIC_1));
  return `S=${toHex(sha1(concat(first, challengeHash(exchange), MAGIC_2))).toUpperCase()}`;
}

/** Eight bytes that stand for both challenges and the user's name, without its domain (RFC 2759 §8.2). */
export function challengeHash(exchange: Omit<Exchange, 'password'>): Uint8Array {
  const name = exchange.userName.slice(exchange.userName.lastIndexOf('\\') + 1);
  return sha1(concat(exchange.peerChallenge, exchange.authenticatorChallenge, ascii(name))).subarray(0, 8);
}

/** Three times DES with the hash, padded to 21 bytes, as three 7-byte keys (RFC 2759 §8.5). */
function challengeResponse(challenge: Uint8Array, hash: Uint8Array): Uint8Array {
  const padded = new Uint8Array(21);
  padded.set(hash);
  return concat(...[0, 7, 14].map((at) => desEncrypt(spreadKey(padded.subarray(at, at + 7)), challenge)));
}

/** Spreads 56 key bits over 8 bytes, seven to a byte, the lowest bit making the parity odd (RFC 2759 §8.6, §9.3). */
export function spreadKey(seven: Uint8Array): Uint8Array {
  const bits = Array.from(seven, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Uint8Array.from({ length: 8 }, (_, index) => {
    const part = bits.slice(7 * index, 7 * index + 7);
    const ones = [...part].filter((bit) => bit === '1').length;
    return (Number.parseInt(part, 2) << 1) | (ones % 2 === 0 ? 1 : 0);
  });
}

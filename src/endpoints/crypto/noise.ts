/**
 * The Noise handshake IKpsk2 with X25519, ChaCha20-Poly1305 and BLAKE2s (Noise specification rev. 34, the pattern
 * WireGuard uses):
 *
 *   ← s                              the initiator knows the responder's static key beforehand
 *   → e, es, s, ss     payload       32 ‖ 48 ‖ payload + 16 bytes
 *   ← e, ee, se, psk   payload       32 ‖ payload + 16 bytes
 *
 * A message that does not authenticate leaves the state as it was, so a forged packet cannot end a handshake.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../../lib/bytes.ts';
import { blake2s, hmacBlake2s } from './blake2s.ts';
import * as chachaPoly from './chacha-poly.ts';
import { KEY_LEN, type KeyPair, sharedSecret } from './x25519.ts';

export const TAG_LEN = 16;
const EMPTY = new Uint8Array(0);
const CONSTRUCTION = blake2s(utf8ToBytes('Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s'));

/** The two keys a finished handshake yields, as this side uses them. */
export interface TransportKeys {
  readonly send: Uint8Array;
  readonly receive: Uint8Array;
}

/** HKDF as Noise has it (§4.3): `count` outputs of 32 bytes. */
export function kdf(chainingKey: Uint8Array, input: Uint8Array, count: 1 | 2 | 3): Uint8Array[] {
  const temporary = hmacBlake2s(chainingKey, input);
  const outputs: Uint8Array[] = [];
  let last: Uint8Array = EMPTY;
  for (let i = 1; i <= count; i++) {
    last = hmacBlake2s(temporary, concat(last, Uint8Array.of(i)));
    outputs.push(last);
  }
  return outputs;
}

/** Four zero bytes, then the counter in 64 bits, least significant byte first (§12.3). */
export function noiseNonce(counter: bigint): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, counter, true);
  return nonce;
}

export function seal(key: Uint8Array, counter: bigint, plain: Uint8Array, covered: Uint8Array = EMPTY): Uint8Array {
  return chachaPoly.seal(key, noiseNonce(counter), covered, plain);
}

/** Undefined where the tag is wrong. */
export function open(
  key: Uint8Array,
  counter: bigint,
  sealed: Uint8Array,
  covered: Uint8Array = EMPTY,
): Uint8Array | undefined {
  return chachaPoly.open(key, noiseNonce(counter), covered, sealed);
}

/** Raised where a message cannot be authentic, caught where the message came in. */
class NotAuthentic extends Error {}

/** §5.2: the running hash over all that was sent, and the key mixed from all that was agreed. */
class SymmetricState {
  chainingKey: Uint8Array = CONSTRUCTION;
  hash: Uint8Array = CONSTRUCTION;
  private key: Uint8Array = EMPTY;
  private nonce = 0n;

  clone(): SymmetricState {
    return Object.assign(new SymmetricState(), this);
  }

  mixHash(data: Uint8Array): void {
    this.hash = blake2s(concat(this.hash, data));
  }

  mixKey(input: Uint8Array): void {
    const [chainingKey, key] = kdf(this.chainingKey, input, 2);
    this.chainingKey = chainingKey!;
    this.setKey(key!);
  }

  mixKeyAndHash(input: Uint8Array): void {
    const [chainingKey, forHash, key] = kdf(this.chainingKey, input, 3);
    this.chainingKey = chainingKey!;
    this.mixHash(forHash!);
    this.setKey(key!);
  }

  mixDh(own: KeyPair, theirs: Uint8Array): void {
    const secret = sharedSecret(own.secret, theirs);
    if (!secret) throw new NotAuthentic();
    this.mixKey(secret);
  }

  /** With a pre-shared key the ephemeral key is also mixed into the key (§9.2). */
  mixEphemeral(key: Uint8Array): void {
    this.mixHash(key);
    this.mixKey(key);
  }

  encrypt(plain: Uint8Array): Uint8Array {
    const sealed = seal(this.key, this.nonce++, plain, this.hash);
    this.mixHash(sealed);
    return sealed;
  }

  decrypt(sealed: Uint8Array): Uint8Array {
    const plain = open(this.key, this.nonce++, sealed, this.hash);
    if (!plain) throw new NotAuthentic();
    this.mixHash(sealed);
    return plain;
  }

  /** The initiator sends with the first key, the responder with the second. */
  split(): readonly [Uint8Array, Uint8Array] {
    const [first, second] = kdf(this.chainingKey, EMPTY, 2);
    return [first!, second!];
  }

  private setKey(key: Uint8Array): void {
    this.key = key;
    this.nonce = 0n;
  }
}

export class Initiator {
  private state = new SymmetricState();
  private readonly own: KeyPair;
  private readonly ephemeral: KeyPair;
  private readonly remote: Uint8Array;
  private readonly presharedKey: Uint8Array;

  constructor(keys: {
    readonly prologue: Uint8Array;
    readonly own: KeyPair;
    readonly ephemeral: KeyPair;
    readonly remote: Uint8Array;
    readonly presharedKey: Uint8Array;
  }) {
    this.own = keys.own;
    this.ephemeral = keys.ephemeral;
    this.remote = keys.remote;
    this.presharedKey = keys.presharedKey;
    this.state.mixHash(keys.prologue);
    this.state.mixHash(keys.remote);
  }

  get handshakeHash(): Uint8Array {
    return this.state.hash;
  }

  write(payload: Uint8Array): Uint8Array {
    const { state } = this;
    state.mixEphemeral(this.ephemeral.public);
    state.mixDh(this.ephemeral, this.remote);
    const encryptedStatic = state.encrypt(this.own.public);
    state.mixDh(this.own, this.remote);
    return concat(this.ephemeral.public, encryptedStatic, state.encrypt(payload));
  }

  /** The responder's payload, or undefined where the message is not from it. */
  read(message: Uint8Array): Uint8Array | undefined {
    return authentic(() => {
      const state = this.state.clone();
      const theirs = message.subarray(0, KEY_LEN);
      state.mixEphemeral(theirs);
      state.mixDh(this.ephemeral, theirs);
      state.mixDh(this.own, theirs);
      state.mixKeyAndHash(this.presharedKey);
      const payload = state.decrypt(message.subarray(KEY_LEN));
      this.state = state;
      return payload;
    });
  }

  keys(): TransportKeys {
    const [send, receive] = this.state.split();
    return { send, receive };
  }
}

export class Responder {
  private state = new SymmetricState();
  private readonly own: KeyPair;
  private remoteEphemeral: Uint8Array = EMPTY;
  private remoteStatic: Uint8Array = EMPTY;

  constructor(keys: { readonly prologue: Uint8Array; readonly own: KeyPair }) {
    this.own = keys.own;
    this.state.mixHash(keys.prologue);
    this.state.mixHash(keys.own.public);
  }

  get handshakeHash(): Uint8Array {
    return this.state.hash;
  }

  /** Who knocks and what it says, or undefined where the message is not meant for this key. */
  read(message: Uint8Array): { readonly remote: Uint8Array; readonly payload: Uint8Array } | undefined {
    return authentic(() => {
      const state = this.state.clone();
      const ephemeral = message.slice(0, KEY_LEN);
      state.mixEphemeral(ephemeral);
      state.mixDh(this.own, ephemeral);
      const remote = state.decrypt(message.subarray(KEY_LEN, 2 * KEY_LEN + TAG_LEN));
      state.mixDh(this.own, remote);
      const payload = state.decrypt(message.subarray(2 * KEY_LEN + TAG_LEN));
      this.state = state;
      this.remoteEphemeral = ephemeral;
      this.remoteStatic = remote;
      return { remote, payload };
    });
  }

  /** Undefined where the initiator's keys lead to no secret. */
  write(ephemeral: KeyPair, presharedKey: Uint8Array, payload: Uint8Array): Uint8Array | undefined {
    return authentic(() => {
      const { state } = this;
      state.mixEphemeral(ephemeral.public);
      state.mixDh(ephemeral, this.remoteEphemeral);
      state.mixDh(ephemeral, this.remoteStatic);
      state.mixKeyAndHash(presharedKey);
      return concat(ephemeral.public, state.encrypt(payload));
    });
  }

  keys(): TransportKeys {
    const [receive, send] = this.state.split();
    return { send, receive };
  }
}

function authentic<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof NotAuthentic) return undefined;
    throw error;
  }
}

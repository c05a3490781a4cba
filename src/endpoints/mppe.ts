/**
 * MPPE, RFC 3078, in stateless mode with 128-bit keys: every packet has a key of its own, made from the one before,
 * and a 12-bit count that tells the receiver which.
 * @module
 */
import * as wire from '../wire/mppe.ts';
import { mixKey, nextKey } from './crypto/mppe-keys.ts';
import { Rc4 } from './crypto/rc4.ts';

const COUNTS = 4096;

/** The keys of one direction, in step with its count. */
class KeyChain {
  private readonly start: Uint8Array;
  private key: Uint8Array;
  /** The count of the packet that `key` was made for; before the first it is one short of zero. */
  count = COUNTS - 1;

  constructor(start: Uint8Array) {
    this.start = start;
    this.key = mixKey(start, start);
  }

  /** RFC 3078 §7.1: a sender changes the key before each packet, so that not even the first uses the session key. */
  advance(): Rc4 {
    this.key = nextKey(this.start, this.key);
    this.count = (this.count + 1) % COUNTS;
    return new Rc4(this.key);
  }
}

export class MppeSender {
  private readonly keys: KeyChain;

  constructor(startKey: Uint8Array) {
    this.keys = new KeyChain(startKey);
  }

  /** Takes a PPP protocol field and what follows it; answers the payload of a compressed datagram (00FD). */
  encrypt(plain: Uint8Array): Uint8Array {
    const cipher = this.keys.advance();
    const coherencyCount = this.keys.count;
    return wire.encode({ flushed: true, encrypted: true, coherencyCount, payload: cipher.apply(plain) });
  }
}

export class MppeReceiver {
  private readonly keys: KeyChain;

  constructor(startKey: Uint8Array) {
    this.keys = new KeyChain(startKey);
  }

  /** Answers undefined for what is not encrypted or comes after a later packet; lost packets are skipped over. */
  decrypt(payload: Uint8Array): Uint8Array | undefined {
    const parsed = wire.parse(payload);
    if (!parsed.ok || !parsed.value.encrypted) return undefined;
    const ahead = (parsed.value.coherencyCount - this.keys.count + COUNTS) % COUNTS;
    if (ahead === 0 || ahead > COUNTS / 2) return undefined;
    for (let skipped = 1; skipped < ahead; skipped++) this.keys.advance();
    return this.keys.advance().apply(parsed.value.payload);
  }
}

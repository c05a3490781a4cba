/**
 * WireGuard's four messages as its endpoints build and take them (whitepaper §5.4). Numbers are least significant byte
 * first. What Noise writes is one run of bytes in the handshake messages, so it is kept as one here.
 *
 *     initiation  |0 01 000000 |4 sender |8 ephemeral 32, static 48, time stamp 28 |116 mac1 |132 mac2          148
 *     response    |0 02 000000 |4 sender |8 receiver |12 ephemeral 32, nothing 16 |60 mac1 |76 mac2              92
 *     cookie      |0 03 000000 |4 receiver |8 nonce 24 |32 cookie 32                                             64
 *     data        |0 04 000000 |4 receiver |8 counter 8 |16 packet, padded to 16, and 16 bytes of tag            ≥ 32
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';

export interface Initiation {
  readonly type: 'initiation';
  readonly sender: number;
  readonly noise: Uint8Array;
}

export interface Response {
  readonly type: 'response';
  readonly sender: number;
  readonly receiver: number;
  readonly noise: Uint8Array;
}

export interface Cookie {
  readonly type: 'cookie';
  readonly receiver: number;
  readonly nonce: Uint8Array;
  readonly encrypted: Uint8Array;
}

export interface Data {
  readonly type: 'data';
  readonly receiver: number;
  readonly counter: bigint;
  readonly ciphertext: Uint8Array;
}

export type Message = Initiation | Response | Cookie | Data;

/** What both sides hash first, so that no other protocol's messages are ever taken for WireGuard's. */
export const PROLOGUE = utf8ToBytes('WireGuard v1 zx2c4 Jason@zx2c4.com');

const INITIATION_LEN = 148;
const RESPONSE_LEN = 92;
const COOKIE_LEN = 64;
const DATA_LEN = 32;
const MACS_LEN = 32;
/** The kernel rounds the nanoseconds of its time stamp down, so that it tells nothing of precise timers. */
const STAMP_GRAIN = 1 << 24;
/** The simulated world begins at 2024-01-01 00:00:00 UTC; the kernel labels a second of Unix time with ten more. */
const WORLD_BEGAN = 0x400000000000000an + 1_704_067_200n;

/** Undefined where the bytes are no WireGuard message: those are dropped without a word. */
export function parse(bytes: Uint8Array): Message | undefined {
  if (bytes.length < DATA_LEN) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at4 = view.getUint32(4, true);
  switch (view.getUint32(0, true)) {
    case 1:
      if (bytes.length !== INITIATION_LEN) return undefined;
      return { type: 'initiation', sender: at4, noise: bytes.subarray(8, INITIATION_LEN - MACS_LEN) };
    case 2:
      if (bytes.length !== RESPONSE_LEN) return undefined;
      return {
        type: 'response',
        sender: at4,
        receiver: view.getUint32(8, true),
        noise: bytes.subarray(12, RESPONSE_LEN - MACS_LEN),
      };
    case 3:
      if (bytes.length !== COOKIE_LEN) return undefined;
      return { type: 'cookie', receiver: at4, nonce: bytes.subarray(8, 32), encrypted: bytes.subarray(32) };
    case 4:
      return { type: 'data', receiver: at4, counter: view.getBigUint64(8, true), ciphertext: bytes.subarray(16) };
    default:
      return undefined;
  }
}

/** Handshake messages come out with both MACs zero. */
export function encode(message: Message): Uint8Array {
  switch (message.type) {
    case 'initiation':
      return build(INITIATION_LEN, 1, [message.sender], message.noise);
    case 'response':
      return build(RESPONSE_LEN, 2, [message.sender, message.receiver], message.noise);
    case 'cookie':
      return build(COOKIE_LEN, 3, [message.receiver], message.nonce, message.encrypted);
    case 'data': {
      const counter = new Uint8Array(8);
      new DataView(counter.buffer).setBigUint64(0, message.counter, true);
      return build(16 + message.ciphertext.length, 4, [message.receiver], counter, message.ciphertext);
    }
  }
}

function build(length: number, type: number, indices: readonly number[], ...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  let at = 4;
  for (const index of indices) {
    view.setUint32(at, index, true);
    at += 4;
  }
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** TAI64N, external format: seconds since 1970 TAI plus 2^62, then nanoseconds. */
export function timeStamp(now: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  const nanoseconds = (now % 1_000_000) * 1000;
  view.setBigUint64(0, WORLD_BEGAN + BigInt(Math.floor(now / 1_000_000)));
  view.setUint32(8, nanoseconds - (nanoseconds % STAMP_GRAIN));
  return bytes;
}

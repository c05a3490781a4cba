/**
 * WireGuard's messages as its endpoints think of them: what Noise writes is one run of bytes there, and three or two
 * fields on the wire (`wire/wireguard.ts`). And the time stamp that guards initiations against replay.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../lib/bytes.ts';
import * as wireguard from '../wire/wireguard.ts';
import { unixTime } from './calendar.ts';

type Of<Type extends wireguard.Message['type']> = Extract<wireguard.Message, { readonly type: Type }>;
export type Initiation = Of<'initiation'>;
export type Response = Of<'response'>;
export type Cookie = Of<'cookie'>;
export type Data = Of<'data'>;

/** What both sides hash first, so that no other protocol's messages are ever taken for WireGuard's. */
export const PROLOGUE = utf8ToBytes('WireGuard v1 zx2c4 Jason@zx2c4.com');

/** The MACs are written over the finished message. */
const UNSIGNED = { mac1: new Uint8Array(16), mac2: new Uint8Array(16) };
const KEY_LEN = 32;
const SEALED_KEY_LEN = 48;
/** The kernel rounds the nanoseconds of its time stamp down, so that it tells nothing of precise timers. */
const STAMP_GRAIN = 1 << 24;
/** TAI64N's label of second 0 of Unix time, as the kernel has it: ten seconds more than 2^62. */
const LABEL = 0x400000000000000an;

export function encodeInitiation(sender: number, noise: Uint8Array): Uint8Array {
  const stampAt = KEY_LEN + SEALED_KEY_LEN;
  return wireguard.encode({
    type: 'initiation',
    sender,
    ephemeral: noise.subarray(0, KEY_LEN),
    encryptedStatic: noise.subarray(KEY_LEN, stampAt),
    encryptedTimestamp: noise.subarray(stampAt),
    ...UNSIGNED,
  });
}

export function encodeResponse(sender: number, receiver: number, noise: Uint8Array): Uint8Array {
  const ephemeral = noise.subarray(0, KEY_LEN);
  return wireguard.encode({
    type: 'response',
    sender,
    receiver,
    ephemeral,
    encryptedNothing: noise.subarray(KEY_LEN),
    ...UNSIGNED,
  });
}

export function noiseOf(message: Initiation | Response): Uint8Array {
  return message.type === 'initiation'
    ? concat(message.ephemeral, message.encryptedStatic, message.encryptedTimestamp)
    : concat(message.ephemeral, message.encryptedNothing);
}

/** TAI64N, external format: seconds since 1970 TAI plus 2^62, then nanoseconds. */
export function timeStamp(now: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  const nanoseconds = (now % 1_000_000) * 1000;
  view.setBigUint64(0, LABEL + BigInt(unixTime(now)));
  view.setUint32(8, nanoseconds - (nanoseconds % STAMP_GRAIN));
  return bytes;
}

/**
 * What OpenVPN says inside TLS before data may flow: "key method 2", with random numbers, options and what each side
 * can do; and the data channel's keys, which both then take from TLS itself (RFC 5705).
 *
 *     |0 zero 4 |4 method 2 |5 pre-master 48 (client only) |random 32 |random 32 |options |user |password |peer info
 *
 * Texts are preceded by their length in 16 bits, which counts the zero byte at their end.
 * Does not model: keys by OpenVPN's own PRF over these random numbers, which OpenVPN before 2.6 used; the random
 * numbers are sent as all versions send them and go into nothing.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Rng } from '../lib/rng.ts';
import { latin1, Writer } from '../wire/writer.ts';
import { type Cursor, readWhole } from './cursor.ts';
import type { TlsSession } from './tls-session.ts';

export type Side = 'client' | 'server';

export interface KeyMethod {
  readonly options: string;
  /** Lines "IV_VER=…", "IV_PROTO=…". */
  readonly peerInfo: string;
}

/** IV_PROTO: data packets of version 2, push without asking, keys exported from TLS, exit by the control channel. */
const ABILITIES = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 7);
export const PEER_INFO = `IV_VER=2.6.14\nIV_PLAT=linux\nIV_PROTO=${ABILITIES}\nIV_CIPHERS=AES-256-GCM\n`;
const EXPORTER = 'EXPORTER-OpenVPN-datakeys';
const METHOD = 2;

/** One direction of the data channel. */
export interface DataKey {
  readonly key: Uint8Array;
  /** The eight bytes of every nonce that are never sent. */
  readonly implicitIv: Uint8Array;
}

/** The options that both sides compare and only complain about. */
export function optionsText(side: Side, protocol: 'udp' | 'tcp'): string {
  const proto = protocol === 'udp' ? 'UDPv4' : `TCPv4_${side.toUpperCase()}`;
  const common = `dev-type tun,link-mtu 1549,tun-mtu 1500,proto ${proto},cipher AES-256-GCM,auth [null-digest]`;
  return `V4,${common},keysize 256,key-method 2,tls-${side}`;
}

export function encodeKeyMethod(side: Side, rng: Rng, method: KeyMethod): Uint8Array {
  const writer = new Writer().u32(0).u8(METHOD);
  if (side === 'client') writer.raw(rng.bytes(48));
  writer.raw(rng.bytes(64));
  for (const text of [method.options, '', '', method.peerInfo]) writeText(writer, text);
  return writer.take();
}

/** What the other side, `from`, said, and how many bytes it took; undefined while some are missing. */
export function readKeyMethod(
  from: Side,
  bytes: Uint8Array,
): { readonly method: KeyMethod; readonly length: number } | 'malformed' | undefined {
  if (bytes.length >= 5 && bytes[4] !== METHOD) return 'malformed';
  return readWhole(bytes, (cursor) => {
    cursor.take(5 + (from === 'client' ? 48 : 0) + 64);
    const options = readText(cursor);
    readText(cursor);
    readText(cursor);
    const peerInfo = readText(cursor);
    return { method: { options, peerInfo }, length: bytes.length - cursor.left };
  });
}

/**
 * Both directions from one exported block of two keys, 128 bytes each: 64 for the cipher, 64 for the HMAC, which an
 * AEAD cipher has no use for and takes its implicit IV from.
 */
export function dataKeys(session: TlsSession, side: Side): { readonly send: DataKey; readonly receive: DataKey } {
  const block = session.export(EXPORTER, 256);
  const at = (offset: number): DataKey => ({
    key: block.slice(offset, offset + 32),
    implicitIv: block.slice(offset + 64, offset + 72),
  });
  return side === 'client' ? { send: at(0), receive: at(128) } : { send: at(128), receive: at(0) };
}

function writeText(writer: Writer, text: string): void {
  // Nothing to say is a length of 0; other texts carry their zero byte.
  const bytes = text === '' ? new Uint8Array(0) : utf8ToBytes(`${text}\0`);
  writer.u16(bytes.length).raw(bytes);
}

function readText(cursor: Cursor): string {
  return latin1(cursor.take(cursor.u16())).replace(/\0$/, '');
}

/**
 * How an OpenVPN control packet is wrapped, which it does not say itself: as it is, with an HMAC in front
 * (--tls-auth), or encrypted (--tls-crypt). Found out by what must then stand where.
 *
 *     plain       |0 opcode, key |1 session ID |9 acknowledgements …
 *     tls-auth    |0 opcode, key |1 session ID |9 HMAC |packet ID 4 |time 4 |acknowledgements …
 *     tls-crypt   |0 opcode, key |1 session ID |9 packet ID 4 |13 time 4 |17 HMAC 32 |49 ciphertext …
 *
 * @module
 */
import { u32 } from '../lib/bytes.ts';

export type Form =
  | { readonly kind: 'plain' }
  | { readonly kind: 'tls-auth'; readonly hmacLength: number }
  | { readonly kind: 'tls-crypt' };

export const OPCODE = {
  softReset: 3,
  control: 4,
  ack: 5,
  dataV1: 6,
  hardResetClientV2: 7,
  hardResetServerV2: 8,
  dataV2: 9,
  hardResetClientV3: 10,
  controlWkc: 11,
} as const;

/** HMAC lengths of the hashes people choose: SHA-1, SHA-256, SHA-512, MD5, SHA-224, SHA-384. */
const HMAC_LENGTHS = [20, 32, 64, 16, 28, 48];
/** Opcode and session ID. */
const START_LEN = 9;
/** Packet ID and time. */
const REPLAY_LEN = 8;
export const TLS_CRYPT_HMAC_LEN = 32;

/** More than any handshake counts up to. */
const MAX_MESSAGE_ID = 0xffff;
const MAX_PACKET_ID = 0xfffff;
/** Where clients that offer early negotiation start to count; the second was used before OpenVPN 2.6 was out. */
const EARLY_NEGOTIATION = [0x0f000000, 0x0a010000];
/** The sender's clock, in seconds since 1970: from the year 2000 to the year 2050. */
const EARLIEST = 946_684_800;
const LATEST = 2_524_608_000;
const MAX_ACKS = 8;

/**
 * The form that fits the packet between `from` and `to`, or undefined where none does or none is clearly meant.
 * A form asks the more of the bytes the earlier it stands here: what tls-auth must find, chance does not put there, and
 * what passes for a packet ID and a time would be an absurdly high message ID in a plain packet.
 */
export function formOf(bytes: Uint8Array, from: number, to: number): Form | undefined {
  const opcode = bytes[from]! >>> 3;
  const lengths = HMAC_LENGTHS.filter((length) => {
    const replay = from + START_LEN + length;
    return fitsReplay(bytes, replay, to) && fitsAcks(bytes, replay + REPLAY_LEN, to, opcode);
  });
  if (lengths.length > 0) return lengths.length > 1 ? undefined : { kind: 'tls-auth', hmacLength: lengths[0]! };
  if (fitsTlsCrypt(bytes, from, to)) return { kind: 'tls-crypt' };
  return fitsAcks(bytes, from + START_LEN, to, opcode) ? { kind: 'plain' } : undefined;
}

/** A small packet ID and a credible time: what protects against replay. */
function fitsReplay(bytes: Uint8Array, at: number, to: number, offset = 0): boolean {
  if (at + REPLAY_LEN > to) return false;
  const id = u32(bytes, at) - offset;
  const time = u32(bytes, at + 4);
  return id >= 1 && id <= MAX_PACKET_ID && time >= EARLIEST && time <= LATEST;
}

/** The list of acknowledgements, and what has to follow it for this opcode. */
function fitsAcks(bytes: Uint8Array, at: number, to: number, opcode: number): boolean {
  if (at >= to || opcode === OPCODE.hardResetClientV3 || opcode === OPCODE.controlWkc) return false;
  const count = bytes[at]!;
  const end = at + 1 + 4 * count + (count > 0 ? 8 : 0);
  if (count > MAX_ACKS || end > to) return false;
  for (let i = 0; i < count; i++) if (u32(bytes, at + 1 + 4 * i) > MAX_MESSAGE_ID) return false;
  if (opcode === OPCODE.ack) return count > 0 && end === to;
  if (end + 4 > to || u32(bytes, end) > MAX_MESSAGE_ID) return false;
  // Only control packets carry anything behind their message ID.
  return opcode === OPCODE.control ? end + 4 < to : end + 4 === to;
}

/** Packet ID and time, here before the HMAC; a client that offers early negotiation begins its IDs elsewhere. */
function fitsTlsCrypt(bytes: Uint8Array, from: number, to: number): boolean {
  const replay = from + START_LEN;
  if (to - replay <= REPLAY_LEN + TLS_CRYPT_HMAC_LEN) return false;
  return [0, ...EARLY_NEGOTIATION].some((offset) => fitsReplay(bytes, replay, to, offset));
}

/**
 * Which protocol a UDP or TCP payload is.
 *
 * Strong evidence in the bytes comes first, because NAT draws ports: a client's port may be any number, and may even be
 * another protocol's. Then the ports, both of them. What neither tells stays plain data: a wrong label is worse than none.
 * @module
 */
import { i32, u16, u32 } from '../lib/bytes.ts';
import * as pptp from './pptp.ts';
import { MAGIC as PPTP_MAGIC } from './pptp-messages.ts';

/** What a payload on a known port is; undefined where its bytes are plainly something else. */
type Guess = (bytes: Uint8Array, from: number, to: number, cut: boolean) => string | undefined;

const UDP_PORTS: Readonly<Record<number, Guess>> = {
  53: () => 'dns',
  67: () => 'dhcp',
  68: () => 'dhcp',
  500: (bytes, from, to, cut) => (looksLikeIsakmp(bytes, from, to, cut) ? 'isakmp' : undefined),
  1194: (bytes, from) => (isOpenVpnOpcode(bytes[from]!) ? 'openvpn-udp' : undefined),
  1701: (bytes, from, to) => (looksLikeL2tp(bytes, from, to) ? 'l2tp' : undefined),
  4500: () => 'natt',
  51820: (bytes, from, to) => (to - from >= 32 && bytes[from]! >= 1 && bytes[from]! <= 4 ? 'wireguard' : undefined),
};

/** A segment may start in the middle of a message, and then says so. */
const TCP_PORTS: Readonly<Record<number, Guess>> = {
  443: (bytes, from, to) => (looksLikeTls(bytes, from, to) ? 'tls' : 'tls-continuation'),
  1194: (bytes, from, to) => (looksLikeOpenVpnTcp(bytes, from, to) ? 'openvpn-tcp' : 'openvpn-continuation'),
  1723: (bytes, from, to) => (pptp.startsMessage(bytes, from, to) ? 'pptp' : 'pptp-continuation'),
  3389: (bytes, from, to) =>
    looksLikeTls(bytes, from, to) ? 'tls' : looksLikeTpkt(bytes, from, to) ? 'tpkt' : 'tls-continuation',
};

/**
 * The id of the dissector for the UDP payload between `from` and `to`. `cut`: not all of the payload is there.
 * Of two known ports the lower one counts first, as it is the likelier to be a server's.
 */
export function identifyUdp(
  bytes: Uint8Array,
  from: number,
  to: number,
  source: number,
  destination: number,
  cut = false,
): string {
  if (from >= to) return 'data';
  return (
    udpByContent(bytes, from, to) ??
    UDP_PORTS[Math.min(source, destination)]?.(bytes, from, to, cut) ??
    UDP_PORTS[Math.max(source, destination)]?.(bytes, from, to, cut) ??
    'data'
  );
}

/** The same for a TCP segment. */
export function identifyTcp(bytes: Uint8Array, from: number, to: number, source: number, destination: number): string {
  if (from >= to) return 'data';
  const byPort = TCP_PORTS[Math.min(source, destination)] ?? TCP_PORTS[Math.max(source, destination)];
  return tcpByContent(bytes, from, to) ?? byPort?.(bytes, from, to, false) ?? 'data';
}

/** Evidence so strong that chance cannot be behind it: 40 bits and more that must be just so. */
function udpByContent(bytes: Uint8Array, from: number, to: number): string | undefined {
  const length = to - from;
  if (length < 12) return undefined;
  const word = i32(bytes, from);
  if (isWireGuard(bytes, from, length, word)) return 'wireguard';
  if (isIsakmp(bytes, from, to)) return 'isakmp';
  if (word === 0 && isIsakmp(bytes, from + 4, to)) return 'natt';
  if (isL2tpControl(bytes, from, length)) return 'l2tp';
  if (isOpenVpnReset(bytes, from, length)) return 'openvpn-udp';
  if (isDtls(bytes, from, length)) return 'dtls';
  return undefined;
}

/** Message type, three zero bytes, and the one length that type can have; data packets: length ≡ 0 (mod 16) and a sane counter. */
function isWireGuard(bytes: Uint8Array, from: number, length: number, word: number): boolean {
  if (word === 0x01000000) return length === 148;
  if (word === 0x02000000) return length === 92;
  if (word === 0x03000000) return length === 64;
  return word === 0x04000000 && length >= 32 && length % 16 === 0 && i32(bytes, from + 12) === 0;
}

/** RFC 2408 §3.1, RFC 7296 §3.1: cookie, version, exchange type, flags and a length that is exactly the datagram's. */
export function isIsakmp(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 28 || u32(bytes, from + 24) !== to - from) return false;
  if (i32(bytes, from) === 0 && i32(bytes, from + 4) === 0) return false;
  const version = bytes[from + 17]!;
  const exchange = bytes[from + 18]!;
  const flags = bytes[from + 19]!;
  if (version === 0x10) return flags <= 7 && ((exchange >= 1 && exchange <= 6) || exchange === 32 || exchange === 33);
  return version === 0x20 && (flags & 0xc7) === 0 && exchange >= 34 && exchange <= 44;
}

/** On port 500: a whole header, or what there is of it, of version 1 or 2. */
function looksLikeIsakmp(bytes: Uint8Array, from: number, to: number, cut: boolean): boolean {
  const version = to - from > 17 ? bytes[from + 17]! >>> 4 : undefined;
  return version === undefined ? cut : (version === 1 || version === 2) && (cut || to - from >= 28);
}

/** On port 1701: version 2 (at least flags and both ids) or 3 (at least flags and one id). */
function looksLikeL2tp(bytes: Uint8Array, from: number, to: number): boolean {
  const version = to - from >= 6 ? bytes[from + 1]! & 0x0f : 0;
  return version === 2 || (version === 3 && to - from >= 8);
}

/** L2TP control (RFC 2661 §3.1): T, L and S bits, version 2 or 3, the length right, and a message type AVP first or none. */
function isL2tpControl(bytes: Uint8Array, from: number, length: number): boolean {
  const flags = u16(bytes, from);
  if ((flags !== 0xc802 && flags !== 0xc803) || u16(bytes, from + 2) !== length) return false;
  if (length === 12) return true;
  return length >= 20 && (u16(bytes, from + 12) & 0x43ff) === 8 && i32(bytes, from + 14) === 0;
}

/** A hard reset without or with tls-auth (HMAC of 16, 20, 32 or 64 bytes, then packet id and time): the opcode and sizes fit. */
function isOpenVpnReset(bytes: Uint8Array, from: number, length: number): boolean {
  const first = bytes[from]!;
  if (first === 0x38 || first === 0x50) return length === 14 && i32(bytes, from + 9) === 0 && bytes[from + 13] === 0;
  return first === 0x40 && length === 26 && bytes[from + 9] === 1 && i32(bytes, from + 10) === 0;
}

/** Content type, version 1.0 or 1.2, epoch 0 handshake and a length inside the datagram (RFC 6347 §4.1). */
function isDtls(bytes: Uint8Array, from: number, length: number): boolean {
  if (length < 25 || bytes[from] !== 22) return false;
  const version = u16(bytes, from + 1);
  return (
    (version === 0xfeff || version === 0xfefd) && u16(bytes, from + 3) === 0 && u16(bytes, from + 11) <= length - 13
  );
}

function tcpByContent(bytes: Uint8Array, from: number, to: number): string | undefined {
  const length = to - from;
  if (length >= 12 && i32(bytes, from + 4) === PPTP_MAGIC && u16(bytes, from + 2) === 1) return 'pptp';
  if (length >= 9 && bytes[from] === 22 && looksLikeTls(bytes, from, to) && isHello(bytes, from)) return 'tls';
  if (length === 16 && u16(bytes, from) === 14 && isOpenVpnReset(bytes, from + 2, 14)) return 'openvpn-tcp';
  if (length >= 11 && isX224(bytes, from, length)) return 'tpkt';
  if (length >= 17 && text(bytes, from, 'SSTP_DUPLEX_POST ')) return 'sstp';
  return undefined;
}

/** A TLS record header: content type, version 3.x, a length no record exceeds (RFC 8446 §5.1, RFC 5246 §6.2.3). */
function looksLikeTls(bytes: Uint8Array, from: number, to: number): boolean {
  const type = bytes[from]!;
  if (type < 20 || type > 24) return false;
  if (to - from < 5) return to - from < 2 || bytes[from + 1] === 3;
  return bytes[from + 1] === 3 && bytes[from + 2]! <= 4 && u16(bytes, from + 3) <= 16384 + 2048;
}

/** Client hello or server hello, whose own length fits in the record. */
function isHello(bytes: Uint8Array, from: number): boolean {
  const type = bytes[from + 5]!;
  return (type === 1 || type === 2) && bytes[from + 6] === 0 && u16(bytes, from + 7) + 4 <= u16(bytes, from + 3);
}

/** The first byte of an OpenVPN packet: opcode 1 … 11, then a 3-bit key id. */
function isOpenVpnOpcode(first: number): boolean {
  return first >>> 3 >= 1 && first >>> 3 <= 11;
}

/** Over TCP a length comes before each packet. */
function looksLikeOpenVpnTcp(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from < 3 || (u16(bytes, from) >= 1 && isOpenVpnOpcode(bytes[from + 2]!));
}

function looksLikeTpkt(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from >= 4 && u16(bytes, from) === 0x0300 && u16(bytes, from + 2) >= 7;
}

/** TPKT whose length is the segment's, then an X.224 connection request or confirm that fills it. */
function isX224(bytes: Uint8Array, from: number, length: number): boolean {
  const code = bytes[from + 5]! & 0xf0;
  return (
    u16(bytes, from) === 0x0300 &&
    u16(bytes, from + 2) === length &&
    bytes[from + 4] === length - 5 &&
    (code === 0xe0 || code === 0xd0)
  );
}

function text(bytes: Uint8Array, from: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[from + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

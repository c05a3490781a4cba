/**
 * What the router itself sends: echo and timestamp replies, TCP resets, ICMP errors.
 * Source: Linux icmp.c (__icmp_send, icmp_echo, icmp_timestamp), tcp_ipv4.c (tcp_v4_send_reset), udp.c, RFC 1812 §4.3.
 * @module
 */
import { i32, putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from '../wire/checksum.ts';
import { type EchoedOptions, echoOptions } from './ip-options-echo.ts';
import { type Packet, sealHeader } from './packet.ts';
import type { RouterAnswer } from './reason.ts';

const ICMP = 1;
const IGMP = 2;
const PIM = 103;
const TCP = 6;
const UDP = 17;
const UDPLITE = 136;

/** Kind of ICMP error: type and code. */
const ERRORS: Readonly<Partial<Record<RouterAnswer, readonly [number, number]>>> = {
  'net-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'admin-prohibited': [3, 13],
  'time-exceeded': [11, 0],
  'parameter-problem': [12, 0],
};

/** Types that are never answered by an error: the errors, and what the kernel takes for one (icmp_pointers). */
const UNANSWERED_TYPES = new Set([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]);
const HIGHEST_ICMP_TYPE = 18;
/** RFC 1812 §4.3.2.3: an error quotes as much as fits into 576 bytes. */
const ERROR_SIZE = 576;
const TTL = 64;

export interface OwnMessage {
  readonly answer: RouterAnswer;
  /** The whole IPv4 packet, sealed. */
  readonly bytes: Uint8Array;
}

export interface OwnContext {
  /** The router's address toward somebody: the source of errors about packets that were not for itself. */
  readonly facing: (address: number) => number;
  /** A random IP identification. */
  readonly id: () => number;
  /** Milliseconds since midnight UT. */
  readonly time: number;
}

/** What the router's own stack makes of a packet addressed to it, as nobody listens on any port. */
export function answerTo(packet: Packet, context: OwnContext): OwnMessage | 'silence' {
  switch (packet.protocol) {
    case ICMP:
      return answerIcmp(packet, context);
    // Multicast routing protocols have their handlers, and those say nothing.
    case IGMP:
    case PIM:
      return 'silence';
    case TCP:
      return reset(packet, context);
    case UDP:
      return udpIsSound(packet) ? unreachablePort(packet, context) : 'silence';
    case UDPLITE:
      return udpLiteIsSound(packet) ? icmpError(packet, 'port-unreachable', context) : 'silence';
    default:
      return icmpError(packet, 'protocol-unreachable', context);
  }
}

function udpIsSound(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  if (packet.dataLength < 8) return false;
  const length = u16(bytes, at + 4);
  if (length < 8 || length > packet.dataLength) return false;
  const pseudo = pseudoSum(packet.source, packet.destination, UDP, length);
  return u16(bytes, at + 6) === 0 || checksum(bytes, at, at + length, pseudo) === 0;
}

/** The datagram was cut to its UDP length before anybody looked for a listener, so no more of it is quoted. */
function unreachablePort(packet: Packet, context: OwnContext): OwnMessage | 'silence' {
  const quotable = packet.headerLength + u16(packet.bytes, packet.headerLength + 4);
  return icmpError(packet, 'port-unreachable', context, 0, quotable);
}

function udpLiteIsSound(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  if (packet.dataLength < 8 || u16(bytes, at + 6) === 0) return false;
  const coverage = u16(bytes, at + 4) || packet.dataLength;
  if (coverage < 8 || coverage > packet.dataLength) return false;
  const pseudo = pseudoSum(packet.source, packet.destination, UDPLITE, packet.dataLength);
  return checksum(bytes, at, at + coverage, pseudo) === 0;
}

function answerIcmp(packet: Packet, context: OwnContext): OwnMessage | 'silence' {
  const { bytes, headerLength: at, length } = packet;
  if (packet.dataLength < 8 || checksum(bytes, at, length) !== 0) return 'silence';
  if (bytes[at] === 8) {
    const data = bytes.slice(at, length);
    data[0] = 0;
    return icmpReply(packet, 'echo-reply', data, context);
  }
  if (bytes[at] === 13 && packet.dataLength >= 12) {
    const data = new Uint8Array(20);
    data.set(bytes.subarray(at, at + 12));
    data[0] = 14;
    data[1] = 0;
    putU32(data, 12, context.time);
    putU32(data, 16, context.time);
    return icmpReply(packet, 'timestamp-reply', data, context);
  }
  return 'silence';
}

function icmpReply(
  packet: Packet,
  answer: RouterAnswer,
  data: Uint8Array,
  context: OwnContext,
): OwnMessage | 'silence' {
  const options = echoedOptions(packet, () => packet.destination, context);
  if (!options) return 'silence';
  putU16(data, 2, 0);
  putU16(data, 2, checksum(data, 0, data.length));
  const bytes = ipPacket({
    tos: packet.bytes[1]!,
    id: context.id(),
    flags: 0,
    protocol: ICMP,
    source: packet.destination,
    destination: packet.source,
    options,
    data,
  });
  return { answer, bytes };
}

/** RFC 9293 §3.10.7.1: a segment for no connection is answered by a reset, but a reset never is. */
function reset(packet: Packet, context: OwnContext): OwnMessage | 'silence' {
  const { bytes, headerLength: at, length } = packet;
  if (packet.dataLength < 20) return 'silence';
  const headerLength = (bytes[at + 12]! >>> 4) << 2;
  if (headerLength < 20 || headerLength > packet.dataLength) return 'silence';
  if (checksum(bytes, at, length, pseudoSum(packet.source, packet.destination, TCP, length - at)) !== 0)
    return 'silence';
  const flags = bytes[at + 13]!;
  if (flags & 4) return 'silence';
  const data = new Uint8Array(20);
  putU16(data, 0, u16(bytes, at + 2));
  putU16(data, 2, u16(bytes, at));
  data[12] = 0x50;
  if (flags & 16) {
    putU32(data, 4, i32(bytes, at + 8));
    data[13] = 4;
  } else {
    const taken = (flags & 2 ? 1 : 0) + (flags & 1) + packet.dataLength - headerLength;
    putU32(data, 8, u32(bytes, at + 4) + taken);
    data[13] = 0x14;
  }
  putU16(data, 16, checksum(data, 0, 20, pseudoSum(packet.destination, packet.source, TCP, 20)));
  const options = echoedOptions(packet, () => packet.destination, context);
  if (!options) return 'silence';
  const answer = ipPacket({
    // A reset carries the class of service back, but not the congestion bits.
    tos: bytes[1]! & ~3,
    id: 0,
    flags: 0x4000,
    protocol: TCP,
    source: packet.destination,
    destination: packet.source,
    options,
    data,
  });
  return { answer: 'tcp-reset', bytes: answer };
}

/** `info` is the second word of the ICMP header: the MTU, or the pointer in its first byte. */
export function icmpError(
  packet: Packet,
  answer: RouterAnswer,
  context: OwnContext,
  info = 0,
  quotable = packet.length,
): OwnMessage | 'silence' {
  const kind = ERRORS[answer];
  if (!kind || !mayBeAnswered(packet)) return 'silence';
  const options = echoedOptions(packet, packet.local ? () => packet.destination : context.facing, context);
  if (!options) return 'silence';
  const quote = Math.min(quotable, ERROR_SIZE - 20 - options.bytes.length - 8);
  const data = new Uint8Array(8 + quote);
  data[0] = kind[0];
  data[1] = kind[1];
  putU32(data, 4, info);
  data.set(packet.bytes.subarray(0, quote), 8);
  putU16(data, 2, checksum(data, 0, data.length));
  const bytes = ipPacket({
    tos: (packet.bytes[1]! & 0x1e) | 0xc0,
    id: context.id(),
    flags: 0,
    protocol: ICMP,
    source: options.source,
    destination: packet.source,
    options,
    data,
  });
  return { answer, bytes };
}

/** RFC 1122 §3.2.2: no error about an error, nor about a later fragment. */
function mayBeAnswered(packet: Packet): boolean {
  const { bytes, headerLength: at } = packet;
  if ((u16(bytes, 6) & 0x1fff) !== 0) return false;
  if (packet.protocol !== ICMP) return true;
  if (packet.dataLength < 1) return false;
  const type = bytes[at]!;
  return type <= HIGHEST_ICMP_TYPE && !UNANSWERED_TYPES.has(type);
}

/** An answer carries the question's options back, with this router once more in them. Undefined: they do not fit. */
function echoedOptions(
  packet: Packet,
  sourceToward: (destination: number) => number,
  context: OwnContext,
): EchoedOptions | undefined {
  const { options, source } = packet;
  if (!options) return { bytes: NO_OPTIONS, source: sourceToward(source) };
  return echoOptions(packet.bytes, options, { destination: source, sourceToward, time: context.time });
}

const NO_OPTIONS = new Uint8Array(0);

interface IpFields {
  readonly tos: number;
  readonly id: number;
  readonly flags: number;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly options: EchoedOptions;
  readonly data: Uint8Array;
}

function ipPacket(fields: IpFields): Uint8Array {
  const options = fields.options.bytes;
  const headerLength = 20 + options.length;
  const bytes = new Uint8Array(headerLength + fields.data.length);
  bytes[0] = 0x40 | (headerLength >> 2);
  bytes[1] = fields.tos;
  putU16(bytes, 2, bytes.length);
  putU16(bytes, 4, fields.id);
  putU16(bytes, 6, fields.flags);
  bytes[8] = TTL;
  bytes[9] = fields.protocol;
  putU32(bytes, 12, fields.source);
  putU32(bytes, 16, fields.options.firstHop ?? fields.destination);
  bytes.set(options, 20);
  bytes.set(fields.data, headerLength);
  sealHeader(bytes, headerLength);
  return bytes;
}

/** UDP, UDP-Lite, TCP, ICMP, GRE and SCTP as the tests make them, each with the ways to get it wrong. @module */
import { concat, putU16, putU32, u16 } from '../../../src/lib/bytes.ts';
import { checksum, crc32c, pseudoSum } from '../../../src/wire/checksum.ts';
import { type IpFields, ip } from './ip.ts';

export const ICMP = 1;
export const IPIP = 4;
export const TCP = 6;
export const UDP = 17;
export const DCCP = 33;
export const GRE = 47;
export const ESP = 50;
export const AH = 51;
export const L2TP = 115;
export const SCTP = 132;
export const UDPLITE = 136;

/** `zero` means "no checksum was made" in UDP and is merely wrong elsewhere. */
export type Sum = 'right' | 'wrong' | 'zero';

export type Around = Omit<IpFields, 'protocol' | 'payload'>;

function finish(sum: Sum, right: number): number {
  return sum === 'right' ? right : sum === 'zero' ? 0 : right ^ 0x1400;
}

export interface UdpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly data: Uint8Array;
  readonly sum?: Sum;
  /** Override of the length field. */
  readonly length?: number;
}

export function udp(around: Around, fields: UdpFields): Uint8Array {
  const bytes = concat(new Uint8Array(8), fields.data);
  const length = fields.length ?? bytes.length;
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU16(bytes, 4, length);
  const end = Math.min(bytes.length, length < 8 ? bytes.length : length);
  const right = checksum(bytes, 0, end, pseudoSum(around.source, around.destination, UDP, end)) || 0xffff;
  putU16(bytes, 6, finish(fields.sum ?? 'right', right));
  return ip({ ...around, protocol: UDP, payload: bytes });
}

/** RFC 3828; `coverage` 0 covers everything. */
export function udpLite(around: Around, fields: UdpFields & { readonly coverage?: number }): Uint8Array {
  const bytes = concat(new Uint8Array(8), fields.data);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU16(bytes, 4, fields.coverage ?? 0);
  const covered = fields.coverage && fields.coverage >= 8 ? Math.min(fields.coverage, bytes.length) : bytes.length;
  const pseudo = pseudoSum(around.source, around.destination, UDPLITE, bytes.length);
  putU16(bytes, 6, finish(fields.sum ?? 'right', checksum(bytes, 0, covered, pseudo) || 0xffff));
  return ip({ ...around, protocol: UDPLITE, payload: bytes });
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;

export interface TcpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  readonly options?: Uint8Array;
  readonly data?: Uint8Array;
  readonly sum?: Sum;
  /** Override of the header length, in words. */
  readonly headerWords?: number;
}

export function tcp(around: Around, fields: TcpFields): Uint8Array {
  const options = new Uint8Array(Math.ceil((fields.options?.length ?? 0) / 4) * 4);
  options.set(fields.options ?? []);
  const bytes = concat(new Uint8Array(20), options, fields.data ?? new Uint8Array());
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU32(bytes, 4, fields.sequence);
  putU32(bytes, 8, fields.acknowledgment);
  bytes[12] = (fields.headerWords ?? 5 + options.length / 4) << 4;
  bytes[13] = fields.flags;
  putU16(bytes, 14, fields.window);
  const right = checksum(bytes, 0, bytes.length, pseudoSum(around.source, around.destination, TCP, bytes.length));
  putU16(bytes, 16, finish(fields.sum ?? 'right', right));
  return ip({ ...around, protocol: TCP, payload: bytes });
}

export interface IcmpFields {
  readonly type: number;
  readonly code?: number;
  /** The four bytes after the checksum: id and sequence of a query, the MTU or pointer of an error. */
  readonly rest: number;
  readonly data: Uint8Array;
  readonly sum?: Sum;
}

export function icmp(around: Around, fields: IcmpFields): Uint8Array {
  const bytes = concat(new Uint8Array(8), fields.data);
  bytes[0] = fields.type;
  bytes[1] = fields.code ?? 0;
  putU32(bytes, 4, fields.rest);
  putU16(bytes, 2, finish(fields.sum ?? 'right', checksum(bytes, 0, bytes.length)));
  return ip({ ...around, protocol: ICMP, payload: bytes });
}

export interface GreFields {
  readonly version: number;
  /** What the payload is: 0x880b for PPP. */
  readonly protocol: number;
  /** Version 1: the Call ID of the receiver. */
  readonly callId?: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  /** Version 0 only. */
  readonly key?: number;
  readonly withChecksum?: boolean;
  readonly data: Uint8Array;
}

/** RFC 2784 and 2890 for version 0, RFC 2637 §4.1 for version 1; other versions look like version 1. */
export function gre(around: Around, fields: GreFields): Uint8Array {
  const words: number[] = [];
  let flags = fields.version;
  const sum = fields.version === 0 && fields.withChecksum;
  if (sum) flags |= 0x8000;
  if (sum) words.push(0);
  if (fields.version === 0 ? fields.key !== undefined : true) flags |= 0x2000;
  if (fields.version !== 0) words.push(((fields.data.length << 16) | (fields.callId ?? 0)) >>> 0);
  else if (fields.key !== undefined) words.push(fields.key);
  if (fields.sequence !== undefined) flags |= 0x1000;
  if (fields.sequence !== undefined) words.push(fields.sequence);
  if (fields.version !== 0 && fields.acknowledgment !== undefined) flags |= 0x80;
  if (fields.version !== 0 && fields.acknowledgment !== undefined) words.push(fields.acknowledgment);
  const bytes = concat(new Uint8Array(4 + 4 * words.length), fields.data);
  putU16(bytes, 0, flags);
  putU16(bytes, 2, fields.protocol);
  words.forEach((word, i) => {
    putU32(bytes, 4 + 4 * i, word);
  });
  if (sum) putU16(bytes, 4, checksum(bytes, 0, bytes.length));
  return ip({ ...around, protocol: GRE, payload: bytes });
}

export interface Chunk {
  readonly type: number;
  readonly flags?: number;
  readonly value: Uint8Array;
  /** Override of the length field. */
  readonly length?: number;
}

export interface SctpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tag: number;
  readonly chunks: readonly Chunk[];
  readonly sum?: Sum;
}

export function sctp(around: Around, fields: SctpFields): Uint8Array {
  const chunks = fields.chunks.map((chunk) => {
    const bytes = new Uint8Array(Math.ceil((4 + chunk.value.length) / 4) * 4);
    bytes[0] = chunk.type;
    bytes[1] = chunk.flags ?? 0;
    putU16(bytes, 2, chunk.length ?? 4 + chunk.value.length);
    bytes.set(chunk.value, 4);
    return bytes;
  });
  const bytes = concat(new Uint8Array(12), ...chunks);
  putU16(bytes, 0, fields.sourcePort);
  putU16(bytes, 2, fields.destinationPort);
  putU32(bytes, 4, fields.tag);
  putCrc(bytes, fields.sum === 'zero' ? 0 : crc32c(bytes) ^ (fields.sum === 'wrong' ? 0x1400 : 0));
  return ip({ ...around, protocol: SCTP, payload: bytes });
}

/** The CRC32c goes in least significant byte first (RFC 9260 appendix A). */
function putCrc(bytes: Uint8Array, crc: number): void {
  putU32(bytes, 8, ((crc & 255) << 24) | ((crc & 0xff00) << 8) | ((crc >>> 8) & 0xff00) | (crc >>> 24));
}

export function ports(packet: Uint8Array): { readonly source: number; readonly destination: number } {
  const at = (packet[0]! & 15) * 4;
  return packet.length >= at + 4
    ? { source: u16(packet, at), destination: u16(packet, at + 2) }
    : { source: 0, destination: 0 };
}

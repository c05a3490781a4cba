/**
 * TCP, RFC 9293.
 *
 *     |0 source port |2 destination port |4 sequence number |8 acknowledgment number
 *     |12 header length, flags |14 window |16 checksum |18 urgent pointer |20 options … |data …
 *
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from './checksum.ts';
import type { Dissector, Flag, LayerReader } from './layer-reader.ts';
import { identifyTcp } from './payload.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16, setNames } from './show.ts';
import { encodeOptions, type Option, parseOptions, readOptions } from './tcp-options.ts';
import type { Pseudo } from './udp.ts';

export const PROTOCOL = 6;
export const HEADER_LEN = 20;

/** Flags, as they lie in the byte at offset 13. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;

export interface Fields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** FIN, SYN, … put together by `|`. */
  readonly flags: number;
  readonly window: number;
  readonly urgentPointer: number;
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
}

export type Given = Pick<Fields, 'sourcePort' | 'destinationPort' | 'sequence' | 'flags'> & Partial<Fields>;

const NONE = new Uint8Array(0);

/** `bytes` is exactly the segment. With `pseudo`, a wrong checksum is an error. */
export function parse(bytes: Uint8Array, pseudo?: Pseudo): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('tcp', HEADER_LEN, bytes.length);
  const headerLength = (bytes[12]! >>> 4) * 4;
  if (headerLength < HEADER_LEN) return badField('tcp', 'header length', headerLength);
  if (headerLength > bytes.length) return truncated('tcp', headerLength, bytes.length);
  if (pseudo) {
    const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, bytes.length);
    if (checksum(bytes, 0, bytes.length, start) !== 0) return badField('tcp', 'checksum', u16(bytes, 16));
  }
  const options = parseOptions(bytes.subarray(HEADER_LEN, headerLength));
  if (!options.ok) return options;
  return ok({
    sourcePort: u16(bytes, 0),
    destinationPort: u16(bytes, 2),
    sequence: u32(bytes, 4),
    acknowledgment: u32(bytes, 8),
    flags: bytes[13]!,
    window: u16(bytes, 14),
    urgentPointer: u16(bytes, 18),
    options: options.value,
    payload: bytes.subarray(headerLength),
  });
}

export function encode(given: Given, pseudo: Pseudo): Uint8Array {
  const options = encodeOptions(given.options ?? []);
  const payload = given.payload ?? NONE;
  const headerLength = HEADER_LEN + options.length;
  const bytes = new Uint8Array(headerLength + payload.length);
  putU16(bytes, 0, given.sourcePort);
  putU16(bytes, 2, given.destinationPort);
  putU32(bytes, 4, given.sequence);
  putU32(bytes, 8, given.acknowledgment ?? 0);
  bytes[12] = (headerLength / 4) << 4;
  bytes[13] = given.flags;
  putU16(bytes, 14, given.window ?? 65535);
  putU16(bytes, 18, given.urgentPointer ?? 0);
  bytes.set(options, HEADER_LEN);
  bytes.set(payload, headerLength);
  const start = pseudoSum(pseudo.source, pseudo.destination, PROTOCOL, bytes.length);
  putU16(bytes, 16, checksum(bytes, 0, bytes.length, start));
  return bytes;
}

/** The lowest bit of the byte before (RFC 9768). */
const ACCURATE_ECN: Flag = { name: 'Accurate ECN', key: 'tcp.flags.ae', mask: 1 };

const FLAGS: readonly (Flag & { readonly short: string })[] = [
  { name: 'Congestion Window Reduced', key: 'tcp.flags.cwr', mask: CWR, short: 'CWR' },
  { name: 'ECN-Echo', key: 'tcp.flags.ece', mask: ECE, short: 'ECE' },
  { name: 'Urgent', key: 'tcp.flags.urg', mask: URG, short: 'URG' },
  { name: 'Acknowledgment', key: 'tcp.flags.ack', mask: ACK, short: 'ACK' },
  { name: 'Push', key: 'tcp.flags.push', mask: PSH, short: 'PSH' },
  { name: 'Reset', key: 'tcp.flags.reset', mask: RST, short: 'RST' },
  { name: 'Syn', key: 'tcp.flags.syn', mask: SYN, short: 'SYN' },
  { name: 'Fin', key: 'tcp.flags.fin', mask: FIN, short: 'FIN' },
];
/** In the order people say them: SYN, ACK. */
const SPOKEN = [...FLAGS].reverse();

export const dissect: Dissector = (reader, context) => {
  reader.name = 'Transmission Control Protocol';
  const start = reader.at;
  const sourcePort = reader.u16('Source Port', 'tcp.srcport');
  const destinationPort = reader.u16('Destination Port', 'tcp.dstport');
  reader.summary = `${sourcePort} → ${destinationPort}`;
  const sequence = reader.u32('Sequence Number', 'tcp.seq_raw');
  const acknowledgment = reader.u32('Acknowledgment Number', 'tcp.ack_raw');
  const { headerLength, flags } = lengthAndFlags(reader);
  const window = reader.u16('Window', 'tcp.window_size_value');
  reader.u16('Checksum', 'tcp.checksum', hex16);
  const sum = reader.last;
  reader.u16('Urgent Pointer', 'tcp.urgent_pointer');
  const length = reader.end - start;
  const dataLength = Math.max(0, length - headerLength);
  const acknowledged = flags & ACK ? ` Ack=${acknowledgment}` : '';
  reader.summary += ` [${setNames(flags, SPOKEN)}] Seq=${sequence}${acknowledged} Win=${window} Len=${dataLength}`;
  if (context.partial !== undefined || context.addressSum === undefined) reader.amend(sum, { check: 'unverifiable' });
  else {
    const rest = checksum(reader.bytes, start, reader.end, context.addressSum + PROTOCOL + length);
    reader.amend(sum, { check: rest === 0 ? 'right' : 'wrong' });
  }
  if (headerLength < HEADER_LEN) reader.fail(`header length ${headerLength} is less than ${HEADER_LEN} bytes`);
  if (headerLength > length) reader.need(headerLength - HEADER_LEN, 'Options');
  if (headerLength > HEADER_LEN) readOptions(reader, start + headerLength);
  return {
    protocol: identifyTcp(reader.bytes, reader.at, reader.end, sourcePort, destinationPort),
    offset: reader.at,
    end: reader.end,
    context: { sourcePort, destinationPort },
  };
};

function lengthAndFlags(reader: LayerReader): { readonly headerLength: number; readonly flags: number } {
  const at = reader.need(2, 'Flags');
  const word = u16(reader.bytes, at);
  const headerLength = (word >>> 12) * 4;
  reader.add({
    name: 'Header Length',
    key: 'tcp.hdr_len',
    offset: at,
    length: 1,
    mask: 0xf0,
    value: headerLength,
    display: `${headerLength} bytes (${word >>> 12})`,
  });
  const flags = word & 0xfff;
  const display = `${hex16(flags)} (${setNames(flags, SPOKEN)})`;
  reader.add({ name: 'Flags', key: 'tcp.flags', offset: at, length: 2, mask: 0xfff, value: flags, display });
  reader.flags(reader.last, word >>> 8, [ACCURATE_ECN], at, 1);
  reader.flags(reader.last, word & 0xff, FLAGS, at + 1, 1);
  return { headerLength, flags };
}

/**
 * The bodies of pcapng blocks (draft-ietf-opsawg-pcapng §4), each to what it holds or what is wrong with it.
 *
 *     section     |0 byte-order magic |4 major, minor |8 section length |16 options
 *     interface   |0 link type |2 reserved |4 snap length |8 options
 *     enhanced    |0 interface |4 time high, low |12 captured |16 original |20 data, padded | options
 *     simple      |0 original |4 data
 *     obsolete    |0 interface, drops |4 time high, low |12 captured |16 original |20 data, padded | options
 *     statistics  |0 interface |4 time high, low |12 options
 *     secrets     |0 type |4 length |8 data, padded | options
 *
 * @module
 */
import type { CaptureError } from './error.ts';
import {
  type CapturedPacket,
  type CaptureInterface,
  type InterfaceStatistics,
  MAX_PACKET,
  type NameRecord,
  NO_COMMENTS,
  type Secrets,
} from './packet.ts';
import { BLOCK, NAME_RECORD, OPTION, padded } from './pcapng-format.ts';
import { commentsOf, eachOption, type Span, text, u64 } from './pcapng-options.ts';
import { type Clock, clockOf, MICROSECOND_CLOCK, nanoseconds } from './pcapng-time.ts';

export type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'section'; readonly comments: readonly string[] }
  | { readonly kind: 'interface'; readonly value: CaptureInterface; readonly clock: Clock }
  | { readonly kind: 'packet'; readonly packet: CapturedPacket }
  | { readonly kind: 'names'; readonly records: readonly NameRecord[] }
  | { readonly kind: 'secrets'; readonly secrets: Secrets }
  | { readonly kind: 'statistics'; readonly statistics: InterfaceStatistics }
  | Problem;

interface Problem {
  readonly kind: 'problem';
  readonly error: Omit<CaptureError, 'at'>;
}

/** What earlier blocks said that later ones rely on. */
export interface Known {
  readonly interfaces: readonly CaptureInterface[];
  readonly clocks: readonly Clock[];
  /** Where the interfaces of the current section begin. */
  readonly base: number;
  /** Number of the next packet. */
  readonly number: number;
}

const NOTHING: Found = { kind: 'nothing' };

export function readBlock(type: number, body: Span, known: Known): Found {
  const least = LEAST[type];
  if (least === undefined) return NOTHING;
  const length = body.to - body.from;
  if (length < least) return problem('block body', `at least ${least} bytes for block type ${type}`, length);
  switch (type) {
    case BLOCK.section:
      return readSection(body);
    case BLOCK.interface:
      return readInterface(body);
    case BLOCK.enhancedPacket:
    case BLOCK.packet:
      return readPacket(type, body, known);
    case BLOCK.simplePacket:
      return readSimplePacket(body, known);
    case BLOCK.names:
      return readNames(body);
    case BLOCK.secrets:
      return readSecrets(body);
    default:
      return readStatistics(body, known);
  }
}

/** Shortest body of each block that is read; all others are passed over. */
const LEAST: Readonly<Record<number, number>> = {
  [BLOCK.section]: 16,
  [BLOCK.interface]: 8,
  [BLOCK.packet]: 20,
  [BLOCK.simplePacket]: 4,
  [BLOCK.names]: 0,
  [BLOCK.statistics]: 12,
  [BLOCK.enhancedPacket]: 20,
  [BLOCK.secrets]: 8,
};

function problem(
  path: string,
  expected: string,
  received: number | string,
  kind: CaptureError['kind'] = 'damaged',
): Problem {
  return { kind: 'problem', error: { kind, path, expected, received: `${received}` } };
}

function readSection(body: Span): Found {
  const major = body.view.getUint16(body.from + 4, body.little);
  const minor = body.view.getUint16(body.from + 6, body.little);
  if (major !== 1) return problem('section version', 'pcapng version 1', `version ${major}.${minor}`, 'unsupported');
  return { kind: 'section', comments: commentsOf({ ...body, from: body.from + 16 }) };
}

function readInterface(body: Span): Found {
  let resolution: number | undefined;
  let offset = 0n;
  const texts: { name?: string; description?: string } = {};
  const comments: string[] = [];
  eachOption({ ...body, from: body.from + 8 }, (code, value) => {
    const length = value.to - value.from;
    if (code === OPTION.interfaceName) texts.name = text(value);
    else if (code === OPTION.interfaceDescription) texts.description = text(value);
    else if (code === OPTION.comment) comments.push(text(value));
    else if (code === OPTION.interfaceTimeResolution && length === 1) resolution = value.bytes[value.from];
    else if (code === OPTION.interfaceTimeOffset && length === 8)
      offset = value.view.getBigInt64(value.from, value.little);
  });
  const linkType = body.view.getUint16(body.from, body.little);
  const snapLength = body.view.getUint32(body.from + 4, body.little);
  const plain = resolution === undefined && offset === 0n;
  return {
    kind: 'interface',
    value: { linkType, snapLength, ...texts, comments },
    clock: plain ? MICROSECOND_CLOCK : clockOf(resolution ?? 6, offset),
  };
}

/** Enhanced Packet Blocks and the obsolete kind, which differ in the first field only. */
function readPacket(type: number, body: Span, known: Known): Found {
  const { view, little, from } = body;
  const local = type === BLOCK.packet ? view.getUint16(from, little) : view.getUint32(from, little);
  const index = known.base + local;
  const on = known.interfaces[index];
  if (!on) return problem('interface number', `less than ${known.interfaces.length - known.base}`, local);
  const captured = view.getUint32(from + 12, little);
  const start = from + 20;
  if (captured > body.to - start)
    return problem('captured length', `at most the block's ${body.to - start} bytes`, captured);
  if (captured > MAX_PACKET) return problem('captured length', `at most ${MAX_PACKET} bytes`, captured);
  const options = { ...body, from: Math.min(start + padded(captured), body.to) };
  const direction = directionOf(options);
  return {
    kind: 'packet',
    packet: {
      number: known.number,
      time: nanoseconds(known.clocks[index]!, view.getUint32(from + 4, little), view.getUint32(from + 8, little)),
      interface: index,
      linkType: on.linkType,
      bytes: body.bytes.subarray(start, start + captured),
      originalLength: view.getUint32(from + 16, little),
      ...(direction ? { direction } : {}),
      comments: commentsOf(options),
    },
  };
}

/** The two lowest bits of epb_flags (and pack_flags, which has the same number and form). */
function directionOf(options: Span): CapturedPacket['direction'] {
  let direction: CapturedPacket['direction'];
  if (options.to - options.from < 8) return undefined;
  eachOption(options, (code, value) => {
    if (code !== OPTION.packetFlags || value.to - value.from !== 4) return;
    const bits = value.view.getUint32(value.from, value.little) & 3;
    direction = bits === 1 ? 'inbound' : bits === 2 ? 'outbound' : undefined;
  });
  return direction;
}

/** A Simple Packet Block says neither when nor where: it is of the section's first interface, cut at its snap length. */
function readSimplePacket(body: Span, known: Known): Found {
  const on = known.interfaces[known.base];
  if (!on) return problem('simple packet', 'an interface before it', 'none');
  const originalLength = body.view.getUint32(body.from, body.little);
  const start = body.from + 4;
  const captured = Math.min(originalLength, on.snapLength || originalLength);
  if (captured > body.to - start)
    return problem('packet length', `at most the block's ${body.to - start} bytes`, captured);
  if (captured > MAX_PACKET) return problem('packet length', `at most ${MAX_PACKET} bytes`, captured);
  return {
    kind: 'packet',
    packet: {
      number: known.number,
      time: undefined,
      interface: known.base,
      linkType: on.linkType,
      bytes: body.bytes.subarray(start, start + captured),
      originalLength,
      comments: NO_COMMENTS,
    },
  };
}

/** Records of |0 kind |2 length |4 address, then names, each ended by a zero byte; padded to 4. */
function readNames(body: Span): Found {
  const records: NameRecord[] = [];
  eachOption(body, (kind, value) => {
    const size = kind === NAME_RECORD.ipv4 ? 4 : kind === NAME_RECORD.ipv6 ? 16 : 0;
    if (size === 0 || value.to - value.from <= size) return;
    const names = text({ ...value, from: value.from + size }).split('\0');
    records.push({ address: value.bytes.subarray(value.from, value.from + size), names });
  });
  return { kind: 'names', records };
}

function readSecrets(body: Span): Found {
  const length = body.view.getUint32(body.from + 4, body.little);
  const start = body.from + 8;
  if (length > body.to - start)
    return problem('secrets length', `at most the block's ${body.to - start} bytes`, length);
  const type = body.view.getUint32(body.from, body.little);
  return { kind: 'secrets', secrets: { type, data: body.bytes.subarray(start, start + length) } };
}

function readStatistics(body: Span, known: Known): Found {
  const local = body.view.getUint32(body.from, body.little);
  const index = known.base + local;
  if (!known.interfaces[index])
    return problem('interface number', `less than ${known.interfaces.length - known.base}`, local);
  const counts: { received?: bigint; dropped?: bigint } = {};
  eachOption({ ...body, from: body.from + 12 }, (code, value) => {
    const count = u64(value);
    if (count === undefined) return;
    if (code === OPTION.statisticsReceived) counts.received = count;
    else if (code === OPTION.statisticsDropped) counts.dropped = count;
  });
  return { kind: 'statistics', statistics: { interface: index, ...counts } };
}

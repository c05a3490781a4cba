/**
 * PPTP control messages, RFC 2637 §2, over TCP port 1723.
 *
 *     |0 length |2 message type = 1 |4 magic cookie 1A2B3C4D |8 control message type |10 reserved |12 …
 *
 * TCP is a stream: a segment may hold several messages, a part of one, or start in the middle of one. Each message is
 * a layer of its own; the rest of a message begun in an earlier segment is a layer that says so.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { encodeFields, parseFields, readFields, widthOf } from './field-spec.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { type Kind, MAGIC, MESSAGES, type Message } from './pptp-messages.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex32, named } from './show.ts';

export const PORT = 1723;
export const HEADER_LEN = 12;
/** RFC 2637 §2.1: version 1, revision 0. */
export const VERSION = 0x0100;

const CONTROL = 1;
const MANAGEMENT = 2;

const KINDS = Object.keys(MESSAGES) as Kind[];
const BY_CODE: readonly (Kind | undefined)[] = [undefined, ...KINDS];
const TITLES = Object.fromEntries(KINDS.map((kind) => [MESSAGES[kind].code, MESSAGES[kind].title]));
const LENGTHS = Object.fromEntries(KINDS.map((kind) => [kind, HEADER_LEN + widthOf(MESSAGES[kind].fields)]));

/** Bytes of a whole message of that kind: 16 … 220. */
export function lengthOf(kind: Kind): number {
  return LENGTHS[kind]!;
}

/** Reads the message at the start of `bytes`; `length` is how many of them it takes. Truncated means: wait for more. */
export function parse(bytes: Uint8Array): Parsed<{ readonly message: Message; readonly length: number }> {
  if (bytes.length < HEADER_LEN) return truncated('pptp', HEADER_LEN, bytes.length);
  if (u32(bytes, 4) !== MAGIC) return badField('pptp', 'magic cookie', u32(bytes, 4));
  if (u16(bytes, 2) !== CONTROL) return badField('pptp', 'message type', u16(bytes, 2));
  const kind = BY_CODE[u16(bytes, 8)];
  if (!kind) return badField('pptp', 'control message type', u16(bytes, 8));
  const length = u16(bytes, 0);
  if (length !== lengthOf(kind)) return badField('pptp', 'length', length);
  if (bytes.length < length) return truncated('pptp', length, bytes.length);
  const fields = parseFields(MESSAGES[kind].fields, bytes, HEADER_LEN, length);
  return ok({ message: { kind, ...fields } as unknown as Message, length });
}

export function encode(message: Message): Uint8Array {
  const { code, fields } = MESSAGES[message.kind];
  const bytes = new Uint8Array(lengthOf(message.kind));
  putU16(bytes, 0, bytes.length);
  putU16(bytes, 2, CONTROL);
  putU32(bytes, 4, MAGIC);
  putU16(bytes, 8, code);
  bytes.set(encodeFields(fields, message), HEADER_LEN);
  return bytes;
}

const typeName = (value: number) =>
  value === CONTROL ? 'Control Message (1)' : value === MANAGEMENT ? 'Management Message (2)' : `Unknown (${value})`;
const messageName = (value: number) => named(TITLES, value);

export const dissect: Dissector = (reader) => {
  reader.name = 'Point-to-Point Tunnelling Protocol';
  const segmentEnd = reader.end;
  const start = reader.at;
  const length = reader.left >= 2 ? u16(reader.bytes, start) : 0;
  if (length > reader.left) reader.partial ??= `the segment holds ${reader.left} of the message's ${length} bytes`;
  reader.end = length >= HEADER_LEN ? Math.min(start + length, segmentEnd) : segmentEnd;
  reader.summary = 'PPTP message, cut';
  reader.u16('Length', 'pptp.length');
  const type = reader.u16('Message type', 'pptp.type', typeName);
  const magic = reader.u32('Magic Cookie', 'pptp.magic_cookie', hex32);
  const hopeless = length < HEADER_LEN || (magic !== MAGIC && !startsMessage(reader.bytes, start, segmentEnd));
  // Where the next message would begin is then anyone's guess.
  if (hopeless) reader.end = segmentEnd;
  if (magic !== MAGIC) reader.malformed(`magic cookie is ${hex32(magic)}, not ${hex32(MAGIC)}`);
  if (hopeless) reader.fail(`length ${length} is that of no message`);
  if (type !== CONTROL) {
    reader.summary = typeName(type);
    return rest(reader, segmentEnd, 'Data');
  }
  const code = reader.u16('Control Message Type', 'pptp.control_message_type', messageName);
  reader.raw('Reserved', 'pptp.reserved', 2);
  const kind = BY_CODE[code];
  reader.summary = (TITLES[code] ?? `Unknown control message ${code}`) + callIds(reader, kind);
  if (kind) readFields(reader, MESSAGES[kind].fields, reader.end);
  else reader.malformed(`control message type ${code} is not known`);
  return rest(reader, segmentEnd, kind ? 'Bytes past the last field' : 'Data');
};

/** The ids are what NAT is about, so they go into the summary. */
function callIds(reader: LayerReader, kind: Kind | undefined): string {
  let text = '';
  let at = reader.at;
  for (const { name, size } of kind ? (MESSAGES[kind].fields as readonly { name?: string; size: number }[]) : []) {
    if (at + 2 > reader.end) break;
    if (name === 'callId') text += `, Call ID ${u16(reader.bytes, at)}`;
    if (name === 'peerCallId') text += `, Peer Call ID ${u16(reader.bytes, at)}`;
    at += size;
  }
  return text;
}

/** What is left of the message, then the next message of the segment. */
function rest(reader: LayerReader, segmentEnd: number, name: string): Next {
  if (reader.left > 0) reader.raw(name, 'pptp.data', reader.left);
  return { protocol: 'pptp', offset: reader.at, end: segmentEnd };
}

/** Bytes on the control connection that do not start with a header: read up to where a message plainly starts. */
export const dissectContinuation: Dissector = (reader) => {
  reader.name = 'Point-to-Point Tunnelling Protocol (continued)';
  reader.kind = 'opaque';
  reader.why = 'no message begins here: these bytes continue one begun in an earlier segment, or are not PPTP';
  const end = nextMessage(reader.bytes, reader.at, reader.end);
  reader.summary = `Continuation, ${end - reader.at} bytes`;
  reader.raw('Data', 'pptp.continuation', end - reader.at);
  return { protocol: 'pptp', offset: end, end: reader.end };
};

/**
 * Whether a message begins here, as far as its header is there: magic cookie, or at least the length that its message
 * type has, so that one with a broken cookie is shown as what it is.
 */
export function startsMessage(bytes: Uint8Array, from: number, to: number): boolean {
  const left = to - from;
  if (left < 8)
    return left >= 2 && u16(bytes, from) >= 16 && u16(bytes, from) <= 220 && (left < 3 || bytes[from + 2] === 0);
  if (u32(bytes, from + 4) === MAGIC) return true;
  const kind = left >= HEADER_LEN && u16(bytes, from + 2) === CONTROL ? BY_CODE[u16(bytes, from + 8)] : undefined;
  return kind !== undefined && u16(bytes, from) === lengthOf(kind);
}

/** Where a whole header stands, its length that of its message type; `to` where there is none. */
function nextMessage(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at + HEADER_LEN <= to; at++) {
    if (bytes[at + 4] !== 0x1a || u32(bytes, at + 4) !== MAGIC || u16(bytes, at + 2) !== CONTROL) continue;
    const kind = BY_CODE[u16(bytes, at + 8)];
    if (kind && u16(bytes, at) === lengthOf(kind)) return at;
  }
  return to;
}

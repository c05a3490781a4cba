/**
 * WireGuard's four messages (whitepaper §5.4; Linux drivers/net/wireguard/messages.h). Numbers are least significant
 * byte first, unlike everything else here.
 *
 *     initiation  |0 01 000000 |4 sender |8 ephemeral 32 |40 static 48 |88 time stamp 28 |116 mac1 16 |132 mac2 16
 *     response    |0 02 000000 |4 sender |8 receiver |12 ephemeral 32 |44 nothing 16 |60 mac1 16 |76 mac2 16
 *     cookie      |0 03 000000 |4 receiver |8 nonce 24 |32 cookie 32
 *     data        |0 04 000000 |4 receiver |8 counter 8 |16 packet, padded to 16 bytes, and its tag 16
 *
 * @module
 */
import { i32 } from '../lib/bytes.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { hex32, named } from './show.ts';
import { Writer } from './writer.ts';

export const INITIATION_LEN = 148;
export const RESPONSE_LEN = 92;
export const COOKIE_LEN = 64;
export const DATA_HEADER_LEN = 16;
/** A data message without any packet in it, which is what keeps a connection alive, is its header and this tag. */
export const TAG_LEN = 16;

export type Message =
  | {
      readonly type: 'initiation';
      readonly sender: number;
      readonly ephemeral: Uint8Array;
      readonly encryptedStatic: Uint8Array;
      readonly encryptedTimestamp: Uint8Array;
      readonly mac1: Uint8Array;
      readonly mac2: Uint8Array;
    }
  | {
      readonly type: 'response';
      readonly sender: number;
      readonly receiver: number;
      readonly ephemeral: Uint8Array;
      readonly encryptedNothing: Uint8Array;
      readonly mac1: Uint8Array;
      readonly mac2: Uint8Array;
    }
  | {
      readonly type: 'cookie';
      readonly receiver: number;
      readonly nonce: Uint8Array;
      readonly encryptedCookie: Uint8Array;
    }
  | {
      readonly type: 'data';
      readonly receiver: number;
      readonly counter: bigint;
      /** Ciphertext and tag. */
      readonly body: Uint8Array;
    };

const TYPES: Readonly<Record<number, string>> = {
  1: 'Handshake Initiation',
  2: 'Handshake Response',
  3: 'Cookie Reply',
  4: 'Transport Data',
};

export function parse(bytes: Uint8Array): Parsed<Message> {
  return parseWith('wireguard', bytes, (reader) => {
    const message = read(reader);
    if (message.type !== 'data' && reader.left > 0) reader.malformed(`${reader.left} bytes too many`);
    return message;
  });
}

export function encode(message: Message): Uint8Array {
  const writer = new Writer();
  switch (message.type) {
    case 'initiation':
      little32(writer, 1, message.sender);
      writer.raw(message.ephemeral).raw(message.encryptedStatic).raw(message.encryptedTimestamp);
      return writer.raw(message.mac1).raw(message.mac2).take();
    case 'response':
      little32(writer, 2, message.sender, message.receiver);
      writer.raw(message.ephemeral).raw(message.encryptedNothing);
      return writer.raw(message.mac1).raw(message.mac2).take();
    case 'cookie':
      little32(writer, 3, message.receiver);
      return writer.raw(message.nonce).raw(message.encryptedCookie).take();
    case 'data':
      little32(writer, 4, message.receiver);
      little32(writer, Number(message.counter & 0xffffffffn), Number(message.counter >> 32n));
      return writer.raw(message.body).take();
  }
}

function little32(writer: Writer, ...values: readonly number[]): void {
  for (const value of values)
    writer
      .u8(value)
      .u8(value >>> 8)
      .u8(value >>> 16)
      .u8(value >>> 24);
}

/** A type with its three zero bytes and the length it has; data also a counter that no one reaches. */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < DATA_HEADER_LEN + TAG_LEN) return false;
  switch (i32(bytes, from)) {
    case 0x01000000:
      return length === INITIATION_LEN;
    case 0x02000000:
      return length === RESPONSE_LEN;
    case 0x03000000:
      return length === COOKIE_LEN;
    case 0x04000000:
      return length % 16 === 0 && i32(bytes, from + 12) === 0;
    default:
      return false;
  }
}

function read(reader: LayerReader): Message {
  const type = reader.u8('Type', 'wg.type', (value) => named(TYPES, value));
  const reserved = reader.u24('Reserved', 'wg.reserved');
  if (reserved !== 0) reader.malformed('the three bytes after the type are not zero');
  switch (type) {
    case 1:
      return {
        type: 'initiation',
        sender: index(reader, 'Sender', 'wg.sender'),
        ephemeral: reader.raw('Ephemeral', 'wg.ephemeral', 32),
        encryptedStatic: reader.raw('Encrypted Static', 'wg.encrypted_static', 48),
        encryptedTimestamp: reader.raw('Encrypted Timestamp', 'wg.encrypted_timestamp', 28),
        mac1: reader.raw('mac1', 'wg.mac1', 16),
        mac2: reader.raw('mac2', 'wg.mac2', 16),
      };
    case 2:
      return {
        type: 'response',
        sender: index(reader, 'Sender', 'wg.sender'),
        receiver: index(reader, 'Receiver', 'wg.receiver'),
        ephemeral: reader.raw('Ephemeral', 'wg.ephemeral', 32),
        encryptedNothing: reader.raw('Encrypted Empty', 'wg.encrypted_empty', 16),
        mac1: reader.raw('mac1', 'wg.mac1', 16),
        mac2: reader.raw('mac2', 'wg.mac2', 16),
      };
    case 3:
      return {
        type: 'cookie',
        receiver: index(reader, 'Receiver', 'wg.receiver'),
        nonce: reader.raw('Nonce', 'wg.nonce', 24),
        encryptedCookie: reader.raw('Encrypted Cookie', 'wg.encrypted_cookie', 32),
      };
    case 4: {
      const receiver = index(reader, 'Receiver', 'wg.receiver');
      const counter = readCounter(reader);
      if (reader.left < TAG_LEN) reader.need(TAG_LEN, 'Encrypted Packet');
      return { type: 'data', receiver, counter, body: rest(reader) };
    }
    default:
      return reader.fail(`message type ${type} is not one of 1 to 4`);
  }
}

function index(reader: LayerReader, name: string, key: string): number {
  const offset = reader.need(4, name);
  const value = little(reader.bytes, offset);
  reader.add({ name, key, offset, length: 4, value, display: hex32(value) });
  return value;
}

function readCounter(reader: LayerReader): bigint {
  const offset = reader.need(8, 'Counter');
  const value = (BigInt(little(reader.bytes, offset + 4)) << 32n) | BigInt(little(reader.bytes, offset));
  reader.add({ name: 'Counter', key: 'wg.counter', offset, length: 8, value, display: String(value) });
  return value;
}

function little(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export const dissect: Dissector = (reader) => {
  reader.name = 'WireGuard Protocol';
  const message = read(reader);
  reader.summary = summaryOf(message);
  if (message.type === 'data') return { protocol: 'encrypted', offset: reader.at, end: reader.end };
  if (reader.left > 0) reader.malformed(`${reader.left} bytes follow the message`);
  return undefined;
};

function summaryOf(message: Message): string {
  switch (message.type) {
    case 'initiation':
      return `Handshake Initiation, sender=${hex32(message.sender)}`;
    case 'response':
      return `Handshake Response, sender=${hex32(message.sender)}, receiver=${hex32(message.receiver)}`;
    case 'cookie':
      return `Cookie Reply, receiver=${hex32(message.receiver)}`;
    case 'data': {
      const length = message.body.length - TAG_LEN;
      const what = length === 0 ? 'Keepalive' : 'Transport Data';
      const size = length === 0 ? '' : `, datalen=${length}`;
      return `${what}, receiver=${hex32(message.receiver)}, counter=${message.counter}${size}`;
    }
  }
}

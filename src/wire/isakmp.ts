/**
 * The header of IKE messages, the same for IKEv1 (RFC 2408 §3.1) and IKEv2 (RFC 7296 §3.1), on UDP port 500 and,
 * behind the non-ESP marker, on 4500.
 *
 *     |0 initiator SPI |8 responder SPI |16 next payload |17 version |18 exchange type |19 flags |20 message ID
 *     |24 length, header included |28 payload …
 *
 * IKEv1 calls the SPIs cookies. Neither is ever 0, save the responder's in the very first message.
 * @module
 */
import { u32 } from '../lib/bytes.ts';
import * as ikev1 from './ikev1.ts';
import { EXCHANGES as IKEV1_EXCHANGES, PAYLOADS as IKEV1_PAYLOADS } from './ikev1-names.ts';
import * as ikev2 from './ikev2.ts';
import { EXCHANGES as IKEV2_EXCHANGES, PAYLOADS as IKEV2_PAYLOADS } from './ikev2-names.ts';
import type { Dissector, Flag, LayerReader, Next } from './layer-reader.ts';
import { parseWith, rest, within } from './record.ts';
import type { Parsed } from './result.ts';
import { hex8, hex32, named } from './show.ts';
import { Writer } from './writer.ts';

export const PORT = 500;
export const HEADER_LEN = 28;

export const VERSION_1 = 0x10;
export const VERSION_2 = 0x20;

/** Flags of IKEv1. */
export const ENCRYPTED = 0x01;
/** Flags of IKEv2: sent by the original initiator; answers a request. */
export const INITIATOR = 0x08;
export const RESPONSE = 0x20;

const FLAGS_1: readonly Flag[] = [
  { name: 'Encryption', key: 'isakmp.flag_e', mask: ENCRYPTED },
  { name: 'Commit', key: 'isakmp.flag_c', mask: 0x02 },
  { name: 'Authentication', key: 'isakmp.flag_a', mask: 0x04 },
];
const FLAGS_2: readonly Flag[] = [
  { name: 'Initiator', key: 'isakmp.flag_i', mask: INITIATOR },
  { name: 'Version', key: 'isakmp.flag_v', mask: 0x10 },
  { name: 'Response', key: 'isakmp.flag_r', mask: RESPONSE },
];

export interface Header {
  /** 8 bytes each. */
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
  /** Type of the first payload. */
  readonly first: number;
  /** Major version in the high four bits: 0x10 or 0x20. */
  readonly version: number;
  readonly exchange: number;
  readonly flags: number;
  readonly messageId: number;
}

export interface Message extends Header {
  /** The payload chain, or what it was encrypted to. */
  readonly body: Uint8Array;
}

/** Reads a whole message; bytes beyond the length it gives are an error. */
export function parse(bytes: Uint8Array): Parsed<Message> {
  return parseWith('isakmp', bytes, (reader) => {
    const { length, ...header } = readHeader(reader);
    if (length !== bytes.length) reader.malformed(`length says ${length} bytes, ${bytes.length} are there`);
    return { ...header, body: rest(reader) };
  });
}

export function encode(header: Header, body: Uint8Array): Uint8Array {
  return new Writer()
    .raw(header.initiatorSpi)
    .raw(header.responderSpi)
    .u8(header.first)
    .u8(header.version)
    .u8(header.exchange)
    .u8(header.flags)
    .u32(header.messageId)
    .u32(HEADER_LEN + body.length)
    .raw(body)
    .take();
}

/** A known version and exchange, a length that is exactly right, and SPIs as that version has them. */
export function looksLike(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < HEADER_LEN || u32(bytes, from + 24) !== to - from) return false;
  if (u32(bytes, from) === 0 && u32(bytes, from + 4) === 0) return false;
  const version = bytes[from + 17]!;
  const exchanges = version === VERSION_1 ? IKEV1_EXCHANGES : version === VERSION_2 ? IKEV2_EXCHANGES : {};
  return exchanges[bytes[from + 18]!] !== undefined;
}

function readHeader(reader: LayerReader): Header & { readonly length: number } {
  const initiatorSpi = reader.raw('Initiator SPI', 'isakmp.ispi', 8);
  const responderSpi = reader.raw('Responder SPI', 'isakmp.rspi', 8);
  const old = reader.bytes[reader.at + 1]! >>> 4 === 1;
  const payloads = old ? IKEV1_PAYLOADS : IKEV2_PAYLOADS;
  const exchanges = old ? IKEV1_EXCHANGES : IKEV2_EXCHANGES;
  const first = reader.u8('Next payload', 'isakmp.nextpayload', (value) => named(payloads, value));
  const version = reader.u8('Version', 'isakmp.version', (value) => `${value >>> 4}.${value & 15}`);
  const exchange = reader.u8('Exchange type', 'isakmp.exchangetype', (value) => named(exchanges, value));
  const flags = reader.u8('Flags', 'isakmp.flags', hex8);
  reader.flags(reader.last, flags, old ? FLAGS_1 : FLAGS_2);
  const messageId = reader.u32('Message ID', 'isakmp.messageid', hex32);
  const length = reader.u32('Length', 'isakmp.length');
  return { initiatorSpi, responderSpi, first, version, exchange, flags, messageId, length };
}

export const dissect: Dissector = (reader) => {
  reader.name = 'Internet Security Association and Key Management Protocol';
  const header = readHeader(reader);
  reader.summary = summaryOf(header);
  if (header.length < HEADER_LEN) reader.fail(`length ${header.length} is less than the header's ${HEADER_LEN} bytes`);
  const next = within(reader, header.length - HEADER_LEN, 'message body', () => readPayloads(reader, header));
  const after = { protocol: 'padding', offset: next?.end ?? reader.at, end: reader.end };
  return next ? [next, after] : after;
};

/** Reads the chain as far as it is open; answers where the ciphertext lies if there is any. */
function readPayloads(reader: LayerReader, header: Header): Next | undefined {
  const ciphertext = () => ({ protocol: 'encrypted', offset: reader.at, end: reader.end });
  switch (header.version >>> 4) {
    case 1:
      if ((header.flags & ENCRYPTED) !== 0) return ciphertext();
      ikev1.readPayloads(reader, header.first);
      return undefined;
    case 2: {
      const last = ikev2.readPayloads(reader, header.first).at(-1);
      if (last?.type !== 'sk' && last?.type !== 'skf') return undefined;
      return { ...ciphertext(), end: reader.at + last.body.length };
    }
    default:
      reader.kind = 'opaque';
      reader.why = `IKE version ${header.version >>> 4} is not known; 1 and 2 are`;
      reader.raw('Data', 'isakmp.data', reader.left);
      return undefined;
  }
}

function summaryOf({ version, exchange, flags, messageId }: Header): string {
  if (version >>> 4 === 1) return named(IKEV1_EXCHANGES, exchange).replace(/ \(\d+\)$/, '');
  const who = (flags & INITIATOR) !== 0 ? 'Initiator' : 'Responder';
  const what = (flags & RESPONSE) !== 0 ? 'Response' : 'Request';
  const id = messageId.toString(16).padStart(2, '0');
  return `${IKEV2_EXCHANGES[exchange] ?? `exchange ${exchange}`} MID=${id} ${who} ${what}`;
}

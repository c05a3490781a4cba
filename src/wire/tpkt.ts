/**
 * How a Remote Desktop session begins on TCP port 3389: TPKT (RFC 1006 §6), X.224 (class 0), and in the first packet
 * either way what security to use ([MS-RDPBCGR] §2.2.1.1, §2.2.1.2). TLS follows at once if that was agreed.
 *
 *     TPKT          |0 version 3 |1 reserved |2 length, these four bytes included |4 X.224 …
 *     X.224         |0 length without this byte |1 type |2 destination |4 source |6 class | …       (request, confirm)
 *     negotiation   |0 type |1 flags |2 length 8, low byte first |4 protocols, low byte first
 *
 * @module
 */
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { parseWith, within } from './record.ts';
import type { Parsed } from './result.ts';
import { hex16, named } from './show.ts';
import * as tls from './tls.ts';
import { latin1, Writer } from './writer.ts';

export const PORT = 3389;
const HEADER_LEN = 4;
const CONNECTION_REQUEST = 0xe0;
const CONNECTION_CONFIRM = 0xd0;
const NEGOTIATION_LEN = 8;

/** What can be asked for, as bits; 0 is RDP's own security. */
export const PROTOCOL_TLS = 1;
export const PROTOCOL_CREDSSP = 2;

export interface Negotiation {
  /** 1 request, 2 response, 3 failure. */
  readonly type: number;
  readonly flags: number;
  /** The protocols asked for or chosen, or why it failed. */
  readonly value: number;
}

/** A connection request or confirm. */
export interface Connection {
  readonly confirm: boolean;
  readonly destination: number;
  readonly source: number;
  /** A line of text such as "Cookie: mstshash=name", without its end. */
  readonly cookie?: string;
  readonly negotiation?: Negotiation;
}

const X224_TYPES: Readonly<Record<number, string>> = {
  [CONNECTION_REQUEST]: 'Connection Request',
  [CONNECTION_CONFIRM]: 'Connection Confirm',
  128: 'Disconnect Request',
  240: 'Data',
};

const NEGOTIATIONS: Readonly<Record<number, string>> = {
  1: 'RDP Negotiation Request',
  2: 'RDP Negotiation Response',
  3: 'RDP Negotiation Failure',
};

export function parse(bytes: Uint8Array): Parsed<Connection> {
  return parseWith('tpkt', bytes, (reader) => {
    const length = readHeader(reader);
    return within(reader, length - HEADER_LEN, 'TPKT', () => {
      const type = readX224Start(reader);
      if (type !== CONNECTION_REQUEST && type !== CONNECTION_CONFIRM) reader.fail(`X.224 type ${type} opens nothing`);
      const connection = readConnection(reader, type);
      if (reader.left > 0) reader.malformed(`${reader.left} bytes follow`);
      return connection;
    });
  });
}

export function encode({ confirm, destination, source, cookie, negotiation }: Connection): Uint8Array {
  const writer = new Writer()
    .u8(confirm ? CONNECTION_CONFIRM : CONNECTION_REQUEST)
    .u16(destination)
    .u16(source)
    .u8(0);
  if (cookie !== undefined) writer.text(`${cookie}\r\n`);
  if (negotiation) {
    writer.u8(negotiation.type).u8(negotiation.flags).u8(NEGOTIATION_LEN).u8(0);
    for (const shift of [0, 8, 16, 24]) writer.u8(negotiation.value >>> shift);
  }
  const x224 = writer.take();
  return new Writer()
    .u8(3)
    .u8(0)
    .u16(HEADER_LEN + 1 + x224.length)
    .u8(x224.length)
    .raw(x224)
    .take();
}

function readHeader(reader: LayerReader): number {
  const version = reader.u8('Version', 'tpkt.version');
  if (version !== 3) reader.fail(`TPKT version ${version} is not 3`);
  reader.u8('Reserved', 'tpkt.reserved');
  const length = reader.u16('Length', 'tpkt.length');
  if (length < HEADER_LEN) reader.fail(`length ${length} is less than the header's ${HEADER_LEN} bytes`);
  return length;
}

function readX224Start(reader: LayerReader): number {
  reader.u8('X.224 Length', 'x224.length');
  return reader.u8('X.224 Type', 'x224.code', (value) => named(X224_TYPES, value & 0xf0)) & 0xf0;
}

function readConnection(reader: LayerReader, type: number): Connection {
  const destination = reader.u16('Destination reference', 'x224.dst_ref');
  const source = reader.u16('Source reference', 'x224.src_ref');
  reader.u8('Class', 'x224.class');
  const cookie = readCookie(reader);
  const negotiation = reader.left >= NEGOTIATION_LEN ? readNegotiation(reader) : undefined;
  return {
    confirm: type === CONNECTION_CONFIRM,
    destination,
    source,
    ...(cookie !== undefined && { cookie }),
    ...(negotiation && { negotiation }),
  };
}

/** A line that ends in CR LF, if one begins here. */
function readCookie(reader: LayerReader): string | undefined {
  const { bytes, at, end } = reader;
  for (let i = at; i + 1 < end; i++) {
    if (bytes[i] === 13 && bytes[i + 1] === 10) {
      const text = latin1(bytes.subarray(at, i));
      reader.raw('Cookie', 'rdp.rt_cookie', i - at, text);
      reader.u16('End of line', 'rdp.line_end', hex16);
      return text;
    }
  }
  return undefined;
}

function readNegotiation(reader: LayerReader): Negotiation {
  const type = reader.u8('Type', 'rdp.neg_type', (value) => named(NEGOTIATIONS, value));
  const flags = reader.u8('Flags', 'rdp.neg_flags');
  little(reader, 'Length', 'rdp.neg_length', 2);
  const value = little(reader, type === 3 ? 'Failure code' : 'Protocols', 'rdp.neg_protocols', 4);
  return { type, flags, value };
}

/** A number with its least significant byte first. */
function little(reader: LayerReader, name: string, key: string, length: number): number {
  const offset = reader.need(length, name);
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + reader.bytes[offset + i]!;
  reader.add({ name, key, offset, length, value, display: String(value) });
  return value;
}

export const dissect: Dissector = (reader): Next | undefined => {
  reader.name = 'TPKT, X.224 and RDP negotiation';
  // Once agreed, TLS takes over the connection; there is no TPKT around it.
  if (tls.looksLike(reader.bytes, reader.at, reader.end)) {
    reader.summary = 'RDP over TLS';
    return { protocol: 'tls', offset: reader.at, end: reader.end };
  }
  if (reader.bytes[reader.at] !== 3) {
    reader.kind = 'opaque';
    reader.why = 'no TPKT begins here: it runs on from an earlier segment, or is encrypted';
    reader.raw('Data', 'tpkt.data', reader.left);
    return undefined;
  }
  const length = readHeader(reader);
  if (length - HEADER_LEN > reader.left) reader.partial ??= 'the rest of it is in a later segment';
  within(reader, length - HEADER_LEN, 'TPKT', () => {
    const type = readX224Start(reader);
    reader.summary = X224_TYPES[type] ?? `X.224 type ${type}`;
    if (type === CONNECTION_REQUEST || type === CONNECTION_CONFIRM) readConnection(reader, type);
    if (reader.left > 0) reader.raw('Data', 'tpkt.data', reader.left);
  });
  return { protocol: 'tpkt', offset: reader.at, end: reader.end };
};

/**
 * Secure Socket Tunneling Protocol, [MS-SSTP] §2.2. Runs inside TLS, behind one HTTP request that names it.
 *
 *     packet      |0 version 0x10 |1 reserved, C |2 length (12 bits, these four bytes included) |4 …
 *     control     |4 message type |6 number of attributes |8 attribute: |0 reserved |1 id |2 length (12 bits) |4 value …
 *     data        |4 PPP frame …
 *
 * @module
 */
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { parseWith, rest, within } from './record.ts';
import type { Parsed } from './result.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

export const HEADER_LEN = 4;
const VERSION = 0x10;
const CONTROL = 0x01;
const LENGTH = 0x0fff;
const ATTRIBUTE_HEADER_LEN = 4;

const MESSAGES: Readonly<Record<number, string>> = {
  1: 'SSTP_MSG_CALL_CONNECT_REQUEST',
  2: 'SSTP_MSG_CALL_CONNECT_ACK',
  3: 'SSTP_MSG_CALL_CONNECT_NAK',
  4: 'SSTP_MSG_CALL_CONNECTED',
  5: 'SSTP_MSG_CALL_ABORT',
  6: 'SSTP_MSG_CALL_DISCONNECT',
  7: 'SSTP_MSG_CALL_DISCONNECT_ACK',
  8: 'SSTP_MSG_ECHO_REQUEST',
  9: 'SSTP_MSG_ECHO_RESPONSE',
};

const ATTRIBUTES: Readonly<Record<number, string>> = {
  1: 'Encapsulated Protocol ID',
  2: 'Status Info',
  3: 'Crypto Binding',
  4: 'Crypto Binding Request',
};

export interface Attribute {
  readonly id: number;
  readonly value: Uint8Array;
}

export type Packet =
  | { readonly kind: 'control'; readonly message: number; readonly attributes: readonly Attribute[] }
  | { readonly kind: 'data'; readonly frame: Uint8Array };

/** The request that turns an HTTPS connection into a tunnel; the length says "without end" (§3.2.4.1). */
export function request(host: string, correlationId: string): Uint8Array {
  return new Writer()
    .text('SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n')
    .text('Content-Length: 18446744073709551615\r\n')
    .text(`Host: ${host}\r\n`)
    .text(`SSTPCORRELATIONID: {${correlationId}}\r\n\r\n`)
    .take();
}

/** Reads one whole packet. */
export function parse(bytes: Uint8Array): Parsed<Packet> {
  return parseWith('sstp', bytes, (reader) => {
    const { control, length } = readHeader(reader);
    const packet = within(reader, length - HEADER_LEN, 'packet', () => readPacket(reader, control));
    if (length !== bytes.length) reader.malformed(`length says ${length} bytes, ${bytes.length} are there`);
    return packet;
  });
}

export function encode(packet: Packet): Uint8Array {
  const body = packet.kind === 'data' ? packet.frame : encodeControl(packet.message, packet.attributes);
  const writer = new Writer().u8(VERSION).u8(packet.kind === 'control' ? CONTROL : 0);
  return writer
    .u16(HEADER_LEN + body.length)
    .raw(body)
    .take();
}

function encodeControl(message: number, attributes: readonly Attribute[]): Uint8Array {
  const writer = new Writer().u16(message).u16(attributes.length);
  for (const { id, value } of attributes)
    writer
      .u8(0)
      .u8(id)
      .u16(ATTRIBUTE_HEADER_LEN + value.length)
      .raw(value);
  return writer.take();
}

function readHeader(reader: LayerReader): { readonly control: boolean; readonly length: number } {
  const version = reader.u8('Version', 'sstp.version', (value) => `${value >>> 4}.${value & 15}`);
  if (version !== VERSION) reader.fail(`version ${version >>> 4}.${version & 15} is not 1.0`);
  const control = reader.u8('Control', 'sstp.iscontrol', (value) => (value & CONTROL ? 'Control' : 'Data')) & CONTROL;
  const length = reader.u16('Length', 'sstp.length', (value) => String(value & LENGTH)) & LENGTH;
  if (length < HEADER_LEN) reader.fail(`length ${length} is less than the header's ${HEADER_LEN} bytes`);
  return { control: control !== 0, length };
}

function readPacket(reader: LayerReader, control: boolean): Packet {
  if (!control) return { kind: 'data', frame: rest(reader) };
  const message = reader.u16('Message Type', 'sstp.messagetype', (value) => named(MESSAGES, value));
  const count = reader.u16('Number of Attributes', 'sstp.numattrib');
  const attributes: Attribute[] = [];
  while (attributes.length < count)
    reader.group('Attribute', 'sstp.attribute', () => {
      reader.u8('Reserved', 'sstp.reserved');
      const id = reader.u8('Attribute ID', 'sstp.attribid', (value) => named(ATTRIBUTES, value));
      const length = reader.u16('Attribute length', 'sstp.attriblength', (value) => String(value & LENGTH)) & LENGTH;
      if (length < ATTRIBUTE_HEADER_LEN) reader.fail(`attribute length ${length} is less than its header's 4 bytes`);
      attributes.push({ id, value: reader.raw('Value', 'sstp.attribvalue', length - ATTRIBUTE_HEADER_LEN) });
      return named(ATTRIBUTES, id);
    });
  return { kind: 'control', message, attributes };
}

const METHOD = 'SSTP_DUPLEX_POST ';

/** Both the request and what follows it; several packets may share a piece of the stream. */
export const dissect: Dissector = (reader): Next | readonly Next[] | undefined => {
  reader.name = 'Secure Socket Tunneling Protocol';
  if (startsWith(reader, METHOD)) {
    reader.summary = METHOD.trim();
    reader.text('HTTP Request', 'sstp.request', reader.left);
    return undefined;
  }
  const { control, length } = readHeader(reader);
  const packet = within(reader, length - HEADER_LEN, 'packet', () => readPacket(reader, control));
  if (packet.kind === 'control') {
    reader.summary = MESSAGES[packet.message] ?? `message type ${packet.message}`;
    return { protocol: 'sstp', offset: reader.at, end: reader.end };
  }
  reader.summary = 'Data';
  const end = reader.at + packet.frame.length;
  return [
    { protocol: 'ppp', offset: reader.at, end },
    { protocol: 'sstp', offset: end, end: reader.end },
  ];
};

function startsWith(reader: LayerReader, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (reader.bytes[reader.at + i] !== text.charCodeAt(i)) return false;
  return reader.left >= text.length;
}

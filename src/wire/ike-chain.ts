/**
 * What IKEv1 (RFC 2408 §3.2, §3.3) and IKEv2 (RFC 7296 §3.2, §3.3.5) have in common: messages are chains of payloads,
 * each saying the type of the *next* one, and proposals carry attributes.
 *
 *     payload     |0 next payload |1 critical bit, reserved |2 length, these four bytes included |4 body …
 *     attribute   |0 format bit, type |2 value (format bit 1) or length (0) |4 value …
 * @module
 */
import { concat } from '../lib/bytes.ts';
import type { LayerReader } from './layer-reader.ts';
import { within } from './record.ts';
import { shortHex } from './show.ts';
import { Writer } from './writer.ts';

/** Length of the generic payload header. */
export const PAYLOAD_HEADER_LEN = 4;

/** Of the byte after "next payload", in version 2: who does not know the payload must refuse the message. */
export const CRITICAL = 0x80;

type Names = Readonly<Record<number, string>>;

/** How one of the two versions reads the payloads of a chain. */
export interface ChainReader<Payload> {
  readonly names: Names;
  /** Reads the body of a payload up to the reader's end. */
  readonly body: (reader: LayerReader, type: number, critical: boolean, next: number) => Payload;
  /** What to add to the payload's name where the chain is shown: a notify's type, a vendor's name. */
  readonly remark: (payload: Payload) => string | undefined;
  /** Reads the byte after "next payload": reserved in version 1, in version 2 with the critical bit, which it answers. */
  readonly readReserved: (reader: LayerReader) => boolean;
  /** Payload types that end the chain: their "next payload" speaks of what is inside them. */
  readonly last: readonly number[];
}

/**
 * Reads payloads until one says that none follows. Each takes at least four bytes, so no chain outlasts the message;
 * a type that names itself as its successor is no loop, only another payload.
 */
export function readChain<Payload>(reader: LayerReader, first: number, chain: ChainReader<Payload>): Payload[] {
  const payloads: Payload[] = [];
  for (let type = first; type !== 0; ) {
    const current = type;
    const title = label(chain.names, current);
    reader.group('Payload', 'isakmp.typepayload', () => {
      type = reader.u8('Next payload', 'isakmp.nextpayload', (value) => label(chain.names, value));
      const critical = chain.readReserved(reader);
      const length = reader.u16('Payload length', 'isakmp.payloadlength');
      if (length < PAYLOAD_HEADER_LEN)
        reader.fail(`${title}: length ${length} is less than the payload header's 4 bytes`);
      return within(reader, length - PAYLOAD_HEADER_LEN, title, () => {
        const payload = chain.body(reader, current, critical, type);
        payloads.push(payload);
        if (chain.last.includes(current)) type = 0;
        else extra(reader);
        const remark = chain.remark(payload);
        return remark === undefined ? title : `${title} - ${remark}`;
      });
    });
  }
  return payloads;
}

/** Bytes that a structure has room for and no field claims. */
export function extra(reader: LayerReader): void {
  if (reader.left > 0) reader.raw('Extra data', 'isakmp.extradata', reader.left);
}

function label(names: Names, type: number): string {
  return `${names[type] ?? 'Unknown'} (${type})`;
}

/** A payload ready to be put into a chain. */
export interface Link {
  readonly type: number;
  readonly body: Uint8Array;
  readonly critical?: boolean;
  /** For the payload types that end a chain: what they say is inside. */
  readonly inner?: number;
}

/** A chain as bytes, and the type of its first payload, which the header before it must name. */
export function writeChain(links: readonly Link[]): { readonly first: number; readonly bytes: Uint8Array } {
  const parts = links.map((link, index) =>
    new Writer()
      .u8(link.inner ?? links[index + 1]?.type ?? 0)
      .u8(link.critical ? CRITICAL : 0)
      .u16(PAYLOAD_HEADER_LEN + link.body.length)
      .raw(link.body)
      .take(),
  );
  return { first: links[0]?.type ?? 0, bytes: concat(...parts) };
}

/** A number takes the short form of 16 bits, bytes the long one. */
export interface Attribute {
  readonly type: number;
  readonly value: number | Uint8Array;
}

/** What an attribute type is called, and its values if they have names. */
export interface AttributeName {
  readonly name: string;
  /** What its value's field is called behind the key of the list. */
  readonly key?: string;
  readonly values?: Names;
}

const FORMAT_BIT = 0x8000;

/** Reads attributes up to the reader's end. `key` begins their fields' keys: "isakmp.ike.attr". */
export function readAttributes(
  reader: LayerReader,
  key: string,
  names: Readonly<Record<number, AttributeName>>,
): Attribute[] {
  const attributes: Attribute[] = [];
  while (reader.left > 0)
    reader.group('Attribute', key, () => {
      const head = reader.u16('Type', `${key}.type`, (value) => typeLabel(value & ~FORMAT_BIT));
      const type = head & ~FORMAT_BIT;
      const value = head & FORMAT_BIT ? short(type) : long(type);
      attributes.push({ type, value });
      return `${typeLabel(type)}: ${reader.last.display}`;
    });
  return attributes;

  function typeLabel(type: number): string {
    return `${names[type]?.name ?? 'Unknown'} (${type})`;
  }
  function valueKey(type: number): string {
    return `${key}.${names[type]?.key ?? 'value'}`;
  }
  function short(type: number): number {
    return reader.u16('Value', valueKey(type), (value) => {
      const name = names[type]?.values?.[value];
      return name === undefined ? String(value) : `${name} (${value})`;
    });
  }
  function long(type: number): Uint8Array {
    const length = reader.u16('Length', `${key}.length`);
    const offset = reader.need(length, 'Value');
    const value = reader.bytes.subarray(offset, offset + length);
    reader.add({ name: 'Value', key: valueKey(type), offset, length, value, display: whole(value) });
    return value;
  }
}

/** Long attributes are mostly numbers that did not fit 16 bits, such as a lifetime in seconds. */
function whole(value: Uint8Array): string {
  if (value.length === 0 || value.length > 4) return shortHex(value);
  let number = 0;
  for (const byte of value) number = number * 256 + byte;
  return String(number);
}

export function writeAttributes(attributes: readonly Attribute[]): Uint8Array {
  const writer = new Writer();
  for (const { type, value } of attributes)
    if (typeof value === 'number') writer.u16(FORMAT_BIT | type).u16(value);
    else writer.u16(type).u16(value.length).raw(value);
  return writer.take();
}

/**
 * Attribute-value pairs, what L2TP control messages are made of: RFC 2661 §4, RFC 3931 §5.
 *
 *     |0 M, H, four reserved bits, length (10 bits, this header included) |2 vendor |4 type |6 value …
 *
 * M: whoever does not know it must give up. H: the value is hidden with the tunnel's shared secret (§4.3).
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';
import { AVPS, type AvpForm, type AvpName, MESSAGE_TYPES } from './l2tp-names.ts';
import type { LayerReader } from './layer-reader.ts';
import { rest, within } from './record.ts';
import { named } from './show.ts';
import { latin1, Writer } from './writer.ts';

export type AvpValue = number | bigint | string | Uint8Array;

export interface Avp {
  readonly mandatory: boolean;
  readonly hidden: boolean;
  /** SMI enterprise number; 0 for the AVPs of the RFCs. */
  readonly vendor: number;
  readonly type: number;
  /**
   * A number, a bigint (64 bits) or text (one byte a character) where the AVP is known to be one and has its length;
   * bytes otherwise, and always where it is hidden.
   */
  readonly value: AvpValue;
}

const HEADER_LEN = 6;
const MANDATORY = 0x8000;
const HIDDEN = 0x4000;
const LENGTH = 0x03ff;

/** Bytes of the forms that have a fixed length. */
const SIZES: Readonly<Partial<Record<AvpForm, number>>> = { u8: 1, u16: 2, u32: 4, u64: 8, ipv4: 4 };

/** An AVP of the RFCs, with the M bit they ask for. */
export function avp(type: number, value: AvpValue): Avp {
  return { mandatory: AVPS[type]?.mandatory ?? false, hidden: false, vendor: 0, type, value };
}

/** Reads AVPs up to the reader's end. */
export function readAvps(reader: LayerReader): Avp[] {
  const avps: Avp[] = [];
  while (reader.left > 0)
    reader.group('AVP', 'l2tp.avp', () => {
      const offset = reader.need(2, 'AVP header');
      const head = u16(reader.bytes, offset);
      reader.bits('Mandatory', 'l2tp.avp.mandatory', offset, 2, MANDATORY, head);
      reader.bits('Hidden', 'l2tp.avp.hidden', offset, 2, HIDDEN, head);
      const length = reader.bits('Length', 'l2tp.avp.length', offset, 2, LENGTH, head);
      if (length < HEADER_LEN) reader.fail(`AVP length ${length} is less than its header's ${HEADER_LEN} bytes`);
      const avp = within(reader, length - 2, 'AVP', () => readAvp(reader, head));
      avps.push(avp);
      return `${nameOf(avp)}: ${avp.hidden ? 'hidden' : shown(reader, avp)}`;
    });
  return avps;
}

function readAvp(reader: LayerReader, head: number): Avp {
  const vendor = reader.u16('Vendor ID', 'l2tp.avp.vendor_id', (value) => (value === 0 ? 'IETF (0)' : String(value)));
  const type = reader.u16('AVP Type', 'l2tp.avp.type', (value) => `${nameOf({ vendor, type: value })} (${value})`);
  const avp = { mandatory: (head & MANDATORY) !== 0, hidden: (head & HIDDEN) !== 0, vendor, type };
  return { ...avp, value: avp.hidden ? readHidden(reader) : readValue(reader, vendor === 0 ? AVPS[type] : undefined) };
}

/** The value in short: the field just read, or all numbers of a value that has parts. */
function shown(reader: LayerReader, { vendor, type, value }: Avp): string {
  const parts = vendor === 0 ? AVPS[type]?.parts : undefined;
  if (!parts || !(value instanceof Uint8Array)) return reader.last.display;
  const numbers: number[] = [];
  let at = 0;
  for (const { size } of parts) {
    if (at + size > value.length) break;
    numbers.push(size === 1 ? value[at]! : size === 2 ? u16(value, at) : u32(value, at));
    at += size;
  }
  return numbers.join(', ');
}

function readHidden(reader: LayerReader): Uint8Array {
  const shown = `hidden with the tunnel's secret (${reader.left} bytes)`;
  return reader.raw('Hidden value', 'l2tp.avp.hidden_value', reader.left, shown);
}

/** The value as its form says; a length that does not fit the form leaves it as bytes. */
function readValue(reader: LayerReader, known: AvpName | undefined): AvpValue {
  if (!known) return reader.raw('Value', 'l2tp.avp.value', reader.left);
  const { name, key, form } = known;
  const size = SIZES[form];
  if (size !== undefined && reader.left !== size) {
    reader.malformed(`${name} has ${reader.left} bytes where ${size} are due`);
    return reader.raw(name, key, reader.left);
  }
  switch (form) {
    case 'text': {
      const text = latin1(rest(reader));
      reader.text(name, key, reader.left);
      return text;
    }
    case 'u64':
      return reader.u64(name, key);
    case 'ipv4':
      return reader.ipv4(name, key);
    case 'bytes':
      return readParts(reader, known);
    default:
      return readNumber(reader, known);
  }
}

function readNumber(reader: LayerReader, { name, key, form, values, flags }: AvpName): number {
  const show = values && ((value: number) => named(values, value));
  const value =
    form === 'u32' ? reader.u32(name, key, show) : form === 'u16' ? reader.u16(name, key, show) : reader.u8(name, key);
  if (flags) reader.flags(reader.last, value, flags);
  return value;
}

/** Shows the parts of a value as far as it reaches, for they may be left out from the end; answers all of it. */
function readParts(reader: LayerReader, { name, key, parts, tail }: AvpName): Uint8Array {
  const value = rest(reader);
  for (const part of parts ?? []) {
    if (reader.left < part.size) break;
    if (part.size === 1) reader.u8(part.name, part.key);
    else if (part.size === 2) reader.u16(part.name, part.key);
    else reader.u32(part.name, part.key);
  }
  if (reader.left > 0 && tail) reader.text(tail.name, tail.key, reader.left);
  else if (reader.left > 0) reader.raw(name, key, reader.left);
  return value;
}

function nameOf({ vendor, type }: { readonly vendor: number; readonly type: number }): string {
  return (vendor === 0 ? AVPS[type]?.name : undefined) ?? `AVP ${vendor}/${type}`;
}

/** "SCCRQ" and so on; "ZLB" for a message without any AVP. */
export function messageName(avps: readonly Avp[]): string {
  const type = avps[0];
  if (!type) return 'ZLB';
  if (type.vendor !== 0 || type.type !== 0 || typeof type.value !== 'number') return 'no message type';
  return MESSAGE_TYPES[type.value] ?? `message type ${type.value}`;
}

export function writeAvps(avps: readonly Avp[]): Uint8Array {
  const writer = new Writer();
  for (const each of avps) {
    const value = writeValue(each);
    const bits = (each.mandatory ? MANDATORY : 0) | (each.hidden ? HIDDEN : 0);
    writer
      .u16(bits | (HEADER_LEN + value.length))
      .u16(each.vendor)
      .u16(each.type)
      .raw(value);
  }
  return writer.take();
}

function writeValue({ vendor, type, value }: Avp): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const writer = new Writer();
  if (typeof value === 'bigint') return writer.u64(value).take();
  if (typeof value === 'string') return writer.text(value).take();
  const form = vendor === 0 ? AVPS[type]?.form : undefined;
  return form === 'u8' ? writer.u8(value).take() : form === 'u16' ? writer.u16(value).take() : writer.u32(value).take();
}

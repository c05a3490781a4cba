/**
 * How a layer is read.
 *
 * A dissector reads straight on through a `LayerReader`. Where bytes run out the reader ends the layer as
 * `malformed` and says which field was cut; no dissector checks lengths twice and none can throw or loop for ever:
 * every read moves forward, fields per packet are bounded, nesting is bounded by `dissect`.
 * @module
 */
import { i32, u16, u32 } from '../lib/bytes.ts';
import { formatIpv4 } from './address.ts';
import type { Field, Layer } from './layer.ts';
import { printable, shortHex } from './show.ts';

/** What an inner dissector may want to know of the layers around it. Grows on the way in, never read back out. */
export interface Context {
  /** The whole dissected packet. */
  readonly bytes: Uint8Array;
  /** IPv4 addresses around this layer; undefined inside IPv6. */
  readonly source?: number | undefined;
  readonly destination?: number | undefined;
  /** Both addresses of the innermost IP header as one sum of 16-bit words: what a pseudo-header adds to a checksum. */
  readonly addressSum?: number | undefined;
  /** UDP or TCP ports around this layer. */
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** True inside an ICMP quotation: the packet was not sent, it is talked about. */
  readonly quotation?: boolean | undefined;
  /** Set where the bytes end early on purpose, saying why: running out of them is then no fault of the packet. */
  readonly partial?: string | undefined;
}

/** Where the payload of a layer lies and who reads it next. */
export interface Next {
  readonly protocol: string;
  readonly offset: number;
  readonly end: number;
  readonly context?: Partial<Context>;
  /** The bytes quote a packet (ICMP errors): its layers go into `Layer.quoted` of this layer. Only as the first of several. */
  readonly quoted?: boolean;
}

/** Reads one layer between `reader.at` and `reader.end`; answers what comes after it, if anything. */
export type Dissector = (reader: LayerReader, context: Context) => Next | readonly Next[] | undefined;

/** More fields than any honest packet has, all layers together; past it the layer being read is cut short. */
export const MAX_FIELDS = 4096;

/** How many fields may still be made for one packet. */
export interface FieldBudget {
  left: number;
}

/** One flag of a flags field: which bit, and what it is called. */
export type Flag = Required<Pick<Field, 'name' | 'key' | 'mask'>>;

/** Raised by the reader alone and caught by `readLayer` alone. One for all: making an error collects a stack, which costs. */
const SHORTFALL = new Error('a layer ends early');

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class LayerReader {
  at: number;
  readonly fields: Field[] = [];
  summary = '';
  name: string;
  kind: Layer['kind'] = 'decoded';
  why: string | undefined;
  readonly bytes: Uint8Array;
  readonly start: number;
  end: number;
  /** `end` as it was at first: a dissector may draw it in. */
  readonly limit: number;
  readonly protocol: string;
  /** Why the bytes end early on purpose, where they do. */
  partial: string | undefined;
  private open: Field[] = this.fields;
  private readonly budget: FieldBudget;

  constructor(
    bytes: Uint8Array,
    start: number,
    end: number,
    protocol: string,
    budget: FieldBudget = { left: MAX_FIELDS },
  ) {
    this.budget = budget;
    this.bytes = bytes;
    this.at = start;
    this.start = start;
    this.limit = this.end = Math.min(end, bytes.length);
    this.protocol = protocol;
    this.name = protocol;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Makes sure that `length` more bytes are there and steps over them; answers where they begin. */
  need(length: number, name: string): number {
    if (length < 0 || length > this.end - this.at) {
      this.short(`${name} needs ${length} bytes, ${Math.max(0, this.left)} are left`);
      throw SHORTFALL;
    }
    const from = this.at;
    this.at += length;
    return from;
  }

  /** Marks the layer as broken and goes on reading. */
  malformed(why: string): void {
    this.kind = 'malformed';
    this.why ??= why;
  }

  /** Ends the layer here, as broken, with the reason. */
  fail(why: string): never {
    this.malformed(why);
    throw SHORTFALL;
  }

  /** Marks the layer as having fewer bytes than it says, which is a fault only where none were left out on purpose. */
  short(why: string): void {
    if (this.partial === undefined) this.malformed(why);
    else this.why ??= this.partial;
  }

  /** Adds a field that was read by other means. */
  add(field: Field): Field {
    if (--this.budget.left < 0) this.fail(`more than ${MAX_FIELDS} fields in one packet`);
    this.open.push(field);
    return field;
  }

  u8(name: string, key: string, show?: (value: number) => string): number {
    const offset = this.need(1, name);
    const value = this.bytes[offset]!;
    this.add({ name, key, offset, length: 1, value, display: show ? show(value) : String(value) });
    return value;
  }

  u16(name: string, key: string, show?: (value: number) => string): number {
    const offset = this.need(2, name);
    const value = u16(this.bytes, offset);
    this.add({ name, key, offset, length: 2, value, display: show ? show(value) : String(value) });
    return value;
  }

  u24(name: string, key: string, show?: (value: number) => string): number {
    const offset = this.need(3, name);
    const value = (this.bytes[offset]! << 16) | u16(this.bytes, offset + 1);
    this.add({ name, key, offset, length: 3, value, display: show ? show(value) : String(value) });
    return value;
  }

  u32(name: string, key: string, show?: (value: number) => string): number {
    const offset = this.need(4, name);
    const value = u32(this.bytes, offset);
    this.add({ name, key, offset, length: 4, value, display: show ? show(value) : String(value) });
    return value;
  }

  u64(name: string, key: string, show?: (value: bigint) => string): bigint {
    const offset = this.need(8, name);
    const value = (BigInt(u32(this.bytes, offset)) << 32n) | BigInt(u32(this.bytes, offset + 4));
    this.add({ name, key, offset, length: 8, value, display: show ? show(value) : String(value) });
    return value;
  }

  ipv4(name: string, key: string): number {
    const offset = this.need(4, name);
    const value = i32(this.bytes, offset) >>> 0;
    this.add({ name, key, offset, length: 4, value, display: formatIpv4(value) });
    return value;
  }

  /** Raw bytes, shown as hex up to 32 of them. */
  raw(name: string, key: string, length: number, display?: string): Uint8Array {
    const offset = this.need(length, name);
    const value = this.bytes.subarray(offset, offset + length);
    this.add({ name, key, offset, length, value, display: display ?? shortHex(value) });
    return value;
  }

  /** Text of fixed width, ended early by a zero byte; anything that is not printable ASCII shows as a dot. */
  text(name: string, key: string, length: number): string {
    const offset = this.need(length, name);
    const value = printable(this.bytes.subarray(offset, offset + length));
    this.add({ name, key, offset, length, value, display: value });
    return value;
  }

  /** A few bits of a field already read: `value` is that field's, `mask` says which of its bits. */
  bits(
    name: string,
    key: string,
    offset: number,
    length: number,
    mask: number,
    value: number,
    display?: string,
  ): number {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const bits = (value & mask) >>> shift;
    this.add({ name, key, offset, length, mask, value: bits, display: display ?? String(bits) });
    return bits;
  }

  /** Fields read inside `body` become children of one field that spans them. Answers that field. */
  group(name: string, key: string, body: () => string | undefined): Field {
    const outer = this.open;
    const offset = this.at;
    const children: Field[] = [];
    this.open = children;
    let display: string | undefined;
    try {
      display = body();
    } finally {
      this.open = outer;
      const field: Field = {
        name,
        key,
        offset,
        length: this.at - offset,
        value: display ?? '',
        display: display ?? '',
        children,
      };
      this.add(field);
    }
    return this.last;
  }

  /** Gives a field one more child for each of `flags`, which lie in `length` bytes at `offset`; `value` is theirs. */
  flags(field: Field, value: number, flags: readonly Flag[], offset = field.offset, length = field.length): void {
    this.budget.left -= flags.length;
    const children: Field[] = field.children ? [...field.children] : [];
    for (const { name, key, mask } of flags) {
      const set = (value & mask) !== 0;
      children.push({ name, key, offset, length, mask, value: set ? 1 : 0, display: set ? 'Set' : 'Not set' });
    }
    this.amend(field, { children });
  }

  /** Changes the display, check or children of a field already added, once what they must be is known. */
  amend(field: Field, changes: Partial<Pick<Field, 'display' | 'check' | 'children'>>): void {
    // Until the layer is closed its fields belong to this reader, so it may still write to them.
    const open: Mutable<Field> = field;
    if (changes.display !== undefined) open.display = changes.display;
    if (changes.check !== undefined) open.check = changes.check;
    if (changes.children !== undefined) open.children = changes.children;
  }

  /** The last field added at this level. */
  get last(): Field {
    return this.open[this.open.length - 1]!;
  }
}

/** Runs a dissector over its bytes and closes the layer, whatever happened. */
export function readLayer(
  dissector: Dissector,
  reader: LayerReader,
  context: Context,
): { readonly layer: Layer; readonly next: readonly Next[] } {
  let next: ReturnType<Dissector>;
  try {
    next = dissector(reader, context);
  } catch (error) {
    if (error !== SHORTFALL) throw error;
    // Wherever the reading stopped: what is left of the bytes belongs to the broken layer.
    reader.at = reader.end = reader.limit;
  }
  const following = next === undefined ? NOTHING : 'protocol' in next ? [next] : next;
  // A quoted packet lies inside this layer, a payload after it.
  const first = following[0];
  const layerEnd = first ? Math.min(first.quoted ? first.end : first.offset, reader.end) : reader.at;
  const layer: Mutable<Layer> = {
    kind: reader.kind,
    protocol: reader.protocol,
    name: reader.name,
    offset: reader.start,
    length: Math.max(0, layerEnd - reader.start),
    summary: reader.summary || reader.why || reader.name,
    fields: reader.fields,
  };
  if (reader.why !== undefined) layer.why = reader.why;
  return { layer, next: following };
}

const NOTHING: readonly Next[] = [];

/**
 * Fixed layouts declared once: a list of fields in order, which parsing, encoding and display all read and from which
 * the record type is derived.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { formatIpv4 } from './address.ts';
import type { Flag, LayerReader } from './layer-reader.ts';
import { printable, shortHex } from './show.ts';

interface Named<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly key: string;
}

/** An unsigned number of 1, 2 or 4 bytes. */
export interface NumberSpec<Name extends string = string> extends Named<Name> {
  readonly type: 'number';
  readonly size: number;
  readonly show: ((value: number) => string) | undefined;
  readonly flags: readonly Flag[] | undefined;
}

/** ASCII of fixed width, filled up with zero bytes. */
export interface TextSpec<Name extends string = string> extends Named<Name> {
  readonly type: 'text';
  readonly size: number;
}

/** All bytes that are left; only as the last of a list. `size` is 0: it needs none. */
export interface RestSpec<Name extends string = string> extends Named<Name> {
  readonly type: 'rest';
  readonly size: 0;
  readonly show: (value: Uint8Array) => string;
}

export interface ReservedSpec {
  readonly type: 'reserved';
  readonly size: number;
  readonly key: string;
}

export type FieldSpec = NumberSpec | TextSpec | RestSpec | ReservedSpec;

/** The named fields of a list, as a record. */
export type RecordOf<Specs extends readonly FieldSpec[]> = {
  readonly [Spec in Specs[number] as Spec extends Named<infer Name> ? Name : never]: Spec extends TextSpec
    ? string
    : Spec extends RestSpec
      ? Uint8Array
      : number;
};

/** A record as the functions here see it. */
type Loose = Readonly<Record<string, number | string | Uint8Array>>;

export function number<Name extends string>(
  name: Name,
  size: 1 | 2 | 4,
  label: string,
  key: string,
  show?: (value: number) => string,
  flags?: readonly Flag[],
): NumberSpec<Name> {
  return { type: 'number', name, size, label, key, show, flags };
}

/** An IPv4 address. */
export function address<Name extends string>(name: Name, label: string, key: string): NumberSpec<Name> {
  return number(name, 4, label, key, formatIpv4);
}

export function text<Name extends string>(name: Name, size: number, label: string, key: string): TextSpec<Name> {
  return { type: 'text', name, size, label, key };
}

export function rest<Name extends string>(
  name: Name,
  label: string,
  key: string,
  show: (value: Uint8Array) => string = shortHex,
): RestSpec<Name> {
  return { type: 'rest', name, size: 0, label, key, show };
}

export function reserved(size: number, key: string): ReservedSpec {
  return { type: 'reserved', size, key };
}

/** How many bytes the list takes, without those of a `rest`. */
export function widthOf(specs: readonly FieldSpec[]): number {
  let width = 0;
  for (const spec of specs) width += spec.size;
  return width;
}

/** The named fields in `bytes` from `from` to `to`, which must be wide enough. */
export function parseFields(specs: readonly FieldSpec[], bytes: Uint8Array, from: number, to: number): Loose {
  const record: Record<string, number | string | Uint8Array> = {};
  let at = from;
  for (const spec of specs) {
    if (spec.type === 'number') record[spec.name] = numberAt(bytes, at, spec.size);
    else if (spec.type === 'text') record[spec.name] = printable(bytes.subarray(at, at + spec.size));
    else if (spec.type === 'rest') record[spec.name] = bytes.subarray(at, to);
    at += spec.size;
  }
  return record;
}

/** The bytes of the list alone: `widthOf` of them, and a `rest`. */
export function encodeFields(specs: readonly FieldSpec[], record: object): Uint8Array {
  const values = record as Loose;
  const last = specs.at(-1);
  const tail = last?.type === 'rest' ? (values[last.name] as Uint8Array) : undefined;
  const bytes = new Uint8Array(widthOf(specs) + (tail?.length ?? 0));
  let at = 0;
  for (const spec of specs) {
    if (spec.type === 'number') putNumber(bytes, at, spec.size, values[spec.name] as number);
    else if (spec.type === 'text') putText(bytes, at, spec.size, values[spec.name] as string);
    at += spec.size;
  }
  if (tail) bytes.set(tail, at);
  return bytes;
}

/** Reads the list through a reader, a field of the layer for each; a `rest` reaches to `end`. */
export function readFields(reader: LayerReader, specs: readonly FieldSpec[], end: number): void {
  for (const spec of specs) {
    if (spec.type === 'reserved') reader.raw('Reserved', spec.key, spec.size);
    else if (spec.type === 'text') reader.text(spec.label, spec.key, spec.size);
    else if (spec.type === 'rest') {
      const value = reader.bytes.subarray(reader.at, Math.max(reader.at, end));
      if (value.length > 0) reader.raw(spec.label, spec.key, value.length, spec.show(value));
    } else readNumber(reader, spec);
  }
}

function readNumber(reader: LayerReader, spec: NumberSpec): void {
  const { label, key, show, flags } = spec;
  let value: number;
  if (spec.size === 4) value = reader.u32(label, key, show);
  else if (spec.size === 2) value = reader.u16(label, key, show);
  else value = reader.u8(label, key, show);
  if (flags) reader.flags(reader.last, value, flags);
}

function numberAt(bytes: Uint8Array, at: number, size: number): number {
  return size === 4 ? u32(bytes, at) : size === 2 ? u16(bytes, at) : bytes[at]!;
}

function putNumber(bytes: Uint8Array, at: number, size: number, value: number): void {
  if (size === 4) putU32(bytes, at, value);
  else if (size === 2) putU16(bytes, at, value);
  else bytes[at] = value;
}

function putText(bytes: Uint8Array, at: number, size: number, value: string): void {
  const shown = Math.min(size, value.length);
  for (let i = 0; i < shown; i++) bytes[at + i] = value.charCodeAt(i);
}

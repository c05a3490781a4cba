/** As much of ASN.1's distinguished encoding (X.690) as a certificate needs. @module */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../lib/bytes.ts';
import { Writer } from '../wire/writer.ts';
import { type Cursor, readWhole } from './cursor.ts';

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface Element {
  readonly tag: number;
  readonly body: Uint8Array;
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  const head = new Writer().u8(tag);
  if (body.length < 0x80) head.u8(body.length);
  else if (body.length < 0x100) head.u8(0x81).u8(body.length);
  else head.u8(0x82).u16(body.length);
  return concat(head.take(), body);
}

export function text(tag: number, value: string): Uint8Array {
  return der(tag, utf8ToBytes(value));
}

/** Positive, from its bytes: a zero goes in front of a leading 1 bit. */
export function integer(magnitude: Uint8Array): Uint8Array {
  return der(TAG.integer, magnitude[0]! & 0x80 ? concat(Uint8Array.of(0), magnitude) : magnitude);
}

/** The elements that lie one after another in `bytes`, or undefined where they do not. */
export function elements(bytes: Uint8Array): readonly Element[] | undefined {
  return readWhole(bytes, (cursor) => {
    const found: Element[] = [];
    while (cursor.left > 0) found.push({ tag: cursor.u8(), body: cursor.take(length(cursor)) });
    return found;
  });
}

function length(cursor: Cursor): number {
  const first = cursor.u8();
  if (first < 0x80) return first;
  if (first === 0x81) return cursor.u8();
  return first === 0x82 ? cursor.u16() : cursor.refuse();
}

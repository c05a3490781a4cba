/**
 * Reads records with the functions that dissect, so that each format is written down once:
 * a reading function takes its fields through a `LayerReader` and answers the record; the dissector keeps the
 * fields, `parseWith` keeps the record.
 * @module
 */
import { LayerReader, readLayer } from './layer-reader.ts';
import { ok, type Parsed, type WireError } from './result.ts';

/** Remembers what ended the reading as a value, where a layer would only say it in words. */
class RecordReader extends LayerReader {
  error: WireError | undefined;

  override need(length: number, name: string): number {
    if (length < 0 || length > this.left) {
      const need = this.at - this.start + length;
      this.error ??= { kind: 'truncated', protocol: this.protocol, need, have: this.end - this.start };
    }
    return super.need(length, name);
  }

  override malformed(why: string): void {
    super.malformed(why);
    // Whoever complains does so about the field just read.
    const { name, value } = this.last ?? { name: 'header', value: 0 };
    const found = typeof value === 'number' ? value : 0;
    this.error ??= { kind: 'bad-field', protocol: this.protocol, field: name, found };
  }
}

/** The record that `read` finds in `bytes`, or why there is none. */
export function parseWith<T>(protocol: string, bytes: Uint8Array, read: (reader: LayerReader) => T): Parsed<T> {
  const reader = new RecordReader(bytes, 0, bytes.length, protocol);
  let result: Parsed<T> | undefined;
  const dissector = (own: LayerReader) => {
    result = ok(read(own));
    return undefined;
  };
  readLayer(dissector, reader, { bytes });
  if (reader.error) return { ok: false, error: reader.error };
  return result!;
}

/**
 * Lets `body` read no further than `length` bytes from here. A length that reaches past the end is noted as a fault
 * and what is there is read.
 */
export function within<T>(reader: LayerReader, length: number, name: string, body: () => T): T {
  const outer = reader.end;
  if (length > reader.left) reader.short(`${name} says ${length} bytes, ${reader.left} are left`);
  reader.end = Math.min(reader.at + length, outer);
  try {
    return body();
  } finally {
    reader.end = outer;
  }
}

/** All bytes not yet read, as they are: no field is made of them and the reader does not move. */
export function rest(reader: LayerReader): Uint8Array {
  return reader.bytes.subarray(reader.at, reader.end);
}

/** What must hold of every dissection and every parser, whatever the bytes are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import type { Field, Layer } from '../../src/wire/layer.ts';
import type { Parsed } from '../../src/wire/result.ts';

/** The rules a dissection breaks; none is right. */
export function faultsOf(bytes: Uint8Array, protocol: string): string[] {
  const faults: string[] = [];
  const { layers } = dissect(bytes, protocol);
  let from = 0;
  for (const layer of layers) {
    const end = layer.offset + layer.length;
    if (layer.offset < from || end > bytes.length)
      faults.push(`${layer.protocol} lies outside ${from}…${bytes.length}`);
    if (layer.kind !== 'decoded' && !layer.why) faults.push(`${layer.protocol} is ${layer.kind} and does not say why`);
    if (layer.summary === '') faults.push(`${layer.protocol} has no summary`);
    faults.push(...fieldFaults(layer.fields, layer.offset, end, layer.protocol));
    from = end;
  }
  const fields = layers.reduce((sum, layer) => sum + count(layer.fields), 0);
  if (fields > 4200 || layers.length > 40) faults.push(`${layers.length} layers and ${fields} fields`);
  return faults;
}

function fieldFaults(fields: readonly Field[], from: number, to: number, path: string): string[] {
  return fields.flatMap((field) => {
    const { offset, length, key, value } = field;
    const name = `${path}/${key}`;
    const faults =
      offset < from || offset + length > to ? [`${name} at ${offset}+${length} is outside ${from}…${to}`] : [];
    if (value instanceof Uint8Array && value.length !== length)
      faults.push(`${name} has ${value.length} bytes, not ${length}`);
    return [...faults, ...fieldFaults(field.children ?? [], offset, offset + length, name)];
  });
}

function count(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + 1 + count(field.children ?? []), 0);
}

type Parser = (bytes: Uint8Array) => unknown;

/** Registers the tests that every protocol has to pass, with its own vectors as the ground to spoil. */
export function survivesAnything(
  protocol: string,
  vectors: readonly Uint8Array[],
  ...parsers: readonly Parser[]
): void {
  const check = (bytes: Uint8Array) => {
    const faults = faultsOf(bytes, protocol);
    if (faults.length > 0) expect.fail(`${toHex(bytes)}: ${faults.join('; ')}`);
    for (const parse of parsers) expect(parse(bytes)).toBeDefined();
  };

  test('any bytes end in layers that keep to their ranges', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check), { numRuns: 500 });
  });

  test('the same holds with any bytes behind the beginning of a good packet', () => {
    const spoiled = fc
      .tuple(fc.constantFrom(...vectors), fc.nat(), fc.uint8Array({ maxLength: 120 }))
      .map(([vector, cut, tail]) => Uint8Array.of(...vector.subarray(0, cut % (vector.length + 1)), ...tail));
    fc.assert(fc.property(spoiled, check), { numRuns: 500 });
  });

  test('so it does for every truncation of good packets', () => {
    for (const vector of vectors) for (let end = 0; end < vector.length; end++) check(vector.subarray(0, end));
  });

  test('and with any one byte changed', () => {
    for (const vector of vectors)
      for (let at = 0; at < Math.min(vector.length, 400); at++)
        for (const change of [0x01, 0x10, 0x80, 0xff]) {
          const spoiled = vector.slice();
          spoiled[at] = spoiled[at]! ^ change;
          check(spoiled);
        }
  });
}

/** Says that every record comes back from its bytes as it went in. */
export function comesBack<T>(
  records: fc.Arbitrary<T>,
  encode: (record: T) => Uint8Array,
  parse: (bytes: Uint8Array) => Parsed<unknown>,
): void {
  fc.assert(
    fc.property(records, (value) => {
      expect(parse(encode(value))).toEqual({ ok: true, value });
    }),
  );
}

/** The layers of `bytes`, of which there must be some. */
export function layersOf(bytes: Uint8Array, protocol: string): readonly [Layer, ...Layer[]] {
  const { layers } = dissect(bytes, protocol);
  const [first, ...rest] = layers;
  if (!first) throw new Error('no layer at all');
  return [first, ...rest];
}

/** What the fields with this key display, at any depth, in order. */
export function displays(layer: Layer, key: string): string[] {
  return collect(layer.fields, key).map((field) => field.display);
}

function collect(fields: readonly Field[], key: string): Field[] {
  return fields.flatMap((field) => [...(field.key === key ? [field] : []), ...collect(field.children ?? [], key)]);
}

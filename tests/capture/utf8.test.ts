import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/capture/utf8.ts';

test('encoding is what the platform encodes, unpaired surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud800', '\udc00x'), (text, more) => {
      expect(encodeUtf8(text + more)).toEqual(new Uint8Array(new TextEncoder().encode(text + more)));
    }),
  );
});

test('decoding is what the platform decodes, whatever the bytes', () => {
  const platform = new TextDecoder('utf-8', { ignoreBOM: true });
  const nearly = fc
    .array(fc.oneof(fc.integer({ min: 0x7e, max: 0xc3 }), fc.integer({ min: 0xdf, max: 0xf6 })), { maxLength: 12 })
    .map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), nearly), (bytes) => {
      expect(decodeUtf8(bytes)).toBe(platform.decode(bytes));
    }),
    { numRuns: 2000 },
  );
});

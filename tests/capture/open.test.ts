import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as inWords } from '../../src/capture/error.ts';
import { openCapture } from '../../src/capture/open.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ascii, pcap, pcapng } from './build.ts';

function refusal(bytes: Uint8Array): string {
  const opened = openCapture(bytes);
  return opened.ok ? 'opened' : inWords(opened.error);
}

test.each([
  ['1f8b0800 00000000', '1f8b0800 (gzip: unpack it first)'],
  ['28b52ffd 00000000', '28b52ffd (zstd: unpack it first)'],
  ['504b0304 00000000', '504b0304 (zip: unpack it first)'],
  ['736e6f6f 70000000', '736e6f6f (snoop)'],
  ['34cdb2a1 02000400', '34cdb2a1 (modified pcap)'],
  ['7b226122 3a317d00', '7b226122'],
])('a file that begins with %s is refused by what it is', (bytes, name) => {
  expect(refusal(hex(bytes))).toBe(
    'not a capture file at byte 0, magic number: expected pcap (a1b2c3d4 or a1b23c4d, either byte order) or pcapng (0a0d0d0a), ' +
      `received ${name}`,
  );
});

test('an empty file and one of three bytes are refused', () => {
  expect(refusal(new Uint8Array(0))).toBe('cut short at byte 0, magic number: expected 4 bytes, received 0');
  expect(refusal(ascii('abc'))).toBe('cut short at byte 3, magic number: expected 4 bytes, received 3');
});

test('a capture inside a larger buffer is read from where it begins', () => {
  const packet = { seconds: 1, fraction: 2, bytes: hex('0102') };
  const file = concat(hex('ffffff'), pcap({ little: false }, [packet]), hex('ffff'));
  const opened = openCapture(file.subarray(3, file.length - 2));
  expect(opened.ok && [...opened.value].map((each) => [...each.bytes])).toEqual([[1, 2]]);
});

test('packets of a file that Node read are plain bytes, whose slice() copies', () => {
  const opened = openCapture(Buffer.from(pcap({ little: true }, [{ seconds: 1, fraction: 2, bytes: hex('0102') }])));
  const bytes = opened.ok && opened.value.next()?.bytes;
  expect(bytes && bytes.slice().buffer === bytes.buffer).toBe(false);
  expect(bytes).not.toBeInstanceOf(Buffer);
});

/** Whole small files, into which single bytes are then thrown. */
const sound = [true, false].flatMap((little) => {
  const { section, interface: on, enhanced, option, block, u32, u64 } = pcapng(little);
  const data = hex('0102030405');
  return [
    pcap({ little }, [{ seconds: 1, fraction: 2, bytes: data }]),
    concat(
      section(option(1, ascii('about the file'))),
      on(1, 0, option(9, hex('09')), option(14, u64(3n))),
      enhanced(0, 5n, data, option(1, ascii('a comment'))),
      block(3, u32(5), data, hex('000000')),
      block(4, option(1, concat(hex('c0a8010a'), ascii('a\0')))),
      block(5, u32(0), u64(0n), option(4, u64(7n))),
      block(10, u32(0x544c534b), u32(4), ascii('keys')),
    ),
  ];
});

test('any bytes at all, and any damage to a sound file, end in packets and one clear ending, never in an exception', () => {
  const damaged = fc
    .tuple(
      fc.constantFrom(...sound),
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.nat(400),
    )
    .map(([file, hits, cut]) => {
      const bytes = file.slice(0, Math.max(0, file.length - (cut > 300 ? cut - 300 : 0)));
      for (const [at, value] of hits) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
      const opened = openCapture(bytes);
      if (!opened.ok) {
        expect(inWords(opened.error)).toMatch(/at byte \d+, .+: expected .+, received .+/);
        return;
      }
      let held = 0;
      for (const packet of opened.value) held += packet.bytes.length;
      expect(held).toBeLessThanOrEqual(bytes.length);
      const end = opened.value.end!;
      expect(end.at).toBeLessThanOrEqual(bytes.length);
      if (end.kind === 'complete') expect(end.at).toBe(bytes.length);
    }),
    { numRuns: 3000 },
  );
});

import { describe, expect, test } from 'vitest';
import { describe as inWords } from '../../src/capture/error.ts';
import { openCapture } from '../../src/capture/open.ts';
import { hex } from '../../src/lib/bytes.ts';
import { pcap } from './build.ts';

const first = { seconds: 1_700_000_000, fraction: 123_456, bytes: hex('0102030405') };
const second = { seconds: 0xffff_ffff, fraction: 999_999, bytes: hex('aa'), original: 1500 };

function read(bytes: Uint8Array) {
  const opened = openCapture(bytes);
  if (!opened.ok) throw new Error(inWords(opened.error));
  return { reader: opened.value, packets: [...opened.value] };
}

function refusal(bytes: Uint8Array): string {
  const opened = openCapture(bytes);
  return opened.ok ? 'opened' : inWords(opened.error);
}

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('classic pcap, %s', (_, little) => {
  test('microseconds become exact nanoseconds, far beyond 2038', () => {
    const { packets, reader } = read(pcap({ little }, [first, second]));
    expect(packets.map((packet) => packet.time)).toEqual([1_700_000_000_123_456_000n, 4_294_967_295_999_999_000n]);
    expect(packets.map((packet) => [packet.number, packet.bytes.length, packet.originalLength])).toEqual([
      [1, 5, 5],
      [2, 1, 1500],
    ]);
    expect(reader.end).toEqual({ kind: 'complete', at: 24 + 16 + 5 + 16 + 1 });
  });

  test('nanoseconds are kept to the last digit', () => {
    const { packets } = read(pcap({ little, nano: true }, [{ ...first, fraction: 999_999_999 }]));
    expect(packets[0]?.time).toBe(1_700_000_000_999_999_999n);
  });

  test('packets are views into the file, not copies', () => {
    const file = pcap({ little }, [first]);
    expect(read(file).packets[0]?.bytes.buffer).toBe(file.buffer);
  });

  test('version 2.2, which held the lengths the other way round, is read as meant', () => {
    const file = pcap({ little, version: [2, 2], swapLengths: true }, [first, second]);
    expect(read(file).packets.map((packet) => [packet.bytes.length, packet.originalLength])).toEqual([
      [5, 5],
      [1, 1500],
    ]);
  });

  test('the length of the frame check sequence beside the link type does not hide the link type', () => {
    expect(read(pcap({ little, linkType: 0x2400_0001 }, [first])).packets[0]?.linkType).toBe(1);
  });

  test('a file cut at any byte yields every packet before the cut and says where it ended', () => {
    const file = pcap({ little }, [first, second]);
    for (let length = 24; length < file.length; length++) {
      const { packets, reader } = read(file.slice(0, length));
      const whole = length < 24 + 21 ? 0 : 1;
      expect(packets.length).toBe(whole);
      const at = whole === 0 ? 24 : 24 + 21;
      expect(reader.end?.at).toBe(at);
      expect(reader.end?.kind).toBe(length === at ? 'complete' : 'broken');
    }
  });

  test('a version 1 file is refused by its version', () => {
    expect(refusal(pcap({ little, version: [1, 4] }, [first]))).toBe(
      'not supported at byte 4, file header: version: expected pcap version 2, received version 1.4',
    );
  });

  test('an unsupported link type is refused by name and number', () => {
    expect(refusal(pcap({ little, linkType: 127 }, [first]))).toMatch(
      /^not supported at byte 20, file header: link type: expected .*, received link type 127 \(IEEE 802\.11 with radiotap header\)$/,
    );
    expect(refusal(pcap({ little, linkType: 4711 }, [first]))).toMatch(/received link type 4711$/);
  });
});

test('an absurd captured length ends the file as damaged, with the packets before it', () => {
  const file = pcap({ little: true }, [first, second]);
  new DataView(file.buffer).setUint32(24 + 21 + 8, 0x7fff_ffff, true);
  const { packets, reader } = read(file);
  expect(packets.length).toBe(1);
  expect(reader.end).toEqual({
    kind: 'broken',
    at: 45,
    error: {
      kind: 'damaged',
      path: 'packet 2: captured length',
      at: 45,
      expected: 'at most 262144 bytes',
      received: '2147483647',
    },
  });
});

test('a header cut short is refused, with where it ended', () => {
  expect(refusal(pcap({ little: true }, []).slice(0, 23))).toBe(
    'cut short at byte 23, file header: expected 24 bytes, received 23',
  );
});

test('after its end a reader goes on answering that there is nothing', () => {
  const { reader } = read(pcap({ little: true }, [first]));
  expect([reader.next(), reader.next()]).toEqual([undefined, undefined]);
});

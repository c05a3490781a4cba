/** Opens a capture of either format by its first bytes. @module */
import { u32 } from '../lib/bytes.ts';
import { failed, type Opened } from './error.ts';
import type { CaptureReader } from './packet.ts';
import { isPcap, openPcap } from './pcap.ts';
import { openPcapng } from './pcapng.ts';
import { BLOCK } from './pcapng-format.ts';

export function openCapture(file: Uint8Array): Opened<CaptureReader> {
  // Node's Buffer is a Uint8Array whose slice() does not copy; packets cut from it must be plain.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 4)
    return failed({
      kind: 'cut',
      path: 'magic number',
      at: bytes.length,
      expected: '4 bytes',
      received: `${bytes.length}`,
    });
  const magic = u32(bytes, 0);
  if (magic === BLOCK.section) return openPcapng(bytes);
  if (isPcap(magic)) return openPcap(bytes);
  return failed({
    kind: 'not-a-capture',
    path: 'magic number',
    at: 0,
    expected: 'pcap (a1b2c3d4 or a1b23c4d, either byte order) or pcapng (0a0d0d0a)',
    received: nameOf(magic),
  });
}

/** Other files that people take for captures, by their first bytes under a mask. */
const OTHERS: readonly (readonly [mask: number, magic: number, name: string])[] = [
  [0xffff0000, 0x1f8b0000, 'gzip: unpack it first'],
  [0xffffffff, 0x28b52ffd, 'zstd: unpack it first'],
  [0xffffffff, 0x04224d18, 'lz4: unpack it first'],
  [0xffffffff, 0x504b0304, 'zip: unpack it first'],
  [0xffffff00, 0xffd8ff00, 'JPEG picture'],
  [0xffffffff, 0x89504e47, 'PNG picture'],
  [0xffffffff, 0x25504446, 'PDF document'],
  [0xffffffff, 0x736e6f6f, 'snoop'],
  [0xffffffff, 0x474d4255, 'Network Monitor'],
  [0xffffffff, 0xa1b2cd34, 'modified pcap'],
  [0xffffffff, 0x34cdb2a1, 'modified pcap'],
];

function nameOf(magic: number): string {
  const known = OTHERS.find(([mask, start]) => (magic & mask) >>> 0 === start);
  const digits = magic.toString(16).padStart(8, '0');
  return known ? `${digits} (${known[2]})` : digits;
}

/** Captured packets made from a recording in tests/recordings or from any packets, for tests of replays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCapture } from '../../src/capture/open.ts';
import type { CapturedPacket } from '../../src/capture/packet.ts';

export function captured(name: string, file: 'lan' | 'wan'): readonly CapturedPacket[] {
  const path = join(import.meta.dirname, '..', 'recordings', name, `${file}.pcap`);
  const opened = openCapture(new Uint8Array(readFileSync(path)));
  if (!opened.ok) throw new Error(`${path}: ${opened.error.path}`);
  return [...opened.value];
}

/** `seconds` may have a fraction; kept to the nanosecond. */
export function packetAt(number: number, seconds: number, bytes: Uint8Array, linkType: number): CapturedPacket {
  const time = 1_700_000_000_000_000_000n + BigInt(Math.round(seconds * 1e9));
  return { number, time, interface: 0, linkType, bytes, originalLength: bytes.length, comments: [] };
}

/** Captures as `tcpdump -s` makes them: of each frame the beginning, and how long it was. */
import { openCapture } from '../../src/capture/open.ts';
import type { CapturedPacket } from '../../src/capture/packet.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';

export const snapped =
  (length: number) =>
  (packet: CapturedPacket): CapturedPacket => ({ ...packet, bytes: packet.bytes.subarray(0, length) });

/** A capture file made anew with a snap length. */
export function snappedFile(file: Uint8Array, length: number): Uint8Array {
  const opened = openCapture(file);
  if (!opened.ok) throw new Error(`expected ${opened.error.expected}`);
  const writer = new PcapngWriter('passthrough-lab');
  for (const packet of opened.value) {
    const { bytes, originalLength, linkType, time } = snapped(length)(packet);
    if (packet.number === 1) writer.addInterface({ linkType, snapLength: length });
    writer.addPacket({ interface: 0, time: time!, bytes, originalLength });
  }
  return writer.finish();
}

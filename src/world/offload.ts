/**
 * Checksums that a machine left to its network card: a capture taken on that machine shows packets before the card has
 * filled them in. On the wire they were right, and so they are for the router.
 * @module
 */
import { putU16, u16, u32 } from '../lib/bytes.ts';
import { checksum, fold, pseudoSum } from '../wire/checksum.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';

/** The packet as it went out; the same packet where nothing was left to do. */
export function filledIn(packet: Uint8Array): Uint8Array {
  const start = (packet[0]! & 15) * 4;
  const header = u16(packet, 10) === 0 && checksum(packet, 0, start) !== 0;
  const transport = transportSum(packet, start);
  if (!header && transport === undefined) return packet;
  const filled = packet.slice();
  if (header) putU16(filled, 10, checksum(filled, 0, start));
  if (transport !== undefined) {
    putU16(filled, transport, 0);
    const sum = checksum(filled, start, filled.length, pseudo(packet, start));
    putU16(filled, transport, sum === 0 && packet[9] === UDP ? 0xffff : sum);
  }
  return filled;
}

const pseudo = (packet: Uint8Array, start: number): number =>
  pseudoSum(u32(packet, 12), u32(packet, 16), packet[9]!, packet.length - start);

/** Where a sum stands that was left to the card: it gets the pseudo-header's alone, or nothing. */
function transportSum(packet: Uint8Array, start: number): number | undefined {
  const at = packet[9] === TCP ? start + 16 : packet[9] === UDP ? start + 6 : undefined;
  if (at === undefined || (u16(packet, 6) & 0x3fff) !== 0 || packet.length < at + 2) return undefined;
  const there = u16(packet, at);
  const left = there === fold(pseudo(packet, start)) || (there === 0 && packet[9] === TCP);
  return left && checksum(packet, start, packet.length, pseudo(packet, start)) !== 0 ? at : undefined;
}

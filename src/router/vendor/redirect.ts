/** How vendors' ALGs hand a datagram to another host: over what translation has done. @module */
import { putU16, u16 } from '../../lib/bytes.ts';
import { checksum, pseudoSum } from '../../wire/checksum.ts';
import { UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';

/** Overwrites the destination, and computes the UDP checksum anew, also where there was none. */
export function hand(packet: Packet, host: number): void {
  packet.setDestination(host);
  const { bytes, headerLength: at } = packet;
  const length = u16(bytes, at + 4);
  putU16(bytes, at + 6, 0);
  const pseudo = pseudoSum(packet.source, packet.destination, UDP, length);
  putU16(bytes, at + 6, checksum(bytes, at, Math.min(at + length, packet.length), pseudo));
}

/** A datagram inside a packet, before an ALG believes it. @module */
import { u16 } from '../../lib/bytes.ts';
import { checksum, pseudoSum } from '../../wire/checksum.ts';
import { UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';

/** Length and checksum are right: what is not is no reason to note anything. */
export function isSound(packet: Packet): boolean {
  const { bytes, headerLength: at, dataLength, length } = packet;
  const said = u16(bytes, at + 4);
  if (dataLength < 8 || said < 8 || said > dataLength) return false;
  if (u16(bytes, at + 6) === 0) return true;
  return checksum(bytes, at, length, pseudoSum(packet.source, packet.destination, UDP, dataLength)) === 0;
}

/** A TCP segment as connection tracking reads it. Source: Linux nf_conntrack_proto_tcp.c (tcp_error). @module */
import { i32, u16 } from '../../lib/bytes.ts';
import { checksum, pseudoSum } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import { ACK, FIN, NONE, RST, type Segment, SYN, SYN_ACK } from './tcp-state.ts';
import type { TrackerAnswer } from './tracker.ts';

/** URG, ACK, RST, SYN and FIN in the combinations that a packet may carry; PSH, ECE and CWR may join any. */
const VALID_FLAGS = new Set([0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30]);

/** The segment under inspection: one record, filled again for every packet. */
export const segment: Segment = {
  bytes: new Uint8Array(0),
  at: 0,
  headerLength: 20,
  seq: 0,
  ack: 0,
  end: 0,
  window: 0,
  syn: false,
  hasAck: false,
  rst: false,
  kind: NONE,
};

/** Fills `segment`, unless its header is cut, its checksum wrong or its flags make no sense. */
export function readSegment(packet: Packet, verify: boolean): TrackerAnswer | undefined {
  const { bytes, headerLength: at } = packet;
  const length = packet.dataLength;
  if (length < 20) return 'truncated';
  const headerLength = (bytes[at + 12]! >>> 4) << 2;
  if (headerLength < 20 || length < headerLength) return 'truncated';
  if (verify && checksum(bytes, at, packet.length, pseudoSum(packet.source, packet.destination, 6, length)) !== 0)
    return 'checksum';
  const flags = bytes[at + 13]!;
  if (!VALID_FLAGS.has(flags & 0x37)) return 'tcp-flags';
  const syn = (flags & 2) !== 0;
  const fin = (flags & 1) !== 0;
  segment.bytes = bytes;
  segment.at = at;
  segment.headerLength = headerLength;
  segment.seq = i32(bytes, at + 4);
  segment.ack = i32(bytes, at + 8);
  segment.end = (segment.seq + length - headerLength + (syn ? 1 : 0) + (fin ? 1 : 0)) | 0;
  segment.window = u16(bytes, at + 14);
  segment.syn = syn;
  segment.hasAck = (flags & 16) !== 0;
  segment.rst = (flags & 4) !== 0;
  segment.kind = segment.rst ? RST : syn ? (segment.hasAck ? SYN_ACK : SYN) : fin ? FIN : segment.hasAck ? ACK : NONE;
  return undefined;
}

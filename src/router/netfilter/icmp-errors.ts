/**
 * ICMP errors: each belongs to the flow whose packet it quotes.
 * Source: Linux nf_conntrack_proto_icmp.c (nf_conntrack_inet_error, nf_conntrack_icmpv4_error).
 * @module
 */
import { u16 } from '../../lib/bytes.ts';
import { checksum } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import type { InvalidWhy } from '../reason.ts';
import type { Conntrack } from './conntrack.ts';
import { ORIGINAL } from './record.ts';
import type { Hook } from './tracker.ts';
import { Tuple } from './tuple.ts';

/** ICMP types above this are "a mystery" to the kernel (NR_ICMP_TYPES). */
const HIGHEST_ICMP_TYPE = 18;
const ICMP_ERRORS = new Set([3, 4, 5, 11, 12]);

export class IcmpErrors {
  private readonly conntrack: Conntrack;
  private readonly tuple = new Tuple();
  private readonly inverse = new Tuple();

  constructor(conntrack: Conntrack) {
    this.conntrack = conntrack;
  }

  /** `query`: it is no error, go on as usual. Otherwise the packet has its flow, or the reason why it has none. */
  classify(packet: Packet, hook: Hook): 'query' | 'related' | InvalidWhy {
    const { bytes, headerLength: at } = packet;
    if (packet.dataLength < 8) return 'truncated';
    if (hook === 'prerouting' && checksum(bytes, at, packet.length) !== 0) return 'checksum';
    const type = bytes[at]!;
    if (type > HIGHEST_ICMP_TYPE) return 'icmp-type';
    if (!ICMP_ERRORS.has(type)) return 'query';
    const { table, recorder } = this.conntrack;
    const node = this.findQuoted(packet, at + 8);
    if (node < 0) return 'icmp-unknown-flow';
    table.tuple(node >> 1, node & 1, this.tuple);
    // Both sides of the talk must be the same: an error to X about a packet from Y is forged.
    if (this.tuple.destination !== packet.destination) return 'icmp-unknown-flow';
    packet.entry = node >> 1;
    packet.direction = node & 1;
    packet.tracking = 'related';
    recorder?.note({
      code: 'icmp-error-related',
      entry: table.serialOf(packet.entry),
      direction: packet.direction === ORIGINAL ? 'original' : 'reply',
    });
    return 'related';
  }

  /** The node that the quoted packet's answer would have: the quotation shows the packet as its receiver saw it. */
  private findQuoted(packet: Packet, at: number): number {
    const { bytes, length } = packet;
    if (at + 20 > length || (u16(bytes, at + 6) & 0x1fff) !== 0) return -1;
    const headerLength = (bytes[at]! & 15) << 2;
    if (at + headerLength > length) return -1;
    const { conntrack, tuple, inverse } = this;
    if (!conntrack.read(bytes, at, headerLength, length, tuple)) return -1;
    conntrack.sorting?.sortQuoted(bytes, at + headerLength, length, tuple);
    if (!inverse.invert(tuple)) return -1;
    return conntrack.table.find(inverse, conntrack.now);
  }
}

/**
 * Source translation (masquerade) and its undoing for replies and for ICMP errors.
 *
 * A new flow is bound once, before its entry is confirmed: its reply tuple is chosen so that no other flow has it.
 * From then on packets are only rewritten to look like the inverse of the other direction's tuple.
 * Source: Linux nf_nat_core.c (nf_nat_inet_fn, get_unique_tuple, nf_nat_l4proto_unique_tuple), nf_nat_masquerade.c,
 * nf_nat_proto.c (nf_nat_icmp_reply_translation).
 * @module
 */
import { i32, putU16 } from '../../lib/bytes.ts';
import { checksum } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import type { Conntrack } from './conntrack.ts';
import type { KeyPicker, Range } from './key-picker.ts';
import { MappingPicker } from './mapping-picker.ts';
import { type PortDraw, PortPicker } from './port-picker.ts';
import {
  DESTINATION_NAT,
  DESTINATION_NAT_DONE,
  EXPECTED,
  NAT_MASK,
  ORIGINAL,
  REPLY_DIRECTION,
  SOURCE_NAT,
  SOURCE_NAT_DONE,
} from './record.ts';
import { bytesNeeded, rewrite, type Side } from './rewrite.ts';
import { SORTED } from './sorting.ts';
import { GRE, ICMP, SCTP, TCP, Tuple, UDP, UDPLITE } from './tuple.ts';

/** No protocol of IP's that is in use: nothing but the addresses is rewritten. */
const ADDRESSES_ALONE = 255;

export class Nat {
  private readonly conntrack: Conntrack;
  private readonly picker: KeyPicker;
  private readonly current = new Tuple();
  private readonly chosen = new Tuple();
  private readonly reply = new Tuple();
  private readonly target = new Tuple();
  /** Every range but a helper's is this one: no garbage on the hot path. */
  private readonly range: { address: number } = { address: 0 };

  constructor(conntrack: Conntrack, draw: PortDraw) {
    this.conntrack = conntrack;
    const { behaviour } = conntrack;
    this.picker = behaviour
      ? new MappingPicker(conntrack, behaviour, draw)
      : new PortPicker(conntrack, draw, conntrack.isLegacy);
    conntrack.onAdmitted = (entry, inside) => {
      this.bind(entry, 'destination', { address: inside.source, key: inside.sourceKey });
    };
  }

  /**
   * Binds what is new and rewrites what is bound, on one side. `masquerade` is the outgoing interface's address where
   * it masquerades. Answers false where the packet must be dropped.
   */
  translate(packet: Packet, side: Side, iface: number, masquerade: number | undefined): boolean {
    const { entry } = packet;
    if (entry < 0) return masquerade === undefined || this.mayLeaveUntranslated();
    if (packet.tracking === 'related' && packet.protocol === ICMP) return this.translateError(packet, side);
    const { table } = this.conntrack;
    const done = side === 'source' ? SOURCE_NAT_DONE : DESTINATION_NAT_DONE;
    if (packet.tracking !== 'established' && !table.has(entry, done)) {
      if (masquerade !== undefined && this.isRefused(entry)) return false;
      if (!this.bindNew(entry, side, iface, masquerade)) return false;
    } else if (this.leavesElsewhere(packet, side, iface)) {
      table.remove(entry, 'replaced');
      packet.entry = -1;
      return false;
    }
    return this.apply(packet, side);
  }

  private mayLeaveUntranslated(): boolean {
    if (this.conntrack.behaviour?.invalid !== 'drop') return true;
    this.conntrack.recorder?.stop({ code: 'untranslatable' });
    return false;
  }

  /** RFC 3022 §2.2: a NAPT router carries TCP, UDP and ICMP queries; the rest only where an ALG has announced it. */
  private isRefused(entry: number): boolean {
    const { behaviour, table, recorder, sorting } = this.conntrack;
    const protocol = table.protocol(entry);
    if (behaviour?.portless !== 'drop' || protocol === TCP || protocol === UDP || protocol === ICMP) return false;
    if (table.has(entry, EXPECTED) || (protocol & SORTED) !== 0 || sorting?.carries(protocol)) return false;
    recorder?.stop({ code: 'no-port', protocol });
    return true;
  }

  /** A masqueraded flow whose route now leads out of another interface cannot keep its address. */
  private leavesElsewhere(packet: Packet, side: Side, iface: number): boolean {
    const on = this.conntrack.table.masqueradedOn(packet.entry);
    return side === 'source' && packet.direction === ORIGINAL && on >= 0 && on !== iface;
  }

  private bindNew(entry: number, side: Side, iface: number, masquerade: number | undefined): boolean {
    const { table } = this.conntrack;
    const { range } = this;
    if (side === 'source' && masquerade !== undefined && table.tuple(entry, ORIGINAL, this.current).source !== 0) {
      range.address = masquerade | 0;
      table.setMasqueradedOn(entry, iface);
    } else {
      // A null binding: keep the address, and let the key move only where it must.
      table.tuple(entry, REPLY_DIRECTION, this.current);
      range.address = side === 'source' ? this.current.destination : this.current.source;
    }
    return this.bind(entry, side, range);
  }

  /** Chooses the tuple that the flow shows on its way out, and the reply tuple that follows from it. False: there is none. */
  bind(entry: number, side: Side, range: Range): boolean {
    const { table } = this.conntrack;
    const { current, chosen, reply } = this;
    current.invert(table.tuple(entry, REPLY_DIRECTION, reply));
    if (!this.picker.choose(entry, side, range, current, chosen)) return false;
    if (!chosen.equals(current)) {
      reply.invert(chosen);
      table.setTuple(entry, REPLY_DIRECTION, reply);
      table.set(entry, side === 'source' ? SOURCE_NAT : DESTINATION_NAT);
    }
    if (side === 'source') table.linkSource(entry);
    table.set(entry, side === 'source' ? SOURCE_NAT_DONE : DESTINATION_NAT_DONE);
    return true;
  }

  /** Which status bit asks for a rewrite on this side; replies undo what originals had done. */
  private wanted(side: Side, direction: number): number {
    return (side === 'source') === (direction === ORIGINAL) ? SOURCE_NAT : DESTINATION_NAT;
  }

  private apply(packet: Packet, side: Side): boolean {
    const { table } = this.conntrack;
    if (!table.has(packet.entry, this.wanted(side, packet.direction))) return true;
    this.target.invert(table.tuple(packet.entry, 1 - packet.direction, this.reply));
    const { headerLength: at } = packet;
    this.asOnWire(this.target, packet.bytes, at, packet.length);
    const { recorder } = this.conntrack;
    const before = recorder && peer(packet, side);
    if (!packet.pull(at + bytesNeeded(this.target.protocol, packet.dataLength)) || !this.write(packet, side)) {
      recorder?.stop({ code: 'too-short-to-translate', protocol: this.target.protocol });
      return false;
    }
    if (recorder && before) {
      const code = side === 'source' ? 'source-translated' : 'destination-translated';
      recorder.did({ code, from: before, to: peer(packet, side) });
    }
    return true;
  }

  /** A flow that an ALG tells apart has the same ports on both sides of the router. */
  private asOnWire(tuple: Tuple, bytes: Uint8Array, data: number, end: number): void {
    const isSorted = (tuple.protocol & SORTED) !== 0;
    tuple.protocol = this.conntrack.trackedProtocol(tuple.protocol);
    if (!isSorted) return;
    if (tuple.protocol === UDP && data + 4 <= end) tuple.keys = i32(bytes, data);
    else tuple.protocol = ADDRESSES_ALONE;
  }

  private write(packet: Packet, side: Side): boolean {
    return rewrite(packet.bytes, 0, packet.length, this.target, side);
  }

  /** The quoted packet is put back as its sender had it; the outer header looks like an answer to it. */
  private translateError(packet: Packet, side: Side): boolean {
    const { table, recorder } = this.conntrack;
    const { bytes, headerLength: at, length, entry, direction } = packet;
    if (!packet.pull(at + 28)) {
      recorder?.stop({ code: 'too-short-to-translate', protocol: ICMP });
      return false;
    }
    const isRedirect = bytes[at] === 5;
    if (isRedirect && table.status(entry) & NAT_MASK) {
      recorder?.stop({ code: 'icmp-error-unmatched' });
      return false;
    }
    if (!table.has(entry, this.wanted(side, direction))) return true;
    const inner = table.tuple(entry, 1 - direction, this.reply);
    this.target.invert(inner);
    this.asOnWire(inner, bytes, at + 8 + ((bytes[at + 8]! & 15) << 2), length);
    if (!rewrite(bytes, at + 8, length, inner, side === 'source' ? 'destination' : 'source')) {
      recorder?.stop({ code: 'too-short-to-translate', protocol: inner.protocol });
      return false;
    }
    putU16(bytes, at + 2, 0);
    putU16(bytes, at + 2, checksum(bytes, at, length));
    const before = recorder && peer(packet, side);
    if (side === 'source') packet.setSource(this.target.source);
    else packet.setDestination(this.target.destination);
    if (recorder && before) {
      const code = side === 'source' ? 'source-translated' : 'destination-translated';
      recorder.did({ code, from: before, to: peer(packet, side) });
    }
    return true;
  }
}

/** The packet's address and key on one side, as its bytes have them now. */
function peer(packet: Packet, side: Side): { address: number; key: number } {
  const address = (side === 'source' ? packet.source : packet.destination) >>> 0;
  return { address, key: keyOf(packet, side) };
}

function keyOf(packet: Packet, side: Side): number {
  const { bytes, headerLength: at, protocol } = packet;
  const word = (offset: number): number => (bytes[at + offset]! << 8) | bytes[at + offset + 1]!;
  switch (protocol) {
    case ICMP:
      return word(4);
    case TCP:
    case UDP:
    case SCTP:
    case UDPLITE:
      return word(side === 'source' ? 0 : 2);
    case GRE:
      return side === 'destination' && (bytes[at + 1]! & 7) === 1 ? word(6) : 0;
    default:
      return 0;
  }
}

/**
 * The moment a new flow becomes known to others: its packet leaves or is delivered, and its entry goes into the table.
 * Source: Linux nf_conntrack_core.c (__nf_conntrack_confirm, nf_ct_resolve_clash).
 * @module
 */
import type { Packet } from '../packet.ts';
import type { Reason } from '../reason.ts';
import type { Conntrack } from './conntrack.ts';
import { CONFIRMED, ORIGINAL, REPLY_DIRECTION } from './record.ts';
import { ICMP, SCTP, TCP, Tuple, UDP, UDPLITE } from './tuple.ts';

export class Confirmation {
  private readonly conntrack: Conntrack;
  private readonly tuple = new Tuple();
  private readonly inverse = new Tuple();
  private readonly other = new Tuple();

  constructor(conntrack: Conntrack) {
    this.conntrack = conntrack;
  }

  /**
   * Puts the packet's new entry into the table. Answers false where another entry has one of its tuples: the later
   * flow loses, and its packet with it.
   */
  confirm(packet: Packet): boolean {
    const { entry } = packet;
    const { table } = this.conntrack;
    if (entry < 0 || packet.direction !== ORIGINAL || table.has(entry, CONFIRMED)) return true;
    let clash = table.find(table.tuple(entry, ORIGINAL, this.tuple), this.conntrack.now);
    if (clash < 0) clash = table.find(table.tuple(entry, REPLY_DIRECTION, this.inverse), this.conntrack.now);
    if (clash >= 0 && !this.settleClash(packet, clash >> 1)) return false;
    if (packet.entry !== entry) return true;
    // Only now: a packet that opens nothing, as a stranger's, pushes nobody out.
    this.conntrack.makeRoom();
    table.insert(entry);
    this.conntrack.sorting?.confirmed(table.tuple(entry, ORIGINAL, this.tuple));
    this.conntrack.observer?.creating(table.serialOf(entry), this.conntrack.viewer(entry));
    this.conntrack.recorder?.did(this.created(entry));
    return true;
  }

  /** Source: nf_ct_resolve_clash. Merging is for the same flow seen twice; TCP, ICMP and SCTP never merge. */
  private settleClash(packet: Packet, owner: number): boolean {
    const { table } = this.conntrack;
    const protocol = table.protocol(owner);
    if (this.conntrack.behaviour?.portless === 'newest-owner' && !hasKeys(protocol)) return true;
    const mayMerge = protocol !== TCP && protocol !== ICMP && protocol !== SCTP;
    if (mayMerge && this.sameFlow(packet.entry, owner)) {
      this.conntrack.discard(packet.entry);
      packet.entry = owner;
      return true;
    }
    const client = table.tuple(packet.entry, ORIGINAL, this.tuple).source >>> 0;
    const holder = table.tuple(owner, ORIGINAL, this.other).source >>> 0;
    this.conntrack.recorder?.stop({ code: 'tuple-clash', protocol, owner: holder, client });
    return false;
  }

  private sameFlow(entry: number, owner: number): boolean {
    const matches = (direction: number) =>
      this.conntrack.table
        .tuple(entry, ORIGINAL, this.tuple)
        .equals(this.conntrack.table.tuple(owner, direction, this.other)) &&
      this.conntrack.table
        .tuple(entry, REPLY_DIRECTION, this.tuple)
        .equals(this.conntrack.table.tuple(owner, 1 - direction, this.other));
    return matches(ORIGINAL) || matches(REPLY_DIRECTION);
  }

  private created(entry: number): Reason {
    const { id, original, reply } = this.conntrack.viewer(entry)();
    return { code: 'entry-created', entry: id, original, reply };
  }
}

const hasKeys = (protocol: number): boolean =>
  protocol === TCP || protocol === UDP || protocol === ICMP || protocol === SCTP || protocol === UDPLITE;

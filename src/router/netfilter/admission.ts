/**
 * Filtering as RFC 4787 §5 has it: who outside may call an outside key that is in use. Netfilter has nothing of the kind.
 * @module
 */
import type { EndpointDependence, NatBehaviour } from '../config.ts';
import type { Packet } from '../packet.ts';
import type { Conntrack } from './conntrack.ts';
import { DESTINATION_NAT, EXPECTED, ORIGINAL, REPLY_DIRECTION } from './record.ts';
import { Tuple, UDP } from './tuple.ts';

export class Admission {
  private readonly conntrack: Conntrack;
  private readonly behaviour: NatBehaviour;
  private readonly spoken = new Tuple();
  private readonly between = new Tuple();

  constructor(conntrack: Conntrack, behaviour: NatBehaviour) {
    this.conntrack = conntrack;
    this.behaviour = behaviour;
  }

  /** A call to an outside key that is in use goes to its owner, if the filter lets this caller in. */
  admit(packet: Packet, tuple: Tuple): void {
    const { conntrack, behaviour } = this;
    const { table, now } = conntrack;
    if (!conntrack.isFromOutside(packet) && !behaviour.hairpinning) return;
    const { protocol, destination, destinationKey } = tuple;
    let owner = table.byOutside(protocol, destination, destinationKey, now);
    while (owner >= 0 && !this.letsIn(owner, behaviour.filtering, tuple))
      owner = table.byOutside(protocol, destination, destinationKey, now, owner);
    if (owner < 0 || this.joins(packet, tuple, table.tuple(owner, ORIGINAL, this.spoken))) return;
    table.set(packet.entry, EXPECTED);
    table.setMaster(packet.entry, table.serialOf(owner));
    packet.tracking = 'related';
    packet.hairpin = !conntrack.isFromOutside(packet);
    const remote = { address: tuple.source >>> 0, key: tuple.sourceKey };
    conntrack.recorder?.note({ code: 'mapping-admitted', entry: table.serialOf(owner), remote });
    conntrack.onAdmitted(packet.entry, table.tuple(owner, ORIGINAL, this.spoken));
  }

  /**
   * Where mapping looks at the remote end, the caller may be one to whom this inside end shows another outside key
   * already. To the two of them that is one conversation: the call is given to it, and its answers leave as they did.
   */
  private joins(packet: Packet, caller: Tuple, inside: Tuple): boolean {
    const { conntrack, between } = this;
    const { table } = conntrack;
    between.set(inside.source, caller.source, caller.protocol, 0);
    between.setKeys(inside.sourceKey, caller.sourceKey);
    const node = table.find(between, conntrack.now);
    if (node < 0 || (node & 1) !== ORIGINAL) return false;
    conntrack.discard(packet.entry);
    conntrack.belongs(packet, node >> 1, REPLY_DIRECTION);
    return true;
  }

  /** What keeps an admitted flow alive keeps alive the mapping that let it in (RFC 4787 REQ-6). */
  renew(entry: number): void {
    const { table, now, renews } = this.conntrack;
    if (!renews || table.protocol(entry) !== UDP || !table.has(entry, DESTINATION_NAT)) return;
    const { destination, destinationKey } = table.tuple(entry, ORIGINAL, this.spoken);
    const owner = table.byOutside(UDP, destination, destinationKey, now);
    if (owner >= 0) table.setExpires(owner, Math.max(table.expires(owner), table.expires(entry)));
  }

  private letsIn(owner: number, filtering: EndpointDependence, tuple: Tuple): boolean {
    if (filtering === 'endpoint-independent') return true;
    const spoken = this.conntrack.table.tuple(owner, ORIGINAL, this.spoken);
    if (spoken.destination !== tuple.source) return false;
    return filtering === 'address-dependent' || spoken.destinationKey === tuple.sourceKey;
  }
}

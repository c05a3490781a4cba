/**
 * Filtering as RFC 4787 §5 has it: who outside may call an outside key that is in use. Netfilter has nothing of the kind.
 * @module
 */
import type { EndpointDependence, NatBehaviour } from '../config.ts';
import type { Packet } from '../packet.ts';
import type { Conntrack } from './conntrack.ts';
import { EXPECTED, ORIGINAL } from './record.ts';
import { Tuple } from './tuple.ts';

export class Admission {
  private readonly conntrack: Conntrack;
  private readonly behaviour: NatBehaviour;
  private readonly spoken = new Tuple();

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
    if (owner < 0) return;
    table.set(packet.entry, EXPECTED);
    table.setMaster(packet.entry, table.serialOf(owner));
    packet.tracking = 'related';
    packet.hairpin = !conntrack.isFromOutside(packet);
    const remote = { address: tuple.source >>> 0, key: tuple.sourceKey };
    conntrack.recorder?.note({ code: 'mapping-admitted', entry: table.serialOf(owner), remote });
    conntrack.onAdmitted(packet.entry, table.tuple(owner, ORIGINAL, this.spoken));
  }

  private letsIn(owner: number, filtering: EndpointDependence, tuple: Tuple): boolean {
    if (filtering === 'endpoint-independent') return true;
    const spoken = this.conntrack.table.tuple(owner, ORIGINAL, this.spoken);
    if (spoken.destination !== tuple.source) return false;
    return filtering === 'address-dependent' || spoken.destinationKey === tuple.sourceKey;
  }
}

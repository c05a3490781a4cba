/**
 * Chooses outside keys in the words of RFC 4787: mapping, port assignment and overloading, each a knob of its own.
 * @module
 */
import type { EndpointDependence, NatBehaviour } from '../config.ts';
import type { Conntrack } from './conntrack.ts';
import { type KeyPicker, place, type Range } from './key-picker.ts';
import type { PortDraw } from './port-picker.ts';
import { ORIGINAL, REPLY_DIRECTION } from './record.ts';
import type { Side } from './rewrite.ts';
import { ICMP, TCP, Tuple, UDP } from './tuple.ts';

export class MappingPicker implements KeyPicker {
  private readonly conntrack: Conntrack;
  private readonly behaviour: NatBehaviour;
  private readonly draw: PortDraw;
  private readonly mine = new Tuple();
  private readonly theirs = new Tuple();
  private next = 0;

  constructor(conntrack: Conntrack, behaviour: NatBehaviour, draw: PortDraw) {
    this.conntrack = conntrack;
    this.behaviour = behaviour;
    this.draw = draw;
  }

  choose(entry: number, side: Side, range: Range, current: Tuple, chosen: Tuple): boolean {
    place(side, range, current, chosen);
    const translates = side === 'source' && chosen.source !== current.source;
    if (!translates || range.key !== undefined || !hasKey(chosen.protocol)) return true;
    const own = current.sourceKey;
    const mapped = this.mappingOf(current, chosen.source);
    if (mapped < 0 && (this.behaviour.ports !== 'preserve' || this.isTaken(chosen, entry)))
      return this.pick(entry, own, chosen);
    if (mapped >= 0) chosen.setKeys(mapped, chosen.destinationKey);
    const port = chosen.sourceKey;
    if (port === own) this.conntrack.recorder?.note({ code: 'port-kept', port });
    else this.conntrack.recorder?.did({ code: 'port-reused', from: own, to: port });
    return true;
  }

  /** The outside key that this inside end shows already to a remote that counts as the same, or -1. */
  private mappingOf(current: Tuple, outside: number): number {
    const { table, now } = this.conntrack;
    for (let entry = table.bySource(current); entry >= 0; entry = table.bySource(current, entry)) {
      if (!table.isIn(entry) || table.expires(entry) <= now) continue;
      if (!sameRemote(this.behaviour.mapping, current, table.tuple(entry, ORIGINAL, this.theirs))) continue;
      const reply = table.tuple(entry, REPLY_DIRECTION, this.theirs);
      if (reply.destination === outside) return current.protocol === ICMP ? reply.sourceKey : reply.destinationKey;
    }
    return -1;
  }

  /** Is the key in use by another inside end, or, with overloading, by another flow to the same remote? */
  private isTaken(chosen: Tuple, entry: number): boolean {
    const { table, now } = this.conntrack;
    if (this.isReserved(chosen)) return true;
    if (this.behaviour.overloading || chosen.protocol === ICMP) {
      const reply = this.theirs;
      return reply.invert(chosen) && table.find(reply, now) >= 0;
    }
    const mine = table.tuple(entry, ORIGINAL, this.mine);
    const { protocol, source, sourceKey } = chosen;
    let other = table.byOutside(protocol, source, sourceKey, now);
    for (; other >= 0; other = table.byOutside(protocol, source, sourceKey, now, other)) {
      const owner = table.tuple(other, ORIGINAL, this.theirs);
      const sameEnd = owner.source === mine.source && owner.sourceKey === mine.sourceKey;
      // The same end may share its key with itself only as far as the mapping says.
      if (!sameEnd || !sameRemote(this.behaviour.mapping, mine, owner)) return true;
    }
    return false;
  }

  /** An ALG keeps this port for flows that it can tell apart. */
  private isReserved({ protocol, sourceKey }: Tuple): boolean {
    return this.conntrack.sorting?.reserves(protocol, sourceKey) === true;
  }

  /** RFC 4787 REQ-3a: privileged ports stay privileged, the others stay above, unless a range is given. */
  private rangeOf(protocol: number, own: number): readonly [number, number] {
    if (protocol === ICMP) return [0, 65535];
    return this.behaviour.portRange ?? (own < 1024 ? [1, 1023] : [1024, 65535]);
  }

  /** RFC 6888 REQ-11: where every port is in use, the flow that is too many ends here, and no other makes room. */
  private pick(entry: number, own: number, chosen: Tuple): boolean {
    const isReserved = this.isReserved(chosen);
    const [low, high] = this.rangeOf(chosen.protocol, own);
    const size = high - low + 1;
    const start = this.behaviour.ports === 'sequential' ? this.next++ : this.first(entry, chosen, own, low, high) - low;
    const keepsParity = this.behaviour.parity && chosen.protocol === UDP;
    for (let i = 0; i < size; i++) {
      chosen.setKeys(low + ((start + i) % size), chosen.destinationKey);
      if (keepsParity && (chosen.sourceKey ^ own) & 1) continue;
      if (this.isTaken(chosen, entry)) continue;
      const how = this.behaviour.ports === 'sequential' ? 'in-order' : 'by-chance';
      const because = isReserved ? 'reserved' : this.behaviour.ports === 'preserve' ? 'taken' : 'always';
      this.conntrack.recorder?.did({ code: 'port-drawn', from: own, to: chosen.sourceKey, low, high, how, because });
      return true;
    }
    this.conntrack.recorder?.stop({ code: 'ports-used-up', low, high });
    return false;
  }

  private first(entry: number, chosen: Tuple, own: number, low: number, high: number): number {
    return this.draw({
      protocol: chosen.protocol,
      source: this.conntrack.table.tuple(entry, ORIGINAL, this.mine).source >>> 0,
      sourceKey: own,
      destination: chosen.destination >>> 0,
      destinationKey: chosen.destinationKey,
      low,
      high,
    });
  }
}

const hasKey = (protocol: number): boolean => protocol === TCP || protocol === UDP || protocol === ICMP;

function sameRemote(dependence: EndpointDependence, a: Tuple, b: Tuple): boolean {
  switch (dependence) {
    case 'endpoint-independent':
      return true;
    case 'address-dependent':
      return a.destination === b.destination;
    case 'address-and-port-dependent':
      return a.destination === b.destination && a.destinationKey === b.destinationKey;
  }
}

/**
 * ESP told apart by SPI (RFC 4303 §2.1), as far as that can be done.
 *
 * Each direction of a tunnel has an SPI of its receiver's choice, agreed inside IKE, which a router cannot read. So
 * which inbound SPI belongs to which outbound one must be guessed, and to guess right this sorter lets only one host at
 * a time begin: while its first ESP toward a server has no answer, new SPIs of other hosts toward the same server are
 * held back. The first inbound SPI that nobody knows then belongs to the pair that has waited longest. A host that
 * begins again (a new key, a second tunnel) waits for an answer again; what it had before goes on.
 *
 * Limits, which no router can lift: a server that begins with a new SPI by itself is given to whoever waits, or to
 * nobody; two hosts that chose the same inbound SPI cannot be told apart (RFC 3715 §2.1 f).
 * @module
 */
import { u32 } from '../../lib/bytes.ts';
import type { Quotation, Sorted, SortedFlow, Sorter, Sorting } from '../netfilter/sorting.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import { HostFlows } from './host-flows.ts';
import { type SpiPair, SpiPairs } from './spi-pairs.ts';

const ESP = 50;
const AH = 51;
/** SPI and sequence number (RFC 4303 §2). */
const HEADER = 8;
/** Seconds that others wait for one host's first answer; then the next one may try. */
const PATIENCE = 30;

export class EspSorter implements Sorter {
  active = false;
  readonly protocols = [ESP];
  /** AH has nothing to go by, and its receiver will find that its addresses were changed. */
  readonly carries = [AH];
  private readonly sorting: Sorting;
  private readonly flows: HostFlows;
  private readonly pairs: SpiPairs;

  constructor(sorting: Sorting, limit: number) {
    this.sorting = sorting;
    this.flows = new HostFlows(sorting);
    const { conntrack } = sorting;
    const onEvict = ({ outbound: value, flow }: SpiPair): void =>
      conntrack.recorder?.did({ code: 'id-evicted', id: 'spi', value, owner: flow.inside >>> 0, limit });
    const isLive = (flow: SortedFlow): boolean => sorting.isLive(flow);
    this.pairs = new SpiPairs({ limit, patience: PATIENCE, idle: conntrack.timeouts.generic, isLive, onEvict });
  }

  sort(packet: Packet, inbound: boolean): Sorted {
    const spi = packet.dataLength < HEADER ? 0 : u32(packet.bytes, packet.headerLength);
    // RFC 4303 §2.1: zero is never sent.
    if (spi === 0) return 'not-mine';
    return inbound ? this.inbound(packet.source, spi) : this.outbound(packet.source, packet.destination, spi);
  }

  private outbound(inside: number, remote: number, spi: number): Sorted {
    const { now, recorder } = this.sorting.conntrack;
    const known = this.pairs.outbound(inside, remote, spi, now);
    if (known) return known.flow;
    if (!this.active) return 'not-mine';
    const first = this.pairs.firstWaiting(remote, now)?.flow.inside ?? inside;
    if (first !== inside) {
      recorder?.stop({ code: 'held-back', id: 'spi', value: spi, owner: first >>> 0, client: inside >>> 0 });
      return 'drop';
    }
    const flow =
      this.flows.find(inside, remote) ??
      this.flows.add(this.sorting.open({ sorter: this, protocol: ESP, inside, remote }));
    this.sorting.changing(flow);
    this.pairs.begin(flow, spi, now);
    recorder?.did({ code: 'id-noted', id: 'spi', value: spi, owner: inside >>> 0 });
    return flow;
  }

  private inbound(remote: number, spi: number): Sorted {
    const { now, recorder } = this.sorting.conntrack;
    const known = this.pairs.inbound(remote, spi, now);
    if (known) {
      recorder?.note({ code: 'id-matched', id: 'spi', value: spi, owner: known.flow.inside >>> 0 });
      return known.flow;
    }
    const first = this.pairs.firstWaiting(remote, now);
    if (!first) {
      recorder?.note({ code: 'id-unknown', id: 'spi', value: spi });
      return 'not-mine';
    }
    this.sorting.changing(first.flow);
    this.pairs.complete(first, spi, now);
    recorder?.did({
      code: 'id-adopted',
      id: 'spi',
      value: spi,
      owner: first.flow.inside >>> 0,
      how: 'longest-waiting',
    });
    return first.flow;
  }

  quoted(quotation: Quotation): SortedFlow | undefined {
    const { bytes, data, end, inside, remote, outbound } = quotation;
    const { now } = this.sorting.conntrack;
    const spi = data + 4 <= end ? u32(bytes, data) : 0;
    const known = outbound ? this.pairs.onlySender(remote, spi) : this.pairs.inbound(remote, spi, now);
    if (known && (inside === undefined || inside === known.flow.inside)) return known.flow;
    return this.flows.quoted(quotation);
  }

  finish(): boolean {
    return true;
  }

  freed(flow: SortedFlow): true {
    this.flows.remove(flow);
    this.pairs.forget(flow);
    return true;
  }

  ids(flow: SortedFlow): readonly FlowId[] {
    return this.pairs
      .of(flow)
      .map(({ outbound, inbound }) => ({ id: 'spi', outbound, ...(inbound === undefined ? {} : { inbound }) }));
  }
}

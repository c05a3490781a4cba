/**
 * The ESP half of Realtek's IPsec ALG. Once IKE was seen, every SPI is a flow of its own, so that all hosts' ESP leaves;
 * inbound, the table that IKE began says whose it is: the first entry of that server whose SPI fits, else the last.
 *
 * Source: Realtek's ip_nat_ipsec.c (esp_help), ip_conntrack_ipsec.c.
 * Does not model: that inbound ESP counts as a new flow to the packet filter, which must let it in; how it does was not
 * read in a source.
 * @module
 */
import { u32 } from '../../lib/bytes.ts';
import type { Quotation, Sorted, SortedFlow, Sorter, Sorting } from '../netfilter/sorting.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import { HostFlows } from '../textbook/host-flows.ts';
import type { RealtekIpsecTable } from './realtek-ipsec-table.ts';

const ESP = 50;
const HEADER = 8;

export class RealtekEsp implements Sorter {
  active = false;
  readonly protocols = [ESP];
  readonly timeouts = [30, 180] as const;
  readonly admits = true;
  private readonly sorting: Sorting;
  private readonly table: RealtekIpsecTable;
  private readonly flows: HostFlows;

  constructor(sorting: Sorting, table: RealtekIpsecTable) {
    this.sorting = sorting;
    this.table = table;
    this.flows = new HostFlows(sorting);
  }

  sort(packet: Packet, inbound: boolean): Sorted {
    if (!this.active || !this.table.knowsEsp || packet.dataLength < HEADER) return 'not-mine';
    const spi = u32(packet.bytes, packet.headerLength);
    return inbound ? this.inbound(packet, spi) : this.outbound(packet, spi);
  }

  private outbound({ source, destination }: Packet, spi: number): SortedFlow {
    const { now } = this.sorting.conntrack;
    this.table.espOut(source, destination, spi, now);
    return this.flowOf(source, destination);
  }

  private inbound({ source, destination }: Packet, spi: number): Sorted {
    const { now, recorder } = this.sorting.conntrack;
    const found = this.table.espIn(source, destination, spi, now);
    if (!found) {
      recorder?.note({ code: 'id-unknown', id: 'spi', value: spi });
      return 'not-mine';
    }
    const { entry, how } = found;
    const owner = entry.local >>> 0;
    if (how === 'matched') recorder?.note({ code: 'id-matched', id: 'spi', value: spi, owner });
    else recorder?.did({ code: 'id-adopted', id: 'spi', value: spi, owner, how });
    return this.flowOf(entry.local, source);
  }

  private flowOf(inside: number, remote: number): SortedFlow {
    const open = (): SortedFlow => this.sorting.open({ sorter: this, protocol: ESP, inside, remote });
    return this.flows.find(inside, remote) ?? this.flows.add(open());
  }

  quoted(quotation: Quotation): SortedFlow | undefined {
    return this.flows.quoted(quotation);
  }

  finish(): boolean {
    return true;
  }

  freed(flow: SortedFlow): true {
    this.flows.remove(flow);
    return true;
  }

  ids(): readonly FlowId[] {
    return [];
  }
}

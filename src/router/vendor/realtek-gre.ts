/**
 * GRE as Realtek's PPTP ALG has it: once a call was read, GRE is known by the Call IDs on its list, newest call first,
 * and what is not listed counts as INVALID, plain GRE included. Before that GRE is a protocol without ports.
 *
 * Source: Realtek's ip_conntrack_pptp.c (gre_pkt_to_tuple, gre_invert_tuple, gre_new), ip_nat_pptp.c (gre_help).
 * @module
 */
import { u16 } from '../../lib/bytes.ts';
import type { Quotation, Sorted, SortedFlow, Sorter, Sorting } from '../netfilter/sorting.ts';
import { GRE } from '../netfilter/tuple.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';

const HEADER = 8;

export interface ListedCall {
  /** Serial number of the control connection. */
  readonly control: number;
  readonly host: number;
  readonly server: number;
  /** The host's address outside. */
  readonly outside: number;
  readonly hostId: number;
  readonly serverId: number;
  flow: SortedFlow | undefined;
}

export class RealtekGre implements Sorter {
  active = false;
  readonly protocols = [GRE];
  readonly timeouts = [600, 18_000] as const;
  readonly admits = true;
  private readonly sorting: Sorting;
  /** Newest first. */
  private calls: readonly ListedCall[] = [];
  /** A call was read: from then on GRE has Call IDs. */
  private knowsCallIds = false;

  constructor(sorting: Sorting) {
    this.sorting = sorting;
  }

  list(call: ListedCall): void {
    this.knowsCallIds = true;
    this.calls = [call, ...this.calls];
  }

  /** Takes the calls of a control connection off the list, and their GRE with them. */
  clear(control: number): void {
    const gone = this.calls.filter((each) => each.control === control);
    if (gone.length === 0) return;
    this.calls = this.calls.filter((each) => each.control !== control);
    for (const { flow } of gone) if (flow) this.sorting.close(flow);
  }

  sort(packet: Packet, inbound: boolean): Sorted {
    if (!this.active || !this.knowsCallIds || packet.dataLength < HEADER) return 'not-mine';
    const { source, destination } = packet;
    const callId = u16(packet.bytes, packet.headerLength + 6);
    if (inbound) {
      const fits = (each: ListedCall): boolean => each.server === source && each.hostId === callId;
      return this.withFlow(fits)?.flow ?? this.flowOf(this.calls.find(fits));
    }
    const fits = (each: ListedCall): boolean =>
      each.host === source && each.server === destination && each.serverId === callId;
    const call = this.calls.find(fits);
    const owner = call && this.withFlow((each) => each.server === call.server && each.hostId === call.hostId);
    if (!call || !owner || owner.host === call.host) return this.flowOf(call);
    const client = call.host >>> 0;
    this.sorting.conntrack.recorder?.stop({ code: 'tuple-clash', protocol: GRE, owner: owner.host >>> 0, client });
    return 'drop';
  }

  /** A call whose GRE has begun: its reply tuple is taken. */
  private withFlow(fits: (call: ListedCall) => boolean): ListedCall | undefined {
    return this.calls.find((each) => fits(each) && each.flow && this.sorting.isLive(each.flow));
  }

  private flowOf(call: ListedCall | undefined): Sorted {
    if (!call) return 'gre-unlisted';
    if (call.flow && this.sorting.isLive(call.flow)) return call.flow;
    const { host: inside, server: remote } = call;
    call.flow = this.sorting.open({ sorter: this, protocol: GRE, inside, remote });
    return call.flow;
  }

  quoted({ inside, remote }: Quotation): SortedFlow | undefined {
    return this.withFlow((each) => each.server === remote && (inside === undefined || each.host === inside))?.flow;
  }

  finish(): boolean {
    return true;
  }

  freed(flow: SortedFlow): true {
    for (const call of this.calls) if (call.flow === flow) call.flow = undefined;
    return true;
  }

  ids(flow: SortedFlow): readonly FlowId[] {
    const call = this.calls.find((each) => each.flow === flow);
    return call ? [{ id: 'call-id', inside: call.hostId, outside: call.hostId }] : [];
  }
}

/**
 * Flows that an ALG tells apart where ports cannot: by an SPI, a cookie, a Tunnel or Session ID.
 *
 * Such an ALG is a sorter: asked for each packet of its protocol whose it is, it answers with one of its flows. The
 * packet's tuple then carries the flow's number in place of both ports, in a protocol number of its own (`SORTED`), so
 * that connection tracking and NAT, which know nothing of all this, see flows that never clash. On the wire only the
 * addresses change; the ports, if the protocol has any, stay as they are for every host.
 * @module
 */
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import type { InvalidWhy } from '../reason.ts';
import type { Conntrack } from './conntrack.ts';
import { Tuple, UDP } from './tuple.ts';

/** Set in a tuple's protocol where its keys are a flow's number. */
export const SORTED = 0x100;

export interface SortedFlow {
  readonly number: number;
  readonly sorter: Sorter;
  /** IP protocol on the wire. */
  readonly protocol: number;
  /** Addresses, signed. */
  readonly inside: number;
  readonly remote: number;
  /** Ports on the wire as the inside host sends, in one word; 0 where the protocol has none. */
  readonly ports: number;
  /** Its entry has been in the table. */
  known: boolean;
}

/**
 * `not-mine`: ports may tell this packet apart. `drop`: nothing may, and the reason is given. Anything else: the packet
 * counts as INVALID, for that reason.
 */
export type Sorted = SortedFlow | 'not-mine' | 'drop' | InvalidWhy;

export interface Sorter {
  /** Off, it goes on with the flows it has and begins no others. */
  active: boolean;
  /** IP protocols it looks at. */
  readonly protocols: readonly number[];
  /** Protocols that pass for their first owner while the sorter is on, though nothing tells hosts apart. */
  readonly carries?: readonly number[];
  /** Seconds that an entry lives without answers, and with. Default: as the protocol has them. */
  readonly timeouts?: readonly [unreplied: number, stream: number];
  /** The remote end may begin: its packets then go to the flow's host all the same. */
  readonly admits?: boolean;
  /** UDP port that is kept for its flows alone. */
  readonly port?: number;
  sort(packet: Packet, inbound: boolean): Sorted;
  /** The flow of a packet that an ICMP error quotes, as far as the quotation tells. Begins nothing. */
  quoted(quotation: Quotation): SortedFlow | undefined;
  /** After translation: ids inside the packet are put as the other side knows them. False: it must be dropped. */
  finish(packet: Packet, flow: SortedFlow, inbound: boolean): boolean;
  /** An entry of the flow is gone, whose original tuple this was. Answers whether the flow is gone with it. */
  freed(flow: SortedFlow, tuple: Tuple): boolean;
  /** What tells the flow apart, for whoever looks at the table. */
  ids(flow: SortedFlow): readonly FlowId[];
}

/** A packet inside an ICMP error. */
export interface Quotation {
  readonly bytes: Uint8Array;
  /** Offset of its IP header's data, and where the quotation ends. */
  readonly data: number;
  readonly end: number;
  readonly protocol: number;
  /** The inside host; undefined where the quotation shows the router's address in its place. */
  readonly inside: number | undefined;
  readonly remote: number;
  /** Whether the packet went out. */
  readonly outbound: boolean;
}

/** What a sorter has to know of where the router stands. */
export interface RouterPlace {
  readonly isOwn: (address: number) => boolean;
  /** The address behind which the inside hides, signed. */
  readonly outside: () => number;
}

const HIGHEST = 0xffff;

export class Sorting {
  readonly conntrack: Conntrack;
  private readonly place: RouterPlace;
  private readonly sorters: Sorter[] = [];
  private readonly flows = new Map<number, SortedFlow>();
  private readonly tuple = new Tuple();
  private lastNumber = 0;

  constructor(conntrack: Conntrack, place: RouterPlace) {
    this.conntrack = conntrack;
    this.place = place;
  }

  add(sorter: Sorter): void {
    this.sorters.push(sorter);
  }

  /** Puts the number of the packet's flow into its tuple, if it has one. */
  sort(packet: Packet, tuple: Tuple): 'done' | 'drop' | InvalidWhy {
    const inbound = this.conntrack.isFromOutside(packet);
    if (!inbound && this.place.isOwn(packet.destination)) return 'done';
    for (const sorter of this.sorters) {
      if (!sorter.protocols.includes(packet.protocol)) continue;
      const flow = sorter.sort(packet, inbound);
      if (flow === 'not-mine') continue;
      if (typeof flow === 'string') return flow;
      numbered(tuple, flow, tuple.source, tuple.destination);
      return 'done';
    }
    return 'done';
  }

  /** Whether the flow's entry is still there. If it has run out, it goes now, and with it all that is known of it. */
  isLive(flow: SortedFlow): boolean {
    const { table, now } = this.conntrack;
    return !flow.known || table.find(this.numbered(flow), now) >= 0;
  }

  /** Ends all entries between the flow's ends. */
  close(flow: SortedFlow): void {
    const { table, now } = this.conntrack;
    const node = table.find(this.numbered(flow), now);
    if (node >= 0) table.remove(node >> 1, 'closed');
  }

  /** The flow's original tuple. */
  private numbered(flow: SortedFlow): Tuple {
    return numbered(this.tuple, flow, flow.inside, flow.remote);
  }

  /** The same for a packet that an ICMP error quotes: `tuple` is what its header says. */
  sortQuoted(bytes: Uint8Array, data: number, end: number, tuple: Tuple): void {
    for (const sorter of this.sorters) {
      if (!sorter.protocols.includes(tuple.protocol)) continue;
      const { source, destination, protocol } = tuple;
      const rest = { bytes, data, end, protocol };
      const flow =
        sorter.quoted({ ...rest, inside: this.hostAt(source), remote: destination, outbound: true }) ??
        sorter.quoted({ ...rest, inside: this.hostAt(destination), remote: source, outbound: false });
      if (flow) {
        numbered(tuple, flow, source, destination);
        return;
      }
    }
  }

  private hostAt(address: number): number | undefined {
    return this.place.isOwn(address) ? undefined : address;
  }

  /** A new flow. Without `number` it gets one that is free. */
  open(flow: Pick<SortedFlow, 'sorter' | 'protocol' | 'inside' | 'remote'> & Partial<SortedFlow>): SortedFlow {
    const opened = { ports: 0, known: false, ...flow, number: flow.number ?? this.freeNumber() };
    this.flows.set(opened.number, opened);
    return opened;
  }

  private freeNumber(): number {
    do this.lastNumber = (this.lastNumber % HIGHEST) + 1;
    while (this.flows.has(this.lastNumber));
    return this.lastNumber;
  }

  /** Undefined for a tuple that ports tell apart. */
  flowOf(tuple: Tuple): SortedFlow | undefined {
    return (tuple.protocol & SORTED) !== 0 ? this.flows.get(tuple.destinationKey) : undefined;
  }

  /** The flow's entry is in the table. */
  confirmed(tuple: Tuple): void {
    const flow = this.flowOf(tuple);
    if (flow) flow.known = true;
  }

  free(tuple: Tuple): void {
    const flow = this.flowOf(tuple);
    if (flow?.sorter.freed(flow, tuple)) this.flows.delete(flow.number);
  }

  /** Flows that ports tell apart may not show this source port outside. */
  reserves(protocol: number, port: number): boolean {
    return protocol === UDP && this.sorters.some((each) => each.port === port && (each.active || this.hasFlows(each)));
  }

  private hasFlows(sorter: Sorter): boolean {
    for (const flow of this.flows.values()) if (flow.sorter === sorter) return true;
    return false;
  }

  /** Does a flow that ports tell apart show this port outside toward the same port of `remote`? */
  isOccupied(remote: number, port: number): boolean {
    const { table, now } = this.conntrack;
    return table.find(this.tuple.set(remote, this.place.outside(), UDP, (port << 16) | port), now) >= 0;
  }

  /** Protocols without ports that an ALG lets through all the same, for their first owner. */
  carries(protocol: number): boolean {
    return this.sorters.some((each) => each.active && each.carries?.includes(protocol));
  }

  /** Is this flow's entry about to change in what its ids are? Whoever watches the table wants to see it before. */
  changing(flow: SortedFlow): void {
    const { table, now, observer, viewer } = this.conntrack;
    if (!observer) return;
    const node = table.find(this.numbered(flow), now);
    if (node >= 0) observer.touching(table.serialOf(node >> 1), viewer.call(this.conntrack, node >> 1));
  }
}

/** The tuple of the flow's packets from `source` to `destination`. */
export function numbered(tuple: Tuple, flow: SortedFlow, source: number, destination: number): Tuple {
  return tuple.set(source, destination, flow.protocol | SORTED, (flow.number << 16) | flow.number);
}

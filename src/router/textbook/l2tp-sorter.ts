/**
 * L2TP told apart by the ids that each end gives out: every message names its receiver's Tunnel ID (RFC 2661 §3.1), or
 * in version 3 its Control Connection ID or Session ID (RFC 3931 §3.2), over UDP port 1701 and over IP protocol 115.
 *
 * A host tells its ids in its own set-up messages, and there they are translated where another host has the same
 * toward this server; inbound they are put back. So over UDP the source port stays 1701 for everybody, and protocol
 * 115, which has no port, can be carried at all.
 *
 * Limits, which the bytes set: what is hidden with the tunnel's secret cannot be read (RFC 2661 §4.3), and what is
 * covered by a Message Digest cannot be changed (RFC 3931 §4.3). Over UDP such a host goes out by another port, as any
 * UDP does; over IP its message is dropped. A tunnel whose set-up was not seen is ordinary UDP, or nothing.
 * @module
 */
import { u16 } from '../../lib/bytes.ts';
import { PORT } from '../../wire/l2tp.ts';
import { MESSAGE_TYPES } from '../../wire/l2tp-names.ts';
import { PROTOCOL as L2TP } from '../../wire/l2tpv3.ts';
import type { Quotation, Sorted, SortedFlow, Sorter, Sorting } from '../netfilter/sorting.ts';
import { UDP } from '../netfilter/tuple.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import { type Covered, patch } from '../patch.ts';
import type { IdKind } from '../reason.ts';
import { HostFlows } from './host-flows.ts';
import { type IdRow, IdTable } from './id-table.ts';
import { type Carrier, CDN, type IdField, type L2tpMessage, readMessage, SCCRQ, STOP_CCN } from './l2tp-message.ts';
import { isSound } from './udp-payload.ts';

const UDP_HEADER = 8;
/** A whole cycle of retransmissions: so long an end answers for a tunnel that it has closed (RFC 2661 §5.7, §5.8). */
const AFTERLIFE = 31;

const PORTS = (PORT << 16) | PORT;

export class L2tpSorter implements Sorter {
  active = false;
  readonly protocols: readonly number[];
  readonly port?: number;
  private readonly sorting: Sorting;
  private readonly carrier: Carrier;
  private readonly random: () => number;
  private readonly flows: HostFlows;
  private readonly table: IdTable;

  /** `random` answers 16 bits. */
  constructor(sorting: Sorting, carrier: Carrier, limit: number, random: () => number) {
    this.sorting = sorting;
    this.flows = new HostFlows(sorting);
    this.carrier = carrier;
    this.random = random;
    this.protocols = [carrier === 'udp' ? UDP : L2TP];
    if (carrier === 'udp') this.port = PORT;
    this.table = new IdTable(sorting, limit);
  }

  sort(packet: Packet, inbound: boolean): Sorted {
    const { source, destination } = packet;
    const known = inbound ? undefined : this.flows.find(source, destination);
    if (this.carrier === 'udp' && !isOnPort(packet, inbound, known !== undefined)) return 'not-mine';
    const message = this.read(packet);
    if (!message) return 'not-mine';
    return inbound ? this.inbound(source, message) : (known ?? this.begin(source, destination, message));
  }

  private read({ bytes, headerLength: at, length }: Packet): L2tpMessage | undefined {
    if (this.carrier === 'ip') return readMessage(bytes, at, length, 'ip');
    return readMessage(bytes, at + UDP_HEADER, at + u16(bytes, at + 4), 'udp');
  }

  private inbound(remote: number, { receiver }: L2tpMessage): Sorted {
    const { recorder } = this.sorting.conntrack;
    const { id, value } = receiver;
    const row = this.table.find(id, remote, value);
    if (row) recorder?.note({ code: 'id-matched', id, value, owner: row.flow.inside >>> 0 });
    else recorder?.note({ code: 'id-unknown', id, value });
    return row?.flow ?? 'not-mine';
  }

  /** Only the first message of a tunnel tells the id by which its answers will come. */
  private begin(inside: number, remote: number, message: L2tpMessage): Sorted {
    const { recorder } = this.sorting.conntrack;
    const [told] = message.told;
    if (!this.active || message.type !== SCCRQ) return 'not-mine';
    const so = this.carrier === 'udp' ? 'other-port' : 'dropped';
    if (!told) {
      if (message.hidden) recorder?.note({ code: 'id-unreadable', id: message.hidden, so });
      return 'not-mine';
    }
    if (this.carrier === 'udp' && this.sorting.isOccupied(remote, PORT)) return 'not-mine';
    const owner = this.table.find(told.id, remote, told.value)?.flow.inside;
    if (owner !== undefined && message.sealed) return this.giveUp(told, owner, inside, so);
    const protocol = this.carrier === 'udp' ? UDP : L2TP;
    return this.flows.add(
      this.sorting.open({ sorter: this, protocol, inside, remote, ports: protocol === UDP ? PORTS : 0 }),
    );
  }

  private giveUp({ id, value }: IdField, owner: number, client: number, so: 'other-port' | 'dropped'): Sorted {
    const { recorder } = this.sorting.conntrack;
    const reason = { code: 'id-taken', id, value, owner: owner >>> 0, client: client >>> 0, so } as const;
    if (so === 'other-port') recorder?.note(reason);
    else recorder?.stop(reason);
    return so === 'other-port' ? 'not-mine' : 'drop';
  }

  finish(packet: Packet, flow: SortedFlow, inbound: boolean): boolean {
    const message = this.read(packet);
    if (!message) return true;
    const covered = coverOf(packet, this.carrier);
    if (inbound) this.restore(covered, flow, message);
    else if (!message.told.every((told) => this.translate(covered, flow, message, told))) return false;
    if (!inbound && message.hidden)
      this.sorting.conntrack.recorder?.note({ code: 'id-unreadable', id: message.hidden, so: 'passed' });
    this.end(flow, message, inbound);
    return true;
  }

  /** An id of the host's own, on its way out. */
  private translate(covered: Covered, flow: SortedFlow, { type, sealed }: L2tpMessage, told: IdField): boolean {
    const { recorder } = this.sorting.conntrack;
    const { id, value } = told;
    const known = this.table.ofHost(id, flow, value);
    if (!known && (type === STOP_CCN || type === CDN)) return true;
    const row = known ?? this.note(flow, told);
    if (row.outside === value) return true;
    if (sealed) {
      const owner = this.table.find(id, flow.remote, value)?.flow.inside ?? flow.inside;
      this.giveUp(told, owner, flow.inside, 'dropped');
      return false;
    }
    patch(covered, told.at, Number(row.outside), told.width);
    recorder?.did({ code: 'id-rewritten', id, message: nameOf(type), from: value, to: Number(row.outside) });
    return true;
  }

  private note(flow: SortedFlow, { id, value, width }: IdField): IdRow {
    this.sorting.changing(flow);
    let outside = value;
    while (outside === 0 || this.table.find(id, flow.remote, outside))
      outside = width === 2 ? this.random() : ((this.random() << 16) | this.random()) >>> 0;
    const owner = flow.inside >>> 0;
    const port = this.carrier === 'udp' ? { port: PORT } : {};
    this.sorting.conntrack.recorder?.did({ code: 'id-noted', id, value: outside, owner, ...port });
    return this.table.add(id, flow, value, outside);
  }

  /** Ids of the host's own, coming back. */
  private restore(covered: Covered, flow: SortedFlow, { type, receiver, repeated }: L2tpMessage): void {
    for (const { id, at, width, value } of [receiver, ...repeated]) {
      const row = this.table.find(id, flow.remote, value);
      if (row?.flow !== flow || row.inside === value) continue;
      patch(covered, at, Number(row.inside), width);
      const { recorder } = this.sorting.conntrack;
      recorder?.did({ code: 'id-restored', id, message: nameOf(type), from: value, to: Number(row.inside) });
    }
  }

  /** What is closed is known for as long as its last messages may be repeated. */
  private end(flow: SortedFlow, { type, receiver, told, repeated }: L2tpMessage, inbound: boolean): void {
    if (type !== STOP_CCN && type !== CDN) return;
    const named = inbound ? (type === STOP_CCN ? [receiver] : repeated) : told;
    for (const { id, value } of named) {
      const row = inbound ? this.table.find(id, flow.remote, value) : this.table.ofHost(id, flow, value);
      if (row?.flow === flow) row.endsAt = Math.min(row.endsAt, this.sorting.conntrack.now + AFTERLIFE);
    }
  }

  quoted(quotation: Quotation): SortedFlow | undefined {
    const { bytes, data, end, remote, inside, outbound } = quotation;
    const start = this.carrier === 'udp' ? data + UDP_HEADER : data;
    if (this.carrier === 'udp' && (data + 4 > end || u16(bytes, data + (outbound ? 0 : 2)) !== PORT)) return undefined;
    // An error need not quote more than eight bytes (RFC 792).
    const receiver = outbound ? undefined : readMessage(bytes, start, end, this.carrier)?.receiver;
    const known = receiver && this.table.find(receiver.id, remote, receiver.value)?.flow;
    return known && (inside === undefined || inside === known.inside) ? known : this.flows.quoted(quotation);
  }

  freed(flow: SortedFlow): true {
    this.flows.remove(flow);
    this.table.forget(flow);
    return true;
  }

  ids(flow: SortedFlow): readonly FlowId[] {
    return this.table.of(flow).map(({ id, inside, outside }) => ({
      id: id as Exclude<IdKind, 'spi' | 'cookie'>,
      inside: Number(inside),
      outside: Number(outside),
    }));
  }
}

/** Outbound from the port, and to it unless the server has moved its end (RFC 2661 §8.1); inbound to the port. */
function isOnPort(packet: Packet, inbound: boolean, known: boolean): boolean {
  const { bytes, headerLength: at } = packet;
  if (packet.dataLength < UDP_HEADER || u16(bytes, at + (inbound ? 2 : 0)) !== PORT) return false;
  return (inbound || known || u16(bytes, at + 2) === PORT) && isSound(packet);
}

/** Over IP there is no checksum: what would be it lies where nobody reads. */
function coverOf({ bytes, headerLength: from, length: to }: Packet, carrier: Carrier): Covered {
  return {
    bytes,
    from,
    to,
    checksum: carrier === 'udp' && u16(bytes, from + 6) !== 0 ? from + 6 : -1,
    neverZero: true,
  };
}

const nameOf = (type: number): string => MESSAGE_TYPES[type] ?? 'data message';

/**
 * IKE on port 500 told apart by the initiator's cookie, which IKEv2 calls its SPI (RFC 7296 §3.1) and which stands in
 * every message of both sides: so the source port stays 500 for every host, as old servers insist.
 *
 * A cookie is covered by the exchange's authentication and cannot be changed. Two hosts may choose the same one
 * (RFC 7296 §2.1): the first keeps the port, the other goes out by another. A server that begins a new exchange under
 * a cookie of its own (RFC 3715 §2.3 n) is known to nobody. IKE on port 4500 is ordinary UDP.
 * @module
 */
import { toHex, u16 } from '../../lib/bytes.ts';
import { looksLike } from '../../wire/isakmp.ts';
import type { Quotation, Sorted, SortedFlow, Sorter, Sorting } from '../netfilter/sorting.ts';
import { UDP } from '../netfilter/tuple.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';
import { HostFlows } from './host-flows.ts';
import { IdTable } from './id-table.ts';
import { isSound } from './udp-payload.ts';

const PORT = 500;
const PORTS = (PORT << 16) | PORT;
const UDP_HEADER = 8;
const COOKIE = 8;

export class IkeSorter implements Sorter {
  active = false;
  readonly protocols = [UDP];
  readonly port = PORT;
  private readonly sorting: Sorting;
  private readonly flows: HostFlows;
  private readonly cookies: IdTable;

  constructor(sorting: Sorting, limit: number) {
    this.sorting = sorting;
    this.flows = new HostFlows(sorting);
    this.cookies = new IdTable(sorting, limit);
  }

  sort(packet: Packet, inbound: boolean): Sorted {
    const { bytes, headerLength: at, length } = packet;
    if (packet.dataLength < UDP_HEADER || u16(bytes, at) !== PORT || u16(bytes, at + 2) !== PORT) return 'not-mine';
    if (!isSound(packet) || !looksLike(bytes, at + UDP_HEADER, at + u16(bytes, at + 4))) return 'not-mine';
    const cookie = cookieAt(bytes, at + UDP_HEADER, length);
    return inbound ? this.inbound(packet.source, cookie) : this.outbound(packet.source, packet.destination, cookie);
  }

  private outbound(inside: number, remote: number, cookie: string): Sorted {
    const { recorder } = this.sorting.conntrack;
    const known = this.cookies.find('cookie', remote, cookie);
    if (known?.flow.inside === inside) return known.flow;
    if (known) {
      const [owner, client] = [known.flow.inside >>> 0, inside >>> 0];
      recorder?.note({ code: 'id-taken', id: 'cookie', value: cookie, owner, client, so: 'other-port' });
      return 'not-mine';
    }
    if (!this.active) return 'not-mine';
    const flow =
      this.flows.find(inside, remote) ??
      this.flows.add(this.sorting.open({ sorter: this, protocol: UDP, inside, remote, ports: PORTS }));
    this.sorting.changing(flow);
    this.cookies.add('cookie', flow, cookie, cookie);
    recorder?.did({ code: 'id-noted', id: 'cookie', value: cookie, owner: inside >>> 0, port: PORT });
    return flow;
  }

  private inbound(remote: number, cookie: string): Sorted {
    const { recorder } = this.sorting.conntrack;
    const known = this.cookies.find('cookie', remote, cookie);
    if (!known) {
      recorder?.note({ code: 'id-unknown', id: 'cookie', value: cookie });
      return 'not-mine';
    }
    recorder?.note({ code: 'id-matched', id: 'cookie', value: cookie, owner: known.flow.inside >>> 0 });
    return known.flow;
  }

  quoted(quotation: Quotation): SortedFlow | undefined {
    const { bytes, data, end, inside, remote } = quotation;
    if (data + 4 > end || u16(bytes, data) !== PORT || u16(bytes, data + 2) !== PORT) return undefined;
    // Eight bytes are all that an error must quote (RFC 792); the cookie stands behind them.
    const cookie = cookieAt(bytes, data + UDP_HEADER, end);
    const known = this.cookies.find('cookie', remote, cookie)?.flow;
    return known && (inside === undefined || inside === known.inside) ? known : this.flows.quoted(quotation);
  }

  finish(): boolean {
    return true;
  }

  freed(flow: SortedFlow): true {
    this.flows.remove(flow);
    this.cookies.forget(flow);
    return true;
  }

  ids(flow: SortedFlow): readonly FlowId[] {
    return this.cookies.of(flow).map((row) => ({ id: 'cookie', value: String(row.outside) }));
  }
}

const cookieAt = (bytes: Uint8Array, at: number, end: number): string =>
  toHex(bytes.subarray(at, Math.min(at + COOKIE, end)));

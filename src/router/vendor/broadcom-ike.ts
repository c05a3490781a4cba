/**
 * Broadcom's IKE helper: every host's IKE leaves from port 500, and the first half of the initiator's cookie says whose
 * an answer is. It works on what translation has done already, and leaves datagrams without a checksum.
 *
 * A table of eight, by cookie, else by host: a host that begins again keeps its first cookie there, so that answers
 * under the new one go where the ports say, to whoever shows port 500 outside. A ninth host is thrown away.
 *
 * Source: Broadcom's nf_conntrack_ipsec.c (conntrack_ipsec_help), nf_nat_ipsec.c.
 * @module
 */
import { putU16, toHex, u16, u32 } from '../../lib/bytes.ts';
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Helper } from '../netfilter/helper.ts';
import { CONFIRMED, NAT_MASK, ORIGINAL } from '../netfilter/record.ts';
import { Tuple, UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';

const PORT = 500;
const UDP_HEADER = 8;
const PLACES = 8;
/** Seconds. */
const REFRESH = 60;

interface Place {
  /** The first 32 bits of the initiator's cookie. */
  readonly cookie: number;
  readonly host: number;
  /** The entry that made it, and that every packet of the place keeps alive. */
  readonly entry: number;
  readonly serial: number;
}

export class BroadcomIke implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  /** Serial numbers of the connections it reads. */
  private readonly attached = new Set<number>();
  private readonly places: (Place | undefined)[] = Array.from({ length: PLACES }, () => undefined);

  constructor(conntrack: Conntrack) {
    this.conntrack = conntrack;
  }

  attach(packet: Packet): void {
    const { table, recorder } = this.conntrack;
    const { entry, protocol, bytes, headerLength: at } = packet;
    if (entry < 0 || protocol !== UDP || u16(bytes, at + 2) !== PORT || table.has(entry, CONFIRMED)) return;
    if (this.attached.has(table.serialOf(entry))) return;
    this.attached.add(table.serialOf(entry));
    recorder?.did({ code: 'helper-attached', helper: 'broadcom-ike' });
  }

  inspect(packet: Packet): boolean {
    const { table } = this.conntrack;
    const { bytes, headerLength: at } = packet;
    if (!this.attached.has(table.serialOf(packet.entry)) || packet.protocol !== UDP) return true;
    if (packet.dataLength < UDP_HEADER + 8 || u32(bytes, at + UDP_HEADER) === 0) return true;
    const cookie = u32(bytes, at + UDP_HEADER);
    return packet.direction === ORIGINAL ? this.outbound(packet, cookie) : this.inbound(packet, cookie);
  }

  private outbound(packet: Packet, cookie: number): boolean {
    const { table, recorder } = this.conntrack;
    const { source: host } = table.tuple(packet.entry, ORIGINAL, new Tuple());
    const place =
      this.withCookie(cookie) ?? this.places.find((each) => each?.host === host) ?? this.take(packet, host, cookie);
    if (!place) {
      recorder?.stop({ code: 'alg-full', helper: 'broadcom-ike', limit: PLACES });
      return false;
    }
    this.refresh(place);
    if ((table.status(packet.entry) & NAT_MASK) === 0) return true;
    const { bytes, headerLength: at } = packet;
    recorder?.did({ code: 'port-forced', helper: 'broadcom-ike', from: u16(bytes, at), to: PORT });
    putU16(bytes, at, PORT);
    putU16(bytes, at + 6, 0);
    return true;
  }

  private inbound(packet: Packet, cookie: number): true {
    const { table, recorder } = this.conntrack;
    const place = this.withCookie(cookie);
    if (!place) return true;
    this.refresh(place);
    if ((table.status(packet.entry) & NAT_MASK) === 0) return true;
    const { bytes, headerLength: at } = packet;
    const value = toHex(bytes.subarray(at + UDP_HEADER, at + UDP_HEADER + 8));
    recorder?.did({ code: 'host-chosen', helper: 'broadcom-ike', by: 'cookie', value, host: place.host >>> 0 });
    packet.setDestination(place.host);
    putU16(bytes, at + 6, 0);
    return true;
  }

  private withCookie(cookie: number): Place | undefined {
    return this.places.find((each) => each?.cookie === cookie);
  }

  private take(packet: Packet, host: number, cookie: number): Place | undefined {
    const index = this.places.indexOf(undefined);
    if (index < 0) return undefined;
    const { entry, bytes, headerLength: at } = packet;
    const { table, recorder } = this.conntrack;
    const place = { cookie, host, entry, serial: table.serialOf(entry) };
    this.places[index] = place;
    const value = toHex(bytes.subarray(at + UDP_HEADER, at + UDP_HEADER + 8));
    recorder?.did({ code: 'id-noted', id: 'cookie', value, owner: host >>> 0, port: PORT });
    return place;
  }

  private refresh({ entry }: Place): void {
    this.conntrack.table.setExpires(entry, this.conntrack.now + REFRESH);
  }

  removing(entry: number): void {
    const serial = this.conntrack.table.serialOf(entry);
    this.attached.delete(serial);
    const index = this.places.findIndex((each) => each?.serial === serial);
    if (index >= 0) this.places[index] = undefined;
  }
}

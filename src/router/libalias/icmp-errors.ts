/**
 * ICMP errors about a packet that libalias has translated: the quotation is put back as its sender had it.
 *
 * It is put back badly. On the way in the checksum of the quoted IP header takes in the change of port, which it does
 * not cover; on the way out it is left as it was; that of the quoted UDP or TCP is never touched. And only quoted UDP, TCP
 * and queries are found: an error about ESP or GRE has nobody to go to.
 * Source: FreeBSD 12.1 libalias, measured.
 * @module
 */
import { i32, putU16, putU32, u16 } from '../../lib/bytes.ts';
import { update16, update32 } from '../../wire/checksum.ts';
import { ICMP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import { hasPorts } from './flow.ts';
import { ALIAS, IN_KEYS, INSIDE, OUT_KEYS, SERIAL } from './link.ts';
import { BY, type Links } from './links.ts';

const ERROR_HEADER = 8;
/** Bytes of the quoted packet's data that must be there. */
const QUOTED = 8;
const QUERIES = new Set([0, 8, 13, 14]);

export class IcmpErrors {
  private readonly links: Links;

  constructor(links: Links) {
    this.links = links;
  }

  /** The link of the packet that an error from outside quotes, or −1. */
  findInward(packet: Packet): number {
    const { bytes } = packet;
    const at = packet.headerLength + ERROR_HEADER;
    const data = quotedData(packet, at);
    if (data < 0) return -1;
    const protocol = bytes[at + 9]!;
    const keys = protocol === ICMP ? u16(bytes, data + 4) : (u16(bytes, data + 2) << 16) | u16(bytes, data);
    return this.links.inward(protocol, i32(bytes, at + 16), i32(bytes, at + 12), keys);
  }

  /** The link of the packet that an error from inside quotes, or −1. */
  findOutward(packet: Packet, alias: number): number {
    const { bytes } = packet;
    const at = packet.headerLength + ERROR_HEADER;
    const data = quotedData(packet, at);
    if (data < 0) return -1;
    const protocol = bytes[at + 9]!;
    const keys = protocol === ICMP ? u16(bytes, data + 4) << 16 : (u16(bytes, data + 2) << 16) | u16(bytes, data);
    return this.links.outward(protocol, i32(bytes, at + 16), i32(bytes, at + 12), alias, keys);
  }

  /** Gives the error and its quotation the addresses and numbers of inside. */
  translateInward(packet: Packet, link: number): void {
    const { table } = this.links;
    const { bytes } = packet;
    const at = packet.headerLength + ERROR_HEADER;
    const inside = table.get(link, INSIDE);
    const sum = at + 10;
    const old = u16(bytes, sum);
    let wrong = update32(old, i32(bytes, at + 12), inside);
    const field = numberField(packet, at, 0);
    const [before, after] = [u16(bytes, field), table.get(link, OUT_KEYS) >>> 16];
    if (before !== after) wrong = update16(wrong, before, after);
    this.write(packet, at + 12, inside, field, after);
    if (wrong !== old) putChecked(packet, sum, wrong);
    packet.setDestination(inside);
    this.tell(link, 'original', before !== after);
  }

  /** Gives the error and its quotation the alias; its own source only where the packet it quotes was for its sender. */
  translateOutward(packet: Packet, link: number): void {
    const { table } = this.links;
    const at = packet.headerLength + ERROR_HEADER;
    const alias = table.get(link, ALIAS);
    const inside = table.get(link, INSIDE);
    this.write(packet, at + 16, alias, numberField(packet, at, 2), table.get(link, IN_KEYS) & 0xffff);
    if (packet.source === inside) packet.setSource(alias);
    this.tell(link, 'reply', inside !== alias);
  }

  private write(packet: Packet, addressAt: number, address: number, numberAt: number, number: number): void {
    const { bytes, headerLength } = packet;
    const sum = headerLength + 2;
    const old = i32(bytes, addressAt);
    if (old !== address) putU16(bytes, sum, update32(u16(bytes, sum), old, address));
    putU32(bytes, addressAt, address);
    if (u16(bytes, numberAt) !== number) putChecked(packet, numberAt, number);
  }

  private tell(link: number, direction: 'original' | 'reply', stale: boolean): void {
    const { recorder, table } = this.links;
    recorder?.did({ code: 'icmp-error-related', entry: table.get(link, SERIAL), direction, ...BY });
    if (stale) recorder?.note({ code: 'quote-checksum-wrong', because: direction === 'original' ? 'port' : 'address' });
  }
}

/** Where the data of the packet quoted at `at` begins; −1 where it tells nothing. */
function quotedData({ bytes, length }: Packet, at: number): number {
  if (at + 20 > length || bytes[at]! >>> 4 !== 4 || (u16(bytes, at + 6) & 0x1fff) !== 0) return -1;
  const data = at + ((bytes[at]! & 15) << 2);
  if (data < at + 20 || data + QUOTED > length) return -1;
  const protocol = bytes[at + 9]!;
  return hasPorts(protocol) || (protocol === ICMP && QUERIES.has(bytes[data]!)) ? data : -1;
}

/** Where the quoted packet has its number: a port, or an ICMP query's id. */
function numberField({ bytes }: Packet, at: number, port: 0 | 2): number {
  const data = at + ((bytes[at]! & 15) << 2);
  return data + (bytes[at + 9] === ICMP ? 4 : port);
}

/** Writes 16 bits that the ICMP checksum covers. */
function putChecked({ bytes, headerLength }: Packet, at: number, value: number): void {
  const sum = headerLength + 2;
  putU16(bytes, sum, update16(u16(bytes, sum), u16(bytes, at), value));
  putU16(bytes, at, value);
}

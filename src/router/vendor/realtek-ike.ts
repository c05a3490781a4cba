/**
 * The IKE half of Realtek's IPsec ALG: a host's first message makes an entry, and answers under its cookie are handed
 * to it whatever port they came to. Source: Realtek's ip_nat_ipsec.c (help), ip_conntrack_ipsec.c.
 * @module
 */
import { toHex, u32 } from '../../lib/bytes.ts';
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Helper } from '../netfilter/helper.ts';
import { ORIGINAL } from '../netfilter/record.ts';
import { Tuple, UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import type { RealtekIpsecTable } from './realtek-ipsec-table.ts';
import { hand } from './redirect.ts';

const PORT = 500;
const UDP_HEADER = 8;
/** Both cookies. */
const COOKIES = 16;

export class RealtekIke implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  private readonly table: RealtekIpsecTable;

  constructor(conntrack: Conntrack, table: RealtekIpsecTable) {
    this.conntrack = conntrack;
    this.table = table;
  }

  inspect(packet: Packet): true {
    if (!this.active || packet.protocol !== UDP || packet.dataLength < UDP_HEADER + COOKIES) return true;
    const original = this.conntrack.table.tuple(packet.entry, ORIGINAL, new Tuple());
    if (original.destinationKey !== PORT) return true;
    this.table.knowsEsp = true;
    const at = packet.headerLength + UDP_HEADER;
    const initiator = cookieAt(packet.bytes, at);
    const answered = cookieAt(packet.bytes, at + 8) !== 0n;
    if (packet.direction === ORIGINAL && !answered) this.begin(packet, original.source, initiator);
    else if (packet.direction !== ORIGINAL && answered) this.direct(packet, initiator);
    return true;
  }

  private begin(packet: Packet, host: number, cookie: bigint): void {
    const { now, recorder } = this.conntrack;
    if (!this.table.begin(host, packet.destination, packet.source, cookie, now)) return;
    recorder?.did({ code: 'id-noted', id: 'cookie', value: textAt(packet), owner: host >>> 0 });
  }

  private direct(packet: Packet, cookie: bigint): void {
    const { now, table, recorder } = this.conntrack;
    const outside = table.tuple(packet.entry, packet.direction, new Tuple()).destination;
    const entry = this.table.ikeFrom(packet.source, outside, cookie, now);
    if (!entry) return;
    hand(packet, entry.local);
    const chosen = { by: 'cookie', value: textAt(packet), host: entry.local >>> 0 } as const;
    recorder?.note({ code: 'host-chosen', helper: 'realtek-ipsec', ...chosen });
  }
}

const cookieAt = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(u32(bytes, at)) << 32n) | BigInt(u32(bytes, at + 4));

const textAt = ({ bytes, headerLength: at }: Packet): string =>
  toHex(bytes.subarray(at + UDP_HEADER, at + UDP_HEADER + 8));

/**
 * Realtek's L2TP ALG. It means to note which Tunnel ID is whose, but where it would learn one, && stands for &, and the
 * comparison is never true. What is left: every answer of an L2TP server goes to whoever sent an SCCRQ last.
 *
 * Source: Realtek's ip_nat_l2tp.c for Linux 2.4.18 (l2tpOutbound, l2tpInbound).
 * @module
 */
import { u16 } from '../../lib/bytes.ts';
import { PORT } from '../../wire/l2tp.ts';
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Helper } from '../netfilter/helper.ts';
import { ORIGINAL } from '../netfilter/record.ts';
import { Tuple, UDP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import { hand } from './redirect.ts';

const UDP_HEADER = 8;
/** Flags, length, Tunnel ID, Session ID: it takes them to be there always. */
const L2TP_HEADER = 8;

export class RealtekL2tp implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  /** Who sent the last SCCRQ, and behind which address it went out; one for the whole router. */
  private lastCaller: number | undefined;
  private alias: number | undefined;

  constructor(conntrack: Conntrack) {
    this.conntrack = conntrack;
  }

  inspect(packet: Packet): true {
    if (!this.active || packet.protocol !== UDP || packet.dataLength < UDP_HEADER + L2TP_HEADER) return true;
    const original = this.conntrack.table.tuple(packet.entry, ORIGINAL, new Tuple());
    if (original.destinationKey !== PORT) return true;
    if (isStart(packet.bytes, packet.headerLength + UDP_HEADER)) {
      this.lastCaller = original.source;
      this.alias = packet.source;
    } else if (packet.direction !== ORIGINAL) this.direct(packet);
    return true;
  }

  private direct(packet: Packet): void {
    const { table, recorder } = this.conntrack;
    const outside = table.tuple(packet.entry, packet.direction, new Tuple()).destination;
    if (this.lastCaller === undefined || outside !== this.alias) return;
    hand(packet, this.lastCaller);
    const host = this.lastCaller >>> 0;
    recorder?.note({ code: 'host-chosen', helper: 'realtek-l2tp', by: 'last-caller', host });
  }
}

/** A control message of version 2 to tunnel 0, session 0: an SCCRQ. */
function isStart(bytes: Uint8Array, at: number): boolean {
  return (u16(bytes, at) & 0xf4ff) === 0xc002 && u16(bytes, at + 4) === 0 && u16(bytes, at + 6) === 0;
}

/**
 * Realtek's PPTP ALG: it reads which Call IDs the ends agree on, and lists them; GRE passes only if it is listed.
 *
 * No Call ID is rewritten. The code for it is there (ip_nat_pptp.c, pptp_help), but 2.4's do_bindings calls a helper
 * only where it announces flows or asks to be called always, and this one does neither. So two hosts with different
 * Call IDs get along, and of two with the same one only the first has a GRE flow.
 *
 * It looks 40 bytes behind the start of the IP header, so a segment with TCP options is not read. Only the first
 * message of a segment is. A Call-Disconnect-Notify of either side, a FIN or a RST take all calls off the list.
 *
 * Source: Realtek's ip_conntrack_pptp.c, ip_nat_pptp.c, ip_nat_core.c for Linux 2.4.18 (after Kuschak and Hardin).
 * @module
 */
import { i32, u16 } from '../../lib/bytes.ts';
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Helper } from '../netfilter/helper.ts';
import { DISCONNECT, IN_REPLY, MAGIC, OUT_REPLY, PPTP_PORT } from '../netfilter/pptp-message.ts';
import { ORIGINAL, REPLY_DIRECTION } from '../netfilter/record.ts';
import { TCP, Tuple } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import type { RealtekGre } from './realtek-gre.ts';

/** Where the message is taken to begin: behind headers without options. */
const MESSAGE = 40;
/** Up to both Call IDs. */
const NEEDED = 16;
const FIN_OR_RST = 0x05;
/** Seconds that a control connection lives on once its call is over, and once TCP ends it. */
const AFTER_CALL = 30;
const AFTER_END = 5;

export class RealtekPptp implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  private readonly gre: RealtekGre;

  constructor(conntrack: Conntrack, gre: RealtekGre) {
    this.conntrack = conntrack;
    this.gre = gre;
  }

  inspect(packet: Packet): true {
    const { bytes, headerLength, length } = packet;
    if (!this.active || packet.protocol !== TCP || packet.tracking !== 'established') return true;
    const original = this.conntrack.table.tuple(packet.entry, ORIGINAL, new Tuple());
    if (original.destinationKey !== PPTP_PORT) return true;
    if ((bytes[headerLength + 13]! & FIN_OR_RST) !== 0) this.end(packet, AFTER_END);
    if (length < MESSAGE + NEEDED) return true;
    if (u16(bytes, MESSAGE + 2) !== 1 || i32(bytes, MESSAGE + 4) !== MAGIC) {
      this.conntrack.recorder?.note({ code: 'helper-missed', helper: 'realtek-pptp', because: 'bad-message' });
      return true;
    }
    this.read(packet, u16(bytes, MESSAGE + 8), original);
    return true;
  }

  private read(packet: Packet, type: number, { source, destination }: Tuple): void {
    if (type === DISCONNECT) this.end(packet, AFTER_CALL);
    if (packet.direction === ORIGINAL || (type !== OUT_REPLY && type !== IN_REPLY)) return;
    const { table, recorder } = this.conntrack;
    const serverId = u16(packet.bytes, MESSAGE + 12);
    const hostId = u16(packet.bytes, MESSAGE + 14);
    const outside = table.tuple(packet.entry, REPLY_DIRECTION, new Tuple()).destination;
    this.gre.list({
      control: table.serialOf(packet.entry),
      host: source,
      server: destination,
      outside,
      hostId,
      serverId,
      flow: undefined,
    });
    recorder?.did({ code: 'expectation-made', callId: serverId, peerCallId: hostId });
  }

  private end(packet: Packet, seconds: number): void {
    const { table, now } = this.conntrack;
    this.gre.clear(table.serialOf(packet.entry));
    table.setExpires(packet.entry, now + seconds);
  }

  removing(entry: number): void {
    this.gre.clear(this.conntrack.table.serialOf(entry));
  }
}

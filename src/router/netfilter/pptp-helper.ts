/**
 * The kernel's PPTP helper (ALG): reads the control connection, replaces the client's Call ID by the outside TCP source
 * port, and announces the two GRE flows of the call.
 *
 * Kernels up to 5.0 differ: a Set-Link-Info from the server passes unread, and the GRE of a call lives ten minutes, then
 * five hours once both ends have spoken (PPTP_GRE_TIMEOUT, PPTP_GRE_STREAM_TIMEOUT; later kernels overwrite them).
 *
 * Limitations, all the kernel's own: only the first message of a segment is read, and only whole; the originator is
 * taken for the PNS; one call per control connection; Call-Disconnect-Notify has the server's own Call ID overwritten,
 * against RFC 2637 §2.13; incoming calls (ICRQ) are tracked but come out broken.
 * Source: Linux nf_conntrack_pptp.c, nf_nat_pptp.c; message layouts RFC 2637 §2.
 * @module
 */
import { putU16, u16 } from '../../lib/bytes.ts';
import { checksum, pseudoSum } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import type { Conntrack } from './conntrack.ts';
import { setGreTimeouts } from './datagram.ts';
import type { Expectation } from './expectations.ts';
import type { Helper } from './helper.ts';
import type { Nat } from './nat.ts';
import { type Control, PptpCalls } from './pptp-calls.ts';
import {
  CLEAR_REQUEST,
  DISCONNECT,
  ECHO_REPLY,
  ECHO_REQUEST,
  IN_CONNECTED,
  IN_REPLY,
  IN_REQUEST,
  MESSAGE_NAMES,
  type Message,
  OUT_REPLY,
  OUT_REQUEST,
  PPTP_PORT,
  readMessage,
  SET_LINK,
  START_REPLY,
  START_REQUEST,
  STOP_REPLY,
  STOP_REQUEST,
  type Unread,
  WAN_ERROR,
} from './pptp-message.ts';
import { CONFIRMED, HELPED, NAT_MASK, ORIGINAL, REPLY_DIRECTION } from './record.ts';
import { GRE, TCP, Tuple } from './tuple.ts';

/** Seconds; effective in kernels up to 5.0 only. */
const OLD_TIMEOUT = 600;
const OLD_STREAM_TIMEOUT = 18_000;

/** How far the control connection has come. The order matters: the kernel compares. */
const SESSION = { none: 0, error: 1, stopRequested: 2, requested: 3, confirmed: 4 } as const;

/** Why a segment was not understood; it goes on as it is. */
type Missed = Unread | 'no-session';

export class PptpHelper implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  private readonly calls: PptpCalls;
  private readonly controls = new Map<number, Control>();
  private readonly tuple = new Tuple();
  private readonly old: boolean;

  /** `old`: as in kernels up to 5.0. */
  constructor(conntrack: Conntrack, nat: Nat, old = false) {
    this.conntrack = conntrack;
    this.old = old;
    this.calls = new PptpCalls(conntrack, nat);
  }

  /** Attaches itself to a new control connection (the rule "tcp dport 1723 ct helper set"). */
  attach(packet: Packet): void {
    const { table, recorder } = this.conntrack;
    const { entry } = packet;
    if (entry < 0 || packet.protocol !== TCP || u16(packet.bytes, packet.headerLength + 2) !== PPTP_PORT) return;
    if (table.has(entry, CONFIRMED | HELPED)) return;
    table.set(entry, HELPED);
    recorder?.did({ code: 'helper-attached', helper: 'nf-pptp' });
  }

  /** Reads (and rewrites) a packet of a helped connection, after translation and before confirmation. */
  inspect(packet: Packet): true {
    const { table } = this.conntrack;
    if (!table.has(packet.entry, HELPED) || packet.tracking !== 'established') return true;
    const message = readMessage(packet);
    const missed = typeof message === 'object' ? this.read(packet, message) : message;
    if (missed) this.conntrack.recorder?.note({ code: 'helper-missed', helper: 'nf-pptp', because: missed });
    return true;
  }

  private read(packet: Packet, message: Message): Missed | undefined {
    const control = this.controlOf(packet.entry);
    const natted = (this.conntrack.table.status(packet.entry) & NAT_MASK) !== 0;
    return packet.direction === ORIGINAL
      ? this.outbound(control, packet, message, natted)
      : this.inbound(control, packet, message, natted);
  }

  private controlOf(entry: number): Control {
    const serial = this.conntrack.table.serialOf(entry);
    const known = this.controls.get(serial);
    if (known) return known;
    const control: Control = {
      entry,
      serial,
      session: SESSION.none,
      call: 'none',
      pns: 0,
      pac: 0,
      originalPns: 0,
      keymap: [undefined, undefined],
    };
    this.controls.set(serial, control);
    return control;
  }

  /** Client to server. */
  private outbound(control: Control, packet: Packet, message: Message, natted: boolean): Missed | undefined {
    const callId = u16(packet.bytes, message.at + 12);
    const peerCallId = u16(packet.bytes, message.at + 14);
    switch (message.type) {
      case START_REQUEST:
        if (control.session !== SESSION.none) return 'no-session';
        control.session = SESSION.requested;
        return undefined;
      case STOP_REQUEST:
        control.session = SESSION.stopRequested;
        return undefined;
      case OUT_REQUEST:
        if (control.session !== SESSION.confirmed) return 'no-session';
        control.call = 'out-requested';
        control.pns = callId;
        if (natted) this.replaceCallId(control, packet, message);
        return undefined;
      case IN_REPLY:
        if ((control.call !== 'in-requested' && control.call !== 'in-replied') || control.pac !== peerCallId)
          return 'no-session';
        if (packet.bytes[message.at + 16] === 1) {
          control.call = 'in-replied';
          control.pns = callId;
        } else control.call = 'none';
        if (natted) this.mangle(packet, message, control.pns, 'call-id-rewritten');
        return undefined;
      case CLEAR_REQUEST:
        if (control.session !== SESSION.confirmed) return 'no-session';
        control.call = 'clear-requested';
        if (natted) this.mangle(packet, message, control.pns, 'call-id-rewritten');
        return undefined;
      case SET_LINK:
      case ECHO_REQUEST:
      case ECHO_REPLY:
        return undefined;
      default:
        return 'bad-message';
    }
  }

  private replaceCallId(control: Control, packet: Packet, message: Message): void {
    control.originalPns = control.pns;
    control.pns = this.conntrack.table.tuple(packet.entry, REPLY_DIRECTION, this.tuple).destinationKey;
    this.mangle(packet, message, control.pns, 'call-id-rewritten');
  }

  /** Server to client. */
  private inbound(control: Control, packet: Packet, message: Message, natted: boolean): Missed | undefined {
    const { bytes } = packet;
    const restore = (offset: number): undefined => {
      if (natted) this.mangle(packet, message, control.originalPns, 'call-id-restored', offset);
    };
    switch (message.type) {
      case START_REPLY:
        if (control.session < SESSION.requested) return 'no-session';
        control.session = bytes[message.at + 14] === 1 ? SESSION.confirmed : SESSION.error;
        return undefined;
      case STOP_REPLY:
        if (control.session > SESSION.stopRequested) return 'no-session';
        control.session = bytes[message.at + 12] === 1 ? SESSION.none : SESSION.error;
        return undefined;
      case OUT_REPLY:
        if (!this.callConnected(control, packet, message, natted)) return 'no-session';
        return restore(14);
      case IN_REQUEST:
        if (control.session !== SESSION.confirmed) return 'no-session';
        control.call = 'in-requested';
        control.pac = u16(bytes, message.at + 12);
        return undefined;
      case IN_CONNECTED:
        if (!this.callAnswered(control, packet, message, natted)) return 'no-session';
        return restore(12);
      case DISCONNECT:
        control.call = 'none';
        this.calls.end(control);
        return restore(12);
      case SET_LINK:
        if (this.old) return 'bad-message';
        return restore(12);
      case WAN_ERROR:
        return restore(12);
      case ECHO_REQUEST:
      case ECHO_REPLY:
        return undefined;
      default:
        return 'bad-message';
    }
  }

  private callConnected(control: Control, packet: Packet, message: Message, natted: boolean): boolean {
    const { bytes } = packet;
    const pending = control.call === 'out-requested' || control.call === 'out-confirmed';
    if (control.session !== SESSION.confirmed || !pending) return false;
    const callId = u16(bytes, message.at + 12);
    const peerCallId = u16(bytes, message.at + 14);
    if (control.pns !== peerCallId) return false;
    if (bytes[message.at + 16] === 1) {
      control.call = 'out-confirmed';
      control.pac = callId;
      this.calls.announce(control, callId, peerCallId, natted);
    } else control.call = 'none';
    return true;
  }

  private callAnswered(control: Control, packet: Packet, message: Message, natted: boolean): boolean {
    const pending = control.call === 'in-replied' || control.call === 'in-confirmed';
    if (control.session !== SESSION.confirmed || !pending) return false;
    const peerCallId = u16(packet.bytes, message.at + 12);
    if (control.pns !== peerCallId) return false;
    control.call = 'in-confirmed';
    this.calls.announce(control, control.pac, peerCallId, natted);
    return true;
  }

  welcome(entry: number, expectation: Expectation): void {
    const control = this.controls.get(expectation.master);
    if (!control) return;
    this.calls.welcome(control, entry, expectation);
    if (this.old) setGreTimeouts(this.conntrack.table, entry, OLD_TIMEOUT, OLD_STREAM_TIMEOUT);
  }

  /** Source: nf_conntrack_helper_unregister. Flows of calls go on while the GRE tracker stays. */
  unload(): void {
    const { table, expectations } = this.conntrack;
    for (const entry of table.confirmed()) {
      if (!table.has(entry, HELPED)) continue;
      table.clear(entry, HELPED);
      expectations.removeOf(table.serialOf(entry));
    }
  }

  /** An entry is about to go: a control connection takes its calls along, a GRE flow its key notes. */
  removing(entry: number): void {
    const { table, expectations } = this.conntrack;
    const serial = table.serialOf(entry);
    const own = this.controls.get(serial);
    if (own) this.controls.delete(serial);
    if (table.has(entry, HELPED)) {
      if (own) this.calls.end(own);
      expectations.removeOf(serial);
    } else if (table.protocol(entry) === GRE && table.master(entry) !== 0) {
      const control = this.controls.get(table.master(entry));
      if (control) this.calls.forgetKeys(control);
    }
  }

  /** Writes a Call ID at `offset` of the message and computes the TCP checksum anew. */
  private mangle(
    packet: Packet,
    message: Message,
    callId: number,
    code: 'call-id-rewritten' | 'call-id-restored',
    offset = 12,
  ): void {
    const { bytes, headerLength: at, length } = packet;
    const from = u16(bytes, message.at + offset);
    // nf_nat_mangle_tcp_packet makes the whole packet linear.
    packet.pull(length);
    putU16(bytes, message.at + offset, callId);
    putU16(bytes, at + 16, 0);
    putU16(bytes, at + 16, checksum(bytes, at, length, pseudoSum(packet.source, packet.destination, TCP, length - at)));
    this.conntrack.recorder?.did({ code, helper: 'nf-pptp', message: MESSAGE_NAMES[message.type]!, from, to: callId });
  }
}

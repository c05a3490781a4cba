/**
 * The textbook's PPTP ALG: RFC 2637 read in full, for as many calls and clients as there are.
 *
 * It keeps the inside host's Call ID unless somebody else has it toward the same server. On the way out the sender's
 * own id is translated, on the way in the receiver's; whatever names the server's stays, so GRE outbound is unchanged
 * and only GRE inbound is. That holds for calls in both directions, and whichever end is PNS or PAC.
 *
 * Limits, which the bytes set: of a Call ID that is split over two segments only the half can be changed that has not
 * left yet, so another is chosen that begins alike, and where there is none it stays as it is.
 * A segment that overtook an earlier one is not let past, for the ALG must read in order; its sender repeats it.
 * @module
 */
import { i32, u16 } from '../../lib/bytes.ts';
import type { Kind } from '../../wire/pptp-messages.ts';
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Expectation } from '../netfilter/expectations.ts';
import type { Helper } from '../netfilter/helper.ts';
import type { Nat } from '../netfilter/nat.ts';
import { PPTP_PORT } from '../netfilter/pptp-message.ts';
import { CONFIRMED, HELPED, NAT_MASK, ORIGINAL, REPLY_DIRECTION } from '../netfilter/record.ts';
import { GRE, TCP, Tuple } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import { type Call, CallBook, type Ends } from './pptp-calls.ts';
import type { Layout } from './pptp-fields.ts';
import { ControlStream, type Field, type MessageReader, type Segment, type Told } from './pptp-stream.ts';

const SYN = 2;
/** The result code of a call that was answered (RFC 2637 §2.8, §2.10). */
const CONNECTED = 1;
/** Messages by which an end names a call for the first time. */
const BEGINNINGS: ReadonlySet<Kind> = new Set<Kind>([
  'outgoing-call-request',
  'outgoing-call-reply',
  'incoming-call-request',
  'incoming-call-reply',
]);

interface Control {
  ends: Ends | undefined;
  /** By direction of the connection's entry. */
  readonly streams: readonly [ControlStream, ControlStream];
  /** By the inside host's own Call ID. */
  readonly calls: Map<number, Call>;
}

export class PptpAlg implements Helper {
  active = false;
  private readonly conntrack: Conntrack;
  private readonly book: CallBook;
  private readonly controls = new Map<number, Control>();

  constructor(conntrack: Conntrack, nat: Nat, limit: number, random: () => number) {
    this.conntrack = conntrack;
    this.book = new CallBook(conntrack, nat, limit, random, ({ ends, insideId }) =>
      this.controls.get(ends.control)?.calls.delete(insideId),
    );
  }

  attach(packet: Packet): void {
    const { table, recorder } = this.conntrack;
    const { entry, bytes, headerLength: at } = packet;
    if (entry < 0 || packet.protocol !== TCP || u16(bytes, at + 2) !== PPTP_PORT) return;
    if (table.has(entry, CONFIRMED | HELPED)) return;
    table.set(entry, HELPED);
    const streams = [new ControlStream(), new ControlStream()] as const;
    this.controls.set(table.serialOf(entry), { ends: undefined, streams, calls: new Map() });
    recorder?.did({ code: 'helper-attached', helper: 'pptp' });
  }

  inspect(packet: Packet): boolean {
    const { table, recorder } = this.conntrack;
    const control = table.has(packet.entry, HELPED) && this.controls.get(table.serialOf(packet.entry));
    const isTranslated = (table.status(packet.entry) & NAT_MASK) !== 0;
    if (!control || !isTranslated || packet.protocol !== TCP) return true;
    const segment = segmentOf(packet);
    const stream = control.streams[packet.direction === ORIGINAL ? 0 : 1];
    if ((packet.bytes[segment.at + 13]! & SYN) !== 0) {
      stream.begin((segment.sequence + 1) | 0);
      return true;
    }
    control.ends ??= this.endsOf(packet);
    const fed = stream.feed(segment, this.reader(packet, control, control.ends));
    if (fed === 'lost') recorder?.note({ code: 'helper-missed', helper: 'pptp', because: 'bad-message' });
    if (fed === 'gap') recorder?.stop({ code: 'out-of-order', helper: 'pptp' });
    return fed !== 'gap';
  }

  welcome(entry: number, expectation: Expectation): void {
    this.book.welcome(entry, expectation);
  }

  removing(entry: number): void {
    const { table } = this.conntrack;
    const serial = table.serialOf(entry);
    if (table.protocol(entry) === GRE) this.book.flowGone(serial);
    const control = this.controls.get(serial);
    if (!control) return;
    this.controls.delete(serial);
    this.clear(control);
  }

  private clear(control: Control): void {
    for (const call of control.calls.values()) this.book.close(call);
    control.calls.clear();
  }

  /** Who is who: the entry shows what the connection is inside and outside. */
  private endsOf(packet: Packet): Ends {
    const { table } = this.conntrack;
    const original = table.tuple(packet.entry, ORIGINAL, new Tuple());
    const reply = table.tuple(packet.entry, REPLY_DIRECTION, new Tuple());
    const control = table.serialOf(packet.entry);
    // Opened from inside unless the destination was translated instead.
    if (original.destination === reply.source)
      return { control, inside: original.source, remote: original.destination, outside: reply.destination };
    return { control, inside: reply.source, remote: original.source, outside: original.destination };
  }

  private reader(packet: Packet, control: Control, ends: Ends): MessageReader {
    const inbound = this.conntrack.isFromOutside(packet);
    return {
      callId: (layout, callId, field) => {
        if (!inbound) this.translate(control, ends, layout, callId, field);
      },
      peerCallId: (layout, callId, field) => {
        if (inbound) this.restore(control, layout, callId, field);
      },
      complete: (told) => this.act(control, told, inbound),
      malformed: () => this.conntrack.recorder?.note({ code: 'helper-missed', helper: 'pptp', because: 'bad-message' }),
    };
  }

  /** The sender's own id, on its way out. Requests and replies begin a call; the rest only speaks of one. */
  private translate(control: Control, ends: Ends, { kind, title }: Layout, callId: number, field: Field): void {
    const { recorder } = this.conntrack;
    const known = control.calls.get(callId);
    const call = known ?? (BEGINNINGS.has(kind) ? this.book.open(ends, callId, field.isWhole) : undefined);
    if (call === 'none-free') recorder?.note({ code: 'id-split', id: 'call-id', message: title });
    if (typeof call !== 'object') return;
    control.calls.set(callId, call);
    if (call.outsideId !== callId) {
      if (field.write(call.outsideId))
        recorder?.did({ code: 'call-id-rewritten', helper: 'pptp', message: title, from: callId, to: call.outsideId });
      else recorder?.note({ code: 'id-split', id: 'call-id', message: title });
    } else if (!known) recorder?.note({ code: 'call-id-kept', helper: 'pptp', message: title, callId });
  }

  /** The receiver's id, on its way in. */
  private restore(control: Control, { title }: Layout, callId: number, field: Field): void {
    const call = callWith(control, (each) => each.outsideId === callId);
    if (!call || call.insideId === callId) return;
    const { recorder } = this.conntrack;
    if (field.write(call.insideId))
      recorder?.did({ code: 'call-id-restored', helper: 'pptp', message: title, from: callId, to: call.insideId });
    else recorder?.note({ code: 'id-split', id: 'call-id', message: title });
  }

  private act(control: Control, told: Told, inbound: boolean): void {
    switch (told.layout.kind) {
      case 'outgoing-call-reply':
      case 'incoming-call-reply':
        this.answered(control, told, inbound);
        break;
      case 'incoming-call-connected': {
        const named = (each: Call) => (inbound ? each.outsideId : each.remoteId) === told.peerCallId;
        const call = callWith(control, named);
        if (call) this.book.connect(call);
        break;
      }
      case 'call-disconnect-notify': {
        const named = (each: Call) => (inbound ? each.remoteId : each.insideId) === told.callId;
        this.end(control, callWith(control, named));
        break;
      }
      case 'stop-control-connection-request':
        this.clear(control);
        break;
      default:
    }
  }

  /** A call is answered, by the server or by the inside host: both ids are known, or it came to nothing. */
  private answered(control: Control, { layout, callId, peerCallId, resultCode }: Told, inbound: boolean): void {
    const call = inbound ? callWith(control, (each) => each.outsideId === peerCallId) : control.calls.get(callId);
    if (!call) return;
    if (resultCode !== CONNECTED) {
      this.end(control, call);
      return;
    }
    call.remoteId ??= inbound ? callId : peerCallId;
    // An incoming call is up only when the PAC says so (RFC 2637 §2.11).
    if (layout.kind === 'outgoing-call-reply') this.book.connect(call);
  }

  private end(control: Control, call: Call | undefined): void {
    if (!call) return;
    control.calls.delete(call.insideId);
    this.book.close(call);
  }
}

function callWith(control: Control, fits: (call: Call) => boolean): Call | undefined {
  for (const call of control.calls.values()) if (fits(call)) return call;
  return undefined;
}

function segmentOf({ bytes, headerLength: at, length }: Packet): Segment {
  const from = at + ((bytes[at + 12]! >>> 4) << 2);
  return { bytes, at, from, to: length, sequence: i32(bytes, at + 4) };
}

/**
 * What a router sends because of one received packet, cut into pieces where the link asks for it. Slots are used
 * again for the next packet, so that a router in full swing makes no garbage.
 * @module
 */
import type { Packet } from './packet.ts';
import { cut } from './reassembly.ts';
import type { Recorder } from './recorder.ts';

/** One packet on its way out. `bytes` belongs to the router and is overwritten by the next packet. */
export interface Sent {
  /** Index of the interface. */
  on: number;
  bytes: Uint8Array;
  length: number;
  /** Made by the router itself. */
  own: boolean;
}

export class Outbox {
  readonly sent: Sent[] = [];
  /** Only this many of `sent` are of the present time. */
  count = 0;

  /** Sends the packet by the interface it is routed to, whose links carry `mtu` bytes. */
  emit(packet: Packet, mtu: number, own: boolean, recorder: Recorder | undefined): void {
    if (packet.length <= mtu && packet.pieces.length === 0) {
      this.push(packet.outside, packet.bytes, packet.length, own);
      return;
    }
    const because = packet.pieces.length > 0 ? 'came-in-pieces' : 'mtu';
    const pieces = cut(packet, mtu);
    recorder?.did({ code: 'refragmented', pieces: pieces.length, because });
    for (const piece of pieces) this.push(packet.outside, piece, piece.length, own);
  }

  private push(on: number, bytes: Uint8Array, length: number, own: boolean): void {
    const slot = this.sent[this.count];
    if (slot) {
      slot.on = on;
      slot.bytes = bytes;
      slot.length = length;
      slot.own = own;
    } else this.sent.push({ on, bytes, length, own });
    this.count++;
  }
}

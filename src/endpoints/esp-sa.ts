/**
 * The two one-way security associations of ESP: the sender counts from 1, the receiver keeps the replay window
 * (RFC 4303 §3.3.3, §3.4.3).
 * @module
 */
import { assert } from '../lib/assert.ts';
import type { Rng } from '../lib/rng.ts';
import type { Fields } from '../wire/esp.ts';
import { type Inside, type Keying, type Opened, openPacket, sealPacket } from './esp-packet.ts';
import { ReplayWindow } from './esp-replay.ts';

const LAST_SEQUENCE = 0xffffffff;

export class OutboundSa {
  readonly keying: Keying;
  private sequence = 0;

  constructor(keying: Keying) {
    this.keying = keying;
  }

  /** The next packet of this association, from its SPI to its ICV. */
  seal(inside: Inside, rng: Rng): Uint8Array {
    assert(this.sequence < LAST_SEQUENCE, 'an ESP sequence number never comes round again');
    this.sequence += 1;
    return sealPacket(this.keying, this.sequence, this.keying.transform.iv(this.sequence, rng), inside);
  }
}

export type Received = Opened | { readonly ok: false; readonly why: 'replayed' };

export class InboundSa {
  readonly keying: Keying;
  private readonly window = new ReplayWindow();

  constructor(keying: Keying) {
    this.keying = keying;
  }

  open(packet: Fields): Received {
    if (!this.window.admits(packet.sequence)) return { ok: false, why: 'replayed' };
    const opened = openPacket(this.keying, packet);
    if (opened.ok) this.window.note(packet.sequence);
    return opened;
  }
}

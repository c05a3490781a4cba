/**
 * The two one-way security associations of ESP: the sender counts from 1, the receiver keeps the replay window
 * (RFC 4303 §3.3.3, §3.4.3).
 * @module
 */
import { assert } from '../lib/assert.ts';
import type { Rng } from '../lib/rng.ts';
import * as esp from '../wire/esp.ts';
import { type Keying, openPacket, sealPacket } from './esp-packet.ts';
import { ReplayWindow } from './esp-replay.ts';
import type { Arrived, Guard, Inside, Opened } from './ipsec-guard.ts';
import type { Path } from './ipsec-path.ts';

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

export class InboundSa {
  readonly keying: Keying;
  private readonly window = new ReplayWindow();

  constructor(keying: Keying) {
    this.keying = keying;
  }

  open(packet: esp.Fields): Opened {
    if (!this.window.admits(packet.sequence)) return { ok: false, why: 'replayed' };
    const opened = openPacket(this.keying, packet);
    if (opened.ok) this.window.note(packet.sequence);
    return opened;
  }
}

/** Both directions at one end, on the path they share. */
export class EspGuard implements Guard {
  readonly protocol = 'esp';
  readonly inbound: InboundSa;
  readonly outbound: OutboundSa;
  private readonly path: Path;
  private readonly rng: Rng;

  constructor(inbound: Keying, outbound: Keying, path: Path, rng: Rng) {
    this.inbound = new InboundSa(inbound);
    this.outbound = new OutboundSa(outbound);
    this.path = path;
    this.rng = rng;
  }

  get spi(): number {
    return this.inbound.keying.spi;
  }

  get peerSpi(): number {
    return this.outbound.keying.spi;
  }

  readonly send = (inside: Inside): void => this.path.sendEsp(this.outbound.seal(inside, this.rng));

  readonly open = ({ packet }: Arrived): Opened => {
    const parsed = esp.parse(packet);
    return parsed.ok ? this.inbound.open(parsed.value) : { ok: false, why: 'malformed' };
  };
}

/**
 * A pair of AH associations at one end (RFC 4302): what goes out is numbered and signed, what comes in is checked over
 * the very packet that arrived.
 * @module
 */
import { equal } from '../lib/bytes.ts';
import * as ah from '../wire/ah.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { AH_TRANSFORMS, type AhKeying, icvOf } from './ah-packet.ts';
import type { Host } from './endpoint.ts';
import { ReplayWindow } from './esp-replay.ts';
import type { Arrived, Guard, Inside, Opened } from './ipsec-guard.ts';
import type { Path } from './ipsec-path.ts';

export class AhGuard implements Guard {
  readonly protocol = 'ah';
  private readonly host: Host;
  private readonly inbound: AhKeying;
  private readonly outbound: AhKeying;
  private readonly path: Path;
  private readonly window = new ReplayWindow();
  private sequence = 0;

  constructor(host: Host, inbound: AhKeying, outbound: AhKeying, path: Path) {
    this.host = host;
    this.inbound = inbound;
    this.outbound = outbound;
    this.path = path;
  }

  get spi(): number {
    return this.inbound.spi;
  }

  get peerSpi(): number {
    return this.outbound.spi;
  }

  readonly send = ({ nextHeader, payload }: Inside): void => {
    const { spi, transform } = this.outbound;
    const icv = new Uint8Array(AH_TRANSFORMS[transform].icvLength);
    const fields = { nextHeader, spi, sequence: ++this.sequence, payload };
    // The ICV covers the header in front, so that has to be known before it is sent, its number included.
    const identification = this.host.rng.u16();
    const destination = this.path.peer.address;
    const draft = ipv4.encode({
      source: this.host.address,
      destination,
      protocol: ah.PROTOCOL,
      id: identification,
      payload: ah.encode({ ...fields, icv }),
    });
    const signed = ah.encode({ ...fields, icv: icvOf(this.outbound, draft) });
    this.host.send({ protocol: ah.PROTOCOL, destination, identification, payload: signed });
  };

  readonly open = ({ packet, incoming }: Arrived): Opened => {
    const parsed = ah.parse(packet);
    if (!parsed.ok || parsed.value.icv.length !== AH_TRANSFORMS[this.inbound.transform].icvLength)
      return { ok: false, why: 'malformed' };
    const { sequence, icv, nextHeader, payload } = parsed.value;
    if (!this.window.admits(sequence)) return { ok: false, why: 'replayed' };
    if (!equal(icv, icvOf(this.inbound, incoming.packet))) return { ok: false, why: 'bad-icv' };
    this.window.note(sequence);
    return { ok: true, inside: { nextHeader, payload } };
  };
}

/**
 * What carries OpenVPN's packets: datagrams as they are, or a TCP stream with each packet's length before it.
 * @module
 */
import { concat, u16 } from '../lib/bytes.ts';
import * as openvpn from '../wire/openvpn.ts';
import * as udp from '../wire/udp.ts';
import type { Host } from './endpoint.ts';

export type Control = Extract<openvpn.Packet, { readonly kind: 'control' }>;
export type DataV2 = Extract<openvpn.Packet, { readonly kind: 'data-v2' }>;

export interface Ends {
  readonly local: number;
  readonly localPort: number;
  readonly remote: number;
  readonly remotePort: number;
}

/** Our control channel is plain: no --tls-auth, no --tls-crypt. Anything else is nobody's. */
export function readPacket(bytes: Uint8Array): Control | DataV2 | undefined {
  const parsed = openvpn.parse(bytes, { kind: 'plain' });
  const packet = parsed.ok ? parsed.value : undefined;
  return packet?.kind === 'control' || packet?.kind === 'data-v2' ? packet : undefined;
}

export function sendDatagram(host: Host, ends: Ends, packet: openvpn.Packet): void {
  const pseudo = { source: ends.local, destination: ends.remote };
  const payload = udp.encode(
    { sourcePort: ends.localPort, destinationPort: ends.remotePort, payload: openvpn.encode(packet) },
    pseudo,
  );
  host.send({ protocol: udp.PROTOCOL, ...pseudo, payload });
}

/** Cuts a TCP stream into packets. */
export class Framing {
  private bytes: Uint8Array = new Uint8Array(0);

  /** The packets that are whole now; "broken" where a length makes no sense. */
  take(bytes: Uint8Array): readonly Uint8Array[] | 'broken' {
    this.bytes = concat(this.bytes, bytes);
    const found: Uint8Array[] = [];
    while (this.bytes.length >= 2) {
      const length = u16(this.bytes, 0);
      if (length === 0) return 'broken';
      if (this.bytes.length < 2 + length) break;
      found.push(this.bytes.slice(2, 2 + length));
      this.bytes = this.bytes.subarray(2 + length);
    }
    return found;
  }
}

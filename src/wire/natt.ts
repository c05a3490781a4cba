/**
 * What runs on UDP port 4500, RFC 3948 §2. Three things share it and the first bytes tell them apart:
 *   |0 ff|                            one byte alone: a NAT keepalive
 *   |0 00 00 00 00 |4 IKE …           the non-ESP marker, then an IKE message
 *   |0 SPI, not zero |4 sequence …    anything else: an ESP packet
 * @module
 */
import { concat, u32 } from '../lib/bytes.ts';
import type { Dissector } from './layer-reader.ts';
import { ok, type Parsed, truncated } from './result.ts';

export const PORT = 4500;
export const MARKER_LEN = 4;

export type Datagram =
  | { readonly kind: 'keepalive' }
  | { readonly kind: 'ike'; readonly message: Uint8Array }
  | { readonly kind: 'esp'; readonly packet: Uint8Array };

export function parse(bytes: Uint8Array): Parsed<Datagram> {
  if (bytes.length === 1 && bytes[0] === 0xff) return ok({ kind: 'keepalive' });
  if (bytes.length < MARKER_LEN) return truncated('natt', MARKER_LEN, bytes.length);
  if (u32(bytes, 0) === 0) return ok({ kind: 'ike', message: bytes.subarray(MARKER_LEN) });
  return ok({ kind: 'esp', packet: bytes });
}

export function encode(datagram: Datagram): Uint8Array {
  switch (datagram.kind) {
    case 'keepalive':
      return Uint8Array.of(0xff);
    case 'ike':
      return concat(new Uint8Array(MARKER_LEN), datagram.message);
    case 'esp':
      return datagram.packet;
  }
}

/** For ESP the layer is empty: the encapsulation adds nothing but the UDP header around it. */
export const dissect: Dissector = (reader) => {
  reader.name = 'UDP Encapsulation of IPsec Packets';
  if (reader.left === 1 && reader.bytes[reader.at] === 0xff) {
    reader.raw('NAT-keepalive packet', 'udpencap.nat_keepalive', 1, '0xff');
    reader.summary = 'NAT-keepalive';
    return undefined;
  }
  if (reader.left < MARKER_LEN) reader.need(MARKER_LEN, 'Non-ESP Marker or SPI');
  if (u32(reader.bytes, reader.at) !== 0) {
    reader.summary = 'ESP in UDP';
    return { protocol: 'esp', offset: reader.at, end: reader.end };
  }
  reader.raw('Non-ESP Marker', 'udpencap.non_esp_marker', MARKER_LEN);
  reader.summary = 'IKE behind the non-ESP marker';
  return { protocol: 'isakmp', offset: reader.at, end: reader.end };
};

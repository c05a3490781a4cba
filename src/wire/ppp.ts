/**
 * PPP frames as tunnels carry them: without flags, escapes and check sequence (RFC 1661 §2, RFC 1662, RFC 2637 §4).
 *
 *     |[FF 03] address and control, unless compressed away |protocol 2, or 1 if odd and compressed |information …
 *
 * @module
 */
import { concat, u16 } from '../lib/bytes.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { ok, type Parsed, truncated } from './result.ts';
import { hex16, named } from './show.ts';

export const IPV4 = 0x0021;
export const IPV6 = 0x0057;
export const COMPRESSED = 0x00fd;
export const IPCP = 0x8021;
export const IPV6CP = 0x8057;
export const CCP = 0x80fd;
export const LCP = 0xc021;
export const PAP = 0xc023;
export const CHAP = 0xc223;

export interface Fields {
  readonly protocol: number;
  /** Whether FF 03 comes first. LCP must always send it when a framing uses it at all. */
  readonly addressControl: boolean;
  /** Whether the protocol takes one byte: for numbers up to FF, all of which are odd. */
  readonly shortProtocol: boolean;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  const addressControl = bytes[0] === 0xff && bytes[1] === 3;
  const at = addressControl ? 2 : 0;
  // The low bit of a protocol number's last byte is set, that of any byte before it is not (RFC 1661 §2).
  const shortProtocol = bytes.length > at && (bytes[at]! & 1) === 1;
  const payloadAt = at + (shortProtocol ? 1 : 2);
  if (payloadAt > bytes.length) return truncated('ppp', payloadAt, bytes.length);
  const protocol = shortProtocol ? bytes[at]! : u16(bytes, at);
  return ok({ protocol, addressControl, shortProtocol, payload: bytes.subarray(payloadAt) });
}

export function encode(fields: Pick<Fields, 'protocol' | 'payload'> & Partial<Fields>): Uint8Array {
  const { protocol } = fields;
  return concat(
    (fields.addressControl ?? true) ? Uint8Array.of(0xff, 3) : new Uint8Array(0),
    fields.shortProtocol ? Uint8Array.of(protocol) : Uint8Array.of(protocol >>> 8, protocol),
    fields.payload,
  );
}

const NAMES: Readonly<Record<number, string>> = {
  33: 'Internet Protocol version 4',
  45: 'Van Jacobson compressed TCP/IP',
  47: 'Van Jacobson uncompressed TCP/IP',
  61: 'Multilink Protocol',
  87: 'Internet Protocol version 6',
  253: 'Compressed datagram',
  32801: 'Internet Protocol Control Protocol',
  32851: 'Encryption Control Protocol',
  32855: 'IPv6 Control Protocol',
  33021: 'Compression Control Protocol',
  49185: 'Link Control Protocol',
  49187: 'Password Authentication Protocol',
  49189: 'Link Quality Report',
  49193: 'Callback Control Protocol',
  49699: 'Challenge Handshake Authentication Protocol',
  49703: 'Extensible Authentication Protocol',
};

const READERS: Readonly<Record<number, string>> = {
  [IPV4]: 'ipv4',
  [IPV6]: 'ipv6',
  [COMPRESSED]: 'mppe',
  [IPCP]: 'ipcp',
  [IPV6CP]: 'ipv6cp',
  [CCP]: 'ccp',
  [LCP]: 'lcp',
  [PAP]: 'pap',
  [CHAP]: 'chap',
};

/** The id of the dissector for a PPP protocol number. */
export function readerOf(protocol: number): string {
  return READERS[protocol] ?? 'data';
}

export const protocolName = (value: number): string => named(NAMES, value).replace(/\d+\)$/, `${hex16(value)})`);

export const dissect: Dissector = (reader) => {
  reader.name = 'Point-to-Point Protocol';
  const { bytes, at } = reader;
  if (reader.left >= 2 && bytes[at] === 0xff && bytes[at + 1] === 3) {
    reader.u8('Address', 'ppp.address', () => '0xff');
    reader.u8('Control', 'ppp.control', () => '0x03');
  }
  return information(reader);
};

function information(reader: LayerReader): Next {
  const short = reader.left > 0 && (reader.bytes[reader.at]! & 1) === 1;
  const protocol = short
    ? reader.u8('Protocol', 'ppp.protocol', protocolName)
    : reader.u16('Protocol', 'ppp.protocol', protocolName);
  reader.summary = NAMES[protocol] ?? `PPP protocol ${hex16(protocol)}`;
  return { protocol: readerOf(protocol), offset: reader.at, end: reader.end };
}

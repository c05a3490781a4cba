/**
 * What an L2TPv3 session carries, and after how many bytes of cookie and sublayer it starts: neither is written in the
 * packet (RFC 3931 §4.1), but a packet inside gives itself away by its own lengths and checksums.
 * @module
 */
import { i32, u16 } from '../lib/bytes.ts';
import { checksum } from './checksum.ts';

export interface Frame {
  readonly protocol: 'ethernet' | 'ppp' | 'ipv4';
  readonly offset: number;
}

/** Cookies have 0, 4 or 8 bytes, the sublayer 0 or 4. */
const SKIPS = [0, 4, 8, 12];

/** Where a frame starts, or undefined where nothing proves one. */
export function recognise(bytes: Uint8Array, from: number, to: number): Frame | undefined {
  for (const skip of SKIPS) {
    const offset = from + skip;
    if (isEthernet(bytes, offset, to)) return { protocol: 'ethernet', offset };
    if (isPpp(bytes, offset, to)) return { protocol: 'ppp', offset };
    if (isIpv4(bytes, offset, to) && u16(bytes, offset + 2) === to - offset) return { protocol: 'ipv4', offset };
  }
  return undefined;
}

/** Version 4, lengths that fit and a right header checksum: 20 bits and more that chance would have to hit. */
function isIpv4(bytes: Uint8Array, at: number, to: number): boolean {
  if (at + 20 > to || bytes[at]! >>> 4 !== 4) return false;
  const header = 4 * (bytes[at]! & 15);
  const total = u16(bytes, at + 2);
  return header >= 20 && total >= header && at + total <= to && checksum(bytes, at, at + header) === 0;
}

function isEthernet(bytes: Uint8Array, at: number, to: number): boolean {
  if (at + 14 > to) return false;
  const tagged = u16(bytes, at + 12) === 0x8100;
  const type = at + (tagged ? 16 : 12);
  if (type + 10 > to) return false;
  switch (u16(bytes, type)) {
    case 0x0800:
      return isIpv4(bytes, type + 2, to);
    case 0x0806: // ARP for IPv4 over Ethernet: types 1 and 0800, lengths 6 and 4
      return i32(bytes, type + 2) === 0x00010800 && u16(bytes, type + 6) === 0x0604;
    case 0x86dd:
      return bytes[type + 2]! >>> 4 === 6 && u16(bytes, type + 6) + 40 === to - type - 2;
    default:
      return false;
  }
}

/** A protocol field, with FF 03 before it or not, then an IPv4 packet or a control packet of the right length. */
function isPpp(bytes: Uint8Array, at: number, to: number): boolean {
  const field = at + 2 <= to && u16(bytes, at) === 0xff03 ? at + 2 : at;
  if (field + 6 > to) return false;
  switch (u16(bytes, field)) {
    case 0x0021:
      return isIpv4(bytes, field + 2, to);
    case 0xc021: // LCP, PAP, CHAP, IPCP and CCP all give a code and their length
    case 0xc023:
    case 0xc223:
    case 0x8021:
    case 0x80fd:
      return bytes[field + 2]! >= 1 && bytes[field + 2]! <= 15 && u16(bytes, field + 4) === to - field - 2;
    default:
      return false;
  }
}

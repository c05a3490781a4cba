/**
 * A tunnel that ends on the router itself: laptops behind it need no VPN client, and no passthrough is asked for. Such
 * an endpoint runs on the router's node; the router gives it what the LAN sends to the far side, and takes back what
 * comes out of the tunnel.
 * @module
 */
import { putU16, u16, u32 } from '../lib/bytes.ts';
import { update16 } from '../wire/checksum.ts';
import * as icmp from '../wire/icmp.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Endpoint, Host } from './endpoint.ts';

export interface Gateway extends Endpoint {
  /**
   * Takes a whole packet that the LAN sent. Answers whether it lies beyond the tunnel; where it does not, the router
   * forwards it as it forwards anything.
   */
  outbound(host: Host, packet: Uint8Array): boolean;
  /** Where packets for the LAN go that came out of the tunnel. Set by whoever owns the router. */
  onInner?: (host: Host, packet: Uint8Array) => void;
}

const FLAGS_AT = 6;
const TTL_AT = 8;
const PROTOCOL_AT = 9;
const CHECKSUM_AT = 10;
const DONT_FRAGMENT = 0x4000;
const OFFSET = 0x1fff;
/** ICMP errors quote the header and this much of the data. */
const QUOTED_DATA = 28;

/** What a router does with a packet at a tunnel's end: on with it, an ICMP error to its sender, or nothing. */
export type Hop =
  | { readonly kind: 'on'; readonly packet: Uint8Array }
  | { readonly kind: 'error'; readonly packet: Uint8Array }
  | { readonly kind: 'drop' };

/** `router`: the address that complains; `mtu`: the largest packet that the way ahead takes. */
export function hop(packet: Uint8Array, router: number, mtu: number): Hop {
  if (packet[TTL_AT]! <= 1) return complain(packet, router, { kind: 'time-exceeded', code: 0, quote: quoteOf(packet) });
  if (packet.length > mtu && (u16(packet, FLAGS_AT) & DONT_FRAGMENT) !== 0)
    return complain(packet, router, { kind: 'unreachable', code: 4, mtu, quote: quoteOf(packet) });
  return { kind: 'on', packet: aged(packet) };
}

/** The same packet with one hop less to live. */
function aged(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[TTL_AT]!--;
  putU16(copy, CHECKSUM_AT, update16(u16(packet, CHECKSUM_AT), u16(packet, TTL_AT), u16(copy, TTL_AT)));
  return copy;
}

function quoteOf(packet: Uint8Array): Uint8Array {
  return packet.subarray(0, headerLength(packet) + QUOTED_DATA);
}

function complain(packet: Uint8Array, router: number, message: icmp.Message): Hop {
  if (mayNotBeAnswered(packet)) return { kind: 'drop' };
  const payload = icmp.encode(message);
  const given = { source: router, destination: u32(packet, 12), protocol: icmp.PROTOCOL, tos: 0xc0, payload };
  return { kind: 'error', packet: ipv4.encode(given) };
}

/** RFC 1122 §3.2.2: no errors about errors, nor about later fragments. */
function mayNotBeAnswered(packet: Uint8Array): boolean {
  const laterFragment = (u16(packet, FLAGS_AT) & OFFSET) !== 0;
  const type = packet[headerLength(packet)];
  return laterFragment || (packet[PROTOCOL_AT] === icmp.PROTOCOL && type !== 8 && type !== 0);
}

function headerLength(packet: Uint8Array): number {
  return (packet[0]! & 15) * 4;
}

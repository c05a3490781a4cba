/**
 * By what a packet is known again on the other side of a router that translated it: all that no router changes.
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';
import { PROTOCOL as ICMP } from '../wire/icmp.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';

/** A packet's shape: what both sides share even where a helper or an ICMP error rewrote the payload. */
export function shapeOf(packet: Uint8Array): string {
  return `${packet[9]} ${u16(packet, 2)} ${u16(packet, 6) & 0x1fff} ${u16(packet, 4)}`;
}

/** The shape of a packet the router made itself, whose identification field is its own affair. */
export function shapeWithoutId(packet: Uint8Array): string {
  return `${packet[9]} ${u16(packet, 2)} ${u16(packet, 6) & 0x1fff}`;
}

/**
 * The shape and a hash of the payload past what plain translation rewrites: two such packets are one, seen twice. Where
 * captures did not keep all, `upTo` says how far both did.
 */
export function identityOf(packet: Uint8Array, upTo = packet.length): string {
  const start = (packet[0]! & 15) * 4;
  const protocol = packet[9]!;
  let hash = 0x811c9dc5;
  const end = Math.min(packet.length, upTo);
  for (let at = start + fixedFrom(protocol); at < end; at++) hash = Math.imul(hash ^ packet[at]!, 0x01000193);
  const sequence = protocol === TCP && packet.length >= start + 8 ? u32(packet, start + 4) : 0;
  return `${shapeOf(packet)} ${packet[1]} ${sequence} ${hash >>> 0}`;
}

/** Where, after the IP header, the bytes begin that no plain translation touches. */
function fixedFrom(protocol: number): number {
  return protocol === TCP ? 18 : protocol === ICMP ? 8 : 12;
}

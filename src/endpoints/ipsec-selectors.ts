/**
 * Traffic selectors (RFC 7296 §2.9, RFC 4301 §4.4.1): which packets a security association is for. One list speaks of
 * our end, one of the peer's; a packet belongs to the association if each of its ends is covered.
 * @module
 */
import { u16, u32, u32Bytes } from '../lib/bytes.ts';
import { netmask, type Prefix } from '../wire/address.ts';
import type { TrafficSelector } from '../wire/ikev2-ts.ts';
import type * as ipv4 from '../wire/ipv4.ts';

export interface Selector {
  /** IP protocol number; 0 is any. */
  readonly protocol: number;
  readonly firstAddress: number;
  readonly lastAddress: number;
  readonly firstPort: number;
  readonly lastPort: number;
}

/** One end of a packet as selectors see it. Port 0 where the protocol has none. */
export interface FlowEnd {
  readonly protocol: number;
  readonly address: number;
  readonly port: number;
}

const TS_IPV4_ADDR_RANGE = 7;
const LAST_PORT = 0xffff;
const WITH_PORTS = new Set([6, 17, 33, 132, 136]);

export function subnet(prefix: Prefix): Selector {
  const mask = netmask(prefix.length);
  const firstAddress = (prefix.address & mask) >>> 0;
  return { protocol: 0, firstAddress, lastAddress: (firstAddress | ~mask) >>> 0, firstPort: 0, lastPort: LAST_PORT };
}

/** One address; with `protocol` and `port` narrowed to them. */
export function single(address: number, protocol = 0, port?: number): Selector {
  return {
    protocol,
    firstAddress: address,
    lastAddress: address,
    firstPort: port ?? 0,
    lastPort: port ?? LAST_PORT,
  };
}

export const ANYWHERE: Selector = subnet({ address: 0, length: 0 });

/** What both sides agree on: every pair's intersection that is not empty (RFC 7296 §2.9). */
export function narrow(offered: readonly Selector[], allowed: readonly Selector[]): readonly Selector[] {
  return offered.flatMap((theirs) => allowed.flatMap((ours) => intersection(theirs, ours) ?? []));
}

function intersection(a: Selector, b: Selector): Selector | undefined {
  if (a.protocol !== 0 && b.protocol !== 0 && a.protocol !== b.protocol) return undefined;
  const common: Selector = {
    protocol: a.protocol || b.protocol,
    firstAddress: Math.max(a.firstAddress, b.firstAddress),
    lastAddress: Math.min(a.lastAddress, b.lastAddress),
    firstPort: Math.max(a.firstPort, b.firstPort),
    lastPort: Math.min(a.lastPort, b.lastPort),
  };
  return common.firstAddress <= common.lastAddress && common.firstPort <= common.lastPort ? common : undefined;
}

/** Whether some packet end belongs to both lists. */
export function overlap(a: readonly Selector[], b: readonly Selector[]): boolean {
  return narrow(a, b).length > 0;
}

export function covers(selectors: readonly Selector[], end: FlowEnd): boolean {
  return selectors.some(
    (each) =>
      (each.protocol === 0 || each.protocol === end.protocol) &&
      each.firstAddress <= end.address &&
      end.address <= each.lastAddress &&
      each.firstPort <= end.port &&
      end.port <= each.lastPort,
  );
}

/** The same selectors about another address: the substitution of RFC 7296 §2.23.1. */
export function moved(selectors: readonly Selector[], address: number): readonly Selector[] {
  return selectors.map((each) => ({ ...each, firstAddress: address, lastAddress: address }));
}

export function sourceOf(packet: ipv4.Fields): FlowEnd {
  return { protocol: packet.protocol, address: packet.source, port: portAt(packet, 0) };
}

export function destinationOf(packet: ipv4.Fields): FlowEnd {
  return { protocol: packet.protocol, address: packet.destination, port: portAt(packet, 2) };
}

function portAt({ protocol, payload }: ipv4.Fields, offset: number): number {
  return WITH_PORTS.has(protocol) && payload.length >= 4 ? u16(payload, offset) : 0;
}

export function toWire(selectors: readonly Selector[]): TrafficSelector[] {
  return selectors.map(({ protocol, firstPort, lastPort, firstAddress, lastAddress }) => ({
    type: TS_IPV4_ADDR_RANGE,
    protocol,
    firstPort,
    lastPort,
    firstAddress: u32Bytes(firstAddress),
    lastAddress: u32Bytes(lastAddress),
  }));
}

/** Ranges of other address families are left out. */
export function fromWire(selectors: readonly TrafficSelector[]): readonly Selector[] {
  return selectors
    .filter(({ type, firstAddress }) => type === TS_IPV4_ADDR_RANGE && firstAddress.length === 4)
    .map(({ protocol, firstPort, lastPort, firstAddress, lastAddress }) => ({
      protocol,
      firstPort,
      lastPort,
      firstAddress: u32(firstAddress, 0),
      lastAddress: u32(lastAddress, 0),
    }));
}

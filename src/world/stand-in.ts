/**
 * Packets of which the capture kept only the beginning (a snap length). A router decides by headers, and how it changes
 * a checksum follows from what it changes before it: so such a packet can be routed if its headers are there. For what
 * is missing, bytes stand in under which the checksum is as right as the one that was captured. They are in the router's
 * hands only: from all that comes out of it, what stands for them is cut off again.
 *
 * A packet whose way depends on what is missing is left out: a fragment, a checksum over everything (SCTP), a message
 * that a helper would have to read to its end.
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';
import type { Emission } from '../router/outcome.ts';
import { PROTOCOL as AH } from '../wire/ah.ts';
import { checksum, pseudoSum } from '../wire/checksum.ts';
import { PROTOCOL as ESP } from '../wire/esp.ts';
import { PROTOCOL as GRE } from '../wire/gre.ts';
import { PROTOCOL as ICMP } from '../wire/icmp.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';

const PPTP_PORT = 1723;
const L2TP_PORT = 1701;
const IKE_PORTS = [500, 4500];

/** What every helper reads of a PPTP message: up to the result of a call. */
const PPTP_READ = 18;
/** IKE's header, behind the marker that port 4500 has before it. */
const IKE_READ = 32;
/** The headers of GRE as PPTP has it, and of ESP and AH as far as any router reads them. */
const PORTLESS_READ: ReadonlyMap<number, number> = new Map([
  [GRE, 16],
  [ESP, 8],
  [AH, 12],
]);

/** The packet in its full length; undefined where a router would have to know what is missing. */
export function stoodIn(kept: Uint8Array): Uint8Array | undefined {
  const start = (kept[0]! & 15) * 4;
  const total = u16(kept, 2);
  if (start < 20 || kept.length < start || total <= kept.length || (u16(kept, 6) & 0x3fff) !== 0) return undefined;
  const read = bytesRead(kept, start, total);
  if (read === undefined || kept.length < Math.min(read, total)) return undefined;
  const whole = new Uint8Array(total);
  whole.set(kept);
  return balanced(whole, start, kept.length) ? whole : undefined;
}

/** How much of it a router may read, from its beginning; undefined where that is all of it. */
function bytesRead(kept: Uint8Array, start: number, total: number): number | undefined {
  const ports = kept.length >= start + 4 ? [u16(kept, start), u16(kept, start + 2)] : [];
  switch (kept[9]) {
    case TCP: {
      if (kept.length < start + 20) return start + 20;
      const data = start + (kept[start + 12]! >>> 4) * 4;
      if (!ports.includes(PPTP_PORT) || data === total) return data;
      // A second message in the same segment would begin where nothing was kept.
      return kept.length >= data + 2 && u16(kept, data) === total - data ? data + PPTP_READ : undefined;
    }
    case UDP: {
      const data = start + 8;
      if (kept.length < data) return data;
      if (u16(kept, start + 4) !== total - start) return undefined;
      if (ports.includes(L2TP_PORT)) return isL2tpControl(kept, data) ? undefined : data + 12;
      return ports.some((port) => IKE_PORTS.includes(port)) ? data + IKE_READ : data;
    }
    case ICMP:
      return isIcmpError(kept, start) ? quotedRead(kept, start + 8) : start + 8;
    default: {
      const read = PORTLESS_READ.get(kept[9]!);
      return read === undefined ? undefined : start + read;
    }
  }
}

function isL2tpControl(kept: Uint8Array, data: number): boolean {
  return kept.length <= data || (kept[data]! & 0x80) !== 0;
}

/** An ICMP error is known by the packet that it quotes, whose checksum changes with its addresses. */
function quotedRead(kept: Uint8Array, quoted: number): number {
  if (kept.length < quoted + 20) return quoted + 20;
  return quoted + (kept[quoted]! & 15) * 4 + (QUOTED_SHORT.has(kept[quoted + 9]!) ? 8 : 20);
}

/** Protocols of which no router reads or changes more than eight bytes in a quotation. */
const QUOTED_SHORT: ReadonlySet<number> = new Set([UDP, ICMP, GRE, ESP]);

const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

export function isIcmpError(packet: Uint8Array, start: number): boolean {
  return packet[9] === ICMP && ICMP_ERRORS.has(packet[start] ?? 0);
}

/** Makes the transport checksum right by the first two missing bytes. Answers whether that can be. */
function balanced(whole: Uint8Array, start: number, from: number): boolean {
  const protocol = whole[9]!;
  const covered = protocol === TCP || protocol === ICMP || (protocol === UDP && u16(whole, start + 6) !== 0);
  if (!covered) return true;
  const pseudo = protocol === ICMP ? 0 : pseudoSum(u32(whole, 12), u32(whole, 16), protocol, whole.length - start);
  const lacking = checksum(whole, start, whole.length, pseudo);
  const isHigh = (at: number) => (at - start) % 2 === 0;
  for (const at of [from, from + 1]) if (at < whole.length) whole[at] = isHigh(at) ? lacking >>> 8 : lacking & 0xff;
  return checksum(whole, start, whole.length, pseudo) === 0;
}

/** How many bytes of what came out for a packet are of the capture: `kept` of the packet were. */
export function keptOf({ packet, own }: Emission, kept: number | undefined): number {
  if (kept === undefined) return packet.length;
  const start = (packet[0]! & 15) * 4;
  // An error quotes the packet that it is about.
  const before = own && isIcmpError(packet, start) ? start + 8 : -(u16(packet, 6) & 0x1fff) * 8;
  return Math.min(packet.length, Math.max(start, before + kept));
}

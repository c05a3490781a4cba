/**
 * Sends recorded answers to where our router makes their servers believe the laptops are.
 *
 * It watches what our router makes of outgoing packets: addresses, ports, identifiers, and the Call IDs in PPTP's
 * control messages. An answer as a laptop got it is turned back by the same table into what its server would have sent.
 * @module
 */
import { putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import { checksum, update16, update32 } from '../wire/checksum.ts';
import { PROTOCOL as GRE } from '../wire/gre.ts';
import { PROTOCOL as ICMP } from '../wire/icmp.ts';
import * as pptp from '../wire/pptp.ts';
import { MESSAGES } from '../wire/pptp-messages.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';

interface Outside {
  readonly address: number;
  /** Port or ICMP identifier; undefined where the protocol has none. */
  readonly key: number | undefined;
}

export class Aim {
  private readonly outside = new Map<string, Outside>();
  /** Of the laptop, as it chose it, to the one that its server was told. */
  private readonly callIds = new Map<string, number>();

  /** A packet from inside, and what our router sent in its place. */
  note(inside: Uint8Array, sent: Uint8Array): void {
    const flow = flowOf(inside, 'outbound');
    const key = keyAt(sent, 'outbound');
    const address = u32(sent, SOURCE);
    this.outside.set(endsOf(inside, 'outbound'), { address, key: undefined });
    if (flow !== undefined) this.outside.set(flow, { address, key: key && u16(sent, key) });
    const [mine, theirs] = [messagesIn(inside, pptp.PORT, DESTINATION), messagesIn(sent, pptp.PORT, DESTINATION)];
    for (const [i, { at }] of mine.entries()) {
      const told = theirs[i]?.at.callId;
      if (at.callId !== undefined && told !== undefined)
        this.callIds.set(callKey(inside, SOURCE, DESTINATION, u16(inside, at.callId)), u16(sent, told));
    }
  }

  /** What the server sent for the laptop to get `packet`; undefined where our router never sent it a question. */
  at(packet: Uint8Array): Uint8Array | undefined {
    const turned = packet.slice();
    const start = headerOf(packet);
    if (packet[8]! < 255) put16(turned, 8, (packet[8]! + 1) * 256 + packet[9]!, [10]);
    const quoted = quotedIn(packet);
    const flow = quoted === undefined ? flowOf(packet, 'inbound') : flowOf(packet.subarray(quoted), 'outbound');
    if (flow === undefined) return this.atFragment(turned);
    const found = this.outside.get(flow);
    if (!found) return undefined;
    if (quoted !== undefined) this.turnQuoted(turned, quoted, found);
    const sums = [10, ...sumOf(turned, 0)];
    put32(turned, DESTINATION, found.address, sums);
    const key = keyAt(turned, 'inbound');
    if (key !== undefined && found.key !== undefined) put16(turned, key, found.key, sumOf(turned, 0));
    if (quoted !== undefined) {
      putU16(turned, start + 2, 0);
      putU16(turned, start + 2, checksum(turned, start, turned.length));
    }
    this.turnCallIds(turned, packet);
    return turned;
  }

  /** Later fragments have no ports: the address is all that was translated. Any flow between the two tells it. */
  private atFragment(turned: Uint8Array): Uint8Array | undefined {
    const found = this.outside.get(endsOf(turned, 'inbound'));
    if (found) put32(turned, DESTINATION, found.address, [10]);
    return found && turned;
  }

  /** An ICMP error quotes what its sender got: our router's packet, not the laptop's. */
  private turnQuoted(turned: Uint8Array, quoted: number, { address, key }: Outside): void {
    const inner = turned.subarray(quoted);
    put32(inner, SOURCE, address, [10, ...sumOf(inner, 0)]);
    const at = keyAt(inner, 'outbound');
    if (at !== undefined && key !== undefined) put16(inner, at, key, sumOf(inner, 0));
  }

  private turnCallIds(turned: Uint8Array, packet: Uint8Array): void {
    const told = (at: number) => this.callIds.get(callKey(packet, DESTINATION, SOURCE, u16(packet, at)));
    for (const { at } of messagesIn(packet, pptp.PORT, SOURCE)) {
      const id = at.peerCallId === undefined ? undefined : told(at.peerCallId);
      if (at.peerCallId !== undefined && id !== undefined) put16(turned, at.peerCallId, id, sumOf(turned, 0));
    }
    const start = headerOf(packet);
    if (packet[9] !== GRE || packet.length < start + 8 || (packet[start + 1]! & 7) !== 1) return;
    const id = told(start + 6);
    if (id !== undefined) putU16(turned, start + 6, id);
  }
}

const SOURCE = 12;
const DESTINATION = 16;
type Direction = 'outbound' | 'inbound';

const headerOf = (packet: Uint8Array): number => (packet[0]! & 15) * 4;
const isFirst = (packet: Uint8Array): boolean => (u16(packet, 6) & 0x1fff) === 0;

/** Protocol, laptop, server and their ports, the same for both directions; undefined for later fragments. */
function flowOf(packet: Uint8Array, direction: Direction): string | undefined {
  if (packet.length < 20 || !isFirst(packet)) return undefined;
  const ends = endsOf(packet, direction);
  const key = keyAt(packet, direction);
  if (key === undefined) return ends;
  const other = packet[9] === ICMP ? undefined : headerOf(packet) + (direction === 'outbound' ? 2 : 0);
  return `${ends} ${u16(packet, key)} ${other === undefined ? '' : u16(packet, other)}`;
}

function endsOf(packet: Uint8Array, direction: Direction): string {
  const [near, far] = direction === 'outbound' ? [SOURCE, DESTINATION] : [DESTINATION, SOURCE];
  return `${packet[9]} ${u32(packet, near)} ${u32(packet, far)}`;
}

/** Where the laptop's port stands, or an ICMP query's identifier. */
function keyAt(packet: Uint8Array, direction: Direction): number | undefined {
  const start = headerOf(packet);
  if (!isFirst(packet) || packet.length < start + 8) return undefined;
  if (packet[9] === ICMP) return QUERIES.has(packet[start]!) ? start + 4 : undefined;
  if (packet[9] !== TCP && packet[9] !== UDP) return undefined;
  return start + (direction === 'outbound' ? 0 : 2);
}

/** Echo, timestamp, information and address mask: requests and replies. */
const QUERIES: ReadonlySet<number> = new Set([0, 8, 13, 14, 15, 16, 17, 18]);
const ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Where the packet that an ICMP error is about begins. */
function quotedIn(packet: Uint8Array): number | undefined {
  const start = headerOf(packet);
  const quotes = packet[9] === ICMP && isFirst(packet) && ERRORS.has(packet[start]!) && packet.length >= start + 28;
  return quotes ? start + 8 : undefined;
}

/** Checksums that cover addresses and ports. */
function sumOf(packet: Uint8Array, from: number): readonly number[] {
  const start = from + headerOf(packet);
  if (!isFirst(packet)) return [];
  if (packet[9] === TCP && packet.length >= start + 18) return [start + 16];
  if (packet[9] === UDP && packet.length >= start + 8 && u16(packet, start + 6) !== 0) return [start + 6];
  return packet[9] === ICMP && packet.length >= start + 4 ? [start + 2] : [];
}

/** ICMP's checksum covers no addresses. */
function put32(bytes: Uint8Array, at: number, value: number, sums: readonly number[]): void {
  const before = u32(bytes, at);
  if (before === value) return;
  for (const sum of sums)
    if (sum === 10 || bytes[9] !== ICMP) renew(bytes, sum, update32(u16(bytes, sum), before, value));
  putU32(bytes, at, value);
}

function put16(bytes: Uint8Array, at: number, value: number, sums: readonly number[]): void {
  const before = u16(bytes, at);
  if (before === value) return;
  for (const sum of sums) renew(bytes, sum, update16(u16(bytes, sum), before, value));
  putU16(bytes, at, value);
}

/** In UDP, 0 would mean that there is no checksum (RFC 768). */
function renew(bytes: Uint8Array, at: number, sum: number): void {
  putU16(bytes, at, sum === 0 && bytes[9] === UDP && at !== 10 ? 0xffff : sum);
}

interface MessagePlace {
  /** Offsets of its Call IDs in the packet. */
  readonly at: { readonly callId?: number; readonly peerCallId?: number };
}

/** The whole PPTP messages in a packet whose port at `end` is the server's. */
function messagesIn(packet: Uint8Array, port: number, end: number): readonly MessagePlace[] {
  const start = headerOf(packet);
  if (packet[9] !== TCP || !isFirst(packet) || packet.length < start + 20) return [];
  if (u16(packet, start + (end === SOURCE ? 0 : 2)) !== port) return [];
  const found: MessagePlace[] = [];
  let at = start + (packet[start + 12]! >>> 4) * 4;
  while (at < packet.length) {
    const parsed = pptp.parse(packet.subarray(at));
    if (!parsed.ok) break;
    const places: { callId?: number; peerCallId?: number } = {};
    let field = at + pptp.HEADER_LEN;
    for (const { name, size } of MESSAGES[parsed.value.message.kind].fields as readonly Named[]) {
      if (name === 'callId' || name === 'peerCallId') places[name] = field;
      field += size;
    }
    found.push({ at: places });
    at += parsed.value.length;
  }
  return found;
}

interface Named {
  readonly name?: string;
  readonly size: number;
}

function callKey(packet: Uint8Array, laptop: number, server: number, id: number): string {
  return `${u32(packet, laptop)} ${u32(packet, server)} ${id}`;
}

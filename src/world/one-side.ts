/**
 * Makes a recording of one capture: taken on both sides of a router at once, or on its inside alone.
 *
 * On the inside alone, what reached the router from outside is not to be seen, only what it made of it. That is enough:
 * an answer that arrived at a laptop was sent by its server, and the server will send it to wherever our router makes
 * it believe the laptop is (`aim.ts`). What the recorded router kept from its laptops is not in such a file.
 * @module
 */
import type { CapturedPacket } from '../capture/packet.ts';
import { u16 } from '../lib/bytes.ts';
import type { Route } from '../router/config.ts';
import { formatIpv4, inPrefix, ipv4, netmask, type Prefix } from '../wire/address.ts';
import { PROTOCOL as TCP } from '../wire/tcp.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';
import { filledIn } from './offload.ts';
import { identityOf } from './packet-identity.ts';
import { inOrder, nothingWhole, type Recorded, recordingOfSides, refuse, type SideName, sideOf } from './recording.ts';
import { destinationOf, type SidePacket, sourceOf, Votes } from './sides.ts';

const PATH = 'capture';

export function recordingOfOne(capture: Iterable<CapturedPacket>): Recorded {
  const side = sideOf(undefined, capture);
  if (!side.ok) return side;
  const packets = side.value.map((each) => (each.leftOut ? each : { ...each, packet: filledIn(each.packet) }));
  if (packets.length === 0) return refuse(PATH, 'IPv4 packets', 'none');
  const both = bothSides(packets);
  return both ? recordingOfSides(both.lan, both.wan, {}) : insideOnly(packets);
}

/** The two halves of a capture that shows packets before and after one router; undefined where none is seen twice. */
function bothSides(packets: readonly SidePacket[]): Readonly<Record<SideName, readonly SidePacket[]>> | undefined {
  const insiders = new Votes<number>();
  const seen = new Map<string, SidePacket>();
  for (const packet of packets) {
    const identity = identityOf(packet.packet);
    const before = seen.get(identity);
    seen.set(identity, packet);
    if (!before || before.packet[8]! - packet.packet[8]! !== 1) continue;
    const sourceChanged = sourceOf(before.packet) !== sourceOf(packet.packet);
    const destinationChanged = destinationOf(before.packet) !== destinationOf(packet.packet);
    if (sourceChanged === destinationChanged) continue;
    insiders.add(sourceChanged ? sourceOf(before.packet) : destinationOf(packet.packet));
  }
  const first = insiders.winner;
  if (first === undefined) return undefined;
  const home: Prefix = { address: first, length: 24 };
  const isInside = ({ packet }: SidePacket) =>
    inPrefix(sourceOf(packet), home) || inPrefix(destinationOf(packet), home);
  return { lan: packets.filter(isInside), wan: packets.filter((packet) => !isInside(packet)) };
}

function insideOnly(packets: readonly SidePacket[]): Recorded {
  const conversations = conversationsIn(packets);
  if (conversations.length === 0)
    return refuse(PATH, 'packets between one host and another', 'only broadcasts and what a host sends itself');
  const inside = insideHosts(conversations);
  const leaving = conversations.filter((each) => leaves(each, conversations, inside));
  const outbound: SidePacket[] = [];
  const returning: SidePacket[] = [];
  for (const { client, packets: both } of leaving)
    for (const packet of both) (sourceOf(packet.packet) === client ? outbound : returning).push(packet);
  if (outbound.length === 0)
    return refuse(
      PATH,
      'packets in both directions, or at least what the hosts at home sent',
      `only packets to ${formatIpv4(leaving[0]?.client ?? conversations[0]!.client)}, and none from there`,
    );
  const clients = [...new Set(leaving.map(({ client }) => client))];
  const servers = [...new Set(leaving.map(({ server }) => server))];
  const lan = lanFor(clients, servers, outbound, packets);
  const start = packets.reduce((least, { time }) => (time < least ? time : least), packets[0]!.time);
  const both = [
    ...outbound.map((side) => ({ on: 'lan', side }) as const),
    ...returning.map((side) => ({ on: 'wan', side, returns: true }) as const),
  ];
  const { received, leftOut } = inOrder(
    start,
    both.sort((a, b) => a.side.number - b.side.number),
  );
  if (received.length === 0) return nothingWhole(PATH, leftOut.length);
  const wan = freeAddress([...clients, ...servers]);
  const value = {
    start,
    received,
    leftOut,
    sent: { lan: [], wan: [] },
    sides: 'lan',
    lan,
    wan: { address: wan, length: 24 },
    routes: routesFor(lan, clients, servers),
    translates: true,
  } as const;
  return { ok: true, value };
}

interface Conversation {
  /** Who began it, as far as can be told: whoever stands behind the router. */
  readonly client: number;
  readonly server: number;
  readonly packets: readonly SidePacket[];
}

/** Every two hosts that speak to each other, in the order of their first packets. */
function conversationsIn(packets: readonly SidePacket[]): readonly Conversation[] {
  const pairs = new Map<string, SidePacket[]>();
  for (const packet of packets) {
    const [a, b] = [sourceOf(packet.packet), destinationOf(packet.packet)];
    if (a === b || !isHost(a) || !isHost(b)) continue;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const pair = pairs.get(key);
    if (pair) pair.push(packet);
    else pairs.set(key, [packet]);
  }
  return [...pairs.values()].map((pair) => ({ ...rolesIn(pair), packets: pair }));
}

/** Neither multicast, broadcast, loopback nor the address of those who have none. */
function isHost(address: number): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

function rolesIn(pair: readonly SidePacket[]): Omit<Conversation, 'packets'> {
  const first = pair[0]!.packet;
  const [a, b] = [sourceOf(first), destinationOf(first)];
  if (isPrivate(a) !== isPrivate(b)) return isPrivate(a) ? { client: a, server: b } : { client: b, server: a };
  for (const { packet } of pair) {
    const asks = asksAs(packet);
    if (asks === undefined) continue;
    const [from, to] = [sourceOf(packet), destinationOf(packet)];
    return asks ? { client: from, server: to } : { client: to, server: from };
  }
  return { client: a, server: b };
}

/** RFC 1918, and the block that providers use inside (RFC 6598). */
const PRIVATE: readonly Prefix[] = [
  { address: ipv4('10.0.0.0'), length: 8 },
  { address: ipv4('172.16.0.0'), length: 12 },
  { address: ipv4('192.168.0.0'), length: 16 },
  { address: ipv4('100.64.0.0'), length: 10 },
];

function isPrivate(address: number): boolean {
  return PRIVATE.some((prefix) => inPrefix(address, prefix));
}

/** Ports above 1023 at which servers listen. */
const SERVICES: ReadonlySet<number> = new Set([1194, 1701, 1723, 3389, 4500, 51820]);
const SYN = 2;
const ACK = 16;

/** True for a packet that its client sent, false for one of its server; undefined where nothing tells. */
function asksAs(packet: Uint8Array): boolean | undefined {
  const start = (packet[0]! & 15) * 4;
  const protocol = packet[9]!;
  if ((protocol !== TCP && protocol !== UDP) || (u16(packet, 6) & 0x1fff) !== 0 || packet.length < start + 8)
    return undefined;
  const flags = protocol === TCP ? (packet[start + 13] ?? 0) & (SYN | ACK) : 0;
  if (flags & SYN) return !(flags & ACK);
  const isService = (port: number) => port < 1024 || SERVICES.has(port);
  const [from, to] = [isService(u16(packet, start)), isService(u16(packet, start + 2))];
  return from === to ? undefined : to;
}

/** Who is more often the one that asks. */
function insideHosts(conversations: readonly Conversation[]): ReadonlySet<number> {
  const balance = new Map<number, number>();
  const add = (host: number, by: number) => balance.set(host, (balance.get(host) ?? 0) + by);
  for (const { client, server } of conversations) {
    add(client, isPrivate(client) && !isPrivate(server) ? conversations.length : 1);
    add(server, -1);
  }
  return new Set([...balance].filter(([, votes]) => votes >= 0).map(([host]) => host));
}

/** Does a conversation pass the router? Neighbours on one network need none, unless there is nothing else in the file. */
function leaves(each: Conversation, all: readonly Conversation[], inside: ReadonlySet<number>): boolean {
  const isLocal = ({ client, server }: Conversation) => (client & netmask(24)) === (server & netmask(24));
  if (isLocal(each) && !all.every(isLocal)) return false;
  return inside.has(each.client) && !inside.has(each.server);
}

/** The network of most clients, taken for a /24, and in it the recorded router's address or one that nobody has. */
function lanFor(
  clients: readonly number[],
  servers: readonly number[],
  outbound: readonly SidePacket[],
  all: readonly SidePacket[],
): Prefix {
  const networks = new Votes<number>();
  for (const client of clients) networks.add((client & netmask(24)) >>> 0);
  const network = { address: networks.winner ?? 0, length: 24 };
  const hardware = new Votes<number | undefined>();
  for (const { to } of outbound) hardware.add(to);
  const router = hardware.winner;
  const isFree = (address: number) => !clients.includes(address) && !servers.includes(address);
  const own = all.find(({ packet, from }) => {
    const source = sourceOf(packet);
    return router !== undefined && from === router && inPrefix(source, network) && isFree(source);
  });
  if (own) return { address: sourceOf(own.packet), length: 24 };
  const guesses = [1, 254, ...Array.from({ length: 252 }, (_, i) => i + 2)].map((host) => network.address + host);
  return { address: guesses.find(isFree) ?? network.address + 1, length: 24 };
}

/** Hosts that the two networks alone would place on the wrong side. */
function routesFor(lan: Prefix, clients: readonly number[], servers: readonly number[]): readonly Route[] {
  const host = (address: number): Prefix => ({ address, length: 32 });
  return [
    ...clients.filter((address) => !inPrefix(address, lan)).map((address) => ({ to: host(address), via: 'lan' })),
    ...servers.filter((address) => inPrefix(address, lan)).map((address) => ({ to: host(address), via: 'wan' })),
  ];
}

/** An outside address for our router: of the networks for documentation (RFC 5737), one that nobody here is in. */
function freeAddress(hosts: readonly number[]): number {
  const networks = ['203.0.113.1', '198.51.100.1', '192.0.2.1'].map(ipv4);
  const isFree = (address: number) => !hosts.some((host) => inPrefix(host, { address, length: 24 }));
  return networks.find(isFree) ?? networks.find((address) => !hosts.includes(address)) ?? networks[0]!;
}

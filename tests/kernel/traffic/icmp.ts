/** ICMP: queries and their answers, and errors about every kind of flow from every side. @module */
import { concat, putU16, u16 } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick } from './choose.ts';
import { ip, readIp } from './ip.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import {
  AH,
  ESP,
  GRE,
  gre,
  ICMP,
  type IcmpFields,
  IPIP,
  icmp,
  L2TP,
  ports,
  type Sum,
  sctp,
  tcp,
  udp,
} from './transport.ts';
import { header, payload } from './udp.ts';

const IDS = [1, 77, 77, 0, 65535, 512];
const QUERIES = [
  { ask: 8, answer: 0 },
  { ask: 8, answer: 0 },
  { ask: 8, answer: 0 },
  { ask: 13, answer: 14 },
  { ask: 15, answer: 16 },
  { ask: 17, answer: 18 },
];

export function* icmpQuery(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const { ask, answer } = pick(rng, QUERIES);
  const id = pick(rng, IDS);
  const turns = between(rng, 1, 3);
  for (let turn = 0; turn < turns; turn++) {
    const sum: Sum = chance(rng, 0.9) ? 'right' : 'wrong';
    const code = chance(rng, 0.9) ? 0 : 1;
    const query = { type: ask, code, rest: ((id << 16) | turn) >>> 0, data: queryData(rng, ask), sum };
    const seen = yield* fromClient(place, icmp(header(rng, client, server), query), `icmp query ${sum}`);
    const answers = between(rng, 0, 2);
    for (let i = 0; i < answers; i++) yield* reply(rng, place, seen, answer);
  }
}

function* reply(rng: Rng, place: Place, seen: Uint8Array, type: number): Talk {
  const outside = readIp(seen);
  const from = chance(rng, 0.9) ? outside.destination : pick(rng, place.servers);
  const fields: IcmpFields = {
    type: chance(rng, 0.92) ? type : pick(rng, [0, 14, 8, 16]),
    code: chance(rng, 0.95) ? 0 : 1,
    rest: ((idOf(seen) << 16) | (rng.u16() & 15)) >>> 0,
    data: outside.payload.subarray(8),
    sum: chance(rng, 0.92) ? 'right' : 'wrong',
  };
  yield* fromOutside(icmp(header(rng, from, outside.source), fields), 'icmp answer');
}

function idOf(packet: Uint8Array): number {
  const at = (packet[0]! & 15) * 4 + 4;
  return packet.length >= at + 2 ? u16(packet, at) : 0;
}

function queryData(rng: Rng, type: number): Uint8Array {
  if (type === 13) return new Uint8Array(12);
  if (type === 17) return new Uint8Array(4);
  return payload(rng);
}

/** Types nobody asked for, of either side, some cut short. */
export function* strayIcmp(rng: Rng, place: Place): Talk {
  const type = pick(rng, [0, 0, 1, 2, 6, 7, 8, 9, 10, 14, 16, 18, 19, 30, 41, 255]);
  const inside = chance(rng, 0.5);
  const source = inside ? pick(rng, place.clients) : pick(rng, [...place.servers, place.stranger]);
  const destination = inside
    ? pick(rng, [...place.servers, place.lan, place.wan])
    : pick(rng, [place.wan, place.wan, place.lan, ...place.clients]);
  let packet = icmp(header(rng, source, destination), {
    type,
    code: chance(rng, 0.8) ? 0 : rng.u16() & 255,
    rest: ((pick(rng, IDS) << 16) | 1) >>> 0,
    data: queryData(rng, type),
  });
  if (chance(rng, 0.15)) packet = ip({ ...readIp(packet), payload: packet.subarray(20, 20 + between(rng, 0, 7)) });
  yield { do: 'send', on: inside ? 'lan' : 'wan', packet, what: `icmp stray type ${type}` };
}

/** One packet of a flow of any protocol, then errors about it, from the far host, a router on the way, or a client. */
export function* icmpErrors(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const sent = flowPacket(rng, client, server);
  const seen = yield* fromClient(place, sent, 'icmp errors: the flow');
  const errors = between(rng, 1, 4);
  for (let i = 0; i < errors; i++) {
    const about = chance(rng, 0.8) ? seen : outdated(rng, seen);
    const from = pick(rng, [server, server, place.stranger, pick(rng, place.servers)]);
    const to = chance(rng, 0.93) ? readIp(about).source : pick(rng, [place.wan, client, place.lan]);
    yield* fromOutside(icmp(header(rng, from, to), errorAbout(rng, about)), 'icmp error inbound');
  }
  if (chance(rng, 0.5)) yield* clientsOwnErrors(rng, place, seen, sent);
}

function* clientsOwnErrors(rng: Rng, place: Place, seen: Uint8Array, sent: Uint8Array): Talk {
  const answer = mirrored(rng, seen);
  const got = yield* fromOutside(answer, 'icmp errors: an answer');
  const client = readIp(sent).source;
  const about = got ?? mirrored(rng, sent);
  const errors = between(rng, 1, 2);
  for (let i = 0; i < errors; i++) {
    const from = chance(rng, 0.9) ? client : pick(rng, place.clients);
    const to = chance(rng, 0.9) ? readIp(about).source : pick(rng, place.servers);
    const packet = icmp(header(rng, from, to), errorAbout(rng, about));
    yield { do: 'send', on: 'lan', packet, what: 'icmp error outbound' };
  }
}

const OPTIONS = [
  [7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0],
  [148, 4, 0, 0],
  [68, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [1, 1, 1, 0],
];

export function flowPacket(rng: Rng, source: number, destination: number): Uint8Array {
  const options = chance(rng, 0.1) ? { options: new Uint8Array(pick(rng, OPTIONS)) } : {};
  const around = { ...header(rng, source, destination), ...options };
  const data = payload(rng);
  const sourcePort = pick(rng, [500, 4500, 5000, 1701]);
  const destinationPort = pick(rng, [500, 4500, 7]);
  const kind = pick(rng, ['udp', 'udp', 'tcp', 'echo', 'gre0', 'gre1', 'sctp', 'plain', 'plain'] as const);
  if (kind === 'udp')
    return udp(around, { sourcePort, destinationPort, data, sum: pick(rng, ['right', 'right', 'zero']) });
  if (kind === 'tcp')
    return tcp(around, {
      sourcePort,
      destinationPort,
      sequence: rng.u32(),
      acknowledgment: 0,
      flags: 2,
      window: 900,
      data,
    });
  if (kind === 'echo') return icmp(around, { type: 8, rest: (pick(rng, IDS) << 16) >>> 0, data });
  if (kind === 'gre0') return gre(around, { version: 0, protocol: 0x800, data });
  if (kind === 'gre1') return gre(around, { version: 1, protocol: 0x880b, callId: pick(rng, [0, 7, 1001]), data });
  if (kind === 'sctp')
    return sctp(around, {
      sourcePort,
      destinationPort,
      tag: 0,
      chunks: [{ type: 1, value: concat(rng.bytes(4), new Uint8Array(12)) }],
    });
  return ip({ ...around, protocol: pick(rng, [ESP, AH, L2TP, IPIP, 253]), payload: data });
}

/**
 * The same packet with a field changed: about nothing the router knows. A source port is replaced, not computed from
 * what the router may have drawn.
 */
function outdated(rng: Rng, packet: Uint8Array): Uint8Array {
  const changed = packet.slice();
  const ports = (packet[0]! & 15) * 4;
  const at = pick(rng, [13, 15, 17, 19, ports, packet[9] === ICMP ? ports : ports + 3]);
  if (at === ports && changed.length >= at + 2) putU16(changed, at, 0x0bad);
  else if (at < changed.length) changed[at] = changed[at]! ^ 1;
  return changed;
}

/** What the other end would send back. */
function mirrored(rng: Rng, packet: Uint8Array): Uint8Array {
  const { source, destination, protocol, payload: body } = readIp(packet);
  const around = header(rng, destination, source);
  const port = ports(packet);
  const data = body.subarray(8);
  if (protocol === 17) return udp(around, { sourcePort: port.destination, destinationPort: port.source, data });
  if (protocol === ICMP) return icmp(around, { type: 0, rest: (idOf(packet) << 16) >>> 0, data });
  if (protocol === 6)
    return tcp(around, {
      sourcePort: port.destination,
      destinationPort: port.source,
      sequence: rng.u32(),
      acknowledgment:
        body.length >= 8 ? (u16(body, 4) * 65536 + u16(body, 6) + 1 + Math.max(0, body.length - 20)) >>> 0 : 0,
      flags: 18,
      window: 900,
    });
  if (protocol === GRE) return gre(around, { version: 1, protocol: 0x880b, callId: pick(rng, [0, 7, 1001]), data });
  return ip({ ...around, protocol, payload: body });
}

export function errorAbout(rng: Rng, packet: Uint8Array): IcmpFields {
  const type = pick(rng, [3, 3, 3, 11, 11, 4, 5, 12]);
  const code = type === 3 ? pick(rng, [0, 1, 2, 3, 3, 4, 9, 13, 15, 16]) : between(rng, 0, 1);
  const quoted = quote(rng, packet);
  const header = (packet[0]! & 15) * 4;
  // Never cut inside what a checksum over drawn values covers, nor inside that sum: the rest could not be compared.
  const nested = quoted[9] === ICMP && quoted[20] === 3;
  const length = pick(rng, [header + 8, header + 8, packet.length, header + 6, header + 20, header, header + 64, 10]);
  return {
    type,
    code,
    rest: type === 3 && code === 4 ? pick(rng, [1400, 576, 0]) : chance(rng, 0.9) ? 0 : rng.u32(),
    data: nested ? quoted : quoted.slice(0, length),
    sum: chance(rng, 0.93) ? 'right' : 'wrong',
  };
}

/** Quoted as a router on the way would: time to live lower; seldom with something less honest. */
function quote(rng: Rng, packet: Uint8Array): Uint8Array {
  const quoted = packet.slice();
  if (chance(rng, 0.8)) return quoted;
  const way = pick(rng, ['ttl', 'fragment', 'header length', 'checksum', 'nested'] as const);
  if (way === 'ttl') quoted[8] = 1;
  else if (way === 'fragment') putU16(quoted, 6, 0x2001);
  else if (way === 'header length' && quoted[0] === 0x45) quoted[0] = pick(rng, [0x44, 0x4f, 0x46, 0x65]);
  else if (way === 'checksum') putU16(quoted, 10, 0x5555);
  else if (way === 'nested') {
    const { source, destination } = readIp(packet);
    return icmp({ source, destination }, { type: 3, code: 1, rest: 0, data: packet.subarray(0, 28) });
  }
  return quoted;
}

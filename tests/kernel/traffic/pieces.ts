/** Fragments: in order and out of it, twice, overlapping, missing, tiny, from both sides; and packets over the MTU. @module */
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick, shuffled } from './choose.ts';
import { fragments, ip, joined, readIp } from './ip.ts';
import { type Place, sendAll, type Talk } from './talk.ts';
import { ESP, gre, icmp, ports, type Sum, sctp, tcp, udp } from './transport.ts';
import { header } from './udp.ts';

const SIZES = [[1480], [552], [8, 1480], [8], [16, 8, 1000], [720, 1480], [1400, 24], [24]];

export function* fragmentTalk(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = chance(rng, 0.8) ? pick(rng, place.servers) : pick(rng, [place.lan, place.wan]);
  const sizes = pick(rng, SIZES);
  const length = Math.min(between(rng, 20, 4000), 40 * sizes[0]!);
  const packet = datagram(rng, client, server, length);
  const out = yield* sendAll('lan', cut(rng, packet, sizes), 'fragment outbound');
  const whole = joined(out.filter((piece) => readIp(piece).id === readIp(packet).id)) ?? packet;
  if (chance(rng, 0.6)) yield* fragmentedAnswer(rng, place, whole, length);
}

function* fragmentedAnswer(rng: Rng, place: Place, seen: Uint8Array, length: number): Talk {
  const outside = readIp(seen);
  const to = place.clients.includes(outside.source) ? place.wan : outside.source;
  const port = ports(seen);
  const data = rng.bytes(length);
  const around = { ...header(rng, outside.destination, to), dontFragment: false };
  const answer =
    outside.protocol === 17
      ? udp(around, { sourcePort: port.destination, destinationPort: port.source, data })
      : outside.protocol === 1
        ? icmp(around, { type: 0, rest: ((port.source << 16) | 1) >>> 0, data })
        : ip({ ...around, protocol: outside.protocol, payload: outside.payload });
  yield* sendAll('wan', cut(rng, answer, pick(rng, SIZES)), 'fragment inbound');
}

function datagram(rng: Rng, source: number, destination: number, length: number): Uint8Array {
  const around = { ...header(rng, source, destination), dontFragment: false };
  const data = rng.bytes(length);
  const sum: Sum = chance(rng, 0.85) ? 'right' : pick(rng, ['wrong', 'zero']);
  const kind = pick(rng, ['udp', 'udp', 'udp', 'echo', 'esp', 'tcp', 'gre', 'sctp'] as const);
  if (kind === 'udp')
    return udp(around, {
      sourcePort: pick(rng, [500, 4500, 5000]),
      destinationPort: pick(rng, [500, 4500]),
      data,
      sum,
    });
  if (kind === 'echo') return icmp(around, { type: 8, rest: ((77 << 16) | 1) >>> 0, data, sum });
  if (kind === 'tcp')
    return tcp(around, {
      sourcePort: 40000,
      destinationPort: 443,
      sequence: 5,
      acknowledgment: 0,
      flags: pick(rng, [2, 16]),
      window: 9000,
      data,
      sum,
    });
  if (kind === 'gre') return gre(around, { version: chance(rng, 0.5) ? 0 : 1, protocol: 0x880b, callId: 7, data });
  if (kind === 'sctp')
    return sctp(around, {
      sourcePort: 7000,
      destinationPort: 5060,
      tag: 9,
      chunks: [{ type: pick(rng, [0, 1]), value: data }],
      sum,
    });
  return ip({ ...around, protocol: ESP, payload: data });
}

/** The pieces as they will be sent, with the sender's or the network's mischief. */
function cut(rng: Rng, packet: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces = fragments(packet, sizes);
  const way = pick(rng, [
    'order',
    'order',
    'reverse',
    'shuffle',
    'twice',
    'missing',
    'overlap',
    'overlap',
    'df',
    'ecn',
    'options',
    'ttl',
    'odd',
  ] as const);
  const some = rng.below(pieces.length);
  const chosen = pieces[some]!;
  if (way === 'reverse') return pieces.reverse();
  if (way === 'shuffle') return shuffled(rng, pieces);
  if (way === 'twice') return pieces.flatMap((piece, i) => (i === some ? [piece, piece] : [piece]));
  if (way === 'missing') return pieces.filter((_, i) => i !== some);
  if (way === 'overlap') return overlapping(rng, pieces, some);
  if (way === 'df') return pieces.map((piece) => rebuilt(piece, { dontFragment: chance(rng, 0.7) }));
  if (way === 'ecn')
    return pieces.map((piece) => rebuilt(piece, { tos: pick(rng, [0, 1, 2, 3, 0xb8]), ttl: pick(rng, [64, 9]) }));
  if (way === 'options' && pieces.every((piece) => piece.length <= 1496))
    return pieces.map((piece) => rebuilt(piece, { options: new Uint8Array([0x94, 4, 0, 0]) }));
  if (way === 'ttl') return pieces.map((piece) => rebuilt(piece, { ttl: chance(rng, 0.7) ? 1 : 64 }));
  // A middle piece whose length is no multiple of 8.
  if (way === 'odd') return pieces.map((piece) => (piece === chosen ? rebuilt(piece, {}, -3) : piece));
  return pieces;
}

function rebuilt(piece: Uint8Array, changes: object, bytes = 0): Uint8Array {
  const { payload, ...head } = readIp(piece);
  const word = (piece[6]! << 8) | piece[7]!;
  const place = { moreFragments: (word & 0x2000) !== 0, fragmentOffset: (word & 0x1fff) * 8 };
  return ip({ ...head, ...place, payload: payload.subarray(0, payload.length + bytes), ...changes });
}

/** One piece starts eight bytes early or late, or is repeated with one more or less; or runs past 65535. */
function overlapping(rng: Rng, pieces: Uint8Array[], some: number): Uint8Array[] {
  const piece = pieces[some]!;
  const at = (((piece[6]! << 8) | piece[7]!) & 0x1fff) * 8;
  const moved = rebuilt(
    piece,
    { fragmentOffset: pick(rng, [Math.max(0, at - 8), at + 8, at, 65528]) },
    chance(rng, 0.3) ? -8 : 0,
  );
  return chance(rng, 0.5)
    ? [...pieces.slice(0, some), moved, ...pieces.slice(some)]
    : pieces.map((each, i) => (i === some ? moved : each));
}

/** Two clients cut a datagram with the same identification at the same time. */
export function* twinFragments(rng: Rng, place: Place): Talk {
  const server = pick(rng, place.servers);
  const id = rng.u16();
  const twins = place.clients.slice(0, 2).map((client) => {
    const around = { ...header(rng, client, server), dontFragment: false, id };
    return fragments(udp(around, { sourcePort: 4500, destinationPort: 4500, data: rng.bytes(300) }), [104]);
  });
  const mixed = twins[0]!.flatMap((piece, i) => [piece, twins[1]![i]!]);
  yield* sendAll('lan', chance(rng, 0.5) ? mixed : shuffled(rng, mixed), 'fragment of twins');
}

/** Full-sized and larger, where an MTU is small: cut, or refused when it must not be. */
export function* oversize(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const dontFragment = chance(rng, 0.5);
  const around = { ...header(rng, client, server), dontFragment };
  const data = rng.bytes(pick(rng, [1472, 1472, 1373, 1372, 1371, 1252, 1253]));
  const fields = { sourcePort: pick(rng, [4500, 5000]), destinationPort: 4500, data };
  const out = yield* sendAll('lan', [udp(around, fields)], 'oversize outbound');
  const whole = joined(out) ?? udp({ ...around, source: place.wan }, fields);
  const back = ports(whole);
  const answer = udp(
    { ...header(rng, server, place.wan), dontFragment },
    { sourcePort: back.destination, destinationPort: back.source, data },
  );
  yield* sendAll('wan', [answer], 'oversize inbound');
}

/** SCTP associations (RFC 9260): the four-way start, data, heartbeats, endings; wrong tags, sums and chunks. @module */
import { concat, putU32 } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick, weighted } from './choose.ts';
import { readIp } from './ip.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import { type Chunk, ports, type Sum, sctp } from './transport.ts';
import { header } from './udp.ts';

const DATA = 0;
const INIT = 1;
const INIT_ACK = 2;
const SACK = 3;
const HEARTBEAT = 4;
const HEARTBEAT_ACK = 5;
const ABORT = 6;
const SHUTDOWN = 7;
const SHUTDOWN_ACK = 8;
const ERROR = 9;
const COOKIE_ECHO = 10;
const COOKIE_ACK = 11;
const SHUTDOWN_COMPLETE = 14;
const ALL = [
  DATA,
  INIT,
  INIT_ACK,
  SACK,
  HEARTBEAT,
  HEARTBEAT_ACK,
  ABORT,
  SHUTDOWN,
  SHUTDOWN_ACK,
  ERROR,
  COOKIE_ECHO,
  COOKIE_ACK,
  12,
  13,
  SHUTDOWN_COMPLETE,
  15,
  0x80,
  0xc0,
  0xff,
];

class Association {
  readonly rng: Rng;
  readonly place: Place;
  readonly client: number;
  readonly server: number;
  readonly port: number;
  readonly serverPort: number;
  readonly clientTag: number;
  readonly serverTag: number;
  outside: { readonly address: number; readonly port: number };

  constructor(rng: Rng, place: Place) {
    this.rng = rng;
    this.place = place;
    this.client = pick(rng, place.clients);
    this.server = pick(rng, place.servers);
    this.port = pick(rng, [7000, 7000, 500, 65535]);
    this.serverPort = pick(rng, [5060, 5060, 36412]);
    this.clientTag = rng.u32();
    this.serverTag = rng.u32();
    this.outside = { address: place.wan, port: this.port };
  }

  /** Each end writes the tag the other gave it; an INIT carries none. */
  *out(chunks: readonly Chunk[], tag = chunks[0]?.type === INIT ? 0 : this.serverTag, sum: Sum = 'right'): Talk {
    const packet = sctp(header(this.rng, this.client, this.server), {
      sourcePort: this.port,
      destinationPort: this.serverPort,
      tag,
      chunks,
      sum,
    });
    const seen = yield* fromClient(this.place, packet, `sctp ${names(chunks)}`);
    this.outside = { address: readIp(seen).source, port: ports(seen).source };
  }

  *in(chunks: readonly Chunk[], tag = chunks[0]?.type === INIT ? 0 : this.clientTag, sum: Sum = 'right'): Talk {
    const packet = sctp(header(this.rng, this.server, this.outside.address), {
      sourcePort: this.serverPort,
      destinationPort: this.outside.port,
      tag,
      chunks,
      sum,
    });
    yield* fromOutside(packet, `sctp ${names(chunks)}`);
  }

  *send(from: 'client' | 'server', chunks: readonly Chunk[], tag?: number, sum?: Sum): Talk {
    if (from === 'client') yield* this.out(chunks, tag, sum);
    else yield* this.in(chunks, tag, sum);
  }

  chunk(type: number, from: 'client' | 'server'): Chunk {
    const body = new Uint8Array(16);
    putU32(body, 0, from === 'client' ? this.clientTag : this.serverTag);
    putU32(body, 4, 65535);
    if (type === INIT || type === INIT_ACK) return { type, value: body };
    if (type === SHUTDOWN) return { type, value: body.subarray(0, 4) };
    if (type === DATA)
      return { type, flags: 3, value: concat(body.subarray(0, 12), this.rng.bytes(between(this.rng, 1, 40))) };
    if (type === SACK) return { type, value: body.subarray(0, 12) };
    if (type === COOKIE_ECHO || type === HEARTBEAT || type === HEARTBEAT_ACK)
      return { type, value: this.rng.bytes(between(this.rng, 4, 30)) };
    return { type, flags: chance(this.rng, 0.5) ? 1 : 0, value: new Uint8Array() };
  }
}

function names(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => `chunk ${chunk.type}`).join(', ');
}

export function* sctpTalk(rng: Rng, place: Place): Talk {
  const association = new Association(rng, place);
  const start = weighted(rng, { full: 8, 'no cookie': 1, 'data first': 1, 'heartbeat first': 1, crossing: 1 });
  const opening: readonly (readonly ['client' | 'server', number])[] = {
    full: [
      ['client', INIT],
      ['server', INIT_ACK],
      ['client', COOKIE_ECHO],
      ['server', COOKIE_ACK],
    ] as const,
    'no cookie': [
      ['client', INIT],
      ['server', INIT_ACK],
    ] as const,
    'data first': [
      ['client', DATA],
      ['server', SACK],
    ] as const,
    'heartbeat first': [
      ['client', HEARTBEAT],
      ['server', HEARTBEAT_ACK],
    ] as const,
    crossing: [
      ['client', INIT],
      ['server', INIT],
      ['client', INIT_ACK],
      ['server', COOKIE_ECHO],
      ['client', COOKIE_ACK],
    ] as const,
  }[start];
  for (const [from, type] of opening) yield* association.send(from, [association.chunk(type, from)]);
  const turns = between(rng, 0, 8);
  for (let turn = 0; turn < turns; turn++) yield* turnOf(rng, association);
  if (chance(rng, 0.6)) yield* shutdown(rng, association);
  const late = between(rng, 0, 2);
  for (let turn = 0; turn < late; turn++) yield* turnOf(rng, association);
}

function* turnOf(rng: Rng, association: Association): Talk {
  const from = pick(rng, ['client', 'server'] as const);
  const usual = chance(rng, 0.55);
  const types = usual
    ? [pick(rng, [DATA, DATA, SACK, HEARTBEAT, HEARTBEAT_ACK])]
    : Array.from({ length: between(rng, 1, 3) }, () => pick(rng, ALL));
  let chunks = types.map((type) => association.chunk(type, from));
  const broken = chance(rng, 0.1);
  if (broken) chunks = chunks.map((chunk) => ({ ...chunk, length: pick(rng, [0, 3, 4, 5000]) }));
  const empty = chance(rng, 0.03);
  const tag = chance(rng, 0.85) ? undefined : pick(rng, [0, 1, association.clientTag, association.serverTag]);
  const sum = chance(rng, 0.95) ? 'right' : pick(rng, ['wrong', 'zero'] as const);
  yield* association.send(from, empty ? [] : chunks, tag, sum);
}

function* shutdown(rng: Rng, association: Association): Talk {
  const from = pick(rng, ['client', 'server'] as const);
  const other = from === 'client' ? 'server' : 'client';
  if (chance(rng, 0.25)) return yield* association.send(from, [association.chunk(ABORT, from)]);
  yield* association.send(from, [association.chunk(SHUTDOWN, from)]);
  yield* association.send(other, [association.chunk(SHUTDOWN_ACK, other)]);
  yield* association.send(from, [{ type: SHUTDOWN_COMPLETE, flags: 0, value: new Uint8Array() }]);
}

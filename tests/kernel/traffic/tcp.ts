/**
 * TCP conversations: a handshake, data and an ending, with everything between that window tracking and the state table
 * may trip over. @module
 */
import { putU32 } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick, weighted } from './choose.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import { ACK, FIN, PSH, ports, RST, SYN, type TcpFields, tcp, URG } from './transport.ts';
import { header } from './udp.ts';

const CLIENT_PORTS = [40000, 40000, 3000, 500, 1023, 50001];
const SERVER_PORTS = [80, 443, 22, 1194];

/** One end's place in its own stream. */
interface End {
  readonly address: number;
  next: number;
  window: number;
}

/** Sometimes so that the sequence numbers wrap around under way. */
function beginning(rng: Rng): number {
  return chance(rng, 0.1) ? 0xffffffff - rng.below(300) : rng.u32();
}

/** A TCP connection under the router: both ends are played here, each seeing what the router lets through. */
export class Dialogue {
  readonly rng: Rng;
  readonly place: Place;
  readonly client: End;
  readonly server: End;
  readonly clientPort: number;
  readonly serverPort: number;
  /** What this dialogue is called in reports. */
  readonly name: string;
  /** What the server takes the client for; learned from the last packet that came out. */
  outside: { readonly address: number; readonly port: number };

  constructor(rng: Rng, place: Place, clientPort: number, serverPort: number, name = 'tcp') {
    this.name = name;
    this.rng = rng;
    this.place = place;
    this.client = { address: pick(rng, place.clients), next: beginning(rng), window: pick(rng, [65535, 29200, 1024]) };
    this.server = { address: pick(rng, place.servers), next: beginning(rng), window: pick(rng, [65535, 5792, 1024]) };
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    this.outside = { address: place.wan, port: clientPort };
  }

  /** A segment from the client with the fields given, the usual ones for the rest. */
  *out(what: string, fields: Partial<TcpFields> = {}): Talk<Uint8Array> {
    const packet = tcp(header(this.rng, this.client.address, this.server.address), {
      sourcePort: this.clientPort,
      destinationPort: this.serverPort,
      sequence: this.client.next,
      acknowledgment: this.server.next,
      flags: ACK,
      window: this.client.window,
      ...fields,
    });
    const seen = yield* fromClient(this.place, packet, `${this.name} ${what}`);
    this.outside = { address: this.place.wan, port: ports(seen).source };
    return seen;
  }

  *in(what: string, fields: Partial<TcpFields> = {}): Talk<Uint8Array | undefined> {
    const packet = tcp(header(this.rng, this.server.address, this.outside.address), {
      sourcePort: this.serverPort,
      destinationPort: this.outside.port,
      sequence: this.server.next,
      acknowledgment: this.client.next,
      flags: ACK,
      window: this.server.window,
      ...fields,
    });
    return yield* fromOutside(packet, `${this.name} ${what}`);
  }

  *handshake(options?: Uint8Array, answerOptions = options): Talk {
    const extra = options ? { options } : {};
    const answerExtra = answerOptions ? { options: answerOptions } : {};
    yield* this.out('SYN', { flags: SYN, acknowledgment: 0, ...extra });
    this.client.next = (this.client.next + 1) >>> 0;
    yield* this.in('SYN ACK', { flags: SYN | ACK, ...answerExtra });
    this.server.next = (this.server.next + 1) >>> 0;
    yield* this.out('ACK');
  }

  /** Data in order, which moves the sender's stream on. */
  *data(from: 'client' | 'server', bytes: Uint8Array, flags = ACK | PSH): Talk<Uint8Array | undefined> {
    const end = this[from];
    const seen =
      from === 'client'
        ? yield* this.out('data', { data: bytes, flags })
        : yield* this.in('data', { data: bytes, flags });
    end.next = (end.next + bytes.length) >>> 0;
    return seen;
  }

  *finish(from: 'client' | 'server'): Talk {
    const other = from === 'client' ? 'server' : 'client';
    yield* this.control(from, FIN | ACK);
    this[from].next = (this[from].next + 1) >>> 0;
    if (chance(this.rng, 0.5)) yield* this.control(other, ACK);
    yield* this.control(other, FIN | ACK);
    this[other].next = (this[other].next + 1) >>> 0;
    yield* this.control(from, ACK);
  }

  *control(from: 'client' | 'server', flags: number, fields: Partial<TcpFields> = {}): Talk {
    if (from === 'client') yield* this.out('control', { flags, ...fields });
    else yield* this.in('control', { flags, ...fields });
  }
}

export function* tcpTalk(rng: Rng, place: Place): Talk {
  const talk = new Dialogue(rng, place, pick(rng, CLIENT_PORTS), pick(rng, SERVER_PORTS));
  yield* start(rng, talk);
  const turns = between(rng, 0, 14);
  for (let turn = 0; turn < turns; turn++) {
    const from = pick(rng, ['client', 'server'] as const);
    if (chance(rng, 0.5)) yield* talk.data(from, rng.bytes(between(rng, 1, chance(rng, 0.8) ? 60 : 1400)));
    else yield* strange(rng, talk, from);
  }
  if (chance(rng, 0.6)) yield* talk.finish(pick(rng, ['client', 'server']));
  if (chance(rng, 0.3)) yield* talk.control(pick(rng, ['client', 'server']), pick(rng, [RST, RST | ACK]));
  const late = between(rng, 0, 3);
  for (let i = 0; i < late; i++) yield* strange(rng, talk, pick(rng, ['client', 'server']));
}

function* start(rng: Rng, talk: Dialogue): Talk {
  const way = weighted(rng, {
    plain: 10,
    options: 6,
    midstream: 2,
    simultaneous: 1,
    'lone answer': 1,
    refused: 1,
    'lost SYN ACK': 1,
  });
  if (way === 'plain') yield* talk.handshake();
  else if (way === 'options') yield* talk.handshake(synOptions(rng), chance(rng, 0.7) ? synOptions(rng) : undefined);
  else if (way === 'simultaneous') yield* simultaneousOpen(talk);
  else if (way === 'lone answer') yield* talk.out('lone SYN ACK', { flags: SYN | ACK });
  else if (way === 'refused') {
    yield* talk.out('SYN', { flags: SYN, acknowledgment: 0 });
    talk.client.next = (talk.client.next + 1) >>> 0;
    yield* talk.in('refusal', { flags: RST | ACK, sequence: 0 });
  } else if (way === 'lost SYN ACK') {
    yield* talk.out('SYN', { flags: SYN, acknowledgment: 0 });
    yield* talk.out('SYN again', { flags: SYN, acknowledgment: 0 });
    talk.client.next = (talk.client.next + 1) >>> 0;
  }
}

function* simultaneousOpen(talk: Dialogue): Talk {
  yield* talk.out('SYN', { flags: SYN, acknowledgment: 0 });
  yield* talk.in('SYN from the other end', { flags: SYN, acknowledgment: 0 });
  talk.client.next = (talk.client.next + 1) >>> 0;
  talk.server.next = (talk.server.next + 1) >>> 0;
  const back = { flags: SYN | ACK };
  yield* talk.out('SYN ACK', { ...back, sequence: (talk.client.next - 1) >>> 0 });
  yield* talk.in('SYN ACK', { ...back, sequence: (talk.server.next - 1) >>> 0 });
  yield* talk.out('ACK');
}

/** What no well-behaved stack sends, or sends only in trouble. Moves no stream. */
function* strange(rng: Rng, talk: Dialogue, from: 'client' | 'server'): Talk {
  const own = talk[from].next;
  const other = talk[from === 'client' ? 'server' : 'client'].next;
  const data = rng.bytes(between(rng, 1, 30));
  const far = pick(rng, [-200_000, -70_000, -3000, -1, 1, 500, 3000, 70_000, 200_000, 0x7fffffff]);
  const flags = rng.u16() & 63;
  const odd: Record<string, Partial<TcpFields>> = {
    ack: {},
    'sequence elsewhere': { sequence: (own + far) >>> 0, data, flags: ACK | PSH },
    'acknowledgment elsewhere': { acknowledgment: (other + far) >>> 0 },
    'any flags': { flags },
    'any flags with data': { flags, data },
    'zero window': { window: 0 },
    'small window': { window: between(rng, 1, 100) },
    SYN: { flags: SYN, sequence: (own + (chance(rng, 0.5) ? far : -1)) >>> 0 },
    'SYN ACK': {
      flags: SYN | ACK,
      sequence: (own + pick(rng, [-1, far])) >>> 0,
      acknowledgment: (other + pick(rng, [0, far])) >>> 0,
    },
    'new SYN': { flags: SYN, sequence: rng.u32(), acknowledgment: 0 },
    RST: { flags: RST, sequence: (own + pick(rng, [0, far])) >>> 0, acknowledgment: 0 },
    'RST ACK': {
      flags: RST | ACK,
      sequence: (own + pick(rng, [0, 0, far])) >>> 0,
      acknowledgment: (other + pick(rng, [0, far])) >>> 0,
    },
    FIN: { flags: pick(rng, [FIN, FIN | ACK]) },
    SACK: { options: sackBlock(rng, own, other) },
    'broken options': { options: pick(rng, BROKEN_OPTIONS) },
    'bad header length': { headerWords: pick(rng, [0, 4, 15]) },
    'wrong checksum': { sum: pick(rng, ['wrong', 'zero']), data },
    urgent: { flags: ACK | URG, data },
    keepalive: { sequence: (own - 1) >>> 0, ...(chance(rng, 0.5) ? { data: new Uint8Array(1) } : {}) },
  };
  const name = pick(rng, Object.keys(odd));
  const times = chance(rng, 0.2) ? 3 : 1;
  for (let i = 0; i < times; i++) {
    if (from === 'client') yield* talk.out(name, odd[name]);
    else yield* talk.in(name, odd[name]);
  }
}

const BROKEN_OPTIONS: readonly Uint8Array[] = [
  new Uint8Array([8, 0, 1, 1]),
  new Uint8Array([8, 1, 1, 1]),
  new Uint8Array([5, 40, 0, 0]),
  new Uint8Array([3, 3, 99, 0]),
  new Uint8Array([0, 3, 3, 3]),
  new Uint8Array([1, 1, 1, 4]),
  new Uint8Array([254, 4, 0xf9, 0x89]),
];

function synOptions(rng: Rng): Uint8Array {
  const options: number[] = [2, 4, 5, 180];
  if (chance(rng, 0.7)) options.push(1, 3, 3, pick(rng, [0, 2, 7, 14, 15]));
  if (chance(rng, 0.7)) options.push(4, 2, 1, 1);
  if (chance(rng, 0.5)) options.push(8, 10, 0, 0, 1, 2, 0, 0, 0, 0, 1, 1);
  return new Uint8Array(options);
}

function sackBlock(rng: Rng, own: number, other: number): Uint8Array {
  const options = new Uint8Array(12);
  options.set([1, 1, 5, 10]);
  const edge = chance(rng, 0.7) ? other : own;
  putU32(options, 4, (edge + pick(rng, [-100, 0, 100])) >>> 0);
  putU32(options, 8, (edge + pick(rng, [50, 200, 100_000])) >>> 0);
  return options;
}

/** Segments of no connection, to the router or into the house. */
export function* strayTcp(rng: Rng, place: Place): Talk {
  const toRouter = chance(rng, 0.6);
  const from = pick(rng, [...place.servers, place.stranger]);
  const inside = chance(rng, 0.3);
  const fields: TcpFields = {
    sourcePort: pick(rng, [...SERVER_PORTS, ...CLIENT_PORTS]),
    destinationPort: pick(rng, [...SERVER_PORTS, ...CLIENT_PORTS, 1723]),
    sequence: rng.u32(),
    acknowledgment: rng.u32(),
    flags: pick(rng, [SYN, ACK, RST, RST | ACK, SYN | ACK, FIN, FIN | ACK, 0, 63, PSH]),
    window: 1000,
    ...(chance(rng, 0.3) ? { data: rng.bytes(between(rng, 1, 20)) } : {}),
    ...(chance(rng, 0.1) ? { sum: 'wrong' as const } : {}),
  };
  const client = pick(rng, place.clients);
  if (inside) {
    const to = toRouter ? pick(rng, [place.lan, place.wan]) : pick(rng, place.servers);
    yield { do: 'send', on: 'lan', packet: tcp(header(rng, client, to), fields), what: 'tcp stray from inside' };
  } else {
    const to = toRouter ? place.wan : pick(rng, [client, place.lan]);
    yield { do: 'send', on: 'wan', packet: tcp(header(rng, from, to), fields), what: 'tcp stray from outside' };
  }
}

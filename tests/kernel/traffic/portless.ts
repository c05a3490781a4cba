/** What has no port: GRE of every kind, ESP, AH, L2TPv3, IP in IP, DCCP and the rest. First client to a server owns it. @module */
import { concat } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick } from './choose.ts';
import { ip, readIp } from './ip.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import { AH, DCCP, ESP, type GreFields, gre, IPIP, L2TP, udp } from './transport.ts';
import { header, payload } from './udp.ts';

const PROTOCOLS = [ESP, ESP, ESP, AH, L2TP, IPIP, DCCP, 2, 41, 46, 89, 103, 112, 0, 253, 255];

export function* plainTalk(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const protocol = pick(rng, PROTOCOLS);
  const turns = between(rng, 1, 4);
  for (let turn = 0; turn < turns; turn++) {
    const around = header(rng, client, server);
    const seen = yield* fromClient(
      place,
      ip({ ...around, protocol, payload: body(rng, protocol) }),
      `protocol ${protocol}`,
    );
    if (chance(rng, 0.6)) {
      const back = readIp(seen);
      const from = chance(rng, 0.85) ? back.destination : pick(rng, [...place.servers, place.stranger]);
      const answer = ip({ ...header(rng, from, back.source), protocol, payload: body(rng, protocol) });
      yield* fromOutside(answer, `protocol ${protocol} answer`);
    }
  }
}

function body(rng: Rng, protocol: number): Uint8Array {
  if (chance(rng, 0.08)) return rng.bytes(between(rng, 0, 7));
  const data = payload(rng);
  if (protocol === ESP) return concat(rng.bytes(8), data);
  if (protocol === AH) return concat(new Uint8Array([17, 4, 0, 0]), rng.bytes(20), data);
  if (protocol === IPIP) {
    const around = { source: rng.u32(), destination: rng.u32() };
    return udp(around, { sourcePort: 1, destinationPort: 2, data });
  }
  return data;
}

export function* greTalk(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const base = greKind(rng);
  const turns = between(rng, 1, 4);
  for (let turn = 0; turn < turns; turn++) {
    const fields = { ...base, data: payload(rng) };
    let packet = gre(header(rng, client, server), fields);
    if (chance(rng, 0.06)) packet = ip({ ...readIp(packet), payload: packet.subarray(20, 20 + between(rng, 0, 11)) });
    const seen = yield* fromClient(place, packet, `gre v${base.version}`);
    if (chance(rng, 0.6)) {
      const back = readIp(seen);
      const from = chance(rng, 0.85) ? back.destination : pick(rng, place.servers);
      const callId = chance(rng, 0.5) ? { callId: pick(rng, CALL_IDS) } : {};
      yield* fromOutside(gre(header(rng, from, back.source), { ...fields, ...callId }), `gre v${base.version} answer`);
    }
  }
}

const CALL_IDS = [0, 0, 1001, 1002, 0x4444];

function greKind(rng: Rng): Omit<GreFields, 'data'> {
  const version = pick(rng, [0, 0, 0, 1, 1, 1, 1, 2, 7]);
  const extra = {
    ...(chance(rng, 0.5) ? { sequence: rng.u16() } : {}),
    ...(chance(rng, 0.5) ? { acknowledgment: rng.u16() } : {}),
  };
  if (version === 0)
    return {
      version,
      protocol: pick(rng, [0x0800, 0x6558, 0x880b]),
      ...(chance(rng, 0.5) ? { key: rng.u16() } : {}),
      withChecksum: chance(rng, 0.4),
      ...extra,
    };
  return { version, protocol: chance(rng, 0.85) ? 0x880b : 0x0800, callId: pick(rng, CALL_IDS), ...extra };
}

/** Of any such protocol, from outside, asked for by nobody: the entry it may leave hurts a client later. */
export function* unsolicitedPlain(rng: Rng, place: Place): Talk {
  const from = pick(rng, [...place.servers, place.stranger]);
  const to = pick(rng, [place.wan, place.wan, place.wan, place.lan, ...place.clients]);
  const around = header(rng, from, to);
  const protocol = pick(rng, PROTOCOLS);
  const packet = chance(rng, 0.3)
    ? gre(around, { ...greKind(rng), data: payload(rng) })
    : ip({ ...around, protocol, payload: body(rng, protocol) });
  yield* fromOutside(packet, `protocol ${packet[9]} unsolicited`);
}

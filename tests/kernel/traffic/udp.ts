/** UDP conversations: the ports VPNs use and the edges of the port classes, right and wrong checksums and lengths. @module */
import { concat } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick } from './choose.ts';
import { readIp } from './ip.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import { type Around, ports, type Sum, UDP, udp, udpLite } from './transport.ts';

const CLIENT_PORTS = [
  53, 123, 500, 500, 511, 512, 600, 1000, 1023, 1024, 1194, 1701, 1701, 4500, 4500, 5000, 51820, 65535, 0,
];
const SERVER_PORTS = [53, 500, 500, 1194, 1701, 1701, 4500, 4500, 7, 51820, 0];

/** Two clients, few ports, few servers: clashes are the point. */
export function* udpTalk(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const sourcePort = pick(rng, CLIENT_PORTS);
  const destinationPort = chance(rng, 0.6) && SERVER_PORTS.includes(sourcePort) ? sourcePort : pick(rng, SERVER_PORTS);
  const turns = between(rng, 1, 5);
  let seen: Uint8Array | undefined;
  for (let turn = 0; turn < turns; turn++) {
    const odd = oddity(rng);
    const around = header(rng, client, server);
    seen = yield* fromClient(
      place,
      udp(around, { sourcePort, destinationPort, data: payload(rng), ...odd.fields }),
      `udp ${odd.name}`,
    );
    const answers = between(rng, 0, 2);
    for (let answer = 0; answer < answers; answer++) yield* udpAnswer(rng, place, seen);
  }
}

function* udpAnswer(rng: Rng, place: Place, seen: Uint8Array): Talk {
  const outside = readIp(seen);
  const port = ports(seen);
  const odd = oddity(rng);
  const from = chance(rng, 0.85) ? outside.destination : pick(rng, [...place.servers, place.stranger]);
  const sourcePort = chance(rng, 0.9) ? port.destination : port.destination ^ 1;
  yield* fromOutside(
    udp(header(rng, from, outside.source), {
      sourcePort,
      destinationPort: port.source,
      data: payload(rng),
      ...odd.fields,
    }),
    `udp answer ${odd.name}`,
  );
}

/** Nobody asked for it: to the router, to an inside address, from anybody. */
export function* unsolicitedUdp(rng: Rng, place: Place): Talk {
  const to = pick(rng, [place.wan, place.wan, place.lan, ...place.clients]);
  const from = pick(rng, [...place.servers, place.stranger]);
  const port = pick(rng, CLIENT_PORTS);
  const packet = udp(header(rng, from, to), {
    sourcePort: port,
    destinationPort: pick(rng, CLIENT_PORTS),
    data: payload(rng),
  });
  const count = between(rng, 1, 2);
  for (let i = 0; i < count; i++) yield* fromOutside(packet, 'udp unsolicited');
}

/** Linux takes the UDP-Lite checksum for UDP's and finds it wrong; with the wrong one it may find it right. */
export function* udpLiteTalk(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const port = pick(rng, CLIENT_PORTS);
  const turns = between(rng, 1, 3);
  for (let turn = 0; turn < turns; turn++) {
    const data = payload(rng);
    const coverage = pick(rng, [0, 8, 8 + data.length, 4, 8 + (data.length >>> 1), 9999]);
    const sum = pick<Sum>(rng, ['right', 'right', 'wrong', 'zero']);
    const around = header(rng, client, server);
    const packet = udpLite(around, { sourcePort: port, destinationPort: port, data, coverage, sum });
    // The sum that Linux looks for: over UDP's protocol number.
    const asUdp = udp(around, { sourcePort: port, destinationPort: port, data, length: 8 + data.length });
    const disguised = asUdp.slice();
    disguised[9] = 136;
    const relabelled = chance(rng, 0.3) ? repaired(disguised) : packet;
    const seen = yield* fromClient(place, relabelled, 'udp-lite');
    const outside = readIp(seen);
    yield* fromOutside(
      udpLite(header(rng, server, outside.source), {
        sourcePort: port,
        destinationPort: ports(seen).source,
        data,
        coverage,
        sum,
      }),
      'udp-lite answer',
    );
  }
}

/** The header checksum after the protocol changed from UDP to UDP-Lite: 119 more in a low byte. */
function repaired(packet: Uint8Array): Uint8Array {
  let sum = ((packet[10]! << 8) | packet[11]!) - (136 - UDP);
  if (sum < 0) sum += 0xffff;
  packet[10] = sum >>> 8;
  packet[11] = sum;
  return packet;
}

function oddity(rng: Rng) {
  if (chance(rng, 0.75)) return { name: '', fields: {} };
  return pick(rng, [
    { name: 'wrong checksum', fields: { sum: 'wrong' as const } },
    { name: 'no checksum', fields: { sum: 'zero' as const } },
    { name: 'length too long', fields: { length: 2000 } },
    { name: 'length too short', fields: { length: 9 } },
    { name: 'length under 8', fields: { length: 7 } },
    { name: 'sum comes out as zero', fields: { sum: 'right' as const, data: new Uint8Array([0, 0]) } },
  ]);
}

export function header(rng: Rng, source: number, destination: number): Around {
  return {
    source,
    destination,
    id: rng.u16(),
    tos: chance(rng, 0.1) ? rng.u16() & 255 : 0,
    dontFragment: chance(rng, 0.3),
    ttl: chance(rng, 0.9) ? 64 : pick(rng, [2, 3, 128, 255]),
  };
}

export function payload(rng: Rng): Uint8Array {
  const size = chance(rng, 0.8) ? between(rng, 0, 40) : between(rng, 41, 1400);
  return concat(rng.bytes(size));
}

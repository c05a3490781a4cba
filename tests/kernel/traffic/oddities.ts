/** Headers and addresses that no honest host sends, and what is addressed to the router itself. @module */
import { concat, putU32 } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import { between, chance, pick } from './choose.ts';
import { errorAbout, flowPacket } from './icmp.ts';
import { type IpFields, ip, readIp } from './ip.ts';
import { fromClient, fromOutside, type Place, type Talk } from './talk.ts';
import { type Around, icmp, ports, udp } from './transport.ts';
import { header, payload } from './udp.ts';

/** Header fields that are wrong or rare, in both directions. */
export function* oddHeader(rng: Rng, place: Place): Talk {
  const client = pick(rng, place.clients);
  const server = pick(rng, place.servers);
  const odd = oddFields(rng, place);
  const fields = { sourcePort: pick(rng, [4500, 5000]), destinationPort: pick(rng, [500, 4500]), data: payload(rng) };
  const around: Around = { ...header(rng, client, server), ...odd.fields };
  const packet = chance(rng, 0.7)
    ? udp(around, fields)
    : ip({ ...around, protocol: pick(rng, [1, 6, 47, 50, 132]), payload: payload(rng) });
  const seen = yield* fromClient(place, clipped(rng, packet, odd.clip), `ip ${odd.name}`);
  const back = ports(seen);
  const answer = { ...header(rng, server, readIp(seen).source), ...odd.fields };
  const reply = udp(answer, { sourcePort: back.destination, destinationPort: back.source, data: payload(rng) });
  yield* fromOutside(clipped(rng, reply, odd.clip), `ip ${odd.name} inbound`);
}

function clipped(rng: Rng, packet: Uint8Array, clip: boolean): Uint8Array {
  return clip ? packet.subarray(0, between(rng, 0, packet.length)) : packet;
}

function oddFields(rng: Rng, place: Place): { name: string; fields: Partial<IpFields>; clip: boolean } {
  const name = pick(rng, [
    'ttl',
    'ttl',
    'checksum',
    'version',
    'header length',
    'total length',
    'clipped',
    'options',
    'options',
    'options',
    'fragment bits',
    'tos',
  ] as const);
  const fields: Partial<IpFields> = {
    ttl: { ttl: pick(rng, [0, 1, 1, 2]) },
    checksum: { badChecksum: true },
    version: { version: pick(rng, [0, 5, 6]) },
    'header length': { headerWords: pick(rng, [0, 4, 6, 15]) },
    'total length': { totalLength: pick(rng, [0, 19, 20, 21, 27, 28, 40, 2000]) },
    clipped: {},
    options: { options: someOptions(rng, place), ttl: pick(rng, [64, 64, 1]) },
    'fragment bits': pick(rng, [
      { moreFragments: true },
      { fragmentOffset: 8 },
      { dontFragment: true, moreFragments: true },
    ]),
    tos: { tos: rng.u16() & 255 },
  }[name];
  return { name, fields, clip: name === 'clipped' };
}

/** IP options (RFC 791 §3.1): record route, time stamps, source routes, router alert; whole, full and broken. */
function someOptions(rng: Rng, place: Place): Uint8Array {
  const address = new Uint8Array(4);
  putU32(address, 0, pick(rng, [place.wan, place.lan, place.stranger, ipv4('203.0.113.77')]));
  const zeros = new Uint8Array(4);
  const choices: readonly (readonly [number[], ...Uint8Array[]])[] = [
    [[7, 11, 4], zeros, zeros],
    [[7, 7, 4], zeros],
    [[7, 7, 8], zeros],
    [[7, 11, 8], address, zeros],
    [[7, 3, 4]],
    [[7, 7, 5], zeros],
    [[7, 7, 3], zeros],
    [[7, 39, 4], ...Array<Uint8Array>(9).fill(zeros)],
    [[68, 12, 5, 0], zeros, zeros],
    [[68, 12, 5, 1], zeros, zeros],
    [[68, 12, 5, 3], address, zeros],
    [[68, 8, 9, 0], zeros],
    [[68, 8, 9, 0xf0], zeros],
    [[68, 8, 5, 2], zeros],
    [[68, 4, 5, 0]],
    [[68, 8, 6, 0], zeros],
    [[131, 7, 4], address],
    [[131, 7, 8], address],
    [[137, 7, 4], address],
    [[137, 7, 8], zeros],
    [[148, 4, 0, 0]],
    [[148, 4, 0, 1]],
    [[148, 3, 0]],
    [[1, 1, 1, 1]],
    [[0, 0, 0, 0]],
    [[0, 7, 7, 4]],
    [[1, 1, 0, 7]],
    [[130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [[134, 6, 0, 0, 0, 0]],
    [[30, 4, 1, 2]],
    [[30, 1, 1, 1]],
    [[30, 0, 1, 1]],
    [[30, 40, 1, 1]],
    [[1, 7]],
  ];
  const [head, ...rest] = pick(rng, choices);
  const first = concat(new Uint8Array(head), ...rest);
  const [again] = pick(rng, choices);
  return chance(rng, 0.15) && first.length + again.length <= 40 ? concat(first, new Uint8Array(again)) : first;
}

/** Addresses that may not be, or not here, as source or destination, on either side. */
export function* oddAddress(rng: Rng, place: Place): Talk {
  const odd = pick(rng, [
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '127.0.0.1',
      '127.1.2.3',
      '224.0.0.1',
      '224.0.0.5',
      '239.1.2.3',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '192.168.1.0',
      '192.168.1.255',
      '203.0.113.0',
      '203.0.113.255',
      '10.1.2.3',
      '169.254.1.1',
      '192.168.1.77',
      '203.0.113.77',
    ],
  ]);
  const address = pick(rng, [
    ipv4(odd),
    ipv4(odd),
    ipv4(odd),
    place.lan,
    place.wan,
    place.clients[0]!,
    place.servers[0]!,
  ]);
  const inside = chance(rng, 0.5);
  const usual = inside
    ? { source: pick(rng, place.clients), destination: pick(rng, place.servers) }
    : { source: pick(rng, place.servers), destination: pick(rng, [place.wan, place.clients[0]!]) };
  const ends = chance(rng, 0.5) ? { ...usual, source: address } : { ...usual, destination: address };
  const packet = flowPacket(rng, ends.source, ends.destination);
  yield { do: 'send', on: inside ? 'lan' : 'wan', packet, what: `ip odd address ${odd}` };
}

/** To the router itself, from both sides, to either of its addresses: pings, closed ports, unknown protocols. */
export function* toRouter(rng: Rng, place: Place): Talk {
  const inside = chance(rng, 0.5);
  const source = inside ? pick(rng, place.clients) : pick(rng, [...place.servers, place.stranger]);
  const destination = pick(rng, [place.lan, place.wan, place.wan]);
  const kind = pick(rng, ['echo', 'echo', 'timestamp', 'any', 'any', 'any', 'large'] as const);
  const around: Around = {
    ...header(rng, source, destination),
    ...(chance(rng, 0.1) ? { options: someOptions(rng, place) } : {}),
  };
  const packet =
    kind === 'echo'
      ? icmp(around, { type: 8, rest: rng.u32(), data: payload(rng) })
      : kind === 'timestamp'
        ? icmp(around, { type: 13, rest: rng.u32(), data: rng.bytes(12) })
        : kind === 'large'
          ? udp({ ...around, options: new Uint8Array() }, { sourcePort: 9, destinationPort: 9, data: rng.bytes(900) })
          : flowPacket(rng, source, destination);
  const on = inside ? 'lan' : 'wan';
  const out = yield { do: 'send', on, packet, what: `to router ${kind}` };
  if (chance(rng, 0.3)) yield { do: 'send', on, packet, what: `to router ${kind} again` };
  // The time of day in a timestamp reply differs between two routers, and with it a checksum that a quote would show.
  if (kind === 'timestamp' || chance(rng, 0.7)) return;
  // What the router sent of its own may in turn be complained about.
  const about =
    out.find((sight) => sight.on === on)?.packet ?? ip({ ...readIp(packet), source: destination, destination: source });
  const from = chance(rng, 0.8) ? source : pick(rng, [...place.clients, place.stranger]);
  const error = icmp(header(rng, from, readIp(about).source), errorAbout(rng, about));
  yield { do: 'send', on, packet: error, what: 'to router error' };
}

/** One client reaches for what another one's mapping looks like from outside, and for its neighbours through the router. */
export function* hairpin(rng: Rng, place: Place): Talk {
  const [first, second] = chance(rng, 0.5)
    ? [place.clients[0]!, place.clients[1]!]
    : [place.clients[1]!, place.clients[0]!];
  const server = pick(rng, place.servers);
  const seen = yield* fromClient(
    place,
    udp(header(rng, first, server), { sourcePort: 5000, destinationPort: 4500, data: payload(rng) }),
    'hairpin mapping',
  );
  const to = chance(rng, 0.6) ? readIp(seen).source : first;
  const around = header(rng, second, to);
  const packet = udp(around, { sourcePort: 4500, destinationPort: ports(seen).source, data: payload(rng) });
  yield { do: 'send', on: 'lan', packet, what: 'hairpin' };
}

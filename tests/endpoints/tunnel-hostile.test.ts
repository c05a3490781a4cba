/** Packets that lie, with right checksums around the lie: no endpoint may throw, hang or let anybody in because of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Endpoint, seconds } from '../../src/endpoints/endpoint.ts';
import { L2tpClient } from '../../src/endpoints/l2tp-client.ts';
import { L2tpServer } from '../../src/endpoints/l2tp-server.ts';
import { L2tpv3Client } from '../../src/endpoints/l2tpv3-client.ts';
import { L2tpv3Server } from '../../src/endpoints/l2tpv3-server.ts';
import { PptpClient } from '../../src/endpoints/pptp-client.ts';
import { PptpServer } from '../../src/endpoints/pptp-server.ts';
import { Rng } from '../../src/lib/rng.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';
import { Lab } from '../support/two-hosts.ts';
import { DIAL_IN, INNER_FIRST, INNER_SERVER, LAPTOP, readIpv4, SERVER, USER } from '../support/vpn.ts';

const v3 = (carrier: 'ip' | 'udp') => ({ carrier, pseudowire: 'ethernet' }) as const;
const TUNNELS: readonly (readonly [string, () => readonly [Endpoint, Endpoint]])[] = [
  ['PPTP', () => [new PptpClient({ server: SERVER, ...USER }), new PptpServer(DIAL_IN)]],
  ['L2TPv2', () => [new L2tpClient({ server: SERVER, ...USER }), new L2tpServer(DIAL_IN)]],
  ...(['ip', 'udp'] as const).map(
    (carrier) =>
      [
        `L2TPv3 over ${carrier}`,
        () =>
          [
            new L2tpv3Client({ server: SERVER, innerAddress: INNER_FIRST, target: INNER_SERVER, ...v3(carrier) }),
            new L2tpv3Server({ innerAddress: INNER_SERVER, ...v3(carrier) }),
          ] as const,
      ] as const,
  ),
];

/** The same bytes with a few of them changed, cut or repeated. */
function spoil(bytes: Uint8Array, chance: Rng): Uint8Array {
  const spoilt = bytes.slice();
  for (let times = chance.below(3); times >= 0; times--)
    if (spoilt.length > 0) spoilt[chance.below(spoilt.length)] = [0, 255, chance.below(256)][chance.below(3)]!;
  const draw = chance.below(8);
  if (draw === 0) return spoilt.subarray(0, chance.below(spoilt.length + 1));
  return draw === 1 ? Uint8Array.from([...spoilt, ...spoilt]) : spoilt;
}

/** Spoils what TCP, UDP or IP carry, and makes the checksums right again. */
function lie(packet: Uint8Array, chance: Rng): Uint8Array {
  const outer = readIpv4(packet);
  const again = (payload: Uint8Array) => ipv4.encode({ ...outer, payload });
  if (outer.protocol === tcp.PROTOCOL) {
    const segment = tcp.parse(outer.payload, outer);
    if (!segment.ok) return packet;
    return again(tcp.encode({ ...segment.value, payload: spoil(segment.value.payload, chance) }, outer));
  }
  if (outer.protocol === udp.PROTOCOL) {
    const datagram = udp.parse(outer.payload, outer);
    if (!datagram.ok) return packet;
    return again(udp.encode({ ...datagram.value, payload: spoil(datagram.value.payload, chance) }, outer));
  }
  return again(spoil(outer.payload, chance));
}

function lab(make: () => readonly [Endpoint, Endpoint], filter?: (packet: Uint8Array) => readonly Uint8Array[]) {
  const [client, server] = make();
  const hosts = [
    { name: 'laptop', addresses: [LAPTOP], endpoints: [client] },
    { name: 'server', addresses: [SERVER], endpoints: [server] },
  ] as const;
  return new Lab({ hosts, ...(filter ? { filter } : {}) }).start('server').start('laptop');
}

describe.each(TUNNELS)('%s', (_, make) => {
  test('lies among the truth do not make it throw or run for ever', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = new Rng(seed);
        const running = lab(make, (packet) => (chance.below(6) === 0 ? [lie(packet, chance), packet] : [packet]));
        running.run(seconds(60)).stop('laptop').run(seconds(100));
        expect(running.sent.length).toBeLessThan(2000);
      }),
      { numRuns: 25 },
    );
  });

  test('lies in place of the truth leave both ends at rest in the end', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = new Rng(seed);
        const running = lab(make, (packet) => [chance.below(4) === 0 ? lie(packet, chance) : packet]);
        running.run(seconds(60)).stop('laptop').stop('server').run(seconds(400));
        const before = running.sent.length;
        running.run(seconds(600));
        expect(running.sent.length).toBe(before);
      }),
      { numRuns: 25 },
    );
  });
});

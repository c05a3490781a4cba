/** Ports: kept where they are free toward this remote end, else drawn; and who may come in by them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { u16 } from '../../../src/lib/bytes.ts';
import * as ip from '../../../src/wire/ipv4.ts';
import * as tcp from '../../../src/wire/tcp.ts';
import * as udp from '../../../src/wire/udp.ts';
import { C1, C2, ends, isSound, Library, S, S2, W, word } from './library.ts';

const datagram = (source: number, sourcePort: number, destination: number, destinationPort: number) => {
  const given = { sourcePort, destinationPort, payload: new Uint8Array(4) };
  return ip.encode({ source, destination, protocol: 17, payload: udp.encode(given, { source, destination }) });
};

const segment = (source: number, sourcePort: number, destination: number, destinationPort: number, flags = tcp.ACK) => {
  const given = { sourcePort, destinationPort, sequence: 1, acknowledgment: 1, flags, window: 1000 };
  return ip.encode({ source, destination, protocol: 6, payload: tcp.encode(given, { source, destination }) });
};

/** Many packets; a machine under load is no reason to fail. */
const PATIENT = { timeout: 60_000 };

const portOf = (packet: Uint8Array): number => word(packet, 20);

test.each([500, 1701, 4500])(
  'two laptops with port %i: the first keeps it, the second gets one from 8000 up',
  (port) => {
    const library = new Library();
    expect(portOf(library.out(datagram(C1, port, S, port)))).toBe(port);
    expect(library.reason('port-kept')).toMatchObject({ port });
    const second = library.out(datagram(C2, port, S, port));
    expect(portOf(second)).toBeGreaterThanOrEqual(0x8000);
    expect(library.reason('port-drawn')).toMatchObject({ from: port, to: portOf(second), low: 0x8000, high: 0xffff });
    const answer = library.in(datagram(S, port, W, portOf(second)));
    expect([ends(answer), word(answer, 22), isSound(answer)]).toEqual([[S, C2], port, true]);
  },
);

test('the same port is kept toward another server, and toward another port of the same', () => {
  const library = new Library();
  library.out(datagram(C1, 500, S, 500));
  expect(portOf(library.out(datagram(C2, 500, S2, 500)))).toBe(500);
  expect(portOf(library.out(datagram(C2, 500, S, 501)))).toBe(500);
});

test('TCP has its ports apart from UDP', () => {
  const library = new Library();
  library.out(datagram(C1, 500, S, 500));
  expect(portOf(library.out(segment(C2, 500, S, 500, tcp.SYN)))).toBe(500);
});

test('drawn ports are spread over the whole upper half', PATIENT, () => {
  const library = new Library();
  const ports = Array.from({ length: 4000 }, (_, host) => portOf(library.out(datagram(C1 + host, 500, S, 500)))).slice(
    1,
  );
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(0x8000);
  expect(Math.min(...ports)).toBeLessThan(0x8100);
  expect(Math.max(...ports)).toBeGreaterThan(0xff00);
  expect(new Set(ports).size).toBe(ports.length);
});

test('where twenty tries are all taken the packet leaves with its private source, and makes no link', () => {
  const library = new Library({ draws: [0x8000, ...Array.from({ length: 19 }, () => 0x8000)] });
  library.out(datagram(C1, 500, S, 500));
  library.out(datagram(C2, 500, S, 500));
  library.drawn = 0;
  const packet = datagram(C2 + 1, 500, S, 500);
  expect(library.out(packet)).toEqual(packet);
  expect(library.drawn).toBe(19);
  expect(library.reason('passed-raw')?.why).toBe('no-free-key');
  expect(library.entries).toHaveLength(2);
});

test('a crowd uses up the ports before the last is taken, and who finds none leaks a private source', PATIENT, () => {
  const library = new Library();
  const raw: number[] = [];
  for (let host = 0; host < 33_500; host++) {
    const from = 0x0a00_0001 + host;
    if (ends(library.out(datagram(from, 500, S, 500)))[0] === from) raw.push(host);
  }
  expect(raw[0]).toBeGreaterThan(10_000);
  expect(raw[0]).toBeLessThan(28_000);
  expect(raw.length).toBeGreaterThan(1000);
  expect(raw.length).toBeLessThan(2200);
});

test('a datagram without a checksum stays without, and the TTL is none of its business', () => {
  const library = new Library();
  const packet = datagram(C1, 500, S, 500);
  packet[26] = packet[27] = 0;
  const left = library.out(packet);
  expect([u16(left, 26), left[8]]).toEqual([0, packet[8]]);
});

describe('from outside', () => {
  test('only the very end that was asked may answer; others speak to the NAT host', () => {
    const library = new Library();
    library.out(datagram(C1, 500, S, 500));
    for (const [server, port] of [
      [S2, 500],
      [S, 501],
    ] as const) {
      const packet = datagram(server, port, W, 500);
      expect(library.in(packet)).toEqual(packet);
    }
    expect(ends(library.in(datagram(S, 500, W, 500)))[1]).toBe(C1);
  });

  test.each([
    ['UDP', datagram(S, 500, W, 500), 17],
    ['a SYN', segment(S, 500, W, 500, tcp.SYN), 6],
    ['a bare ACK', segment(S, 500, W, 500), 6],
    [
      'a ping',
      ip.encode({ source: S, destination: W, protocol: 1, payload: Uint8Array.of(8, 0, 0xf7, 0xfa, 0, 5, 0, 0) }),
      1,
    ],
    [
      'an echo reply',
      ip.encode({ source: S, destination: W, protocol: 1, payload: Uint8Array.of(0, 0, 0xff, 0xfa, 0, 5, 0, 0) }),
      1,
    ],
    ['ESP', ip.encode({ source: S, destination: W, protocol: 50, payload: new Uint8Array(8) }), 50],
    ['AH', ip.encode({ source: S, destination: W, protocol: 51, payload: new Uint8Array(8) }), 51],
    ['IP 115', ip.encode({ source: S, destination: W, protocol: 115, payload: new Uint8Array(8) }), 115],
    [
      'plain GRE',
      ip.encode({ source: S, destination: W, protocol: 47, payload: Uint8Array.of(0, 0, 8, 0, 1, 2, 3, 4) }),
      47,
    ],
  ])('%s that nobody asked for stays as it is and makes a link for the NAT host', (_, packet, protocol) => {
    const library = new Library();
    expect(library.in(packet)).toEqual(packet);
    expect(library.reason('host-owns')).toMatchObject({ protocol, remote: S });
    expect(library.entries).toMatchObject([{ original: { protocol, source: { address: W } } }]);
  });

  test('a port that a stranger knocked at is the host’s, and a laptop gets another', () => {
    const library = new Library({ draws: [42_903] });
    library.in(datagram(S, 500, W, 500));
    expect(portOf(library.out(datagram(C1, 500, S, 500)))).toBe(42_903);
    expect(library.in(datagram(S, 500, W, 500))).toEqual(datagram(S, 500, W, 500));
  });

  test('answers to the NAT host’s own come back to the port it has, though it shows another', () => {
    const library = new Library({ draws: [0x9000] });
    library.out(datagram(C1, 500, S, 500));
    expect(portOf(library.out(datagram(W, 500, S, 500)))).toBe(0x9000);
    const answer = library.in(datagram(S, 500, W, 0x9000));
    expect([ends(answer), word(answer, 22), isSound(answer)]).toEqual([[S, W], 500, true]);
  });
});

test('whatever laptops and servers do, no two flows look the same from outside, and each answer finds its flow', () => {
  const flow = fc.record({
    host: fc.integer({ min: 0, max: 5 }),
    port: fc.constantFrom(500, 501, 0x8000, 0xffff),
    server: fc.integer({ min: 0, max: 1 }),
    remotePort: fc.constantFrom(500, 501),
    knocks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(flow, { maxLength: 60 }), (flows) => {
      const library = new Library();
      for (const { host, port, server, remotePort, knocks } of flows)
        if (knocks) library.in(datagram(S + server, remotePort, W, port));
        else {
          const left = library.out(datagram(C1 + host, port, S + server, remotePort));
          const back = library.in(datagram(S + server, remotePort, W, portOf(left)));
          if (ends(back)[1] !== C1 + host || word(back, 22) !== port || !isSound(left) || !isSound(back)) return false;
        }
      const seen = library.entries.map(({ reply }) => JSON.stringify(reply));
      return new Set(seen).size === seen.length;
    }),
    { numRuns: 60 },
  );
});

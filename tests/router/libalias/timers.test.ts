/** How long links live: their time, and then until the sweep comes past. */
import { describe, expect, test } from 'vitest';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import * as ip from '../../../src/wire/ipv4.ts';
import * as tcp from '../../../src/wire/tcp.ts';
import * as udp from '../../../src/wire/udp.ts';
import { C1, C3, ends, Library, S, S2, W } from './library.ts';

const PORT = 40_000;

const datagram = (source: number, destination: number, sourcePort = PORT, destinationPort = PORT) => {
  const given = { sourcePort, destinationPort, payload: new Uint8Array(4) };
  return ip.encode({ source, destination, protocol: 17, payload: udp.encode(given, { source, destination }) });
};

const segment = (source: number, destination: number, flags: number) => {
  const given = { sourcePort: PORT, destinationPort: PORT, sequence: 1, acknowledgment: 1, flags, window: 1000 };
  return ip.encode({ source, destination, protocol: 6, payload: tcp.encode(given, { source, destination }) });
};

/** Seconds from now after which the link of this protocol is gone, with a packet of another flow every second. */
function lifeOf(library: Library, protocol: number, most = 500): number {
  const began = library.now;
  const lives = () => library.entries.some((each) => each.original.protocol === protocol);
  while (lives() && library.now - began < most) {
    library.now++;
    library.out(ip.encode({ source: C3, destination: S2, protocol: 99, payload: new Uint8Array(4) }));
  }
  return library.now - began;
}

/** Idle for longer than its time, and no longer than that and one round of the sweep. */
function expectSwept(life: number, time: number): void {
  expect(life).toBeGreaterThan(time);
  expect(life).toBeLessThanOrEqual(time + 65);
}

test('UDP lives 60 s and what is left of the round', () => {
  const library = new Library();
  library.out(datagram(C1, S));
  expectSwept(lifeOf(library, 17), 60);
});

test('a ping lives as long as UDP, and so does what has no ports', () => {
  const library = new Library();
  library.out(
    ip.encode({ source: C1, destination: S, protocol: 1, payload: Uint8Array.of(8, 0, 0xf7, 0xfa, 0, 5, 0, 0) }),
  );
  expectSwept(lifeOf(library, 1), 60);
  library.out(ip.encode({ source: C1, destination: S, protocol: 50, payload: new Uint8Array(8) }));
  expectSwept(lifeOf(library, 50), 60);
});

describe('TCP', () => {
  const connected = () => {
    const library = new Library();
    library.out(segment(C1, S, tcp.SYN));
    library.in(segment(S, W, tcp.SYN | tcp.ACK));
    return library;
  };

  test('that only asked lives 300 s', () => {
    const library = new Library();
    library.out(segment(C1, S, tcp.SYN));
    expectSwept(lifeOf(library, 6), 300);
  });

  test('that stands lives a day', () => {
    const library = connected();
    expect(library.entries[0]).toMatchObject({ state: 'CONNECTED', expiresAt: 86_400 });
    expect(lifeOf(library, 6)).toBe(500);
  });

  test.each([
    ['a FIN', tcp.FIN | tcp.ACK],
    ['a RST', tcp.RST],
  ])('lives 90 s after %s from either side alone', (_, flags) => {
    const fromLaptop = connected();
    fromLaptop.out(segment(C1, S, flags));
    expectSwept(lifeOf(fromLaptop, 6), 90);
    const fromServer = connected();
    fromServer.in(segment(S, W, flags));
    expectSwept(lifeOf(fromServer, 6), 90);
  });

  test('lives 10 s after both have closed', () => {
    const library = connected();
    library.out(segment(C1, S, tcp.FIN | tcp.ACK));
    expect(library.entries[0]?.state).toBe('HALF-CLOSED');
    library.in(segment(S, W, tcp.FIN | tcp.ACK));
    expect(library.entries[0]).toMatchObject({ state: 'CLOSED', expiresAt: 10 });
    expectSwept(lifeOf(library, 6), 10);
  });
});

test('a timer that is set otherwise counts once both sides have spoken', () => {
  const library = new Library({ config: { timeouts: { ...libalias.core.timeouts, udpStream: 300 } } });
  library.out(datagram(C1, S));
  expect(library.entries).toMatchObject([{ expiresAt: 60 }]);
  library.in(datagram(S, W));
  expect(library.entries).toMatchObject([{ expiresAt: 300, flags: { seenReply: true } }]);
});

test('a note about pieces lives 10 s', () => {
  const library = new Library();
  library.in(ip.encode({ source: S, destination: W, protocol: 50, payload: new Uint8Array(8), moreFragments: true }));
  expect(library.entries.map((each) => [each.piecesOf, each.expiresAt])).toContainEqual([0, 10]);
  expectSwept(lifeOf(library, 0), 10);
});

describe('without other packets', () => {
  test('the first packet after a day sweeps a fifth of the table, and the other links answer as if nothing were', () => {
    const library = new Library();
    const ports = Array.from({ length: 200 }, (_, index) => 1000 + index);
    for (const port of ports) library.out(datagram(C1, S, port));
    library.now = 100_000;
    const alive = ports.filter((port) => ends(library.in(datagram(S, W, PORT, port)))[1] === C1);
    expect(alive.length).toBeGreaterThan(140);
    expect(alive.length).toBeLessThan(200);
  });

  test('a link that is found is renewed, however long it was idle', () => {
    const library = new Library();
    library.out(datagram(C1, S));
    library.now = 100_000;
    library.in(datagram(S, W));
    expect(library.entries).toMatchObject([{ expiresAt: 100_060 }]);
  });

  test('nothing dies within one second, however many packets it has', () => {
    const library = new Library();
    library.out(datagram(C1, S));
    library.now = 61;
    library.out(datagram(C3, S2));
    const left = library.entries.length;
    for (let i = 0; i < 500; i++) library.out(datagram(C3, S2));
    expect(library.entries).toHaveLength(left);
  });
});

test('an answer renews a link as a question does', () => {
  for (const renew of ['out', 'in'] as const) {
    const library = new Library();
    library.out(datagram(C1, S));
    library.now = 50;
    library[renew](renew === 'out' ? datagram(C1, S) : datagram(S, W));
    expect(library.entries).toMatchObject([{ expiresAt: 110, swept: true }]);
  }
});

/** ESP, AH, IP 115: no ports, so whoever made the newest link has the answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ip from '../../../src/wire/ipv4.ts';
import { C1, C2, C3, ends, isSound, Library, S, S2, W } from './library.ts';

const bare = (protocol: number, source: number, destination: number) =>
  ip.encode({ source, destination, protocol, payload: new Uint8Array(16).fill(protocol) });

/** Sends out, and expects it to leave under the alias. */
function send(library: Library, from: number, to = S, protocol = 50): void {
  const packet = library.out(bare(protocol, from, to));
  expect([ends(packet), isSound(packet)]).toEqual([[W, to], true]);
}

/** Who gets what a server sends. */
function owner(library: Library, server = S, protocol = 50): number {
  const packet = library.in(bare(protocol, server, W));
  expect(isSound(packet)).toBe(true);
  return ends(packet)[1];
}

/** Lets time pass with a packet of somebody else's every second, as on any router in use. */
function wait(library: Library, seconds: number, each: () => void = () => {}): void {
  for (const end = library.now + seconds; library.now < end; ) {
    library.now++;
    library.out(bare(99, C3, S2));
    each();
  }
}

describe.each([
  ['ESP', 50],
  ['AH', 51],
  ['IP 115', 115],
  ['GRE that is not PPTP’s', 47],
])('%s', (_, protocol) => {
  test('leaves for both laptops, and the one that began last has the answers', () => {
    const library = new Library();
    send(library, C1, S, protocol);
    expect(owner(library, S, protocol)).toBe(C1);
    send(library, C2, S, protocol);
    expect(owner(library, S, protocol)).toBe(C2);
  });

  test('is not won back by sending, only by beginning', () => {
    const library = new Library();
    send(library, C1, S, protocol);
    send(library, C2, S, protocol);
    send(library, C1, S, protocol);
    expect(owner(library, S, protocol)).toBe(C2);
    send(library, C3, S, protocol);
    expect(owner(library, S, protocol)).toBe(C3);
  });
});

test('another protocol and another server have answers of their own', () => {
  const library = new Library();
  send(library, C1, S, 50);
  send(library, C2, S, 51);
  send(library, C2, S2, 50);
  expect([owner(library, S, 50), owner(library, S, 51), owner(library, S2, 50)]).toEqual([C1, C2, C2]);
});

test('answers keep the newest link alive, though its laptop is off, and let the older one die', () => {
  const library = new Library();
  send(library, C1);
  send(library, C2);
  wait(library, 300, () => expect(owner(library)).toBe(C2));
  expect(
    library.entries.filter((each) => each.original.protocol === 50).map((each) => each.original.source.address),
  ).toEqual([C2]);
});

test('answers keep the newest link alive however often the older laptop sends', () => {
  const library = new Library();
  send(library, C1);
  send(library, C2);
  wait(library, 300, () => {
    send(library, C1);
    expect(owner(library)).toBe(C2);
  });
});

test('without answers the newest link goes within two minutes, and the older laptop has the answers again', () => {
  const library = new Library();
  send(library, C1);
  send(library, C2);
  wait(library, 60, () => send(library, C1));
  expect(library.entries.filter((each) => each.original.protocol === 50)).toHaveLength(2);
  wait(library, 66, () => send(library, C1));
  expect(owner(library)).toBe(C1);
});

test('of a crowd that outgrew the first table, those who are left keep their order, and who is gone is gone', () => {
  const library = new Library();
  const crowd = Array.from({ length: 700 }, (_, index) => C1 + 256 * index);
  for (const host of crowd) send(library, host);
  expect(owner(library)).toBe(crowd.at(-1));
  const left = crowd.slice(100, 110);
  wait(library, 130, () => {
    for (const host of left) send(library, host);
  });
  expect(library.entries.filter((each) => each.original.protocol === 50)).toHaveLength(left.length);
  expect(owner(library)).toBe(left.at(-1));
  wait(library, 130);
  expect(owner(library)).toBe(W);
});

test('what nobody asked for is the NAT host’s, unchanged, until a laptop begins', () => {
  const library = new Library();
  const packet = bare(50, S, W);
  expect(library.in(packet)).toEqual(packet);
  expect(library.reason('host-owns')).toEqual({ code: 'host-owns', protocol: 50, remote: S });
  expect(library.entries).toMatchObject([{ original: { source: { address: W } }, flags: { sourceNat: false } }]);
  send(library, C1);
  expect(library.reason('answers-taken')).toMatchObject({ from: W, to: C1 });
  expect(owner(library)).toBe(C1);
});

test('the NAT host’s own ESP loses its answers to a laptop that begins later', () => {
  const library = new Library();
  send(library, W);
  expect(owner(library)).toBe(W);
  send(library, C1);
  expect(owner(library)).toBe(C1);
});

test('the table says of each link who has its answers, and says nothing where there is no doubt', () => {
  const library = new Library();
  const answers = () => library.entries.map((each) => each.answersTo);
  send(library, C1);
  expect(answers()).toEqual([undefined]);
  send(library, C2);
  expect(answers()).toEqual([C2, C2]);
  send(library, C2, S2);
  expect(answers()).toEqual([C2, C2, undefined]);
});

test('of an answer that could be for two it says who gets it and who might have meant it', () => {
  const library = new Library();
  send(library, C1);
  send(library, C2);
  owner(library);
  expect(library.reason('newest-gets-it')).toEqual({ code: 'newest-gets-it', protocol: 50, owner: C2, rival: C1 });
});

test('whatever was sent and swept, answers go to the newest link that is left', () => {
  const deed = fc.record({
    host: fc.integer({ min: 0, max: 400 }),
    server: fc.integer({ min: 0, max: 2 }),
    after: fc.constantFrom(0, 0, 0, 1, 7, 40),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 600 }), (deeds) => {
      const library = new Library();
      for (const { host, server, after } of deeds) {
        library.now += after;
        library.out(bare(50, C1 + host * 256, S + server));
        const links = library.entries.filter((each) => each.original.destination.address === S + server);
        const newest = links.reduce((a, b) => (a.id > b.id ? a : b));
        if (owner(library, S + server) !== newest.original.source.address) return false;
      }
      return true;
    }),
    { numRuns: 40 },
  );
});

/** What netfilter (6.x) makes of ESP and its like, and of ports: quirks that recordings show, each by name. */
import { describe, expect, test } from 'vitest';
import { linux } from '../../src/router/profiles/linux.ts';
import { pf } from '../../src/router/profiles/pf.ts';
import { A, B, type Bench, datagram, packet, readUdp, routerOf, S, S2, WAN } from './bench.ts';

const BODY = new Uint8Array(24).fill(7);
const out = (lab: Bench, from: number, protocol: number, to = S) =>
  lab.send(packet(from, to, protocol, BODY)) !== undefined;
const owner = (lab: Bench, protocol: number, from = S) => lab.send(packet(from, WAN, protocol, BODY))?.destination;
const shown = (lab: Bench, from: number, port: number, to = S, toPort = port) => {
  const seen = lab.send(datagram(from, port, to, toPort, BODY));
  return seen && readUdp(seen).sourcePort;
};

describe.each([
  ['ESP', 50],
  ['AH', 51],
  ['L2TPv3 over IP', 115],
] as const)('%s, which to Linux is an address and a number', (_, protocol) => {
  test('is the first laptop’s: the second one’s is dropped without a word, and it gets none of the answers', () => {
    const lab = routerOf(linux);
    expect([out(lab, A, protocol), out(lab, B, protocol)]).toEqual([true, false]);
    expect(lab.reason('tuple-clash')).toMatchObject({ owner: A, client: B });
    expect(lab.last.out).toEqual([]);
    expect(owner(lab, protocol)).toBe(A);
  });

  test('goes to another server for another laptop', () => {
    const lab = routerOf(linux);
    out(lab, A, protocol);
    expect([out(lab, B, protocol, S2), owner(lab, protocol, S2)]).toEqual([true, B]);
  });

  test('stays the first laptop’s for 600 s after the last packet, be it the server’s own repetition', () => {
    const lab = routerOf(linux);
    out(lab, A, protocol);
    for (lab.now = 500; lab.now < 3000; lab.now += 500) {
      expect(owner(lab, protocol)).toBe(A);
      expect(out(lab, B, protocol)).toBe(false);
    }
    lab.now += 101;
    expect([out(lab, B, protocol), owner(lab, protocol)]).toEqual([true, B]);
  });

  test('that nobody inside asked for is no laptop’s, and is not remembered behind a firewall', () => {
    const { forward, input } = home();
    const lab = routerOf(linux, {}, { forward, input });
    expect(owner(lab, protocol)).toBeUndefined();
    expect(lab.router.entries(0)).toEqual([]);
  });

  test('that a router without a firewall took for itself keeps every laptop from that server', () => {
    const lab = routerOf(linux);
    owner(lab, protocol);
    expect(out(lab, A, protocol)).toBe(false);
  });
});

function home() {
  const established = { name: 'established', state: ['established', 'related'], verdict: 'accept' } as const;
  const chain = {
    rules: [established, { name: 'from outside', in: 'wan', verdict: 'drop' }],
    policy: 'accept',
  } as const;
  return { forward: chain, input: chain };
}

describe('a source port that another laptop has toward the same end', () => {
  test.each([
    [4, 1, 511],
    [123, 1, 511],
    [500, 1, 511],
    [511, 1, 511],
    [512, 600, 1023],
    [1023, 600, 1023],
    [1194, 1024, 65_535],
    [1701, 1024, 65_535],
    [4500, 1024, 65_535],
  ])('%i is replaced by one from its class, %i to %i', (port, low, high) => {
    for (let seed = 1; seed <= 20; seed++) {
      const lab = routerOf(linux, {}, { seed });
      expect(shown(lab, A, port)).toBe(port);
      const second = shown(lab, B, port)!;
      expect([second !== port, second >= low, second <= high]).toEqual([true, true, true]);
    }
  });

  test('is kept toward another server, and one that was drawn is shown there too', () => {
    const lab = routerOf(linux);
    expect(shown(lab, A, 40_000)).toBe(40_000);
    const drawn = shown(lab, B, 40_000);
    expect(drawn).not.toBe(40_000);
    expect(shown(lab, B, 40_000, S2)).toBe(drawn);
    const other = routerOf(linux);
    shown(other, A, 40_000);
    expect(shown(other, B, 40_000, S2)).toBe(40_000);
  });

  test('lets in the very end that was asked, and nobody else', () => {
    const lab = routerOf(linux);
    shown(lab, A, 40_000, S, 53);
    const answers = (from: number, port: number) => lab.send(datagram(from, port, WAN, 40_000, BODY))?.destination;
    expect([answers(S2, 53), answers(S, 54), answers(S, 53)]).toEqual([undefined, undefined, A]);
  });
});

test('UDP lives 30 s, just after an answer too, and 120 s once it is older than two seconds', () => {
  const alive = (at: number, ...answers: readonly number[]) => {
    const lab = routerOf(linux);
    shown(lab, A, 40_000, S, 53);
    for (lab.now of answers) lab.send(datagram(S, 53, WAN, 40_000, BODY));
    lab.now = at;
    return lab.send(datagram(S, 53, WAN, 40_000, BODY)) !== undefined;
  };
  expect([alive(29), alive(31)]).toEqual([true, false]);
  expect([alive(30, 1), alive(32, 1)]).toEqual([true, false]);
  expect([alive(122, 1, 3), alive(124, 1, 3)]).toEqual([true, false]);
});

describe('pf', () => {
  test('draws every source port from 50001 up, and shows others to other ends', () => {
    const lab = routerOf(pf);
    const ports = [S, S2].flatMap((to) => [53, 54].map((port) => shown(lab, A, 500, to, port)!));
    expect(ports.every((port) => port >= 50_001)).toBe(true);
    expect(new Set(ports).size).toBe(4);
  });

  test.each([
    ['GRE', 47],
    ['ESP', 50],
  ] as const)('has one laptop per server for %s, by addresses, and no helper that could do more', (_, protocol) => {
    const lab = routerOf(pf);
    expect([out(lab, A, protocol), out(lab, B, protocol), owner(lab, protocol)]).toEqual([true, false, A]);
    expect(out(lab, B, protocol, S2)).toBe(true);
  });
});

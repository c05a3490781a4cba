/** Fragments: never put together; the first says whose the others are, on the way in, and on the way out nobody asks. */
import { describe, expect, test } from 'vitest';
import { toHex, u16 } from '../../../src/lib/bytes.ts';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import * as icmp from '../../../src/wire/icmp.ts';
import * as ip from '../../../src/wire/ipv4.ts';
import * as udp from '../../../src/wire/udp.ts';
import { A, B, C, routerOf, S, S2, WAN } from '../bench.ts';

const SPLIT = 16;
const ID = 0x1234;

/** A datagram in two pieces. */
function pieces(source: number, destination: number, id = ID, protocol = 17): readonly [Uint8Array, Uint8Array] {
  const given = { sourcePort: 500, destinationPort: 500, payload: new Uint8Array(24).fill(5) };
  const whole = protocol === 17 ? udp.encode(given, { source, destination }) : new Uint8Array(32).fill(protocol);
  const common = { source, destination, protocol, id };
  return [
    ip.encode({ ...common, payload: whole.subarray(0, SPLIT), moreFragments: true }),
    ip.encode({ ...common, payload: whole.subarray(SPLIT), fragmentOffset: SPLIT }),
  ];
}

const lab = () => routerOf(libalias);
const firstWord = (packet: Uint8Array | undefined) => packet && u16(packet, 6);

describe('outward', () => {
  test('the first piece makes the link; a later one gets the alias, at once and without a look at its flow', () => {
    const router = lab();
    const [first, later] = pieces(A, S);
    expect(router.send(first)).toMatchObject({ source: WAN, moreFragments: true });
    expect(router.send(later)).toMatchObject({ source: WAN, fragmentOffset: SPLIT, id: ID });
    expect(router.codes).toContain('piece-unchecked');
    expect(router.router.entries(0)).toHaveLength(1);
  });

  test('a later piece of what leaves raw is translated all the same', () => {
    const router = lab();
    const call = (id: number, more: boolean) =>
      ip.encode({
        source: A,
        destination: S,
        protocol: 47,
        id,
        payload: Uint8Array.of(0x30, 1, 0x88, 0x0b, 0, 4, 9, 9, 0, 0, 0, 1, 9, 9, 9, 9),
        ...(more ? { moreFragments: true } : { fragmentOffset: 16 }),
      });
    expect(router.send(call(1, true))?.source).toBe(A);
    expect(router.send(call(1, false))?.source).toBe(WAN);
  });

  test('two laptops’ pieces with one identification cannot be told apart outside', () => {
    const router = lab();
    const sent = [A, B].map((laptop) => pieces(laptop, S, ID, 50)).map(([, later]) => router.send(later)?.bytes);
    expect(sent[0]).toEqual(sent[1]);
  });
});

describe('inward', () => {
  const withFlow = (protocol = 17) => {
    const router = lab();
    router.send(pieces(A, S, 1, protocol)[0]);
    return router;
  };

  test.each([17, 50])('later pieces of IP protocol %i go where the first went, and none waits', (protocol) => {
    const router = withFlow(protocol);
    const [first, later] = pieces(S, WAN, ID, protocol);
    expect(router.send(first)).toMatchObject({ destination: A, moreFragments: true });
    expect(router.reason('pieces-noted')).toEqual({ code: 'pieces-noted', datagram: ID, host: A });
    expect(router.send(later)).toMatchObject({ destination: A, fragmentOffset: SPLIT });
    expect(router.reason('piece-matched')).toEqual({ code: 'piece-matched', datagram: ID, host: A });
  });

  test('pieces of another server or with another identification are none of these', () => {
    const router = withFlow();
    router.send(pieces(S, WAN)[0]);
    for (const [, later] of [pieces(S2, WAN), pieces(S, WAN, ID + 1)]) expect(router.send(later)).toBeUndefined();
  });

  test('a later piece that comes first is the NAT host’s', () => {
    const router = withFlow();
    const [, later] = pieces(S, WAN);
    expect(router.send(later)).toBeUndefined();
    expect([router.reason('passed-raw')?.why, router.last.verdict]).toEqual(['first-piece-missing', 'held']);
  });

  test('ESP in pieces follows the newest laptop', () => {
    const router = withFlow(50);
    router.send(pieces(B, S, 2, 50)[0]);
    expect(pieces(S, WAN, ID, 50).map((piece) => router.send(piece)?.destination)).toEqual([B, B]);
  });

  test('an identification used again goes with the newer first piece', () => {
    const router = withFlow(50);
    router.send(pieces(S, WAN, ID, 50)[0]);
    router.send(pieces(B, S, 2, 50)[0]);
    expect(pieces(S, WAN, ID, 50).map((piece) => router.send(piece)?.destination)).toEqual([B, B]);
  });
});

describe('the router around it', () => {
  test('puts together what is for itself, and only then answers', () => {
    const router = lab();
    const data = new Uint8Array(24).fill(7);
    const message = icmp.encode({ kind: 'echo-request', identifier: 1, sequence: 1, data });
    const common = { source: S, destination: WAN, protocol: 1, id: ID };
    router.send(ip.encode({ ...common, payload: message.subarray(0, 16), moreFragments: true }));
    expect(router.last).toMatchObject({ verdict: 'held', out: [] });
    router.send(ip.encode({ ...common, payload: message.subarray(16), fragmentOffset: 16 }));
    expect(router.last.verdict).toBe('answered');
    expect(toHex(router.last.out[0]!.packet.subarray(28))).toBe(toHex(data));
  });

  test('cuts a piece that is too long for the next link into pieces of the same datagram', () => {
    const router = routerOf(
      libalias,
      {},
      {
        interfaces: [
          { name: 'lan', address: { address: C - 11, length: 24 } },
          { name: 'wan', address: { address: WAN, length: 24 }, masquerade: true, mtu: 60 },
        ],
      },
    );
    router.send(
      ip.encode({
        source: A,
        destination: S,
        protocol: 50,
        payload: new Uint8Array(64),
        fragmentOffset: 64,
        moreFragments: true,
      }),
    );
    expect(router.last.out.map(({ packet }) => [packet.length, firstWord(packet)])).toEqual([
      [60, 0x2008],
      [44, 0x200d],
    ]);
  });
});

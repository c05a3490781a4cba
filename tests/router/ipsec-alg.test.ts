import { describe, expect, test } from 'vitest';
import { concat, hex, putU32, u32 } from '../../src/lib/bytes.ts';
import type { FlowId } from '../../src/router/outcome.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as isakmp from '../../src/wire/isakmp.ts';
import { A, B, type Bench, C, datagram, packet, readUdp, routerOf, S, S2, WAN } from './bench.ts';
import { espIn, espOut, espPacket } from './vpn-packets.ts';

const ROUTER_ON_THE_WAY = ipv4('192.0.2.1');
const ESP = 50;
const AH = 51;
const bench = (maxEntries?: number) =>
  routerOf(textbook, { ipsec: true }, maxEntries === undefined ? {} : { maxEntries });

/** The header of a packet that an error quotes in part. */
const quoted = (bytes: Uint8Array) => ({ source: u32(bytes, 12), destination: u32(bytes, 16), protocol: bytes[9] });
describe('ESP', () => {
  test('of two hosts to one server is told apart by the SPIs of their answers', () => {
    const lab = bench();
    expect([espOut(lab, A, 0xa1), espIn(lab, 0xb1)]).toEqual([true, A]);
    expect([espOut(lab, B, 0xa2), espIn(lab, 0xb2)]).toEqual([true, B]);
    expect([espIn(lab, 0xb1), espIn(lab, 0xb2)]).toEqual([A, B]);
  });

  test('the first unknown SPI of a server is that of the host that waits, and both SPIs are shown', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    expect(lab.reason('id-noted')).toMatchObject({ id: 'spi', value: 0xa1, owner: A });
    espIn(lab, 0xb1);
    expect(lab.reason('id-adopted')).toMatchObject({ id: 'spi', value: 0xb1, owner: A });
    const [change] = lab.last.changes;
    expect(change?.kind === 'updated' && [change.before.ids, change.after.ids]).toEqual([
      [{ id: 'spi', outbound: 0xa1 }],
      [{ id: 'spi', outbound: 0xa1, inbound: 0xb1 }],
    ]);
    espIn(lab, 0xb1);
    expect(lab.reason('id-matched')).toMatchObject({ id: 'spi', value: 0xb1, owner: A });
  });

  test('a second host may not begin while the first has no answer; a moment later it may', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    expect(espOut(lab, B, 0xa2)).toBe(false);
    expect(lab.reason('held-back')).toEqual({ code: 'held-back', id: 'spi', value: 0xa2, owner: A, client: B });
    expect(espOut(lab, B, 0xa3, S2)).toBe(true);
    expect(espIn(lab, 0xb1)).toBe(A);
    expect([espOut(lab, B, 0xa2), espIn(lab, 0xb2)]).toEqual([true, B]);
  });

  test('a host that is never answered holds the others back for half a minute, not for ever', () => {
    const lab = bench();
    for (lab.now = 0; lab.now < 30; lab.now += 5) {
      espOut(lab, A, 0xa1);
      expect(espOut(lab, B, 0xa2)).toBe(false);
    }
    lab.now = 31;
    expect(espOut(lab, B, 0xa2)).toBe(true);
    expect(espOut(lab, A, 0xa1)).toBe(false);
    expect(espIn(lab, 0xb2)).toBe(B);
  });

  test('a host that changes keys waits for an answer again; what it had before goes on', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    expect(espOut(lab, A, 0xaa)).toBe(true);
    expect(espOut(lab, B, 0xa2)).toBe(false);
    expect(espIn(lab, 0xb1)).toBe(A);
    expect(espIn(lab, 0xbb)).toBe(A);
    expect(lab.codes).toContain('id-adopted');
    expect([espOut(lab, B, 0xa2), espIn(lab, 0xb2)]).toEqual([true, B]);
  });

  test('an SPI that nobody waits for reaches nobody, and the reason says which', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    expect(espIn(lab, 0xb9)).toBeUndefined();
    expect(lab.reason('id-unknown')).toMatchObject({ id: 'spi', value: 0xb9 });
    expect(espIn(lab, 0xb1, S2)).toBeUndefined();
  });

  test('without a whole header, or with SPI 0, makes no entry', () => {
    const lab = bench();
    for (const payload of [new Uint8Array(0), hex('000000a1'), espPacket(0)])
      expect(lab.send(packet(A, S, ESP, payload))).toBeUndefined();
    expect(lab.router.entries(0)).toEqual([]);
    expect(espOut(lab, B, 0xa2)).toBe(true);
  });

  test('is forgotten after ten minutes without a packet in either direction', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    lab.now = 599;
    expect(espIn(lab, 0xb1)).toBe(A);
    lab.now = 599 + 601;
    expect(espIn(lab, 0xb1)).toBeUndefined();
    expect([espOut(lab, B, 0xa2), espIn(lab, 0xb1)]).toEqual([true, B]);
  });

  test('errors about it reach the host that sent it', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    espOut(lab, B, 0xa2);
    espIn(lab, 0xb2);
    // All that an error must quote is the IP header and eight bytes: here SPI and sequence number.
    const quote = packet(WAN, S, ESP, espPacket(0xa2)).slice(0, 28);
    const seen = lab.send(
      packet(ROUTER_ON_THE_WAY, WAN, 1, icmp.encode({ kind: 'unreachable', code: 4, mtu: 1400, quote })),
    );
    expect(seen?.destination).toBe(B);
    expect(lab.reason('icmp-error-related')).toMatchObject({ direction: 'reply' });
    const told = icmp.parse(seen!.payload);
    expect(told.ok && told.value.kind === 'unreachable' && quoted(told.value.quote)).toMatchObject({
      source: B,
      destination: S,
      protocol: ESP,
    });
  });
});

describe('IKE', () => {
  const COOKIES = ['a0a1a2a3a4a5a6a7', 'b0b1b2b3b4b5b6b7', 'c0c1c2c3c4c5c6c7'].map(hex) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [CA, CB, CC] = COOKIES;
  const ike = (cookie: Uint8Array, exchange = 34) =>
    isakmp.encode(
      {
        initiatorSpi: cookie,
        responderSpi: new Uint8Array(8),
        first: 0,
        version: isakmp.VERSION_2,
        exchange,
        flags: isakmp.INITIATOR,
        messageId: 0,
      },
      new Uint8Array(12),
    );
  /** The source port with which it leaves. */
  const initiate = (lab: Bench, from: number, cookie: Uint8Array, server = S) => {
    const seen = lab.send(datagram(from, 500, server, 500, ike(cookie)));
    return seen && readUdp(seen).sourcePort;
  };
  /** Who gets an answer to that port, as address and port. */
  const respond = (lab: Bench, cookie: Uint8Array, port = 500, server = S) => {
    const seen = lab.send(datagram(server, 500, WAN, port, ike(cookie)));
    return seen && [seen.destination, readUdp(seen).destinationPort];
  };

  test('keeps port 500 for every host; the cookie says whose the answers are', () => {
    const lab = bench();
    expect([initiate(lab, A, CA), initiate(lab, B, CB), initiate(lab, C, CC, S2)]).toEqual([500, 500, 500]);
    expect(lab.reason('id-noted')).toMatchObject({ id: 'cookie', value: 'c0c1c2c3c4c5c6c7', owner: C, port: 500 });
    expect([respond(lab, CB), respond(lab, CA), respond(lab, CC, 500, S2)]).toEqual([
      [B, 500],
      [A, 500],
      [C, 500],
    ]);
    expect(lab.reason('id-matched')).toMatchObject({ id: 'cookie', owner: C });
    expect(respond(lab, CC)).toBeUndefined();
    expect(lab.reason('id-unknown')).toMatchObject({ id: 'cookie', value: 'c0c1c2c3c4c5c6c7' });
  });

  test('shows both hosts in the table with the ports they have on the wire', () => {
    const lab = bench();
    initiate(lab, A, CA);
    initiate(lab, B, CB);
    const entries = lab.router.entries(0);
    expect(entries.map((each) => [each.original.source, each.reply.destination])).toEqual([
      [
        { address: A, key: 500 },
        { address: WAN, key: 500 },
      ],
      [
        { address: B, key: 500 },
        { address: WAN, key: 500 },
      ],
    ]);
    expect(entries.map((each) => each.ids)).toEqual<FlowId[][]>([
      [{ id: 'cookie', value: 'a0a1a2a3a4a5a6a7' }],
      [{ id: 'cookie', value: 'b0b1b2b3b4b5b6b7' }],
    ]);
  });

  test('with a cookie that another host has goes out by another port, and each gets its own answers', () => {
    const lab = bench();
    expect(initiate(lab, A, CA)).toBe(500);
    const port = initiate(lab, B, CA);
    expect(port).not.toBe(500);
    expect(lab.reason('id-taken')).toMatchObject({ owner: A, client: B, so: 'other-port' });
    expect(lab.reason('port-drawn')).toMatchObject({ from: 500, because: 'reserved' });
    expect([respond(lab, CA), respond(lab, CA, port)]).toEqual([
      [A, 500],
      [B, 500],
    ]);
    // Toward another server the cookie is its own.
    expect(initiate(lab, B, CA, S2)).toBe(500);
  });

  test('of a host that begins again has two cookies, and both are its own', () => {
    const lab = bench();
    initiate(lab, A, CA);
    initiate(lab, A, CC);
    expect([respond(lab, CA), respond(lab, CC)]).toEqual([
      [A, 500],
      [A, 500],
    ]);
    expect(lab.router.entries(0)).toHaveLength(1);
  });

  test('that is none goes the way of all UDP, by another port', () => {
    const lab = bench();
    const noise = lab.send(datagram(A, 500, S, 500, new Uint8Array(40).fill(1)));
    const port = readUdp(noise!).sourcePort;
    expect(port).not.toBe(500);
    expect(lab.router.entries(0).map((each) => each.ids)).toEqual([undefined]);
  });

  test('that was damaged on its way notes no cookie', () => {
    const lab = bench();
    initiate(lab, A, CA);
    const damaged = datagram(A, 500, S, 500, ike(CA));
    damaged[30]! ^= 1;
    expect(lab.send(damaged)).toBeUndefined();
    expect(lab.router.entries(0).map((each) => each.ids?.length)).toEqual([1]);
  });

  test('on port 4500 is ordinary UDP: the second host gets another port', () => {
    const lab = bench();
    const port = (from: number) =>
      readUdp(lab.send(datagram(from, 4500, S, 4500, concat(new Uint8Array(4), ike(CA))))!).sourcePort;
    expect(port(A)).toBe(4500);
    expect(port(B)).not.toBe(4500);
  });

  test('errors about it come back by the cookie they quote', () => {
    const lab = bench();
    initiate(lab, A, CA);
    initiate(lab, B, CB);
    const quote = datagram(WAN, 500, S, 500, ike(CB));
    const seen = lab.send(packet(S, WAN, 1, icmp.encode({ kind: 'unreachable', code: 3, mtu: 0, quote })));
    expect(seen?.destination).toBe(B);
  });

  test('switched off live, tunnels that are known go on; new ones go by ports', () => {
    const lab = bench();
    initiate(lab, A, CA);
    lab.router.setHelpers([]);
    expect([initiate(lab, A, CA), respond(lab, CA)]).toEqual([500, [A, 500]]);
    expect(initiate(lab, B, CB)).not.toBe(500);
  });

  test('that was under way when the switch came on keeps its port', () => {
    const lab = routerOf(textbook, { ipsec: false });
    expect(initiate(lab, A, CA)).toBe(500);
    lab.router.setHelpers(['ipsec']);
    expect(respond(lab, CA)).toEqual([A, 500]);
    expect([initiate(lab, A, CA), initiate(lab, B, CB)]).toEqual([500, 500]);
    expect([respond(lab, CA), respond(lab, CB)]).toEqual([
      [A, 500],
      [B, 500],
    ]);
  });

  test('numbers are forgotten idle ones first when there are too many', () => {
    const lab = bench(4);
    const cookie = (value: number) => {
      const bytes = new Uint8Array(8);
      putU32(bytes, 4, value);
      return bytes;
    };
    for (let i = 1; i <= 4; i++) initiate(lab, A, cookie(i));
    respond(lab, cookie(1));
    initiate(lab, A, cookie(5));
    expect(lab.reason('id-evicted')).toMatchObject({ id: 'cookie', value: '0000000000000002', owner: A, limit: 4 });
    expect([respond(lab, cookie(1)), respond(lab, cookie(2))]).toEqual([[A, 500], undefined]);
  });
});

describe('AH', () => {
  test('passes for the first host of each server; the addresses change, as its receiver will find', () => {
    const lab = bench();
    const ah = (from: number) => lab.send(packet(from, S, AH, new Uint8Array(24)))?.source;
    expect(ah(A)).toBe(WAN);
    expect(ah(B)).toBeUndefined();
    expect(lab.reason('tuple-clash')).toMatchObject({ protocol: AH, owner: A, client: B });
    expect(lab.send(packet(S, WAN, AH, new Uint8Array(24)))?.destination).toBe(A);
  });
});

test('with the switch off ESP and AH have no port and stay inside, IKE is UDP', () => {
  const lab = routerOf(textbook, { ipsec: false });
  expect(espOut(lab, A, 0xa1)).toBe(false);
  expect(lab.reason('no-port')).toMatchObject({ protocol: ESP });
  expect(lab.send(packet(A, S, AH, new Uint8Array(24)))).toBeUndefined();
});

/** Broadcom's ESP tracker and IKE helper, quirk by quirk, as their source has them. */
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import { broadcomEsp } from '../../src/router/profiles/broadcom-esp.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { A, B, C, datagram, packet, routerOf, S, S2, WAN } from './bench.ts';
import { espIn, espOut, espPacket, ikeIn, ikeMessage, ikeOut } from './vpn-packets.ts';

const bench = () => routerOf(broadcomEsp);
const host = (index: number) => A + index;

describe('ESP', () => {
  test('of two hosts that begin one after the other is told apart by SPI, in numbers from 1500', () => {
    const lab = bench();
    expect([espOut(lab, A, 0xa1), espIn(lab, 0xb1)]).toEqual([true, A]);
    expect([espOut(lab, B, 0xa2), espIn(lab, 0xb2)]).toEqual([true, B]);
    expect([espIn(lab, 0xb1), espIn(lab, 0xb2), espOut(lab, A, 0xa1)]).toEqual([A, B, true]);
    expect(lab.router.entries(0).map((each) => each.ids)).toEqual([
      [{ id: 'spi', outbound: 0xa1, inbound: 0xb1 }],
      [{ id: 'spi', outbound: 0xa2, inbound: 0xb2 }],
    ]);
  });

  test('of two hosts that begin at once is crossed: the first answer goes to the first place, whoever it was for', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espOut(lab, B, 0xa2);
    expect(espIn(lab, 0xb2)).toBe(A);
    expect(lab.reason('id-adopted')).toMatchObject({ value: 0xb2, owner: A, how: 'first-in-table' });
    expect(espIn(lab, 0xb1)).toBe(B);
  });

  test('with a new key from the server’s side belongs to nobody', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    expect(espIn(lab, 0xbb)).toBeUndefined();
    expect(lab.router.entries(0)).toHaveLength(1);
  });

  test('with a new key from the host leaves, but the server’s new answers are lost until half a minute of silence', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    expect(espOut(lab, A, 0xaa)).toBe(true);
    expect(espIn(lab, 0xbb)).toBeUndefined();
    lab.now = 31;
    expect([espOut(lab, A, 0xaa), espIn(lab, 0xbb)]).toEqual([true, A]);
  });

  test('of one host to two servers has one place: what the first server sends is lost', () => {
    const lab = bench();
    espOut(lab, A, 0xa1, S);
    espIn(lab, 0xb1, S);
    expect([espOut(lab, A, 0xc1, S2), espIn(lab, 0xd1, S2)]).toEqual([true, A]);
    expect(espIn(lab, 0xb1, S)).toBeUndefined();
  });

  test('is known by SPI whatever the addresses: another server with that SPI meets the same place', () => {
    const lab = bench();
    espOut(lab, A, 0xa1, S);
    espIn(lab, 0xb1, S);
    espIn(lab, 0xb1, S2);
    expect(lab.reason('id-matched')).toMatchObject({ value: 0xb1, owner: A });
  });

  test('both ends of which chose the same SPI finds its way', () => {
    const lab = bench();
    espOut(lab, A, 0xab);
    expect(espIn(lab, 0xab)).toBe(A);
  });

  test('of a host outside 192.0.0.0/8 takes a new place with every new key', () => {
    const lab = bench();
    lab.router.setAddress('lan', { address: ipv4('10.0.0.1'), length: 24 }, 0);
    const ten = ipv4('10.0.0.5');
    for (const spi of [0xa1, 0xa2]) lab.router.receive('lan', packet(ten, S, 50, espPacket(spi)), 0);
    expect(lab.router.entries(0).map((each) => each.ids)).toEqual([
      [{ id: 'spi', outbound: 0xa1 }],
      [{ id: 'spi', outbound: 0xa2 }],
    ]);
  });

  test('of a ninth host is not tracked, and leaves with its private address', () => {
    const lab = bench();
    for (let i = 0; i < 8; i++) expect(espOut(lab, host(i), 0xa0 + i, S + i)).toBe(true);
    expect(lab.send(packet(host(8), S + 8, 50, espPacket(0xaf)))?.source).toBe(host(8));
    expect(lab.reason('untracked-invalid')).toMatchObject({ why: 'alg-table-full' });
    lab.now = 31;
    expect(espOut(lab, host(8), 0xaf, S + 8)).toBe(true);
  });

  test('lives thirty seconds without a packet, with answers or without', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    espIn(lab, 0xb1);
    espOut(lab, A, 0xa1);
    expect(lab.router.entries(0)).toMatchObject([{ expiresAt: 30 }]);
  });

  test('that nobody asked for is taken for the answer by a host that waits', () => {
    const lab = bench();
    espOut(lab, A, 0xa1);
    expect(espIn(lab, 0xbad)).toBe(A);
    expect(espIn(lab, 0xb1)).toBeUndefined();
  });

  test('that nobody waits for takes no place for long', () => {
    const lab = bench();
    for (let i = 0; i < 20; i++) espIn(lab, 0x1000 + i);
    expect(espOut(lab, A, 0xa1)).toBe(true);
  });
});

describe('IKE', () => {
  test('leaves from port 500 without a checksum, whoever sends it; the cookie decides who gets the answer', () => {
    const lab = bench();
    expect([ikeOut(lab, A, 'a000000000000001'), ikeOut(lab, B, 'b000000000000001')]).toEqual([500, 500]);
    expect(lab.reason('port-forced')).toEqual({ code: 'port-forced', helper: 'broadcom-ike', from: 1, to: 500 });
    expect([ikeIn(lab, 'b000000000000001'), ikeIn(lab, 'a000000000000001')]).toEqual([
      [B, 500],
      [A, 500],
    ]);
    expect(lab.reason('host-chosen')).toMatchObject({ by: 'cookie', value: 'a000000000000001', host: A });
    const seen = lab.send(datagram(A, 500, S, 500, ikeMessage('a000000000000001')))!;
    expect(u16(seen.payload, 6)).toBe(0);
    const back = lab.send(datagram(S, 500, WAN, 500, ikeMessage('a000000000000001', true)))!;
    expect(u16(back.payload, 6)).toBe(0);
  });

  test('is told apart by half a cookie: two hosts whose cookies begin alike get each other’s answers', () => {
    const lab = bench();
    ikeOut(lab, A, 'abcdabcd00000001');
    ikeOut(lab, B, 'abcdabcd00000002');
    expect(ikeIn(lab, 'abcdabcd00000002')).toEqual([A, 500]);
  });

  test('of a host that begins again is not noted: its answers go to whoever shows port 500', () => {
    const lab = bench();
    ikeOut(lab, A, 'a000000000000001');
    ikeOut(lab, B, 'b000000000000001');
    ikeOut(lab, B, 'b100000000000002');
    expect(ikeIn(lab, 'b100000000000002')).toEqual([A, 500]);
  });

  test('of a ninth host is dropped', () => {
    const lab = bench();
    for (let i = 0; i < 8; i++) expect(ikeOut(lab, host(i), `a${i}00000000000001`)).toBe(500);
    expect(ikeOut(lab, host(8), 'af00000000000001')).toBeUndefined();
    expect(lab.reason('alg-full')).toMatchObject({ helper: 'broadcom-ike', limit: 8 });
  });

  test('gives its place free once its flow is gone, a minute after the last packet', () => {
    const lab = bench();
    for (let i = 0; i < 8; i++) ikeOut(lab, host(i), `a${i}00000000000001`);
    lab.now = 59;
    expect(ikeOut(lab, C, 'af00000000000001')).toBe(500);
    expect(ikeOut(lab, host(8), 'ae00000000000001')).toBeUndefined();
    lab.now = 61;
    expect(ikeOut(lab, host(8), 'ae00000000000001')).toBe(500);
  });
});

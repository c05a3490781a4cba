/** Realtek's three ALGs for Linux 2.4.18, as their source has them. */
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import type { Switches } from '../../src/router/profiles/profile.ts';
import { realtekSdk } from '../../src/router/profiles/realtek-sdk.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, type Bench, C, datagram, packet, readTcp, readUdp, routerOf, S, S2, WAN } from './bench.ts';
import { ControlTalk, greIn, greOut, message } from './control-talk.ts';
import { espIn, espOut, ikeIn, ikeOut } from './vpn-packets.ts';

const OFF: Switches = { pptp: false, l2tp: false, ipsec: false };
const bench = (on: Partial<Switches>) => routerOf(realtekSdk, { ...OFF, ...on });

describe('PPTP', () => {
  test('of two hosts with different Call IDs is told apart, and no id is rewritten', () => {
    const lab = bench({ pptp: true });
    const talks = [new ControlTalk(lab, A).open(), new ControlTalk(lab, B).open()] as const;
    expect([talks[0].call(7, 900), talks[1].call(8, 901)]).toEqual([7, 8]);
    expect([greOut(lab, A, 900), greOut(lab, B, 901)]).toEqual([900, 901]);
    expect([greIn(lab, 7), greIn(lab, 8)]).toEqual([
      { to: A, callId: 7 },
      { to: B, callId: 8 },
    ]);
  });

  test('of two hosts with the same Call ID has GRE for the first alone', () => {
    const lab = bench({ pptp: true });
    new ControlTalk(lab, A).open().call(7, 900);
    new ControlTalk(lab, B).open().call(7, 901);
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greOut(lab, B, 901)).toBeUndefined();
    expect(lab.reason('tuple-clash')).toMatchObject({ protocol: 47, owner: A, client: B });
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
  });

  test('lets the server begin with GRE', () => {
    const lab = bench({ pptp: true });
    new ControlTalk(lab, A).open().call(7, 900);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
  });

  test('makes GRE of no listed call INVALID: it leaves with its private address', () => {
    const lab = bench({ pptp: true });
    new ControlTalk(lab, A).open().call(7, 900);
    expect(lab.send(packet(B, S, 47, Uint8Array.of(0x30, 1, 0x88, 0x0b, 0, 0, 0, 9)))?.source).toBe(B);
    expect(lab.reason('untracked-invalid')).toMatchObject({ why: 'gre-unlisted' });
  });

  test('goes by addresses alone as long as no call was read', () => {
    const lab = bench({ pptp: true });
    expect([greOut(lab, A, 900), greOut(lab, B, 901)]).toEqual([900, undefined]);
  });

  test('ends the GRE of all calls with Call-Disconnect-Notify, and soon the control connection too', () => {
    const lab = bench({ pptp: true });
    const talk = new ControlTalk(lab, A).open();
    talk.call(7, 900);
    greOut(lab, A, 900);
    talk.hear('Call-Disconnect-Notify', { w12: 900 });
    expect(greIn(lab, 7)).toBeUndefined();
    expect(lab.router.entries(0).map((each) => [each.original.protocol, each.expiresAt])).toEqual([[6, 30]]);
  });

  test('does not see a message behind TCP options', () => {
    const lab = bench({ pptp: true });
    const talk = new ControlTalk(lab, A).open();
    talk.say('Outgoing-Call-Request', { w12: 7 });
    const [sequence, acknowledgment] = [talk.next[1], talk.next[0]];
    const payload = message('Outgoing-Call-Reply', { w12: 900, w14: 7, result: 1 });
    const given = { sourcePort: 1723, destinationPort: talk.outsidePort, sequence, acknowledgment, flags: tcp.ACK };
    const options = [{ kind: 'timestamps', value: 1, echo: 1 }] as const;
    const segment = tcp.encode({ ...given, payload, options }, { source: S, destination: WAN });
    expect(readTcp(lab.send(packet(S, WAN, tcp.PROTOCOL, segment))!).payload).toEqual(payload);
    expect(lab.reason('helper-missed')).toMatchObject({ helper: 'realtek-pptp' });
    expect(greIn(lab, 7)).toBeUndefined();
  });
});

describe('L2TP', () => {
  const sccrq = Uint8Array.from([0xc8, 2, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 8, 0, 0, 0, 0, 0, 1]);
  const data = (tunnelId: number) => Uint8Array.of(0, 2, 0, tunnelId, 0, 3, 1, 2, 3, 4);
  const portOf = (lab: Bench, from: number) => readUdp(lab.send(datagram(from, 1701, S, 1701, sccrq))!).sourcePort;
  const answer = (lab: Bench, port: number) => lab.send(datagram(S, 1701, WAN, port, data(5)));

  test('with the switch on hands every answer to whoever called last', () => {
    const lab = bench({ l2tp: true });
    const [first, second] = [portOf(lab, A), portOf(lab, B)];
    expect([answer(lab, first)?.destination, answer(lab, second)?.destination]).toEqual([B, B]);
    expect(lab.reason('host-chosen')).toMatchObject({ helper: 'realtek-l2tp', by: 'last-caller', host: B });
    expect(portOf(lab, A)).toBe(first);
    expect(readUdp(answer(lab, second)!).payload).toEqual(data(5));
    expect(answer(lab, second)?.destination).toBe(A);
  });

  test('with the switch off both hosts get their own', () => {
    const lab = bench({ l2tp: false });
    const [first, second] = [portOf(lab, A), portOf(lab, B)];
    expect([answer(lab, first)?.destination, answer(lab, second)?.destination]).toEqual([A, B]);
  });
});

describe('IPsec', () => {
  const begin = (lab: Bench, ...hosts: readonly number[]) =>
    hosts.map((host, i) => ikeOut(lab, host, `${'124'[i]}000000000000001`));

  test('IKE goes out as all UDP does; an answer under a known cookie finds its host whatever its port', () => {
    const lab = bench({ ipsec: true });
    expect(begin(lab, A, B)).toEqual([500, 1]);
    expect(ikeIn(lab, '2000000000000001', 1)).toEqual([B, 500]);
    expect(ikeIn(lab, '2000000000000001', 500)).toEqual([B, 500]);
    expect(ikeIn(lab, '1000000000000001', 500)).toEqual([A, 500]);
  });

  test('an answer under a cookie that has all bits of another host’s goes to that host', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A, B);
    expect(ikeIn(lab, '3000000000000001', 1)).toEqual([A, 500]);
  });

  test('ESP of hosts that begin one after the other is told apart', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A, B);
    expect([espOut(lab, A, 0x1001), espIn(lab, 0x2001)]).toEqual([true, A]);
    expect([espOut(lab, B, 0x1002), espIn(lab, 0x2002)]).toEqual([true, B]);
    expect([espIn(lab, 0x2001), espIn(lab, 0x2002)]).toEqual([A, B]);
    expect(lab.reason('id-matched')).toMatchObject({ value: 0x2002, owner: B });
  });

  test('the first answer of all goes to the first host in the table, whoever it is for', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A, B);
    espOut(lab, A, 0x1001);
    espOut(lab, B, 0x1002);
    expect(espIn(lab, 0x2002)).toBe(A);
    expect(lab.reason('id-adopted')).toMatchObject({ how: 'first-in-table' });
  });

  test('an SPI that has all bits of another host’s is taken for it', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A, B);
    expect(espIn(lab, 0x2001)).toBe(A);
    expect(espIn(lab, 0x2003)).toBe(A);
  });

  test('a server’s new key goes to the last host in the table, which then loses its own', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A, B);
    espIn(lab, 0x2001);
    espIn(lab, 0x2002);
    expect(espIn(lab, 0x4001)).toBe(B);
    expect(lab.reason('id-adopted')).toMatchObject({ how: 'last-in-table' });
    expect(espIn(lab, 0x2002)).toBe(B);
    expect(lab.reason('id-adopted')).toMatchObject({ how: 'last-in-table' });
  });

  test('ESP without IKE has no table to go by: nothing comes back once anybody has used IKE', () => {
    const lab = bench({ ipsec: true });
    expect([espOut(lab, A, 0x1001), espIn(lab, 0x2001)]).toEqual([true, A]);
    const other = bench({ ipsec: true });
    begin(other, C);
    expect([espOut(other, A, 0x1001, S2), espIn(other, 0x2001, S2)]).toEqual([true, undefined]);
  });

  test('a seventeenth host finds the table full: it is not noted, and its ESP stays unanswered', () => {
    const lab = bench({ ipsec: true });
    for (let i = 0; i < 17; i++) ikeOut(lab, A + i, `a0000000000000${(16 + i).toString(16)}`, S + i);
    expect(lab.codes).not.toContain('id-noted');
    expect([espOut(lab, A + 16, 0x1001, S + 16), espIn(lab, 0x2001, S + 16)]).toEqual([true, undefined]);
    lab.now = 601;
    ikeOut(lab, A + 16, 'a000000000000099', S + 16);
    expect(lab.codes).toContain('id-noted');
  });

  test('ESP lives thirty seconds unanswered, three minutes with answers', () => {
    const lab = bench({ ipsec: true });
    begin(lab, A);
    espOut(lab, A, 0x1001);
    const left = () => lab.router.entries(0).find((each) => each.original.protocol === 50)?.expiresAt;
    expect(left()).toBe(30);
    espIn(lab, 0x2001);
    espOut(lab, A, 0x1001);
    expect(left()).toBe(180);
  });

  test('with the switch off ESP goes by addresses alone', () => {
    const lab = bench({ ipsec: false });
    begin(lab, A, B);
    expect([espOut(lab, A, 0x1001), espOut(lab, B, 0x1002), espIn(lab, 0x2002)]).toEqual([true, false, A]);
  });
});

test('a message that is too short for what the ALGs read is left alone', () => {
  const lab = bench({ pptp: true, l2tp: true, ipsec: true });
  for (const [port, bytes] of [
    [1701, 3],
    [500, 12],
  ] as const)
    expect(readUdp(lab.send(datagram(A, port, S, port, new Uint8Array(bytes)))!).payload).toHaveLength(bytes);
  expect(u16(message('Echo-Request'), 0)).toBe(16);
});

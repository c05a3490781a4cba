/** Linux up to 5.0: what differs from the kernels of today. */
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import { linuxLegacy } from '../../src/router/profiles/linux-legacy.ts';
import { A, B, type Bench, C, datagram, readUdp, routerOf, S, S2, WAN } from './bench.ts';
import { ControlTalk, greIn, greOut } from './control-talk.ts';

const bench = (pptp: boolean) => routerOf(linuxLegacy, { pptp });

/** The source port with which a datagram leaves. */
const portOf = (lab: Bench, from: number, port: number, server = S) => {
  const seen = lab.send(datagram(from, port, server, port, new Uint8Array(4)));
  return seen && readUdp(seen).sourcePort;
};

describe('a source port that is taken', () => {
  test('is replaced by the next of its class, counted by one rover for all classes of a protocol', () => {
    const lab = bench(false);
    expect([portOf(lab, A, 500), portOf(lab, B, 500), portOf(lab, C, 500)]).toEqual([500, 1, 2]);
    expect(lab.reason('port-drawn')).toMatchObject({ how: 'in-order', because: 'taken', low: 1, high: 511 });
    // The rover stands at 1: the second number of the next class.
    expect([portOf(lab, A, 4500), portOf(lab, B, 4500)]).toEqual([4500, 1025]);
    expect([portOf(lab, A, 600), portOf(lab, B, 600)]).toEqual([600, 601]);
  });
});

describe('PPTP without the helper', () => {
  test('works for the first laptop of each server, whatever its Call IDs', () => {
    const lab = bench(false);
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
    expect(greOut(lab, B, 901)).toBeUndefined();
    expect(lab.reason('tuple-clash')).toMatchObject({ protocol: 47, owner: A, client: B });
    expect(greOut(lab, B, 901, S2)).toBe(901);
  });

  test('the first laptop keeps the server for ten minutes after the last packet of either side', () => {
    const lab = bench(false);
    greOut(lab, A, 900);
    lab.now = 599;
    expect(greOut(lab, B, 901)).toBeUndefined();
    lab.now = 601;
    expect(greOut(lab, B, 901)).toBe(901);
    expect(greIn(lab, 8)).toEqual({ to: B, callId: 8 });
  });
});

describe('PPTP with the helper', () => {
  test('every laptop gets its own GRE, by the outside port of its control connection', () => {
    const lab = bench(true);
    const [first, second] = [new ControlTalk(lab, A).open(), new ControlTalk(lab, B).open()];
    expect([first.call(7, 900), second.call(7, 901)]).toEqual([50_000, 1024]);
    expect(greIn(lab, 50_000)).toEqual({ to: A, callId: 7 });
    expect(greIn(lab, 1024)).toEqual({ to: B, callId: 7 });
  });

  test('GRE of a call lives ten minutes, and five hours once both sides have spoken', () => {
    const lab = bench(true);
    new ControlTalk(lab, A).open().call(7, 900);
    greOut(lab, A, 900);
    const left = () => lab.router.entries(lab.now).find((each) => each.original.protocol === 47)!.expiresAt - lab.now;
    expect(left()).toBe(600);
    greIn(lab, 50_000);
    greOut(lab, A, 900);
    expect(left()).toBe(18_000);
  });

  test('Set-Link-Info from the server passes unread, with the number that only the outside knows', () => {
    const lab = bench(true);
    const talk = new ControlTalk(lab, A).open();
    talk.call(7, 900);
    expect(u16(talk.hear('Set-Link-Info', { w12: 50_000 }), 12)).toBe(50_000);
    expect(lab.reason('helper-missed')).toMatchObject({ helper: 'nf-pptp', because: 'bad-message' });
    expect(u16(talk.hear('WAN-Error-Notify', { w12: 50_000 }), 12)).toBe(7);
  });

  test('unloading the modules ends its GRE; the control connection goes on unread', () => {
    const lab = bench(true);
    const talk = new ControlTalk(lab, A).open();
    talk.call(7, 900);
    expect(greIn(lab, 50_000)).toBeDefined();
    lab.router.setHelpers([]);
    expect(lab.router.entries(0).map((each) => each.original.protocol)).toEqual([6]);
    expect(greIn(lab, 50_000)).toBeUndefined();
    expect(u16(talk.say('Outgoing-Call-Request', { w12: 8 }), 12)).toBe(8);
  });

  test('without the helper but with the tracker, GRE leaves and nothing comes back', () => {
    const lab = bench(true);
    lab.router.setHelpers(['nf-gre']);
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toBeUndefined();
  });
});

test('a UDP flow is a stream from the packet after its first answer, and then lives three minutes', () => {
  const lab = bench(false);
  portOf(lab, A, 4500);
  lab.send(datagram(S, 4500, WAN, 4500, new Uint8Array(4)));
  portOf(lab, A, 4500);
  expect(lab.router.entries(0)).toMatchObject([{ expiresAt: 180, flags: { assured: true } }]);
});

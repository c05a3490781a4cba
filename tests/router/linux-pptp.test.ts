/** The kernel's PPTP helper (6.x) and what becomes of calls without it: quirks that recordings show, each by name. */
import { describe, expect, test } from 'vitest';
import { concat, u16 } from '../../src/lib/bytes.ts';
import { linux } from '../../src/router/profiles/linux.ts';
import * as gre from '../../src/wire/gre.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, type Bench, packet, routerOf, S } from './bench.ts';
import { ControlTalk, greIn, greOut, message } from './control-talk.ts';

const word = (bytes: Uint8Array, at: number) => u16(bytes, at);
const helped = (): Bench => routerOf(linux, { pptp: true });
const bare = (): Bench => routerOf(linux, { pptp: false });

/** A call of A's that is up, from port 50000, with Call IDs 7 (its own) and 900 (the server's). */
function called(lab: Bench): ControlTalk {
  const talk = new ControlTalk(lab, A, 50_000).open();
  talk.call(7, 900);
  return talk;
}

describe('the helper', () => {
  test('replaces every Call ID by the control connection’s outside TCP port, clash or none', () => {
    const lab = helped();
    expect(new ControlTalk(lab, A, 50_000).open().call(7, 900)).toBe(50_000);
    const second = new ControlTalk(lab, B, 50_000).open();
    expect(second.call(7, 901)).toBe(second.outsidePort);
    expect(second.outsidePort).not.toBe(50_000);
    expect([greIn(lab, 50_000), greIn(lab, second.outsidePort)]).toEqual([
      { to: A, callId: 7 },
      { to: B, callId: 7 },
    ]);
  });

  test('leaves GRE that goes out alone: only its address changes', () => {
    const lab = helped();
    called(lab);
    expect(greOut(lab, A, 900)).toBe(900);
  });

  test('lets the server begin with GRE', () => {
    const lab = helped();
    called(lab);
    expect(greIn(lab, 50_000)).toEqual({ to: A, callId: 7 });
  });

  test('overwrites the server’s own Call ID in its Call-Disconnect-Notify by the laptop’s, against RFC 2637 §2.13', () => {
    const lab = helped();
    const talk = called(lab);
    expect(word(talk.hear('Call-Disconnect-Notify', { w12: 900 }), 12)).toBe(7);
  });

  test('ends a call’s GRE with Call-Disconnect-Notify, but not with the TCP connection’s FIN', () => {
    const lab = helped();
    const talk = called(lab);
    greIn(lab, 50_000);
    talk.fromClient(new Uint8Array(0), tcp.FIN | tcp.ACK);
    talk.fromServer(new Uint8Array(0), tcp.FIN | tcp.ACK);
    expect(greIn(lab, 50_000)).toEqual({ to: A, callId: 7 });

    const other = helped();
    const ended = called(other);
    greIn(other, 50_000);
    ended.hear('Call-Disconnect-Notify', { w12: 900 });
    expect(greIn(other, 50_000)).toBeUndefined();
  });

  test('translates the laptop’s id wherever the server names it, and its own in Call-Clear-Request', () => {
    const lab = helped();
    const talk = called(lab);
    expect(word(talk.hear('Set-Link-Info', { w12: 50_000 }), 12)).toBe(7);
    expect(word(talk.hear('WAN-Error-Notify', { w12: 50_000 }), 12)).toBe(7);
    expect(word(talk.say('Set-Link-Info', { w12: 900 }), 12)).toBe(900);
    expect(word(talk.say('Call-Clear-Request', { w12: 7 }), 12)).toBe(50_000);
  });

  test('does not see a request that is split over two segments: it leaves unchanged, and no GRE comes in', () => {
    const lab = helped();
    const talk = new ControlTalk(lab, A, 50_000).open();
    const request = message('Outgoing-Call-Request', { w12: 7 });
    const arrived = concat(talk.fromClient(request.slice(0, 20)), talk.fromClient(request.slice(20)));
    expect(word(arrived, 12)).toBe(7);
    talk.hear('Outgoing-Call-Reply', { w12: 900, w14: 7, result: 1 });
    expect([greIn(lab, 7), greIn(lab, 50_000)]).toEqual([undefined, undefined]);
  });

  test('reads only the first message of a segment', () => {
    const lab = helped();
    const talk = new ControlTalk(lab, A, 50_000).open();
    const both = concat(message('Echo-Request'), message('Outgoing-Call-Request', { w12: 7 }));
    expect(word(talk.fromClient(both), 16 + 12)).toBe(7);
  });

  test('knows one call a connection: a second one leaves with the same number, and its GRE comes in as the first’s', () => {
    const lab = helped();
    const talk = called(lab);
    expect(word(talk.say('Outgoing-Call-Request', { w12: 8 }), 12)).toBe(50_000);
    expect(greIn(lab, 50_000)).toEqual({ to: A, callId: 7 });
  });

  test('does nothing for a control connection that was open before it was attached', () => {
    const lab = bare();
    const talk = new ControlTalk(lab, A, 50_000).open();
    lab.router.setHelpers(['nf-pptp']);
    expect(talk.call(7, 900)).toBe(7);
    expect(greIn(lab, 7)).toBeUndefined();
  });

  test('does not undo an incoming call: the laptop’s id in its reply is lost', () => {
    const lab = helped();
    const talk = new ControlTalk(lab, A, 50_000).open();
    talk.hear('Incoming-Call-Request', { w12: 55 });
    const outside = word(talk.say('Incoming-Call-Reply', { w12: 7, w14: 55, result: 1 }), 12);
    talk.hear('Incoming-Call-Connected', { w12: outside });
    expect(greIn(lab, outside)?.callId).not.toBe(7);
  });

  test('GRE lives 30 s unanswered and 180 s with answers, not the ten minutes and five hours of its source', () => {
    for (const [late, reached] of [
      [179, true],
      [181, false],
    ] as const) {
      const lab = helped();
      called(lab);
      for (const _ of [1, 2]) {
        greOut(lab, A, 900);
        greIn(lab, 50_000);
      }
      lab.now = late;
      expect([late, greIn(lab, 50_000) !== undefined]).toEqual([late, reached]);
    }
  });

  test('a call whose GRE has run out is dead one way: what leaves leaves, and nothing comes in until it is made anew', () => {
    const lab = helped();
    const talk = called(lab);
    greOut(lab, A, 900);
    greIn(lab, 50_000);
    lab.now = 200;
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 50_000)).toBeUndefined();
    talk.call(7, 901);
    expect(greIn(lab, 50_000)).toEqual({ to: A, callId: 7 });
  });
});

describe('without the helper', () => {
  test('GRE leaves and its answers belong to no one, for one laptop as for two', () => {
    const lab = bare();
    expect(new ControlTalk(lab, A).open().call(7, 900)).toBe(7);
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toBeUndefined();
    expect(greOut(lab, B, 901)).toBe(901);
  });

  test('a second laptop that the server gave the same Call ID is dropped on its way out', () => {
    const lab = bare();
    greOut(lab, A, 900);
    expect(greOut(lab, B, 900)).toBeUndefined();
    expect(lab.reason('tuple-clash')).toMatchObject({ protocol: gre.PROTOCOL, owner: A, client: B });
  });

  test('only a call whose numbers are both zero finds its way back', () => {
    const lab = bare();
    greOut(lab, A, 0);
    expect(greIn(lab, 0)).toEqual({ to: A, callId: 0 });
  });

  test('GRE of version 0 goes by addresses alone: the first laptop of each server has it', () => {
    const lab = bare();
    const plain = (from: number) => lab.send(packet(from, S, gre.PROTOCOL, Uint8Array.of(0, 0, 8, 0, 1, 2, 3, 4)));
    expect([plain(A) !== undefined, plain(B) !== undefined]).toEqual([true, false]);
  });
});

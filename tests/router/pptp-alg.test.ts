/** The textbook's PPTP ALG against RFC 2637: what a router that reads everything makes of calls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, u16 } from '../../src/lib/bytes.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, type Bench, C, routerOf, S, S2 } from './bench.ts';
import { ControlTalk, greIn, greOut, type MessageName, message } from './control-talk.ts';

const bench = () => routerOf(textbook, { pptp: true });
const word = (bytes: Uint8Array, at: number) => u16(bytes, at);

describe('the Call ID of an outgoing call', () => {
  test('stays where nobody else has it, and both directions of GRE pass unchanged', () => {
    const lab = bench();
    const talk = new ControlTalk(lab, A).open();
    const request = talk.say('Outgoing-Call-Request', { w12: 7 });
    expect(word(request, 12)).toBe(7);
    expect(lab.reason('call-id-kept')).toMatchObject({ callId: 7, message: 'Outgoing-Call-Request' });
    const reply = talk.hear('Outgoing-Call-Reply', { w12: 900, w14: 7, result: 1 });
    expect([word(reply, 12), word(reply, 14)]).toEqual([900, 7]);
    expect(lab.reason('expectation-made')).toMatchObject({ callId: 900, peerCallId: 7 });
    expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
  });

  test('is replaced where another laptop has it toward this server; each gets its own GRE', () => {
    const lab = bench();
    const first = new ControlTalk(lab, A).open();
    const second = new ControlTalk(lab, B).open();
    expect(first.call(7, 900)).toBe(7);
    const outside = word(second.say('Outgoing-Call-Request', { w12: 7 }), 12);
    expect(outside).not.toBe(7);
    expect(lab.reason('call-id-rewritten')).toMatchObject({ helper: 'pptp', from: 7, to: outside });
    const reply = second.hear('Outgoing-Call-Reply', { w12: 901, w14: outside, result: 1 });
    expect(word(reply, 14)).toBe(7);
    expect(lab.reason('call-id-restored')).toMatchObject({ from: outside, to: 7 });
    // The server may speak first.
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
    expect(greOut(lab, B, 901)).toBe(901);
  });

  test('is kept toward another server, whoever has it toward the first', () => {
    const lab = bench();
    expect(new ControlTalk(lab, A, 50_000, S).open().call(7, 900)).toBe(7);
    expect(new ControlTalk(lab, B, 50_000, S2).open().call(7, 900)).toBe(7);
    expect(greIn(lab, 7, S)).toEqual({ to: A, callId: 7 });
    expect(greIn(lab, 7, S2)).toEqual({ to: B, callId: 7 });
  });

  test('is free again after Call-Disconnect-Notify, which names the server’s own id and is not touched', () => {
    const lab = bench();
    const first = new ControlTalk(lab, A).open();
    first.call(7, 900);
    expect(greIn(lab, 7)).toBeDefined();
    expect(word(first.hear('Call-Disconnect-Notify', { w12: 900 }), 12)).toBe(900);
    expect(greIn(lab, 7)).toBeUndefined();
    expect(new ControlTalk(lab, B).open().call(7, 901)).toBe(7);
  });

  test.each<readonly [string, (talk: ControlTalk) => unknown]>([
    ['Stop-Control-Connection-Request', (talk) => talk.say('Stop-Control-Connection-Request')],
    ['Stop-Control-Connection-Request of the server', (talk) => talk.hear('Stop-Control-Connection-Request')],
    ['an answer that says no', (talk) => talk.hear('Outgoing-Call-Reply', { w12: 0, w14: 7, result: 3 })],
  ])('is free again after %s', (_, end) => {
    const lab = bench();
    const talk = new ControlTalk(lab, A).open();
    talk.say('Outgoing-Call-Request', { w12: 7 });
    end(talk);
    expect(new ControlTalk(lab, B).open().call(7, 901)).toBe(7);
  });

  test('is free again when the control connection has run out', () => {
    const lab = bench();
    new ControlTalk(lab, A).open().call(7, 900);
    lab.now += 7441;
    expect(new ControlTalk(lab, B).open().call(7, 901)).toBe(7);
    expect(greIn(lab, 7)).toEqual({ to: B, callId: 7 });
  });
});

test('every message about a call names it as the other side knows it, in the right field', () => {
  const lab = bench();
  new ControlTalk(lab, A).open().call(7, 900);
  const talk = new ControlTalk(lab, B).open();
  const outside = talk.call(7, 901);
  const out: readonly (readonly [MessageName, number, number])[] = [
    ['Call-Clear-Request', 7, outside],
    ['Set-Link-Info', 901, 901],
  ];
  for (const [name, sent, arrives] of out)
    expect([name, word(talk.say(name, { w12: sent }), 12)]).toEqual([name, arrives]);
  const back: readonly (readonly [MessageName, number, number])[] = [
    ['WAN-Error-Notify', outside, 7],
    ['Set-Link-Info', outside, 7],
    ['Call-Disconnect-Notify', 901, 901],
  ];
  for (const [name, sent, arrives] of back)
    expect([name, word(talk.hear(name, { w12: sent }), 12)]).toEqual([name, arrives]);
});

describe('an incoming call (RFC 2637 §2.9 to §2.11)', () => {
  test('has its id translated in the inside end’s reply; GRE comes once the PAC says Connected', () => {
    const lab = bench();
    new ControlTalk(lab, A).open().call(7, 900);
    const talk = new ControlTalk(lab, B).open();
    expect(word(talk.hear('Incoming-Call-Request', { w12: 55 }), 12)).toBe(55);
    const reply = talk.say('Incoming-Call-Reply', { w12: 7, w14: 55, result: 1 });
    const outside = word(reply, 12);
    expect([outside === 7, word(reply, 14)]).toEqual([false, 55]);
    expect(greIn(lab, outside)).toBeUndefined();
    expect(word(talk.hear('Incoming-Call-Connected', { w12: outside }), 12)).toBe(7);
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
    expect(greOut(lab, B, 55)).toBe(55);
  });

  test('made by an inside PAC to an outside PNS is translated the same way', () => {
    const lab = bench();
    new ControlTalk(lab, A).open().call(7, 900);
    const talk = new ControlTalk(lab, B).open();
    const outside = word(talk.say('Incoming-Call-Request', { w12: 7 }), 12);
    expect(outside).not.toBe(7);
    expect(word(talk.hear('Incoming-Call-Reply', { w12: 55, w14: outside, result: 1 }), 14)).toBe(7);
    talk.say('Incoming-Call-Connected', { w12: 55 });
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
  });
});

test('several calls on one control connection live side by side', () => {
  const lab = bench();
  new ControlTalk(lab, A).open().call(7, 900);
  const talk = new ControlTalk(lab, B).open();
  const ids = [talk.call(7, 901), talk.call(8, 902), talk.call(9, 903)];
  expect(ids.slice(1)).toEqual([8, 9]);
  expect(ids.map((id) => greIn(lab, id))).toEqual([7, 8, 9].map((callId) => ({ to: B, callId })));
  talk.hear('Call-Disconnect-Notify', { w12: 902 });
  expect(ids.map((id) => greIn(lab, id)?.callId)).toEqual([7, undefined, 9]);
});

describe('TCP is a stream', () => {
  /** A second laptop whose Call ID 7 is taken, so that rewriting shows. */
  const clashing = () => {
    const lab = bench();
    new ControlTalk(lab, A).open().call(7, 900);
    return { lab, talk: new ControlTalk(lab, B).open() };
  };

  test('two messages in one segment are both read', () => {
    const { lab, talk } = clashing();
    const both = concat(message('Echo-Request'), message('Outgoing-Call-Request', { w12: 7 }));
    const outside = word(talk.fromClient(both), 16 + 12);
    talk.hear('Outgoing-Call-Reply', { w12: 901, w14: outside, result: 1 });
    expect(outside).not.toBe(7);
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
  });

  test.each([1, 11, 12, 14, 20, 100, 167])('a request cut after %i bytes is read all the same', (cut) => {
    const { lab, talk } = clashing();
    const request = message('Outgoing-Call-Request', { w12: 7 });
    const arrived = concat(talk.fromClient(request.slice(0, cut)), talk.fromClient(request.slice(cut)));
    const outside = word(arrived, 12);
    expect(outside).not.toBe(7);
    talk.hear('Outgoing-Call-Reply', { w12: 901, w14: outside, result: 1 });
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
  });

  test('of a Call ID cut in two only the second half can change, so an id is taken that begins alike', () => {
    const { lab, talk } = clashing();
    const request = message('Outgoing-Call-Request', { w12: 7 });
    const arrived = concat(talk.fromClient(request.slice(0, 13)), talk.fromClient(request.slice(13)));
    const outside = word(arrived, 12);
    expect([outside >>> 8, outside === 7]).toEqual([0, false]);
    talk.hear('Outgoing-Call-Reply', { w12: 901, w14: outside, result: 1 });
    expect(greIn(lab, outside)).toEqual({ to: B, callId: 7 });
  });

  test('where no id begins alike, a Call ID cut in two stays as it is, and the reason says so', () => {
    const lab = bench();
    const greedy = new ControlTalk(lab, A).open();
    for (let id = 0x0700; id < 0x0800; id++) expect(greedy.call(id, id)).toBe(id);
    const talk = new ControlTalk(lab, B).open();
    const request = message('Outgoing-Call-Request', { w12: 0x0707 });
    talk.fromClient(request.slice(0, 13));
    const rest = talk.fromClient(request.slice(13));
    expect(rest[0]).toBe(0x07);
    expect(lab.reason('id-split')).toMatchObject({ id: 'call-id', message: 'Outgoing-Call-Request' });
  });

  test('a reply whose Peer’s Call ID is cut in two cannot be put right either', () => {
    const { lab, talk } = clashing();
    const outside = word(talk.say('Outgoing-Call-Request', { w12: 7 }), 12);
    const reply = message('Outgoing-Call-Reply', { w12: 901, w14: outside, result: 1 });
    const arrived = concat(talk.fromServer(reply.slice(0, 15)), talk.fromServer(reply.slice(15)));
    expect([word(arrived, 14) === 7, lab.codes.includes('id-split')]).toEqual(
      outside >>> 8 === 0 ? [true, false] : [false, true],
    );
  });

  test('a repeated request leaves with the same id as before, whole or cut otherwise', () => {
    const { talk } = clashing();
    const [sequence] = talk.next;
    const request = message('Outgoing-Call-Request', { w12: 7 });
    const outside = word(talk.fromClient(request), 12);
    expect(word(talk.clientAt(sequence, request)!, 12)).toBe(outside);
    const again = concat(
      talk.clientAt(sequence, request.slice(0, 13))!,
      talk.clientAt(sequence + 13, request.slice(13))!,
    );
    expect(word(again, 12)).toBe(outside);
    const late = talk.clientAt(sequence + 5, concat(request.slice(5), message('Echo-Request')))!;
    expect(word(late, 7)).toBe(outside);
  });

  test('a request made again by its client, as a new message, is the same call', () => {
    const { talk } = clashing();
    const outside = word(talk.say('Outgoing-Call-Request', { w12: 7 }), 12);
    expect(word(talk.say('Outgoing-Call-Request', { w12: 7 }), 12)).toBe(outside);
  });

  test('a segment that overtook another is not let past, and both are read when they come in order', () => {
    const { lab, talk } = clashing();
    const [sequence] = talk.next;
    const echo = message('Echo-Request');
    const request = message('Outgoing-Call-Request', { w12: 7 });
    expect(talk.clientAt(sequence + echo.length, request)).toBeUndefined();
    expect(lab.reason('out-of-order')).toBeDefined();
    talk.fromClient(echo);
    expect(word(talk.fromClient(request), 12)).not.toBe(7);
  });

  test('what is no PPTP passes unread, and says so', () => {
    const { lab, talk } = clashing();
    const noise = new Uint8Array(40).fill(0x55);
    expect(talk.fromClient(noise)).toEqual(noise);
    expect(lab.reason('helper-missed')).toMatchObject({ because: 'bad-message' });
  });
});

test('GRE that was silent for long finds its way again, from either side, while the call lasts', () => {
  for (const way of ['out', 'in'] as const) {
    const lab = bench();
    const talk = new ControlTalk(lab, A).open();
    talk.call(7, 900);
    expect(greIn(lab, 7)).toBeDefined();
    lab.now += 301;
    if (way === 'out') expect(greOut(lab, A, 900)).toBe(900);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
  }
});

test('with the switch off nobody reads, and GRE has no port', () => {
  const lab = routerOf(textbook, { pptp: false });
  new ControlTalk(lab, A).open().call(7, 900);
  expect(greOut(lab, A, 900)).toBeUndefined();
  expect(lab.reason('no-port')).toMatchObject({ protocol: 47 });
  expect(greIn(lab, 7)).toBeUndefined();
});

test('switched off live, calls that are up go on; new control connections are not read', () => {
  const lab = bench();
  const talk = new ControlTalk(lab, A).open();
  talk.call(7, 900);
  lab.router.setHelpers([]);
  expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
  new ControlTalk(lab, B).open().call(8, 901);
  expect(greIn(lab, 8)).toBeUndefined();
});

test('a message whose length is not that of its type makes no call', () => {
  const lab = bench();
  const talk = new ControlTalk(lab, A).open();
  talk.say('Outgoing-Call-Request', { w12: 7, length: 170 });
  expect(lab.reason('helper-missed')).toMatchObject({ because: 'bad-message' });
  expect(new ControlTalk(lab, B).open().call(7, 901)).toBe(7);
});

test('calls without GRE are forgotten oldest first when there are too many, with a reason', () => {
  const lab = routerOf(textbook, { pptp: true }, { maxEntries: 8 });
  const talk = new ControlTalk(lab, A).open();
  for (let id = 1; id <= 9; id++) talk.say('Outgoing-Call-Request', { w12: id });
  expect(lab.reason('id-evicted')).toMatchObject({ id: 'call-id', value: 1, owner: A, limit: 8 });
  expect(new ControlTalk(lab, B).open().call(1, 900)).toBe(1);
});

test('a call whose GRE flows is not forgotten for one that has none', () => {
  const lab = routerOf(textbook, { pptp: true }, { maxEntries: 8 });
  const talk = new ControlTalk(lab, A).open();
  talk.call(1, 900);
  expect(greIn(lab, 1)).toBeDefined();
  for (let id = 2; id <= 9; id++) talk.say('Outgoing-Call-Request', { w12: id });
  expect(lab.reason('id-evicted')).toMatchObject({ value: 2 });
  expect(greIn(lab, 1)).toEqual({ to: A, callId: 1 });
});

describe('for any calls of any clients', { timeout: 60_000 }, () => {
  const CLIENTS = [A, B, C];
  const steps = fc.array(
    fc.record({
      who: fc.nat(2),
      server: fc.constantFrom(S, S2),
      /** Few ids, so that they clash. */
      id: fc.integer({ min: 1, max: 4 }),
      does: fc.constantFrom('dial', 'dial', 'dial', 'hang-up', 'refuse', 'silence'),
      cut: fc.integer({ min: 0, max: 168 }),
    }),
    { maxLength: 40 },
  );

  interface Up {
    readonly client: number;
    readonly server: number;
    readonly insideId: number;
    readonly outsideId: number;
    readonly serverId: number;
  }

  /** A server gives its numbers without regard to who calls, as each control connection is a world of its own. */
  const serverIdOf = (id: number, who: number) => 100 + ((id + who) % 3);

  test('no two share a Call ID toward one server, and GRE reaches the one it is for', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const lab = bench();
        const talks = new Map<string, ControlTalk>();
        const up = new Map<string, Up>();
        for (const { who, server, id, does, cut } of plan) {
          const client = CLIENTS[who]!;
          const key = `${client} ${server}`;
          const talk = talks.get(key) ?? new ControlTalk(lab, client, 50_000, server).open();
          talks.set(key, talk);
          const serverId = serverIdOf(id, who);
          const taken = [...up.values()].some(
            (each) =>
              each.client === client && each.server === server && (each.insideId === id || each.serverId === serverId),
          );
          if (does === 'silence') lab.now += 310;
          else if (does === 'hang-up') {
            for (const [name, each] of up)
              if (each.client === client && each.server === server) {
                talk.hear('Call-Disconnect-Notify', { w12: each.serverId });
                up.delete(name);
              }
          } else if (!taken) {
            const request = message('Outgoing-Call-Request', { w12: id });
            const arrived = concat(talk.fromClient(request.slice(0, cut)), talk.fromClient(request.slice(cut)));
            const outsideId = word(arrived, 12);
            const result = does === 'dial' ? 1 : 2;
            talk.hear('Outgoing-Call-Reply', { w12: serverId, w14: outsideId, result });
            if (result === 1) up.set(`${key} ${id}`, { client, server, insideId: id, outsideId, serverId });
          }
          checkAll(lab, [...up.values()]);
        }
      }),
      { numRuns: 150 },
    );
  });

  function checkAll(lab: Bench, up: readonly Up[]): void {
    expect(new Set(up.map((each) => `${each.server} ${each.outsideId}`)).size).toBe(up.length);
    for (const { client, server, insideId, outsideId, serverId } of up) {
      expect(greIn(lab, outsideId, server)).toEqual({ to: client, callId: insideId });
      expect(greOut(lab, client, serverId, server)).toBe(serverId);
    }
  }

  test('bytes on the control connection, whatever they are, never stop the router, nor make an entry', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 10 }),
        fc.nat(180),
        (noise, cut) => {
          const lab = bench();
          const talk = new ControlTalk(lab, A).open();
          const before = lab.router.entries(lab.now).length;
          talk.fromClient(message('Outgoing-Call-Request', { w12: 7 }).slice(0, Math.min(cut, 9)));
          for (const each of noise) {
            talk.fromClient(each);
            talk.fromServer(each, tcp.ACK);
          }
          expect(lab.router.entries(lab.now).length).toBe(before);
        },
      ),
    );
  });
});

/** libalias's PPTP module: which Call IDs it touches, which calls it knows, and what it lets pass unread. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, u16 } from '../../../src/lib/bytes.ts';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import type { Switches } from '../../../src/router/profiles/profile.ts';
import * as gre from '../../../src/wire/gre.ts';
import { A, B, type Bench, C, packet, routerOf, S, S2, WAN } from '../bench.ts';
import { ControlTalk, greIn, greOut, type MessageFields, type MessageName, message } from '../control-talk.ts';

const router = (switches: Partial<Switches> = {}) => routerOf(libalias, switches);
const talk = (bench: Bench, client: number, server = S) => new ControlTalk(bench, client, 50_000, server).open();
const callsIn = (bench: Bench) => bench.router.entries(bench.now).filter((each) => each.state?.startsWith('CALL'));

/** GRE as it leaves and comes in, with any first two words. */
function rawGre(bench: Bench, from: number, to: number, flags: number, protocol: number, callId: number) {
  const bytes = Uint8Array.of(
    flags >> 8,
    flags,
    protocol >> 8,
    protocol,
    0,
    4,
    callId >> 8,
    callId,
    0,
    0,
    0,
    1,
    9,
    9,
    9,
    9,
  );
  return bench.send(packet(from, to, gre.PROTOCOL, bytes));
}

describe('a Call ID', () => {
  test('that is free toward the server is kept, and one that is not gets another from 8000 up', () => {
    const lab = router();
    expect(talk(lab, A).call(7, 0x100)).toBe(7);
    const drawn = talk(lab, B).call(7, 0x200);
    expect(drawn).toBeGreaterThanOrEqual(0x8000);
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
    expect(greIn(lab, drawn)).toEqual({ to: B, callId: 7 });
  });

  test('is kept toward two different servers', () => {
    const lab = router();
    expect(talk(lab, A).call(7, 0x100)).toBe(7);
    expect(talk(lab, B, S2).call(7, 0x100)).toBe(7);
    expect(greIn(lab, 7, S2)).toEqual({ to: B, callId: 7 });
  });

  test('is another one each time that the request is repeated, and the first call stays', () => {
    const lab = router();
    const control = talk(lab, A);
    const ids = [1, 2, 3].map(() => u16(control.say('Outgoing-Call-Request', { w12: 7 }), 12));
    expect(ids[0]).toBe(7);
    expect(new Set(ids).size).toBe(3);
    expect(callsIn(lab)).toHaveLength(3);
  });
});

describe('messages', () => {
  /** A control connection with a call whose Call ID 7 is another outside, and whose server's is 0x200. */
  const withCall = () => {
    const lab = router();
    talk(lab, A).call(7, 0x100);
    const control = talk(lab, B);
    return { lab, control, outside: control.call(7, 0x200) };
  };
  const at = (bytes: Uint8Array, place: 12 | 14) => u16(bytes, place);

  test.each<[MessageName, 12 | 14]>([
    ['Outgoing-Call-Request', 12],
    ['Incoming-Call-Request', 12],
    ['Outgoing-Call-Reply', 12],
    ['Incoming-Call-Reply', 12],
  ])('outward, %s opens a call with another number', (name, place) => {
    const { lab, control } = withCall();
    const said = control.say(name, { w12: 7, w14: 0x300, result: 1 });
    expect(at(said, place)).toBeGreaterThanOrEqual(0x8000);
    expect(callsIn(lab)).toHaveLength(3);
    expect(at(said, 14)).toBe(0x300);
  });

  test.each<[MessageName, 12 | 14]>([
    ['Call-Clear-Request', 12],
    ['Call-Disconnect-Notify', 12],
  ])('outward, %s names the call by the number it has outside', (name, place) => {
    const { control, outside } = withCall();
    expect(at(control.say(name, { w12: 7 }), place)).toBe(outside);
  });

  test.each<[MessageName, 12 | 14]>([
    ['Incoming-Call-Connected', 12],
    ['WAN-Error-Notify', 12],
    ['Set-Link-Info', 12],
    ['Outgoing-Call-Reply', 14],
    ['Incoming-Call-Reply', 14],
  ])('inward, %s names the call by the laptop’s own number again', (name, place) => {
    const { control, outside } = withCall();
    const heard = control.hear(name, { w12: place === 12 ? outside : 0x200, w14: outside, result: 1 });
    expect(at(heard, place)).toBe(7);
  });

  test.each<[MessageName, MessageFields]>([
    ['Start-Control-Connection-Request', {}],
    ['Start-Control-Connection-Reply', {}],
    ['Stop-Control-Connection-Request', { w12: 7 }],
    ['Stop-Control-Connection-Reply', { w12: 7 }],
    ['Echo-Request', { w12: 7 }],
    ['Echo-Reply', { w12: 7 }],
    ['Incoming-Call-Connected', { w12: 7 }],
    ['WAN-Error-Notify', { w12: 7 }],
    ['Set-Link-Info', { w12: 7 }],
  ])('outward, %s is left as it is', (name, fields) => {
    const { control } = withCall();
    expect(control.say(name, fields)).toEqual(message(name, fields));
  });

  test.each<[MessageName]>([
    ['Start-Control-Connection-Reply'],
    ['Stop-Control-Connection-Request'],
    ['Echo-Request'],
    ['Outgoing-Call-Request'],
    ['Incoming-Call-Request'],
    ['Call-Clear-Request'],
    ['Call-Disconnect-Notify'],
  ])('inward, %s is left as it is', (name) => {
    const { control, outside } = withCall();
    for (const w12 of [outside, 7, 0x200]) expect(control.hear(name, { w12 })).toEqual(message(name, { w12 }));
  });
});

describe('a call ends', () => {
  const ended = (lab: Bench) => ({ out: greOutSource(lab), in: greIn(lab, 7) });
  /** GRE that belongs to no call leaves with its private source. */
  function greOutSource(lab: Bench): number | undefined {
    return rawGre(lab, A, S, 0x3001, 0x880b, 0x100)?.source;
  }

  test('when the laptop says so', () => {
    const lab = router();
    const control = talk(lab, A);
    control.call(7, 0x100);
    expect(ended(lab)).toEqual({ out: WAN, in: { to: A, callId: 7 } });
    control.say('Call-Disconnect-Notify', { w12: 7 });
    expect(lab.reason('call-forgotten')).toMatchObject({ why: 'disconnected', callId: 7, owner: A, client: A });
    expect(ended(lab)).toEqual({ out: A, in: undefined });
  });

  test('when the server says so', () => {
    const lab = router();
    const control = talk(lab, A);
    control.call(7, 0x100);
    control.hear('Call-Disconnect-Notify', { w12: 0x100 });
    expect(ended(lab)).toEqual({ out: A, in: undefined });
  });

  test('when the server refuses it', () => {
    const lab = router();
    const control = talk(lab, A);
    control.say('Outgoing-Call-Request', { w12: 7 });
    control.hear('Outgoing-Call-Reply', { w12: 0x100, w14: 7, result: 2 });
    expect(lab.reason('call-forgotten')?.why).toBe('refused');
    expect(callsIn(lab)).toEqual([]);
  });

  test('otherwise never: two days after the control connection has gone, GRE still passes', () => {
    const lab = router();
    talk(lab, A).call(7, 0x100);
    for (let hour = 0; hour < 50; hour++) {
      lab.now += 3600;
      greOut(lab, B, 1);
    }
    expect(callsIn(lab)).toMatchObject([{ expiresAt: Number.POSITIVE_INFINITY }]);
    expect(ended(lab)).toEqual({ out: WAN, in: { to: A, callId: 7 } });
  });
});

test('where a server gives two calls one number, the end of the older takes the newer', () => {
  const lab = router();
  const first = talk(lab, A);
  first.call(7, 0x100);
  const second = talk(lab, B).call(7, 0x100);
  expect([greIn(lab, 7)?.to, greIn(lab, second)?.to]).toEqual([A, B]);
  first.hear('Call-Disconnect-Notify', { w12: 0x100 });
  expect(lab.reason('call-forgotten')).toMatchObject({ owner: B, client: A });
  expect([greIn(lab, 7)?.to, greIn(lab, second)?.to]).toEqual([A, undefined]);
  expect(rawGre(lab, A, S, 0x3001, 0x880b, 0x100)?.source).toBe(WAN);
  expect(rawGre(lab, B, S, 0x3001, 0x880b, 0x100)?.source).toBe(B);
});

describe('GRE', () => {
  test('comes in from the request on, and leaves only once the reply has come', () => {
    const lab = router();
    const control = talk(lab, A);
    control.say('Outgoing-Call-Request', { w12: 7 });
    expect(greIn(lab, 7)).toEqual({ to: A, callId: 7 });
    const early = rawGre(lab, A, S, 0x3001, 0x880b, 0x100);
    expect([early?.source, lab.reason('passed-raw')]).toEqual([
      A,
      { code: 'passed-raw', why: 'unknown-call', callId: 0x100 },
    ]);
    control.hear('Outgoing-Call-Reply', { w12: 0x100, w14: 7, result: 1 });
    expect(lab.reason('call-completed')).toMatchObject({ callId: 0x100, owner: A });
    expect(rawGre(lab, A, S, 0x3001, 0x880b, 0x100)?.source).toBe(WAN);
  });

  test.each([0x3001, 0x3081, 0x2081, 0x2001])('of the shape %i is a call’s', (flags) => {
    const lab = router();
    talk(lab, A).call(7, 0x100);
    expect(rawGre(lab, B, S, flags, 0x880b, 0x100)?.source).toBe(B);
    expect(rawGre(lab, A, S, flags, 0x880b, 0x100)?.source).toBe(WAN);
  });

  test.each([
    ['version 0', 0x3000, 0x880b],
    ['a checksum', 0xb001, 0x880b],
    ['another payload', 0x3001, 0x0800],
  ])('with %s is no call’s: it leaves, and the newest has the answers', (_, flags, protocol) => {
    const lab = router();
    expect(rawGre(lab, A, S, flags, protocol, 1)?.source).toBe(WAN);
    expect(rawGre(lab, B, S, flags, protocol, 2)?.source).toBe(WAN);
    const answer = rawGre(lab, S, WAN, flags, protocol, 3);
    expect([answer?.destination, answer && u16(answer.payload, 6)]).toEqual([B, 3]);
  });

  test('for an unknown call is the NAT host’s, and makes no link', () => {
    const lab = router();
    expect(greIn(lab, 4)).toBeUndefined();
    expect([lab.last.verdict, lab.reason('passed-raw')?.why]).toEqual(['answered', 'unknown-call']);
    expect(lab.router.entries(0)).toEqual([]);
  });
});

describe('of a TCP segment', () => {
  const request = message('Outgoing-Call-Request', { w12: 7 });
  /** A second laptop, so that a number read is a number changed. */
  const withRival = () => {
    const lab = router();
    talk(lab, A).call(7, 0x100);
    return { lab, control: talk(lab, B) };
  };

  test('the first sixteen bytes of a message are enough', () => {
    for (const [cut, changed] of [
      [100, true],
      [16, true],
      [14, false],
    ] as const) {
      const { lab, control } = withRival();
      expect(u16(control.fromClient(request.subarray(0, cut)), 12) !== 7).toBe(changed);
      expect(lab.codes.includes('helper-missed')).toBe(!changed);
    }
  });

  test('a reply must show eighteen, its result among them', () => {
    for (const [cut, made] of [
      [18, true],
      [17, false],
    ] as const) {
      const { lab, control } = withRival();
      const outside = u16(control.say('Outgoing-Call-Request', { w12: 7 }), 12);
      control.fromServer(message('Outgoing-Call-Reply', { w12: 0x200, w14: outside, result: 1 }).subarray(0, cut));
      expect(rawGre(lab, B, S, 0x3001, 0x880b, 0x200)?.source === WAN).toBe(made);
    }
  });

  test('only the first message is read', () => {
    const { lab, control } = withRival();
    const both = control.fromClient(concat(message('Echo-Request'), request));
    expect(u16(both, 16 + 12)).toBe(7);
    expect(lab.reason('helper-missed')).toEqual({ code: 'helper-missed', helper: 'alias-pptp', because: 'not-first' });
  });
});

describe('with the module off', () => {
  test('all GRE leaves, the newest laptop has the answers, and no Call ID is touched', () => {
    const lab = router({ pptp: false });
    expect(talk(lab, A).call(7, 0x100)).toBe(7);
    expect(talk(lab, B).call(7, 0x100)).toBe(7);
    expect([
      rawGre(lab, A, S, 0x3001, 0x880b, 0x100)?.source,
      rawGre(lab, B, S, 0x3001, 0x880b, 0x100)?.source,
    ]).toEqual([WAN, WAN]);
    expect(greIn(lab, 7)).toEqual({ to: B, callId: 7 });
  });

  test('calls that are up are known again when it comes back', () => {
    const lab = router();
    talk(lab, A).call(7, 0x100);
    lab.router.setHelpers([]);
    greOut(lab, B, 0x100);
    expect(greIn(lab, 7)?.to).toBe(B);
    lab.router.setHelpers(['alias-pptp']);
    expect(greIn(lab, 7)?.to).toBe(A);
  });
});

test('a server inside has its calls told apart as well', () => {
  const lab = router();
  const control = new ControlTalk(lab, A, 1723);
  control.fromClient(new Uint8Array(0));
  const drawn = [1, 2].map(() => u16(control.say('Outgoing-Call-Reply', { w12: 9, w14: 0x700, result: 1 }), 12));
  expect(drawn[0]).toBe(9);
  expect(drawn[1]).toBeGreaterThanOrEqual(0x8000);
  expect(greIn(lab, 9)).toEqual({ to: A, callId: 9 });
});

test('however laptops dial and hang up, no two calls to one server have one number, and GRE finds its own', () => {
  const deed = fc.record({
    laptop: fc.integer({ min: 0, max: 3 }),
    id: fc.constantFrom(7, 8, 0x8000),
    hangsUp: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 25 }), (deeds) => {
      const lab = router();
      const laptops = [A, B, C, A + 8].map((address) => ({ address, control: talk(lab, address) }));
      let server = 0x100;
      for (const { laptop, id, hangsUp } of deeds) {
        const { address, control } = laptops[laptop]!;
        if (hangsUp) control.say('Call-Disconnect-Notify', { w12: id });
        else {
          const outside = control.call(id, ++server);
          expect(greIn(lab, outside)).toEqual({ to: address, callId: id });
          expect(rawGre(lab, address, S, 0x3001, 0x880b, server)?.source).toBe(WAN);
        }
        const outside = callsIn(lab).map((each) => each.reply.destination.key);
        expect(new Set(outside).size).toBe(outside.length);
      }
    }),
    { numRuns: 40 },
  );
});

/** The textbook's L2TP ALG: port 1701 for every host, told apart by ids; protocol 115 by Session ID. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../../src/lib/bytes.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import * as l2tp from '../../src/wire/l2tp.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import { A, B, C, datagram, packet, routerOf, S, S2, WAN } from './bench.ts';
import {
  avpIn,
  avpOf,
  CDN,
  CONNECTION_ID,
  control,
  DIGEST,
  data,
  dial,
  hear,
  hidden,
  ICCN,
  ICRP,
  ICRQ,
  LOCAL_SESSION,
  MESSAGE_TYPE,
  REMOTE_SESSION,
  SCCCN,
  SCCRP,
  SCCRQ,
  STOP,
  say,
  Third,
  TUNNEL_ID,
  through,
} from './l2tp-talk.ts';

const bench = (maxEntries?: number) =>
  routerOf(textbook, { l2tp: true }, maxEntries === undefined ? {} : { maxEntries });

describe('L2TPv2 over UDP', () => {
  test('keeps port 1701 for every host; the Tunnel ID says whose the answers are', () => {
    const lab = bench();
    expect(dial(lab, A, 5)).toEqual({ port: 1701, id: 5 });
    expect(lab.reason('id-noted')).toMatchObject({ id: 'tunnel-id', value: 5, owner: A, port: 1701 });
    expect(dial(lab, B, 6)).toEqual({ port: 1701, id: 6 });
    const answers = [hear(lab, control(SCCRP, 5, avp(TUNNEL_ID, 900))), hear(lab, data(6))];
    expect(answers.map((each) => [each?.to, each?.ports[1], each?.message.kind])).toEqual([
      [A, 1701, 'control'],
      [B, 1701, 'data'],
    ]);
    expect(lab.reason('id-matched')).toMatchObject({ id: 'tunnel-id', value: 6, owner: B });
  });

  test('a Tunnel ID that another host has is replaced outside, and put back in every message inside', () => {
    const lab = bench();
    dial(lab, A, 5);
    const { port, id } = dial(lab, B, 5)!;
    expect([port, id === 5]).toEqual([1701, false]);
    expect(lab.reason('id-rewritten')).toMatchObject({ id: 'tunnel-id', message: 'SCCRQ', from: 5, to: id });
    const reply = hear(lab, control(SCCRP, id, avp(TUNNEL_ID, 900)))!;
    expect([reply.to, (reply.message as l2tp.Control).tunnelId, avpIn(reply.message, TUNNEL_ID)]).toEqual([B, 5, 900]);
    expect(lab.reason('id-restored')).toMatchObject({ message: 'SCCRP', from: id, to: 5 });
    for (const withLength of [false, true])
      expect(hear(lab, data(id, withLength))).toMatchObject({
        to: B,
        message: { tunnelId: 5, payload: Uint8Array.of(1, 2, 3) },
      });
    expect(hear(lab, data(5))).toMatchObject({ to: A, message: { tunnelId: 5 } });
    // What names the server's tunnel is its business.
    expect(say(lab, B, control(SCCCN, 900))).toMatchObject({ message: { tunnelId: 900 } });
    expect(say(lab, B, data(900))).toMatchObject({ ports: [1701, 1701], message: { tunnelId: 900 } });
  });

  test('is kept toward another server, and may be chosen there by anybody', () => {
    const lab = bench();
    expect([dial(lab, A, 5), dial(lab, B, 5, S2)]).toEqual([
      { port: 1701, id: 5 },
      { port: 1701, id: 5 },
    ]);
    expect([hear(lab, data(5))?.to, hear(lab, data(5), 1701, S2)?.to]).toEqual([A, B]);
  });

  test('a repeated SCCRQ leaves with the same Tunnel ID', () => {
    const lab = bench();
    dial(lab, A, 5);
    const first = dial(lab, B, 5);
    expect(dial(lab, B, 5)).toEqual(first);
  });

  test('StopCCN names the host’s tunnel as it is outside; half a minute later the id is free', () => {
    const lab = bench();
    dial(lab, A, 5);
    const { id } = dial(lab, B, 5)!;
    const stop = say(lab, B, control(STOP, 900, avp(TUNNEL_ID, 5)))!;
    expect(avpIn(stop.message, TUNNEL_ID)).toBe(id);
    // Its acknowledgement still arrives.
    const zlb = l2tp.encodeControl({ tunnelId: id, sessionId: 0, ns: 1, nr: 1, avps: [] });
    expect(hear(lab, zlb)).toMatchObject({ to: B, message: { tunnelId: 5 } });
    lab.now = 32;
    expect(hear(lab, zlb)).toBeUndefined();
    // A server may stop it as well.
    hear(lab, control(STOP, 5, avp(TUNNEL_ID, 901)));
    lab.now = 64;
    expect(dial(lab, C, 5)).toEqual({ port: 1701, id: 5 });
  });

  test('StopCCN for a tunnel that was never seen notes nothing', () => {
    const lab = bench();
    dial(lab, A, 5);
    expect(say(lab, A, control(STOP, 900, avp(TUNNEL_ID, 6)))).toBeDefined();
    expect(lab.router.entries(0).map((each) => each.ids)).toEqual([[{ id: 'tunnel-id', inside: 5, outside: 5 }]]);
  });

  test('a Tunnel ID that nobody has reaches nobody, and the reason says which', () => {
    const lab = bench();
    dial(lab, A, 5);
    expect(hear(lab, data(77))).toBeUndefined();
    expect(lab.reason('id-unknown')).toMatchObject({ id: 'tunnel-id', value: 77 });
    expect(hear(lab, control(SCCRQ, 0, avp(TUNNEL_ID, 900)))).toBeUndefined();
  });

  test('a hidden Tunnel ID cannot be read, so its host goes out by another port and is found by that', () => {
    const lab = bench();
    const seen = say(lab, A, control(SCCRQ, 0, hidden(TUNNEL_ID)))!;
    expect(seen.ports[0]).not.toBe(1701);
    expect(lab.reason('id-unreadable')).toMatchObject({ id: 'tunnel-id', so: 'other-port' });
    expect(lab.reason('port-drawn')).toMatchObject({ from: 1701, because: 'reserved' });
    expect(hear(lab, control(SCCRP, 4711), seen.ports[0])).toMatchObject({ to: A, message: { tunnelId: 4711 } });
    expect(dial(lab, B, 4711)).toEqual({ port: 1701, id: 4711 });
    expect(hear(lab, data(4711))?.to).toBe(B);
  });

  test('a server may answer from another port, and is spoken to there', () => {
    const lab = bench();
    dial(lab, A, 5);
    dial(lab, B, 6);
    expect(hear(lab, control(SCCRP, 6, avp(TUNNEL_ID, 900)), 1701, S, 40_000)).toMatchObject({
      to: B,
      ports: [40_000, 1701],
    });
    const seen = through(lab, datagram(B, 1701, S, 40_000, control(SCCCN, 900)));
    expect(seen?.ports).toEqual([1701, 40_000]);
  });

  test('a host that does not use port 1701 itself is ordinary UDP', () => {
    const lab = bench();
    const seen = through(lab, datagram(A, 5555, S, 1701, control(SCCRQ, 0, avp(TUNNEL_ID, 5))))!;
    expect(seen.ports).toEqual([5555, 1701]);
    expect(hear(lab, data(5), 5555)?.to).toBe(A);
  });

  test('what was under way when the switch came on keeps its port, and others stay off it', () => {
    const lab = routerOf(textbook, { l2tp: false });
    expect(dial(lab, A, 5)?.port).toBe(1701);
    lab.router.setHelpers(['l2tp']);
    expect(dial(lab, B, 6)?.port).not.toBe(1701);
    expect(hear(lab, data(5))?.to).toBe(A);
  });

  test('with the switch off it crosses as all UDP does, the second host by another port', () => {
    const lab = routerOf(textbook, { l2tp: false });
    expect(dial(lab, A, 5)).toEqual({ port: 1701, id: 5 });
    const { port, id } = dial(lab, B, 5)!;
    expect([port === 1701, id]).toEqual([false, 5]);
    expect([hear(lab, data(5))?.to, hear(lab, data(5), port)?.to]).toEqual([A, B]);
  });

  test('a message that is not well-formed notes nothing', () => {
    const lab = bench();
    const good = control(SCCRQ, 0, avp(TUNNEL_ID, 5));
    const badLength = good.slice();
    badLength[3]! += 1;
    const badAvp = good.slice();
    badAvp[13] = 5;
    const wide = control(SCCRQ, 0, avp(TUNNEL_ID, Uint8Array.of(0, 0, 0, 5)));
    const notFirst = l2tp.encodeControl({
      tunnelId: 0,
      sessionId: 0,
      ns: 0,
      nr: 0,
      avps: [avp(TUNNEL_ID, 5), avp(MESSAGE_TYPE, SCCRQ)],
    });
    for (const payload of [good.slice(0, 11), badLength, badAvp, wide, notFirst, new Uint8Array(0)])
      lab.send(datagram(A, 1701, S, 1701, payload));
    const damaged = datagram(A, 1701, S, 1701, good);
    damaged[40]! ^= 1;
    lab.send(damaged);
    expect(lab.router.entries(0).flatMap((each) => each.ids ?? [])).toEqual([]);
    expect(dial(lab, B, 5)).toEqual({ port: 1701, id: 5 });
  });
});

describe.each(['ip', 'udp'] as const)('L2TPv3 over %s', (carrier) => {
  const begin = (third: Third, host: number, connectionId: number, sessionId: number) => {
    const opened = third.control(host, SCCRQ, 0, avp(CONNECTION_ID, connectionId));
    const called = third.control(host, ICRQ, 900, avp(LOCAL_SESSION, sessionId), avp(REMOTE_SESSION, 0));
    return [avpOf(opened, CONNECTION_ID), avpOf(called, LOCAL_SESSION)].map(Number) as [number, number];
  };

  test('control finds its host by Control Connection ID, data by Session ID', () => {
    const lab = bench();
    const third = new Third(lab, carrier);
    expect(begin(third, A, 0xa0000001, 0xa0000002)).toEqual([0xa0000001, 0xa0000002]);
    expect(begin(third, B, 0xb0000001, 0xb0000002)).toEqual([0xb0000001, 0xb0000002]);
    expect(third.answer(SCCRP, 0xa0000001, avp(CONNECTION_ID, 900))?.to).toBe(A);
    expect(third.answer(ICRP, 0xb0000001, avp(LOCAL_SESSION, 901), avp(REMOTE_SESSION, 0xb0000002))?.to).toBe(B);
    expect([third.answerData(0xa0000002)?.to, third.answerData(0xb0000002)?.to]).toEqual([A, B]);
    expect(third.data(A, 901)).toMatchObject({ kind: 'data', sessionId: 901 });
  });

  test('ids that another host has are replaced outside, and put back inside wherever they are named', () => {
    const lab = bench();
    const third = new Third(lab, carrier);
    begin(third, A, 1, 2);
    const [connection, session] = begin(third, B, 1, 2);
    expect([connection === 1, session === 2]).toEqual([false, false]);
    const reply = third.answer(ICRP, connection, avp(LOCAL_SESSION, 901), avp(REMOTE_SESSION, session))!;
    expect([reply.to, reply.message.kind === 'control' && reply.message.connectionId]).toEqual([B, 1]);
    expect([avpOf(reply.message, LOCAL_SESSION), avpOf(reply.message, REMOTE_SESSION)]).toEqual([901, 2]);
    expect(third.answerData(session)).toMatchObject({ to: B, message: { sessionId: 2 } });
    expect(avpOf(third.control(B, ICCN, 900, avp(LOCAL_SESSION, 2), avp(REMOTE_SESSION, 901)), LOCAL_SESSION)).toBe(
      session,
    );
    expect(avpOf(third.control(B, CDN, 900, avp(LOCAL_SESSION, 2), avp(REMOTE_SESSION, 901)), LOCAL_SESSION)).toBe(
      session,
    );
    lab.now = 32;
    expect(third.answerData(session)).toBeUndefined();
    expect(lab.reason('id-unknown')).toMatchObject({ id: 'session-id', value: session });
  });

  test('a digest forbids every change: a session whose id is taken does not get out', () => {
    const lab = bench();
    const third = new Third(lab, carrier);
    begin(third, A, 1, 2);
    const digest = avp(DIGEST, new Uint8Array(17));
    expect(third.control(B, SCCRQ, 0, digest, avp(CONNECTION_ID, 3))).toBeDefined();
    expect(third.control(B, ICRQ, 900, digest, avp(LOCAL_SESSION, 2), avp(REMOTE_SESSION, 0))).toBeUndefined();
    expect(lab.reason('id-taken')).toMatchObject({ id: 'session-id', value: 2, owner: A, client: B, so: 'dropped' });
    expect(third.answerData(2)?.to).toBe(A);
  });
});

test('a digest over a Control Connection ID that is taken: over UDP another port helps, over IP nothing does', () => {
  for (const carrier of ['udp', 'ip'] as const) {
    const lab = bench();
    const third = new Third(lab, carrier);
    third.control(A, SCCRQ, 0, avp(CONNECTION_ID, 1));
    const seen = third.control(B, SCCRQ, 0, avp(DIGEST, new Uint8Array(17)), avp(CONNECTION_ID, 1));
    expect(lab.reason('id-taken')).toMatchObject({
      owner: A,
      client: B,
      so: carrier === 'udp' ? 'other-port' : 'dropped',
    });
    expect(seen !== undefined).toBe(carrier === 'udp');
  }
});

test('over IP 115 without the switch, or without a set-up that was seen, there is no way out', () => {
  const off = new Third(routerOf(textbook, { l2tp: false }), 'ip');
  expect(off.control(A, SCCRQ, 0, avp(CONNECTION_ID, 1))).toBeUndefined();
  const lab = bench();
  expect(new Third(lab, 'ip').data(A, 901)).toBeUndefined();
  expect(lab.reason('no-port')).toMatchObject({ protocol: 115 });
  expect(lab.router.entries(0)).toEqual([]);
});

describe('for any tunnels of any hosts', { timeout: 60_000 }, () => {
  const HOSTS = [A, B, C];
  const steps = fc.array(
    fc.record({
      who: fc.nat(2),
      server: fc.constantFrom(S, S2),
      /** Few ids, so that they clash. */
      id: fc.integer({ min: 1, max: 3 }),
      does: fc.constantFrom('dial', 'dial', 'dial', 'hidden', 'stop', 'silence'),
    }),
    { maxLength: 40 },
  );

  test('no two share port and Tunnel ID toward one server, and answers reach the one they are for', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const lab = bench();
        const up = new Map<string, { host: number; server: number; port: number; id: number; own: number }>();
        for (const { who, server, id, does } of plan) {
          const host = HOSTS[who]!;
          const key = `${host} ${server} ${id}`;
          if (does === 'dial') {
            const seen = dial(lab, host, id, server)!;
            up.set(key, { host, server, port: seen.port, id: seen.id, own: id });
          } else if (does === 'hidden') say(lab, host, control(SCCRQ, 0, hidden(TUNNEL_ID)), server);
          else if (does === 'stop') {
            if (up.has(key)) say(lab, host, control(STOP, 900, avp(TUNNEL_ID, id)), server);
            up.delete(key);
          } else {
            lab.now += 310;
            up.clear();
          }
          const all = [...up.values()];
          expect(new Set(all.map((each) => `${each.server} ${each.port} ${each.id}`)).size).toBe(all.length);
          for (const each of all)
            expect(hear(lab, data(each.id), each.port, each.server)).toMatchObject({
              to: each.host,
              message: { tunnelId: each.own },
            });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a flood of tunnels is bounded, the one idle for longest goes, with a reason', () => {
    const lab = bench(8);
    for (let id = 1; id <= 8; id++) dial(lab, A, id);
    hear(lab, data(1));
    dial(lab, A, 9);
    expect(lab.reason('id-evicted')).toMatchObject({ id: 'tunnel-id', value: 2, owner: A, limit: 8 });
    expect([hear(lab, data(1))?.to, hear(lab, data(2))?.to]).toEqual([A, undefined]);
    for (let i = 0; i < 30; i++) {
      dial(lab, A + i, 100 + i);
      expect(lab.router.entries(0).length).toBeLessThanOrEqual(8);
    }
  });

  test('any bytes on the port, or in protocol 115, are taken without complaint and note nothing false', () => {
    const start = fc.constantFrom(
      Uint8Array.of(),
      Uint8Array.of(0xc8, 0x02),
      Uint8Array.of(0xc8, 0x03),
      Uint8Array.of(0, 0, 0, 0, 0xc8, 0x03),
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 60 }), fc.boolean(), fc.boolean(), (head, rest, udp, inbound) => {
        const lab = bench();
        dial(lab, B, 5);
        const bytes = concat(head, rest);
        const [from, to] = inbound ? [S, WAN] : [A, S];
        lab.send(udp ? datagram(from, 1701, to, 1701, bytes) : packet(from, to, 115, bytes));
        expect(hear(lab, data(5))?.to).toBe(B);
      }),
    );
  });
});

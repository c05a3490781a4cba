/**
 * What the textbook's ALGs promise on any traffic: nobody shares a number with another toward one server, no answer
 * reaches the wrong host, and tables stay bounded and forget what was idle for longest.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import type * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import { A, B, type Bench, C, routerOf, S, S2 } from './bench.ts';
import { ControlTalk, greIn } from './control-talk.ts';
import {
  avpOf,
  CDN,
  CONNECTION_ID,
  data,
  dial,
  hear,
  ICRQ,
  LOCAL_SESSION,
  REMOTE_SESSION,
  SCCRP,
  SCCRQ,
  Third,
} from './l2tp-talk.ts';
import { espIn, espOut, ikeIn, ikeOut } from './vpn-packets.ts';

const HOSTS = [A, B, C];
const SERVERS = [S, S2];
const PATIENT = { timeout: 60_000 };

const bench = (limit?: number): Bench =>
  routerOf(textbook, { pptp: true, l2tp: true, ipsec: true }, limit === undefined ? {} : { maxEntries: limit });

const who = fc.nat(2).map((index) => HOSTS[index]!);
const server = fc.nat(1).map((index) => SERVERS[index]!);

/** No two of them alike. */
function expectDistinct(keys: readonly string[]): void {
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
}

describe.each(['ip', 'udp'] as const)(
  'L2TPv3 over %s, any connections and sessions of any hosts',
  PATIENT,
  (carrier) => {
    /** Few ids, so that they clash. */
    const steps = fc.array(
      fc.record({
        host: who,
        server,
        id: fc.integer({ min: 1, max: 3 }),
        does: fc.constantFrom('connect', 'connect', 'call', 'call', 'hang-up', 'silence'),
      }),
      { maxLength: 30 },
    );

    interface Id {
      readonly host: number;
      readonly server: number;
      readonly own: number;
      readonly outside: number;
    }

    test('none is shared toward one server, and every answer reaches its host, with the host’s own id', () => {
      fc.assert(
        fc.property(steps, (plan) => {
          const lab = bench();
          const connections = new Map<string, Id>();
          const sessions = new Map<string, Id>();
          for (const { host, server, id, does } of plan) {
            const third = new Third(lab, carrier, server);
            const key = `${host} ${server} ${id}`;
            const isConnected = [...connections.values()].some((each) => each.host === host && each.server === server);
            if (does === 'connect') {
              const outside = avpOf(third.control(host, SCCRQ, 0, avp(CONNECTION_ID, id)), CONNECTION_ID);
              connections.set(key, { host, server, own: id, outside: Number(outside) });
            } else if (does === 'call' && isConnected) {
              const request = third.control(host, ICRQ, 900, avp(LOCAL_SESSION, id), avp(REMOTE_SESSION, 0));
              sessions.set(key, { host, server, own: id, outside: Number(avpOf(request, LOCAL_SESSION)) });
            } else if (does === 'hang-up' && sessions.has(key)) {
              third.control(host, CDN, 900, avp(LOCAL_SESSION, id), avp(REMOTE_SESSION, 901));
              sessions.delete(key);
            } else if (does === 'silence') {
              lab.now += 700;
              connections.clear();
              sessions.clear();
            }
            checkAll(lab, [...connections.values()], [...sessions.values()]);
          }
        }),
        { numRuns: 150 },
      );
    });

    function checkAll(lab: Bench, connections: readonly Id[], sessions: readonly Id[]): void {
      expectDistinct(connections.map((each) => `${each.server} ${each.outside}`));
      expectDistinct(sessions.map((each) => `${each.server} ${each.outside}`));
      for (const { host, server, own, outside } of connections)
        expect(new Third(lab, carrier, server).answer(SCCRP, outside, avp(CONNECTION_ID, 900))).toMatchObject({
          to: host,
          message: { connectionId: own },
        });
      for (const { host, server, own, outside } of sessions)
        expect(new Third(lab, carrier, server).answerData(outside)).toMatchObject({
          to: host,
          message: { sessionId: own },
        });
    }
  },
);

describe('IKE, any exchanges of any hosts', PATIENT, () => {
  const COOKIES = ['a0a1a2a3a4a5a6a7', 'b0b1b2b3b4b5b6b7'];
  const steps = fc.array(
    fc.record({
      host: who,
      server,
      cookie: fc.constantFrom(...COOKIES),
      does: fc.constantFrom('begin', 'begin', 'silence'),
    }),
    { maxLength: 30 },
  );

  test('no two share port and cookie toward one server, and every answer reaches its host', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const lab = bench();
        const open = new Map<string, { host: number; server: number; cookie: string; port: number }>();
        for (const { host, server, cookie, does } of plan) {
          if (does === 'silence') {
            lab.now += 310;
            open.clear();
          } else
            open.set(`${host} ${server} ${cookie}`, { host, server, cookie, port: ikeOut(lab, host, cookie, server)! });
          const all = [...open.values()];
          expectDistinct(all.map((each) => `${each.server} ${each.port} ${each.cookie}`));
          for (const each of all) expect(ikeIn(lab, each.cookie, each.port, each.server)).toEqual([each.host, 500]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('ESP, whose answers come by an SPI that no router can read in IKE', PATIENT, () => {
  const steps = fc.array(
    fc.record({ host: who, server, does: fc.constantFrom('begin', 'begin', 'again', 'answer', 'wait') }),
    { maxLength: 60 },
  );
  const PATIENCE = 30;

  /** The rule as the sorter's documentation has it, kept by hand. */
  test('one host a server begins at a time, and a new SPI of the server is that of who has waited longest', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const lab = bench();
        let waiting: { host: number; server: number; spi: number; since: number }[] = [];
        const last = new Map<string, number>();
        let next = 0x1000;
        for (const { host, server, does } of plan) {
          waiting = waiting.filter(({ since }) => lab.now < since + PATIENCE);
          const first = waiting.find((each) => each.server === server);
          if (does === 'begin') {
            const spi = next++;
            const mayBegin = first === undefined || first.host === host;
            expect(espOut(lab, host, spi, server)).toBe(mayBegin);
            if (mayBegin) waiting.push({ host, server, spi, since: lab.now });
            else expect(lab.reason('held-back')).toMatchObject({ value: spi, owner: first.host, client: host });
            if (mayBegin) last.set(`${host} ${server}`, spi);
          } else if (does === 'again') {
            const spi = last.get(`${host} ${server}`);
            if (spi !== undefined && waiting.some((each) => each.spi === spi))
              expect(espOut(lab, host, spi, server)).toBe(true);
          } else if (does === 'answer') {
            expect(espIn(lab, next++, server)).toBe(first?.host);
            waiting = waiting.filter((each) => each !== first);
          } else lab.now += 7;
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** How a host makes itself known by a number, how that number is used, and which numbers the table shows. */
interface Flood {
  readonly begin: (lab: Bench, host: number, number: number) => unknown;
  readonly use: (lab: Bench, number: number) => unknown;
  readonly id: 'tunnel-id' | 'connection-id' | 'cookie' | 'spi';
  /** The number as the reason has it. */
  readonly shown?: (number: number) => number | string;
  /** Its numbers are one host's, since others would have to wait. */
  readonly alone?: boolean;
}

const cookieOf = (number: number) => number.toString(16).padStart(16, '0');
const third = (carrier: l2tpv3.Carrier): Flood => ({
  begin: (lab, host, number) => new Third(lab, carrier).control(host, SCCRQ, 0, avp(CONNECTION_ID, number)),
  use: (lab, number) => new Third(lab, carrier).answer(SCCRP, number, avp(CONNECTION_ID, 900)),
  id: 'connection-id',
});

const FLOODS: Readonly<Record<string, Flood>> = {
  L2TPv2: {
    begin: (lab, host, number) => dial(lab, host, number),
    use: (lab, number) => hear(lab, data(number)),
    id: 'tunnel-id',
  },
  'L2TPv3 over ip': third('ip'),
  'L2TPv3 over udp': third('udp'),
  IKE: {
    begin: (lab, host, number) => ikeOut(lab, host, cookieOf(number)),
    use: (lab, number) => ikeIn(lab, cookieOf(number)),
    id: 'cookie',
    shown: cookieOf,
  },
  ESP: {
    begin: (lab, host, number) => espOut(lab, host, number),
    use: (lab, number) => espOut(lab, A, number),
    id: 'spi',
    alone: true,
  },
};

describe.each(Object.entries(FLOODS))(
  'a flood of %s',
  PATIENT,
  (_, { begin, use, id, shown = (number) => number, alone }) => {
    const steps = fc.array(
      fc.record({ host: who, number: fc.integer({ min: 1, max: 14 }), does: fc.constantFrom('begin', 'begin', 'use') }),
      {
        maxLength: 60,
      },
    );
    const numbersIn = (lab: Bench) =>
      lab.router
        .entries(lab.now)
        .flatMap((entry) => entry.ids ?? [])
        .map((each) => ('value' in each ? each.value : 'outbound' in each ? each.outbound : each.outside));

    test('leaves no more numbers than there may be; the one idle for longest goes first, with a reason', () => {
      fc.assert(
        fc.property(fc.integer({ min: 4, max: 8 }), steps, (limit, plan) => {
          const lab = bench(limit);
          let known: { number: number; host: number }[] = [];
          for (const { host: any, number, does } of plan) {
            const host = alone ? A : any;
            const mine = known.find((each) => each.number === number);
            if (mine && mine.host !== host) continue;
            if (does === 'use' && !mine) continue;
            if (does === 'use') use(lab, number);
            else begin(lab, host, number);
            const oldest = !mine && known.length === limit ? known[0] : undefined;
            const told = lab.reason('id-evicted');
            expect(told && { id: told.id, value: told.value, owner: told.owner }).toEqual(
              oldest && { id, value: shown(oldest.number), owner: oldest.host },
            );
            known = [...known.filter((each) => each !== mine), { number, host }].slice(-limit);
            expect(numbersIn(lab).sort()).toEqual(known.map((each) => shown(each.number)).sort());
          }
        }),
        { numRuns: 150 },
      );
    });
  },
);

describe('a flood of PPTP calls', PATIENT, () => {
  const steps = fc.array(fc.record({ host: fc.nat(2), id: fc.integer({ min: 1, max: 4 }) }), { maxLength: 50 });

  test('leaves no two clients one Call ID; the oldest call without GRE goes first, with a reason', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 8 }), steps, (limit, plan) => {
        const lab = bench(limit);
        const talks = HOSTS.map((host) => new ControlTalk(lab, host).open());
        let calls: { host: number; id: number; outside: number }[] = [];
        for (const { host, id } of plan) {
          const known = calls.find((each) => each.host === host && each.id === id);
          const outside = u16(talks[host]!.say('Outgoing-Call-Request', { w12: id }), 12);
          if (known) expect(outside).toBe(known.outside);
          else {
            const oldest = calls.length === limit ? calls.shift() : undefined;
            expect(lab.reason('id-evicted')?.value).toBe(oldest?.outside);
            calls = [...calls, { host, id, outside }];
          }
          expectDistinct(calls.map((each) => `${each.outside}`));
        }
        const last = calls.at(-1);
        if (!last) return;
        talks[last.host]!.hear('Outgoing-Call-Reply', { w12: 900, w14: last.outside, result: 1 });
        expect(greIn(lab, last.outside)).toEqual({ to: HOSTS[last.host], callId: last.id });
      }),
      { numRuns: 200 },
    );
  });
});

/** What becomes of a full table: a textbook router forgets what was silent for longest, and says so. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linux } from '../../src/router/profiles/linux.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { A, type Bench, datagram, routerOf, S, WAN } from './bench.ts';

const send = (lab: Bench, port: number) => lab.send(datagram(A, port, S, 53, new Uint8Array(4)));
const answer = (lab: Bench, port: number) => lab.send(datagram(S, 53, WAN, port, new Uint8Array(4)));
const portsOf = (lab: Bench) => lab.router.entries(lab.now).map((each) => each.original.source.key);

test('the flow idle for longest goes first, not the oldest', () => {
  const lab = routerOf(textbook, {}, { maxEntries: 3 });
  for (const port of [1001, 1002, 1003]) {
    lab.now += 1;
    send(lab, port);
  }
  lab.now = 9;
  answer(lab, 1001);
  lab.now = 10;
  send(lab, 1004);
  expect(lab.reason('entry-evicted')).toEqual({ code: 'entry-evicted', entry: 2, idle: 8, limit: 3 });
  expect(lab.last.changes).toMatchObject([{ kind: 'removed', why: 'evicted' }, { kind: 'created' }]);
  expect(portsOf(lab)).toEqual([1001, 1003, 1004]);
});

test('a stranger outside pushes nobody out', () => {
  const lab = routerOf(textbook, {}, { maxEntries: 1 });
  send(lab, 1001);
  answer(lab, 1002);
  expect(portsOf(lab)).toEqual([1001]);
});

test('Linux evicts nothing here: a new flow finds no room', () => {
  const lab = routerOf(linux, {}, { maxEntries: 1 });
  send(lab, 1001);
  expect(send(lab, 1002)).toBeUndefined();
  expect(lab.reason('table-full')).toMatchObject({ limit: 1 });
});

test('under any flood the table holds what was used last, and no more than it may', () => {
  const packets = fc.array(fc.tuple(fc.integer({ min: 1024, max: 1040 }), fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), packets, (limit, plan) => {
      const lab = routerOf(textbook, {}, { maxEntries: limit });
      let used: number[] = [];
      for (const [port, out] of plan) {
        lab.now += 0.1;
        if (out) send(lab, port);
        else if (!answer(lab, port)) continue;
        used = [...used.filter((each) => each !== port), port].slice(-limit);
        expect(portsOf(lab).sort()).toEqual([...used].sort());
      }
    }),
  );
});

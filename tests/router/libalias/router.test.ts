/** libalias in a router: what its table shows, what a switch, a flush or a new address does, and what is bounded. */
import { describe, expect, test } from 'vitest';
import { explain, ranked } from '../../../src/explain/reasons.ts';
import type { TableChange } from '../../../src/router/outcome.ts';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import * as esp from '../../../src/wire/esp.ts';
import * as udp from '../../../src/wire/udp.ts';
import { A, B, C, datagram, packet, routerOf, S, WAN } from '../bench.ts';
import { ControlTalk } from '../control-talk.ts';
import { espIn, espOut, espPacket } from '../vpn-packets.ts';

const OTHER_WAN = ipv4('203.0.113.7');
const lab = () => routerOf(libalias);
const updates = (changes: readonly TableChange[]) =>
  changes.flatMap((each) => (each.kind === 'updated' ? [[each.before.answersTo, each.after.answersTo]] : []));

describe('whoever watches the table', () => {
  test('sees every link change whose answers go elsewhere, by a newer one and by its end', () => {
    const router = lab();
    espOut(router, A, 1);
    espOut(router, B, 2);
    expect(updates(router.last.changes)).toEqual([[undefined, B]]);
    espOut(router, C, 3);
    expect(updates(router.last.changes)).toEqual([
      [B, C],
      [B, C],
    ]);
    // The two newer ones fall silent.
    const changes: TableChange[] = [];
    for (router.now = 1; router.now < 130; router.now++) {
      espOut(router, A, 1);
      changes.push(...router.last.changes);
    }
    expect(changes.filter(({ kind }) => kind === 'removed')).toHaveLength(2);
    expect(updates(changes).at(-1)?.[1] ?? A).toBe(A);
    expect(router.router.entries(router.now)).toMatchObject([{ original: { source: { address: A } } }]);
    expect(router.router.entries(router.now)[0]?.answersTo).toBeUndefined();
  });

  test('gets by the changes alone the table as it is', () => {
    const router = lab();
    const seen = new Map<number, unknown>();
    const follow = (changes: readonly TableChange[]) => {
      for (const each of changes)
        if (each.kind === 'removed') seen.delete(each.before.id);
        else seen.set(each.after.id, each.after);
    };
    const control = new ControlTalk(router, A);
    const deeds: readonly (() => void)[] = [
      () => espOut(router, A, 1),
      () => espOut(router, B, 2),
      () => espIn(router, 9),
      () => router.send(datagram(A, 500, S, 500, new Uint8Array(4))),
      () => router.send(datagram(S, 500, WAN, 500, new Uint8Array(4))),
      () => control.say('Outgoing-Call-Request', { w12: 7 }),
      () => control.hear('Outgoing-Call-Reply', { w12: 8, w14: 7, result: 1 }),
      () => control.say('Call-Disconnect-Notify', { w12: 7 }),
    ];
    for (let round = 0; round < 4; round++)
      for (const deed of deeds) {
        router.now += 9;
        deed();
        follow(router.last.changes);
        expect([...seen.values()].sort(byId)).toEqual(router.router.entries(router.now));
      }
  });
});

const byId = (a: unknown, b: unknown): number => (a as { id: number }).id - (b as { id: number }).id;

test('its student is told who took the answers, and by name of the protocol', () => {
  const router = lab();
  espOut(router, A, 1);
  espOut(router, B, 2);
  const told = explain(ranked(router.last.reasons)[0]!, { protocol: esp.PROTOCOL });
  expect(told.student).toContain('ESP');
  expect(told.student).toContain('192.168.1.11');
  expect(told.source).toMatch(/FreeBSD/);
});

test('it is FreeBSD that is named as the source of all it does', () => {
  const router = lab();
  const sources = new Set<string>();
  const note = () => {
    for (const reason of router.last.reasons) sources.add(explain(reason, { protocol: 47 }).source);
  };
  for (const deed of [
    () => espOut(router, A, 1),
    () => espIn(router, 1),
    () => router.send(datagram(A, 500, S, 500, new Uint8Array(4))),
    () => router.send(datagram(B, 500, S, 500, new Uint8Array(4))),
  ]) {
    deed();
    note();
  }
  for (const source of sources) expect(source).not.toMatch(/Linux/);
});

test('a flush takes all links along, those of calls too', () => {
  const router = lab();
  new ControlTalk(router, A).call(7, 8);
  expect(router.router.flush(1)).toHaveLength(2);
  expect(router.router.entries(1)).toEqual([]);
});

test('with a new outside address the links of the old one are gone, and new ones show the new', () => {
  const router = lab();
  espOut(router, A, 1);
  expect(router.router.setAddress('wan', { address: OTHER_WAN, length: 24 }, 1)).toMatchObject([
    { kind: 'removed', why: 'flushed' },
  ]);
  expect(router.send(packet(A, S, esp.PROTOCOL, espPacket(1)))?.source).toBe(OTHER_WAN);
});

test('a full table makes no link: the packet leaves as it came, and says why', () => {
  const router = routerOf(libalias, {}, { maxEntries: 2 });
  for (const port of [1, 2]) router.send(datagram(A, port, S, 500, new Uint8Array(4)));
  expect(router.send(datagram(A, 3, S, 500, new Uint8Array(4)))?.source).toBe(A);
  expect(router.codes).toContain('table-full');
  expect(router.router.entries(0)).toHaveLength(2);
});

test('a packet filter behind it lets answers in, and nothing that nobody asked for', () => {
  const { forward, input } = {
    forward: { rules: [], policy: 'accept' as const },
    input: {
      rules: [{ name: 'asked', state: ['established', 'related'] as const, verdict: 'accept' as const }],
      policy: 'drop' as const,
    },
  };
  const router = routerOf(libalias, {}, { forward, input });
  espOut(router, A, 1);
  expect(espIn(router, 2)).toBe(A);
  for (let i = 0; i < 2; i++) {
    router.send(datagram(S, 500, WAN, 500, new Uint8Array(4)));
    expect(router.last.verdict).toBe('dropped');
  }
});

test('a datagram between two networks inside is none of its business', () => {
  const router = lab();
  const own = packet(A, ipv4('192.168.1.1'), udp.PROTOCOL, new Uint8Array(12));
  router.send(own);
  expect(router.router.entries(0)).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { toHex, u32 } from '../../src/lib/bytes.ts';
import { HOME, laptop, OFF, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { knocks } from '../../src/scenarios/knocks.ts';
import { formatIpv4, ipv4 } from '../../src/wire/address.ts';
import { encode } from '../../src/wire/ipv4.ts';
import type { Experiment, Intervention } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';
import { changesIn, tableAt } from '../../src/world/tables.ts';
import { kindsOf, statusesOf } from './support.ts';

const wireguard = { kind: 'wireguard', server: 'server', keepalive: 5, pingEvery: 2 } as const;

const experiment = (...interventions: readonly Intervention[]): Experiment =>
  world({
    clients: [laptop(0, wireguard)],
    routers: [router('linux', ON, HOME)],
    servers: [server(0, [])],
    stranger: '192.0.2.66',
    interventions,
    duration: seconds(30),
  });
const played = (...interventions: readonly Intervention[]) => run(experiment(...interventions));

const sourcesAt = (trace: ReturnType<typeof run>, from: number) =>
  new Set(
    kindsOf(trace, 'received').flatMap(({ node, time, frame }) =>
      node === 'server' && time > from ? [formatIpv4(u32(frame.bytes, 12))] : [],
    ),
  );

describe('an intervention', () => {
  test('changes nothing before its time', () => {
    const quiet = played();
    const flushed = played({ at: seconds(10), do: 'flush', router: 'router' });
    const until = (trace: typeof quiet) => trace.occurrences.filter(({ time }) => time < seconds(10));
    expect(until(flushed)).toEqual(until(quiet));
  });

  test('flush: the table is empty, and the tunnel makes itself a new entry', () => {
    const trace = played({ at: seconds(10), do: 'flush', router: 'router' });
    const at = trace.occurrences.findIndex((each) => each.kind === 'intervention');
    const table = tableAt(trace);
    expect([table('router', at - 1).length > 0, table('router', at).length]).toEqual([true, 0]);
    expect(table('router', trace.occurrences.length - 1).length).toBe(1);
    expect(statusesOf(trace, 'a')).toEqual(['connecting', 'up']);
  });

  test('another WAN address: the server hears the laptop from there', () => {
    const trace = played({ at: seconds(10), do: 'wan-address', router: 'router', address: '203.0.113.7/24' });
    expect(sourcesAt(trace, seconds(11))).toEqual(new Set(['203.0.113.7']));
  });

  test('a pulled cable cuts both ways; plugged in again, all goes on', () => {
    const trace = played(
      { at: seconds(10), do: 'cable', node: 'a', plugged: false },
      { at: seconds(16), do: 'cable', node: 'a', plugged: true },
    );
    const cut = kindsOf(trace, 'lost');
    expect(cut.length).toBeGreaterThan(2);
    expect(cut.every(({ why, time }) => why === 'cable' && time >= seconds(10) && time < seconds(16.1))).toBe(true);
    expect(kindsOf(trace, 'received').some(({ node, time }) => node === 'a' && time > seconds(20))).toBe(true);
  });

  test('a reboot: nothing passes for three seconds, then an empty table', () => {
    const trace = played({ at: seconds(10), do: 'reboot', router: 'router' });
    const away = kindsOf(trace, 'routed').filter(({ time }) => time > seconds(10) && time < seconds(13));
    expect(away).toEqual([]);
    expect(kindsOf(trace, 'lost').length).toBeGreaterThan(0);
    expect(statusesOf(trace, 'a').at(-1)).toBe('up');
  });

  test('a reboot during a reboot: away until three seconds after the last, and nothing of the table goes unsaid', () => {
    const trace = played(
      { at: seconds(10), do: 'reboot', router: 'router' },
      { at: seconds(12), do: 'reboot', router: 'router' },
    );
    const passed = kindsOf(trace, 'routed').filter(({ time }) => time > seconds(10));
    expect(passed[0]?.time).toBeGreaterThanOrEqual(seconds(15));
    const created = trace.occurrences.flatMap((each) => changesIn(each).filter(({ kind }) => kind === 'created'));
    const removed = trace.occurrences.flatMap((each) => changesIn(each).filter(({ kind }) => kind === 'removed'));
    expect(created.length - removed.length).toBe(tableAt(trace)('router', trace.occurrences.length - 1).length);
  });

  test('stop and start: the user hangs up and dials again', () => {
    const trace = played({ at: seconds(10), do: 'stop', node: 'a' }, { at: seconds(15), do: 'start', node: 'a' });
    expect(statusesOf(trace, 'a')).toEqual(['connecting', 'up', 'closed', 'connecting', 'up']);
  });

  test('a packet of a stranger’s reaches the router as he wrote it', () => {
    const packet = encode(knocks(ipv4('192.0.2.66'), ipv4('203.0.113.1'))[3]!);
    const trace = played({ at: seconds(10), do: 'packet', from: 'stranger', hex: toHex(packet) });
    const [arrived] = kindsOf(trace, 'routed').filter(({ frame }) => frame.from === 'stranger');
    expect([arrived?.frame.bytes, arrived?.time, arrived?.outcome.verdict]).toEqual([
      packet,
      seconds(10.01),
      'dropped',
    ]);
  });

  test('a switch: from then on, and not for what is up already', () => {
    const pptp = (at: number) =>
      run(
        world({
          clients: [laptop(0, { kind: 'pptp', server: 'server' })],
          routers: [router('textbook', OFF)],
          servers: [server(0, [])],
          interventions: [{ at, do: 'switch', router: 'router', name: 'pptp', on: true }],
        }),
      );
    expect(statusesOf(pptp(0), 'a').at(-1)).toBe('up');
    expect(statusesOf(pptp(seconds(5)), 'a').at(-1)).toBe('failed');
  });
});

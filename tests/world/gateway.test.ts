import { describe, expect, test } from 'vitest';
import { u32 } from '../../src/lib/bytes.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { formatIpv4 } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import { type Run, run } from '../../src/world/run.ts';
import { kindsOf, statusesOf } from './support.ts';

const runOf = (id: string) => run(scenarioOf(id)!.experiment);
const atServer = (trace: Run, from = 0) =>
  kindsOf(trace, 'received').filter(({ node, time }) => node === 'server' && time >= from);

describe.each(['vpn-router', 'site-to-site', 'sd-wan'])('%s', (id) => {
  const trace = runOf(id);

  test('on the Internet there is nothing but WireGuard between the router and the far end', () => {
    const protocols = new Set(atServer(trace).map(({ frame }) => dissect(frame.bytes).layers[2]?.protocol));
    expect([...protocols]).toEqual(['wireguard']);
  });

  test('nothing is translated: the router’s table stays empty', () => {
    expect(kindsOf(trace, 'routed').flatMap(({ outcome }) => outcome.changes)).toEqual([]);
  });

  test('on the LAN a laptop sends plain ICMP and gets plain ICMP', () => {
    const seen = trace.occurrences.flatMap((each) =>
      (each.kind === 'sent' || each.kind === 'received') && each.node === 'a' ? [each.frame.bytes[9]] : [],
    );
    expect(new Set(seen)).toEqual(new Set([1]));
  });
});

describe.each(['vpn-router', 'site-to-site', 'sd-wan'])('%s, when the provider changes the WAN address', (id) => {
  const { experiment } = scenarioOf(id)!;
  const change = { at: 5_200_000, do: 'wan-address', router: 'router', address: '203.0.113.7/24' } as const;
  const pings = (trace: Run, from: number) =>
    kindsOf(trace, 'received').filter(({ node, time }) => node === 'a' && time >= from).length;

  test('goes on from the new one, and the laptops lose at most what was under way', () => {
    const calm = run({ ...experiment, interventions: [] });
    const trace = run({ ...experiment, interventions: [change] });
    const sources = new Set(atServer(trace, 5_300_000).map(({ frame }) => formatIpv4(u32(frame.bytes, 12))));
    expect(sources).toContain('203.0.113.7');
    expect(sources).not.toContain('203.0.113.1');
    expect(pings(trace, 5_200_000)).toBeGreaterThanOrEqual(pings(calm, 5_200_000) - 1);
    expect([statusesOf(trace, 'router').at(-1), statusesOf(trace, 'a').at(-1)]).toEqual(['up', 'up']);
  });

  test('keeps it over a reboot', () => {
    const trace = run({ ...experiment, interventions: [change, { at: 7_000_000, do: 'reboot', router: 'router' }] });
    const late = atServer(trace, 12_000_000).map(({ frame }) => formatIpv4(u32(frame.bytes, 12)));
    expect(late).toContain('203.0.113.7');
    expect(late).not.toContain('203.0.113.1');
  });
});

test('SD-WAN: a cut of the fibre is felt at its new address', () => {
  const { experiment } = scenarioOf('sd-wan')!;
  const trace = run({
    ...experiment,
    interventions: [
      { at: 5_000_000, do: 'wan-address', router: 'router', address: '203.0.113.7/24' },
      ...experiment.interventions!,
    ],
  });
  const late = atServer(trace, 14_000_000).map(({ frame }) => formatIpv4(u32(frame.bytes, 12)));
  expect(new Set(late)).toEqual(new Set(['203.0.113.65']));
  expect(statusesOf(trace, 'a')).toEqual(['connecting', 'up']);
});

test('SD-WAN: before the cut by fibre, afterwards by mobile, and little is lost between', () => {
  const trace = runOf('sd-wan');
  const sources = (from: number, to: number) =>
    new Set(
      atServer(trace, from).flatMap(({ time, frame }) =>
        time < to && frame.bytes.length > 140 ? [formatIpv4(u32(frame.bytes, 12))] : [],
      ),
    );
  expect(sources(1_500_000, 10_000_000)).toContain('203.0.113.1');
  expect(sources(14_000_000, 20_000_000)).toEqual(new Set(['203.0.113.65']));
  expect(statusesOf(trace, 'a')).toEqual(['connecting', 'up']);
});

test('a reboot of the router takes its tunnel down and up again', () => {
  const { experiment } = scenarioOf('site-to-site')!;
  const trace = run({ ...experiment, interventions: [{ at: 8_000_000, do: 'reboot', router: 'router' }] });
  expect(statusesOf(trace, 'router')).toEqual(['connecting', 'up', 'closed', 'connecting', 'up']);
});

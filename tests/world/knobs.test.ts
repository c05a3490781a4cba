import { describe, expect, test } from 'vitest';
import { toHex, u32 } from '../../src/lib/bytes.ts';
import { laptop, OFF, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import type { Experiment, Intervention, RouterSetup } from '../../src/world/experiment.ts';
import { parseExperiment } from '../../src/world/experiment-input.ts';
import { run } from '../../src/world/run.ts';
import { kindsOf } from './support.ts';

const STRANGER = '192.0.2.66';
const PORT = 51_820;
const APDF = 'address-and-port-dependent';

/** A stranger's datagram to the outside port of the laptop's tunnel, which no tunnel knows what to do with. */
const knock = (at: number): Intervention => {
  const ends = { source: ipv4(STRANGER), destination: ipv4('203.0.113.1') };
  const payload = udp.encode({ sourcePort: 7, destinationPort: PORT, payload: new Uint8Array(4) }, ends);
  return { at: seconds(at), do: 'packet', from: 'stranger', hex: toHex(ip.encode({ ...ends, protocol: 17, payload })) };
};

const experiment = (
  setup: Partial<RouterSetup>,
  interventions: readonly Intervention[],
  tunnel: { readonly keepalive?: number } = {},
): Experiment =>
  world({
    clients: [laptop(0, { kind: 'wireguard', server: 'server', localPort: PORT, ...tunnel })],
    routers: [router('textbook', OFF, setup)],
    servers: [server(0, [])],
    stranger: STRANGER,
    interventions,
    duration: seconds(30),
  });

/** Which knocks the laptop hears, in whole seconds. */
const heard = (given: Experiment): readonly number[] =>
  kindsOf(run(given), 'received').flatMap(({ node, time, frame }) =>
    node === 'a' && u32(frame.bytes, 12) === ipv4(STRANGER) ? [Math.floor(time / 1e6)] : [],
  );

describe('knobs of an experiment’s router', () => {
  test('are turned in its run', () => {
    expect(heard(experiment({}, [knock(3)]))).toEqual([3]);
    expect(heard(experiment({ behaviour: { filtering: APDF } }, [knock(3)]))).toEqual([]);
  });

  test('stay as they are through a reboot', () => {
    const around = [knock(3), { at: seconds(5), do: 'reboot', router: 'router' } as const, knock(20)];
    expect(heard(experiment({}, around, { keepalive: 2 }))).toEqual([3, 20]);
    expect(heard(experiment({ behaviour: { filtering: APDF } }, around, { keepalive: 2 }))).toEqual([]);
  });

  test('can be read from outside, all of them', () => {
    const all: Partial<RouterSetup> = {
      behaviour: {
        mapping: 'address-dependent',
        filtering: APDF,
        ports: 'sequential',
        portRange: [2000, 2001],
        parity: false,
        overloading: true,
        refresh: 'outbound',
        hairpinning: false,
        portless: 'newest-owner',
        invalid: 'forward',
      },
      timeouts: {
        udp: 1,
        udpAnswered: 2,
        tcpOpening: 3,
        tcpOpen: 4,
        tcpClosing: 5,
        icmp: 6,
        gre: 7,
        greAnswered: 8,
        portless: 9,
        fragments: 10,
      },
    };
    const given = experiment(all, []);
    expect(parseExperiment(JSON.parse(JSON.stringify(given)))).toEqual({ ok: true, value: given });
  });
});

describe('timers of an experiment’s router', () => {
  test('count in its run', () => {
    const heardOf = (at: number) => heard(experiment({ timeouts: { udpAnswered: 5 } }, [knock(at)]));
    expect([heardOf(4), heardOf(9)]).toEqual([[4], []]);
    expect(heard(experiment({}, [knock(9)]))).toEqual([9]);
  });
});

describe('a scenario with another router', () => {
  const turned = experiment({ behaviour: { filtering: APDF }, timeouts: { udp: 9 } }, []);

  test('keeps its knobs where that router has knobs, and its timers always', () => {
    const [pf] = vary(turned, { profile: 'pf' }).routers;
    const [linux] = vary(turned, { profile: 'linux' }).routers;
    expect([pf.behaviour, pf.timeouts]).toEqual([{ filtering: APDF }, { udp: 9 }]);
    expect([linux.behaviour, linux.timeouts]).toEqual([undefined, { udp: 9 }]);
  });

  test('leaves behind a timer that libalias does not count by', () => {
    const [home] = vary(experiment({ timeouts: { udp: 9, fragments: 5 } }, []), {
      profile: 'libalias',
    }).routers;
    expect(home.timeouts).toEqual({ udp: 9 });
  });

  test('can be read from outside again', () => {
    for (const profile of ['pf', 'linux', 'libalias']) expect(parseExperiment(vary(turned, { profile })).ok).toBe(true);
  });
});

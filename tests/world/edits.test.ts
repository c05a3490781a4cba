import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOME, laptop, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import {
  addDevice,
  chooseServer,
  chooseVpn,
  type Dialled,
  intervene,
  nextWanAddress,
  removeDevice,
  setRedial,
  withdraw,
} from '../../src/world/edits.ts';
import type { Experiment, Intervention, ServerSetup } from '../../src/world/experiment.ts';
import { parseExperiment } from '../../src/world/experiment-input.ts';
import { run } from '../../src/world/run.ts';
import { edited } from './edited.ts';
import { statusesOf } from './support.ts';

test('whatever is done to an experiment, and in whatever order, it can still be read, and run to its end', () => {
  fc.assert(
    fc.property(edited, (changed) => {
      expect(parseExperiment(JSON.parse(JSON.stringify(changed)))).toEqual({ ok: true, value: changed });
      // Only the beginning of long runs: what cannot be set up fails there.
      const trace = run({ ...changed, duration: Math.min(changed.duration, seconds(20)) });
      expect(trace.nodes.filter(({ kind }) => kind === 'client')).toHaveLength(changed.clients.length);
    }),
    { numRuns: 30 },
  );
});

const told = world({
  clients: [laptop(0, { kind: 'wireguard', server: 'server', pingEvery: 2 })],
  routers: [router('linux', ON, HOME)],
  servers: [server(0, [])],
  duration: seconds(20),
});

describe('a device', () => {
  test('that is added gets the next letter and the next address, and changes nothing before it starts', () => {
    const at = seconds(5);
    const two = addDevice(told, at);
    expect(two.clients[1]).toMatchObject({ id: 'b', name: 'Laptop B', address: '192.168.1.11', startAt: at });
    const before = ({ occurrences }: ReturnType<typeof run>) =>
      occurrences.filter(({ time, node, kind }) => time < at && !(node === 'server' && kind === 'phase'));
    const frames = (trace: ReturnType<typeof run>) => before(trace).map(({ index: _, ...each }) => each);
    expect(frames(run(two))).toEqual(frames(run(told)));
  });

  test('takes the letter and the address that another one left', () => {
    const three = addDevice(addDevice(told, 0), 0);
    const back = addDevice(removeDevice(three, 'b'), 0);
    expect(back.clients.map(({ id, address }) => [id, address])).toEqual([
      ['a', '192.168.1.10'],
      ['c', '192.168.1.12'],
      ['b', '192.168.1.11'],
    ]);
  });

  test('is refused when there are eight, and the last one cannot go', () => {
    const eight = Array.from({ length: 10 }).reduce<Experiment>((e) => addDevice(e, 0), told);
    expect(eight.clients).toHaveLength(8);
    expect(removeDevice(told, 'a')).toBe(told);
  });

  test('never gets the address of all hosts of its network', () => {
    const small = { ...told, routers: [router('linux', ON, { ...HOME, lan: '192.168.1.1/28' })] as const };
    const full = Array.from({ length: 6 }).reduce<Experiment>((e) => addDevice(e, 0), small);
    expect(full.clients.map(({ address }) => address).at(-1)).toBe('192.168.1.14');
  });

  test('takes what was to happen to it along, and leaves the others theirs', () => {
    const at = seconds(9);
    const deeds: readonly Intervention[] = [
      { at, do: 'stop', node: 'b' },
      { at, do: 'packet', from: 'b', hex: '' },
      { at, do: 'packet', from: 'a', hex: '' },
    ];
    const two = deeds.reduce(intervene, addDevice(told, 0));
    expect(removeDevice(two, 'b').interventions).toEqual(deeds.slice(2));
  });

  test('dials a second server where one is asked for, which goes when nobody dials it any more', () => {
    const away = chooseServer(told, 'a');
    expect(away.clients[0]?.vpn.server).toBe('server-2');
    expect(away.servers.map(({ address }) => address)).toEqual(['198.51.100.10', '198.51.100.20']);
    expect(statusesOf(run(away), 'a').at(-1)).toBe('up');
    expect(chooseServer(away, 'a', 'server').servers).toEqual(told.servers);
  });
});

describe('a server that was set up for a device', () => {
  const spare: ServerSetup = { id: 'server-2', name: 'VPN server 2', address: '198.51.100.20', serves: [] };
  const two: Experiment = { ...told, servers: [server(0, []), spare] };
  const serversLeft = (experiment: Experiment) => removeDevice(addDevice(experiment, 0), 'b').servers.length;

  test('goes when nobody dials it any more', () => {
    expect(serversLeft(two)).toBe(1);
  });

  test.each<[string, Partial<Experiment>]>([
    ['it serves somebody', { servers: [server(0, []), { ...spare, serves: [{ kind: 'https' }] }] }],
    [
      'a laptop writes to its address',
      { clients: [laptop(0, { kind: 'plain', server: 'server', to: spare.address })] },
    ],
    [
      'the router’s own tunnel ends there',
      { routers: [router('linux', ON, { ...HOME, gateway: { kind: 'vpn-router', server: spare.id } })] },
    ],
    ['its cable is pulled', { interventions: [{ at: 0, do: 'cable', node: spare.id, plugged: false }] }],
    ['it sends a packet', { interventions: [{ at: 0, do: 'packet', from: spare.id, hex: '' }] }],
  ])('stays where %s', (_, circumstance) => {
    expect(serversLeft({ ...two, ...circumstance })).toBe(2);
  });

  test.each<[string, Partial<Experiment>]>([
    ['a server’s second address', { servers: [{ ...server(0, []), alsoAt: [spare.address] }] }],
    ['the stranger’s', { stranger: spare.address }],
  ])('is not given %s', (_, circumstance) => {
    expect(chooseServer({ ...told, ...circumstance }, 'a').servers.at(-1)?.address).toBe('198.51.100.30');
  });

  test('is not set up where there are four', () => {
    const others = ['office', 'branch', 'home'].map((id, at) => ({
      ...server(0, []),
      id,
      address: `198.51.100.${at}`,
    }));
    const four = { ...told, servers: [...told.servers, ...others] };
    expect(chooseServer(four, 'a')).toBe(four);
  });
});

describe('what listens on the same port is not put on one server', () => {
  const pair = (first: Dialled, second: Dialled) => chooseVpn(chooseVpn(addDevice(told, 0), 'a', first), 'b', second);

  test.each<[string, Dialled, Dialled]>([
    ['L2TP and L2TPv3 over UDP', { kind: 'l2tp' }, { kind: 'l2tpv3', carrier: 'udp' }],
    ['IKEv2 and ESP by hand', { kind: 'ikev2' }, { kind: 'esp' }],
    ['SSTP and HTTPS', { kind: 'sstp' }, { kind: 'https' }],
  ])('%s get a machine each, and both work', (_, first, second) => {
    const both = pair(first, second);
    expect(both.clients.map(({ vpn }) => vpn.server)).toEqual(['server', 'server-2']);
    const trace = run(both);
    expect([statusesOf(trace, 'a').at(-1), statusesOf(trace, 'b').at(-1)]).toEqual(['up', 'up']);
    expect(chooseServer(both, 'b', 'server')).toBe(both);
  });

  test('two of one kind share a machine', () => {
    expect(pair({ kind: 'sstp' }, { kind: 'sstp' }).servers).toHaveLength(1);
  });

  test('IKEv2 and L2TP/IPsec are one program, and share a machine', () => {
    const both = pair({ kind: 'ikev2' }, { kind: 'l2tp-ipsec' });
    expect(both.servers).toHaveLength(1);
    const trace = run(both);
    expect([statusesOf(trace, 'a').at(-1), statusesOf(trace, 'b').at(-1)]).toEqual(['up', 'up']);
  });

  test('what a server offers to nobody gives way', () => {
    const offered = { ...told, servers: [server(0, [{ kind: 'https' }])] };
    const changed = chooseVpn(offered, 'a', { kind: 'sstp' });
    expect(changed.servers).toEqual([server(0, [])]);
    expect(statusesOf(run(changed), 'a').at(-1)).toBe('up');
  });
});

describe('something done in the middle', () => {
  const stop: Intervention = { at: seconds(8), do: 'stop', node: 'a' };

  test('leaves the run as it was up to there', () => {
    const until = (experiment: Experiment) => run(experiment).occurrences.filter(({ time }) => time < stop.at);
    expect(until(intervene(told, stop))).toEqual(until(told));
    expect(statusesOf(run(intervene(told, stop)), 'a').at(-1)).toBe('closed');
  });

  test('is undone by its opposite at the same moment, and by nothing else', () => {
    const stopped = intervene(told, stop);
    expect(intervene(stopped, { ...stop, do: 'start' })).not.toHaveProperty('interventions');
    expect(intervene(stopped, { ...stop, at: stop.at + 1, do: 'start' }).interventions).toHaveLength(2);
  });

  test('to one uplink is not undone by what is done to another', () => {
    const pull: Intervention = { at: seconds(8), do: 'cable', node: 'router', plugged: false, uplink: 'fibre' };
    const pulled = intervene(told, pull);
    expect(intervene(pulled, { ...pull, plugged: true, uplink: 'lte' }).interventions).toHaveLength(2);
    expect(intervene(pulled, { ...pull, plugged: true })).not.toHaveProperty('interventions');
  });

  test('is refused when two hundred things are done already', () => {
    const many = Array.from({ length: 200 }, (_, at): Intervention => ({ at, do: 'flush', router: 'router' }));
    const busy = { ...told, interventions: many };
    expect(intervene(busy, stop)).toBe(busy);
  });

  test('stands in the order of its time, and can be taken back', () => {
    const both = intervene(intervene(told, stop), { at: seconds(3), do: 'flush', router: 'router' });
    expect(both.interventions?.map((each) => each.do)).toEqual(['flush', 'stop']);
    expect(withdraw(both, 0).interventions).toEqual([stop]);
  });

  test('lets the run go on long enough to see what comes of it', () => {
    expect(intervene(told, { ...stop, at: seconds(19) }).duration).toBeGreaterThan(seconds(60));
    const late = intervene({ ...told, duration: seconds(3599) }, { ...stop, at: seconds(3590) });
    expect(late.duration).toBe(seconds(3600));
  });

  test('gives the router another outside address each time', () => {
    const once = intervene(told, { at: 0, do: 'wan-address', router: 'router', address: nextWanAddress(told)! });
    expect([nextWanAddress(told), nextWanAddress(once)]).toEqual(['203.0.113.10/24', '203.0.113.11/24']);
  });
});

describe('dialling again', () => {
  const rebooted = intervene(
    world({
      clients: [laptop(0, { kind: 'pptp', server: 'server' })],
      routers: [router('textbook', ON)],
      servers: [server(0, [])],
    }),
    { at: seconds(10), do: 'reboot', router: 'router' },
  );

  test('a laptop does not, unless it is told to', () => {
    expect(statusesOf(run(rebooted), 'a')).toEqual(['connecting', 'up', 'failed']);
    expect(statusesOf(run(setRedial(rebooted, 'a', 60)), 'a')).toEqual([
      'connecting',
      'up',
      'failed',
      'connecting',
      'up',
    ]);
  });

  test('ends when its user hangs up', () => {
    const redialling = setRedial(rebooted, 'a', 60);
    const failed = run(redialling).occurrences.find((each) => each.kind === 'phase' && each.status === 'failed')!;
    const hungUp = intervene(redialling, { at: failed.time + seconds(20), do: 'stop', node: 'a' });
    expect(statusesOf(run(hungUp), 'a').at(-1)).toBe('failed');
  });

  test('a user who dials while the last call is still being hung up gets the next one', () => {
    for (const kind of ['pptp', 'l2tp', 'sstp'] as const) {
      const at = seconds(5);
      const experiment = world({
        clients: [laptop(0, { kind, server: 'server' })],
        routers: [router('textbook', ON)],
        servers: [server(0, [])],
        interventions: [
          { at, do: 'stop', node: 'a' },
          { at: at + 10_000, do: 'start', node: 'a' },
        ],
      });
      expect(statusesOf(run(experiment), 'a'), kind).toEqual(['connecting', 'up', 'closed', 'connecting', 'up']);
    }
  });
});
